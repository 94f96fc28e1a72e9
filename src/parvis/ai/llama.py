"""The embedded text model: llama.cpp in a child process that is watched, and restarted when it dies.

Prompts flow in and wait in a bounded line, for the model serves one at a time; text flows back as it is made. The child
listens on a loopback port under a key of its own and is spoken to through the same adapter as any other endpoint. The
event loop never waits for it, and it never outlives this process.
"""

import asyncio
import contextlib
import pathlib
import secrets
import sys
from collections.abc import AsyncGenerator, Coroutine, Sequence
from typing import Any, Literal

import msgspec
import structlog

from parvis.ai import llama_child, machine
from parvis.ai.breaker import Breaker, Declined
from parvis.ai.endpoint import Endpoint, EndpointText, load_sdk
from parvis.ai.protocols import Chunk, Completion, Health, Message, Unavailable, gathered

CONTEXT = 4096  # tokens, prompt and answer together
LINE = 16  # prompts that may wait or be answered at a time
TIMEOUT = 120.0  # seconds for a prompt, its wait in the line included
LOADING = 120.0  # seconds that the model may take to load
LONGEST_PAUSE = 60.0  # seconds between two tries of a child that does not come up


_log = structlog.get_logger()


class LlamaText:
    """A GGUF file that answers."""

    def __init__(
        self,
        path: pathlib.Path,
        name: str,
        *,
        licence: str = "",
        threads: int | None = None,
        line: int = LINE,
        timeout: float = TIMEOUT,
    ) -> None:
        self._path = path
        self._name = name
        self._licence = licence
        self._threads = threads or machine.spare_threads()
        self._line = line
        self._timeout = timeout
        self._state: Literal["loading", "ready", "failing"] = "loading"
        self._settled = asyncio.Event()  # ready or failing
        self._turn = asyncio.Semaphore(1)
        self._asking = 0
        self._keeper: asyncio.Task[None] | None = None
        self._child: asyncio.subprocess.Process | None = None
        self._endpoint: Endpoint | None = None

    @property
    def name(self) -> str:
        return self._name

    @property
    def pid(self) -> int | None:
        """The child's process id, while there is one."""
        return self._child.pid if self._child is not None and self._child.returncode is None else None

    def health(self) -> Health:
        """Loading until the first answer is possible; failing while the child does not come up."""
        return Health(self._name, self._state, "On this machine.", self._licence)

    def warm(self) -> None:
        """Begin to load the model, if that has not begun; return at once. To be called inside the event loop."""
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep(), name="llama")

    async def stream(
        self,
        prompt: Sequence[Message],
        *,
        max_tokens: int = 400,
        temperature: float = 0.7,
        schema: dict[str, Any] | None = None,
        seed: int | None = None,
    ) -> AsyncGenerator[Chunk, None]:
        """Yield the completion as it is made; closing the iterator stops the model.

        Raises:
            Unavailable: the line is full, the time is over, the prompt is too long, or the child died.
        """
        if self._asking >= self._line:
            raise Unavailable("Too many are waiting for the model.")
        self._asking += 1
        try:
            self.warm()
            deadline = asyncio.get_running_loop().time() + self._timeout
            await _within(deadline, self._turn.acquire(), "The model is busy.")
            try:
                endpoint = await self._come_up(deadline)
                chunks = EndpointText(endpoint, self._name).stream(
                    prompt,
                    max_tokens=min(max_tokens, CONTEXT // 2),
                    temperature=temperature,
                    schema=schema,
                    seed=seed,
                )
                async with contextlib.aclosing(chunks):
                    async for chunk in chunks:
                        yield chunk
            except Unavailable as failure:
                self._distrust(failure)
                raise
            finally:
                self._turn.release()
        finally:
            self._asking -= 1

    async def complete(
        self,
        prompt: Sequence[Message],
        *,
        max_tokens: int = 400,
        temperature: float = 0.7,
        schema: dict[str, Any] | None = None,
        seed: int | None = None,
    ) -> Completion:
        """The same, gathered into one answer."""
        chunks = self.stream(prompt, max_tokens=max_tokens, temperature=temperature, schema=schema, seed=seed)
        return Completion(*await gathered(chunks), self._name)

    async def close(self) -> None:
        """End the child."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper
        self._state = "loading"

    async def _come_up(self, deadline: float) -> Endpoint:
        """The child's endpoint, once it is loaded, given the time that is left."""
        await _within(deadline, self._settled.wait(), "The model is still loading.")
        if self._endpoint is None:
            raise Unavailable("The model does not come up.")
        self._endpoint.timeout = deadline - asyncio.get_running_loop().time()
        return self._endpoint

    def _distrust(self, failure: Unavailable) -> None:
        """Put an end to a child that broke off, or was too slow several times; the keeper brings up another."""
        endpoint, child = self._endpoint, self._child
        if endpoint is None or child is None or isinstance(failure, Declined):
            return
        if isinstance(failure.__cause__, TimeoutError) and endpoint.breaker.state() == "closed":
            return
        self._state = "loading"
        self._settled.clear()
        if child.returncode is None:
            child.kill()

    async def _keep(self) -> None:
        """Hold a child alive, pausing longer and longer when it does not come up."""
        pause = 0.0
        await load_sdk()
        try:
            while True:
                came_up = await self._bring_up()
                if came_up and self._child is not None:
                    self._state = "ready"
                    self._settled.set()
                    began = asyncio.get_running_loop().time()
                    code = await self._child.wait()
                    _log.warning("the text model died and is restarted", model=self._name, code=code)
                    self._state = "loading"
                    self._settled.clear()
                    await self._put_down()
                    if asyncio.get_running_loop().time() - began > LONGEST_PAUSE:
                        pause = 0.0
                    await asyncio.sleep(pause)  # the first time at once
                    pause = _longer(pause)
                else:
                    await self._put_down()
                    pause = _longer(pause)
                    _log.error("the text model does not come up", model=self._name, again_in=pause)
                    self._state = "failing"
                    self._settled.set()
                    await asyncio.sleep(pause)
        finally:
            self._settled.clear()
            await self._put_down()

    async def _bring_up(self) -> bool:
        """Start a child and wait for its address; whether it came."""
        key = secrets.token_hex(16)
        birth = asyncio.ensure_future(
            asyncio.create_subprocess_exec(
                *(sys.executable, "-P", llama_child.__file__),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
        )
        try:
            self._child = await asyncio.shield(birth)
        except asyncio.CancelledError:
            self._child = await birth  # so that it can be put down
            raise
        assert self._child.stdin is not None, "asked for a pipe"  # noqa: S101 - tells mypy what subprocess promises
        assert self._child.stdout is not None, "asked for a pipe"  # noqa: S101 - tells mypy what subprocess promises
        asked = {
            "path": str(self._path),
            "name": self._name,
            "key": key,
            "context": CONTEXT,
            "threads": self._threads,
        }
        try:
            self._child.stdin.write(msgspec.json.encode(asked) + b"\n")
            async with asyncio.timeout(LOADING):
                told = await self._child.stdout.readline()
            address = msgspec.json.decode(told, type=dict[str, str])["url"]
        except (OSError, TimeoutError, msgspec.DecodeError, KeyError):
            return False
        self._endpoint = Endpoint(
            f"{address}/v1", key, timeout=self._timeout, retries=0, breaker=Breaker(failures=3), local=True
        )
        return True

    async def _put_down(self) -> None:
        """End the child and what spoke to it."""
        endpoint, self._endpoint = self._endpoint, None
        if endpoint is not None:
            await endpoint.close()
        child = self._child
        if child is not None:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
            await child.communicate()
            self._child = None


def _longer(pause: float) -> float:
    return min(LONGEST_PAUSE, max(1.0, pause * 2))


async def _within(deadline: float, wait: Coroutine[Any, Any, bool], otherwise: str) -> None:
    try:
        async with asyncio.timeout_at(deadline):
            await wait
    except TimeoutError as error:
        raise Unavailable(otherwise) from error
