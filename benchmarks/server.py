"""A real `parvis serve` in a process of its own, and what it costs: CPU and memory as the kernel counts them."""

import asyncio
import contextlib
import os
import pathlib
import socket
import subprocess
import sys
from collections.abc import AsyncIterator

import msgspec

import parvis


class Server(msgspec.Struct, frozen=True):
    """A running server."""

    pid: int
    port: int

    def cpu(self) -> float:
        """Seconds of CPU that the process's threads have used, in user and system."""
        threads = pathlib.Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9

    def memory(self) -> float:
        """Resident memory in MB, without the pages of the database's file that the kernel has mapped and may drop."""
        kilobytes, counted = 0, True
        for line in pathlib.Path(f"/proc/{self.pid}/smaps").read_text().splitlines():
            first, *rest = line.split()
            if first == "Rss:" and counted:
                kilobytes += int(rest[0])
            elif not first.endswith(":"):  # a mapping's own line ends with its file
                counted = not line.endswith("/parvis.db")
        return kilobytes / 1024


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.asynccontextmanager
async def serving(data: pathlib.Path, database: str = "", **settings: str) -> AsyncIterator[Server]:
    """Serve this data until the block ends."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")},
        "PYTHONPATH": str(pathlib.Path(parvis.__file__).parents[1]),  # the code that measures is the code measured
        "PARVIS_DATA": str(data),
        "PARVIS_DATABASE": database,
        "PARVIS_PORT": str(port),
        "PARVIS_URL": f"http://localhost:{port}",
        "PARVIS_MODELS": "none",
        "PARVIS_RATE_LIMITS": "false",
        "PARVIS_LOG_LEVEL": "warning",
        **{f"PARVIS_{name.upper()}": value for name, value in settings.items()},
    }
    process = subprocess.Popen([sys.executable, "-m", "parvis", "serve"], env=environment)  # noqa: ASYNC220 - once
    try:
        async with asyncio.timeout(60):
            while not await _answers(port):
                if process.poll() is not None:
                    raise RuntimeError("The server ended before it answered.")
                await asyncio.sleep(0.1)
        yield Server(process.pid, port)
    finally:
        process.terminate()
        process.wait(15)


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
