"""A house seen from outside: an instance in a process of its own, which can be killed and comes back."""

import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

from parvis.core.config import Settings
from parvis.store.opening import open_store
from parvis.store.transaction import Tx

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[1]
FORGOTTEN = ("PARVIS_", "PYTHONDONTWRITEBYTECODE")  # of this process's environment: houses are opened again and again


class House:
    """An instance in its own process, which can be killed and comes back to the same address."""

    def __init__(self, data: pathlib.Path, database: str = "", *, embedded: bool = False, **settings: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.data = data
        self.url = f"http://localhost:{self.port}"
        given = {"data": str(data), "database": database, "url": self.url, "models": "none"} | settings
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(FORGOTTEN)}
        self._environment = inherited | {f"PARVIS_{name.upper()}": value for name, value in given.items()}
        self._environment["PYTHONPATH"] = str(ROOT / "src")
        self._models = ["embedded"] if embedded else []  # scripted, if not those that come with the house
        self._process: subprocess.Popen[str] | None = None

    def raise_world(self) -> None:
        """Raise the demo world, without pictures or notifications."""
        command = [sys.executable, str(HERE / "inside.py"), "raise"]
        subprocess.run(command, env=self._environment, check=True, timeout=120)  # noqa: S603 - our own file

    def open(self) -> None:
        """Serve; return once the door is open."""
        self._process = subprocess.Popen(  # noqa: S603 - our own file
            [sys.executable, str(HERE / "inside.py"), "serve", str(self.port), *self._models],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._hear() == "open"

    def script(self, model: str, verb: str, *told: Any, **named: Any) -> None:
        """Tell a scripted model what to do: `house.script("text", "enqueue", "Hello.")`."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([model, verb, *told, *([named] if named else [])]) + "\n")
        self._process.stdin.flush()
        assert self._hear() == "done"

    @contextlib.asynccontextmanager
    async def behind(self) -> AsyncIterator[Tx]:
        """A transaction behind the house's back: what a journey arranges without a browser, on SQLite."""
        async with open_store(Settings(data=self.data, models="none")) as store, store.transaction() as tx:
            yield tx

    def kill(self) -> None:
        """Kill -9: no good-bye, nothing written down."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._forget()

    def close(self) -> None:
        """Make sure that the process is gone."""
        if self._process is not None:
            self.kill()

    def _hear(self) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def _forget(self) -> None:
        assert self._process is not None
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        self._process = None
