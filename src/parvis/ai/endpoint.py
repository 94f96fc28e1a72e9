"""Any OpenAI-compatible endpoint behind the Protocols, through the official SDK.

Prompts flow out over HTTP; text as it is made, pictures and vectors flow back. Every call ends within its time, is
tried again (with jitter) where that can help, and raises `Unavailable` and nothing else when it fails. After several
failures in a row the endpoint is left alone for a while. What an endpoint says it does not know (a parameter, a
response format) is remembered and not sent again.
"""

import asyncio
import base64
import binascii
import contextlib
import importlib
import io
import json
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from parvis.ai.breaker import Breaker, Declined
from parvis.ai.protocols import (
    Chunk,
    Completion,
    Health,
    Message,
    Picture,
    Progress,
    Unavailable,
    Usage,
    gathered,
    silent,
)

if TYPE_CHECKING:
    import openai

RETRIES = 2
PICTURE_BYTES = 32 << 20
PICTURE_PIXELS = 40_000_000
TEXT_BYTES = 1 << 20
BATCH = 64
LEARNABLE = ("response_format", "max_tokens", "temperature", "stream_options", "seed", "size")


async def load_sdk() -> None:
    """Import the SDK in a thread: it takes a second or more, which the loop cannot spare."""
    if "openai" not in sys.modules:
        await asyncio.to_thread(importlib.import_module, "openai")


class Endpoint:
    """An address, a key, and how the endpoint has been doing lately. Models of one endpoint share it.

    The SDK is imported with the first call: a server that never asks an endpoint never pays for it.
    """

    def __init__(
        self,
        url: str,
        key: str = "",
        *,
        timeout: float = 60.0,  # seconds for a whole call, retries included
        retries: int = RETRIES,
        breaker: Breaker | None = None,
        local: bool = False,
    ) -> None:
        self._url = url
        self._key = key
        self._retries = retries
        self._local = local
        self._client: openai.AsyncOpenAI | None = None
        self._unknown: set[str] = set()
        self.timeout = timeout
        self.breaker = breaker or Breaker()

    @property
    def client(self) -> "openai.AsyncOpenAI":
        """The SDK's client, made once."""
        if self._client is None:
            import httpx2
            import openai

            # A model on this machine is reached directly, whatever proxy the environment names; its server drops
            # connections that are kept, which a request on its way would then be lost with.
            unkept = httpx2.Limits(max_keepalive_connections=0)
            direct = httpx2.AsyncClient(trust_env=False, timeout=self.timeout, limits=unkept) if self._local else None
            self._client = openai.AsyncOpenAI(
                base_url=self._url,
                api_key=self._key or "none",
                timeout=self.timeout,
                max_retries=self._retries,
                http_client=direct,
            )
        return self._client

    async def first_model(self) -> str:
        """The first model that the endpoint lists."""
        await load_sdk()
        with self.asking():
            async with asyncio.timeout(self.timeout):
                page = await self.client.models.list()
            if not page.data:
                raise Unavailable("The endpoint lists no model.")
            return page.data[0].id

    @contextlib.contextmanager
    def asking(self) -> Iterator[None]:
        """Count how it goes, and turn every failure of the SDK into `Unavailable`."""
        import httpx2
        import openai

        with self.breaker.attempt():
            try:
                yield
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                raise Declined("The model did not take the request.") from error
            except TimeoutError as error:
                raise Unavailable("The model took too long.") from error
            except (openai.OpenAIError, httpx2.HTTPError, httpx2.StreamError, OSError) as error:
                raise Unavailable("The model does not answer.") from error
            except (ValueError, TypeError, LookupError, AttributeError) as error:
                # What the SDK and we meet when the answer is not what the protocol says.
                raise Unavailable("The model's answer cannot be read.") from error

    async def adapting(self, ask: Callable[[], Awaitable[Any]]) -> Any:
        """Ask; as long as the endpoint names a parameter that it does not know, give that up and ask again."""
        import openai

        while True:
            try:
                return await ask()
            except openai.BadRequestError as error:
                said = str(error).lower()
                new = [word for word in LEARNABLE if word in said and word not in self._unknown]
                if not new:
                    raise
                self._unknown.add(new[0])

    def knows(self, parameter: str) -> bool:
        """Whether the endpoint has not yet said that it does not know the parameter."""
        return parameter not in self._unknown

    def health(self, name: str, detail: str) -> Health:
        """Failing while the circuit is open."""
        return Health(name, "ready" if self.breaker.state() == "closed" else "failing", detail)

    async def close(self) -> None:
        """Give the connections back."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.close()


class _Model:
    """What the endpoint's models share: a name that may have to be asked for."""

    def __init__(self, endpoint: Endpoint, model: str, *, called: str = "") -> None:
        self._endpoint = endpoint
        self._model = model
        self._called = called

    @property
    def name(self) -> str:
        return self._called or self._model or "endpoint"

    def health(self) -> Health:
        """How the endpoint has been doing."""
        return self._endpoint.health(self.name, "An OpenAI-compatible endpoint.")

    async def close(self) -> None:
        """Give the connections back."""
        await self._endpoint.close()

    async def _named(self) -> str:
        await load_sdk()
        if not self._model:
            self._model = await self._endpoint.first_model()
        return self._model


class EndpointText(_Model):
    """Chat completions."""

    async def stream(
        self,
        prompt: Sequence[Message],
        *,
        max_tokens: int = 400,
        temperature: float = 0.7,
        schema: dict[str, Any] | None = None,
        seed: int | None = None,
    ) -> AsyncGenerator[Chunk, None]:
        """Yield the completion as it is made; closing the iterator ends the request.

        The deadline counts only the time spent waiting for the endpoint.

        Raises:
            Unavailable: before the first chunk or between two.
        """
        endpoint = self._endpoint
        model = await self._named()

        async def ask() -> Any:
            wishes = self._wishes(prompt, max_tokens, temperature, schema, seed)
            return await endpoint.client.chat.completions.create(model=model, stream=True, **wishes)

        waited, size, usage, ended = 0.0, 0, Usage(), ""
        clock = asyncio.get_running_loop().time
        with endpoint.asking():
            began = clock()
            async with asyncio.timeout(endpoint.timeout):
                answer = await endpoint.adapting(ask)
            waited += clock() - began
            try:
                pieces = aiter(answer)
                while True:
                    began = clock()
                    async with asyncio.timeout(endpoint.timeout - waited):
                        piece = await anext(pieces, None)
                    waited += clock() - began
                    if piece is None:
                        break
                    if piece.usage is not None:
                        usage = Usage(piece.usage.prompt_tokens, piece.usage.completion_tokens)
                    for choice in piece.choices[:1]:
                        ended = choice.finish_reason or ended
                        text = choice.delta.content or ""
                        size += len(text)
                        if size > TEXT_BYTES:
                            raise Unavailable("The model's answer has no end.")
                        if text:
                            yield Chunk(text)
            finally:
                await answer.close()
            if not ended:
                raise Unavailable("The model's answer was cut off.")
            if ended == "length" and schema is not None:
                raise Declined("The model had too little room for its answer.")
        yield Chunk(usage=usage)

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
        return Completion(*await gathered(chunks), self.name)

    def _wishes(
        self,
        prompt: Sequence[Message],
        max_tokens: int,
        temperature: float,
        schema: dict[str, Any] | None,
        seed: int | None,
    ) -> dict[str, Any]:
        """The request's parameters, less those that the endpoint does not know."""
        knows = self._endpoint.knows
        messages: list[dict[str, str]] = [{"role": turn.role, "content": turn.content} for turn in prompt]
        wishes: dict[str, Any] = {"messages": messages}
        wishes["max_tokens" if knows("max_tokens") else "max_completion_tokens"] = max_tokens
        if knows("temperature"):
            wishes["temperature"] = temperature
        if knows("stream_options"):
            wishes["stream_options"] = {"include_usage": True}
        if seed is not None and knows("seed"):
            wishes["seed"] = seed
        if schema is not None and knows("response_format"):
            named = {"name": "answer", "schema": schema, "strict": True}
            wishes["response_format"] = {"type": "json_schema", "json_schema": named}
        elif schema is not None:
            rule = "Answer with one JSON value that conforms to this JSON Schema, and nothing else:\n"
            messages.insert(0, {"role": "system", "content": rule + json.dumps(schema, ensure_ascii=False)})
        return wishes


class EndpointImage(_Model):
    """Image generation."""

    async def draw(
        self, prompt: str, *, width: int = 1024, height: int = 768, seed: int = 0, progress: Progress = silent
    ) -> Picture:
        """Have the endpoint draw; the size is a wish, the picture says its own. Endpoints promise nothing of the seed.

        Raises:
            Unavailable: nothing was drawn, or no picture came.
        """
        del seed
        endpoint = self._endpoint
        model = await self._named()

        async def ask() -> Any:
            wishes: dict[str, Any] = {"model": model, "prompt": prompt, "n": 1}
            if endpoint.knows("size"):
                wishes["size"] = f"{width}x{height}"
            if endpoint.knows("response_format"):
                wishes["response_format"] = "b64_json"
            return await endpoint.client.images.generate(**wishes)

        progress(0.0, None)
        with endpoint.asking():
            async with asyncio.timeout(endpoint.timeout):
                answer = await endpoint.adapting(ask)
            encoded = answer.data[0].b64_json
            if not encoded or len(encoded) > PICTURE_BYTES * 4 // 3:
                raise Unavailable("The model sent no picture that can be taken.")
            data, size = await asyncio.to_thread(_as_png, encoded)
        progress(1.0, None)
        return Picture(data, *size, self.name, "generation")


class EndpointEmbedding(_Model):
    """Embeddings, brought to unit length."""

    def __init__(self, endpoint: Endpoint, model: str) -> None:
        super().__init__(endpoint, model)
        self._dimensions = 0

    @property
    def dimensions(self) -> int:
        """Known once the endpoint has answered.

        Raises:
            Unavailable: it has not yet.
        """
        if not self._dimensions:
            raise Unavailable("The endpoint has not told yet how long its vectors are.")
        return self._dimensions

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimensions); models of the E5 family are told what is a query."""
        model = await self._named()
        prefix = ("query: " if query else "passage: ") if "e5-" in model.lower() else ""
        rows: list[NDArray[np.float32]] = []
        for start in range(0, len(texts), BATCH):
            # An empty text is refused by most endpoints; a space means as little.
            batch = [prefix + (text.strip() or " ") for text in texts[start : start + BATCH]]
            with self._endpoint.asking():
                async with asyncio.timeout(self._endpoint.timeout):
                    answer = await self._endpoint.client.embeddings.create(model=model, input=batch)
                found = sorted(answer.data, key=lambda one: one.index)
                vectors = np.array([one.embedding for one in found], dtype=np.float32)
                if vectors.shape != (len(batch), self._dimensions or vectors.shape[-1]):
                    raise Unavailable("The endpoint's vectors are not what was asked for.")
                self._dimensions = vectors.shape[1]
                rows.append(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))
        return np.concatenate(rows) if rows else np.zeros((0, self._dimensions), dtype=np.float32)


def _as_png(encoded: str) -> tuple[bytes, tuple[int, int]]:
    """Decode what came, and make it a PNG if it is none.

    Raises:
        Unavailable: it is no picture, or too large a one.
    """
    try:
        data = base64.b64decode(encoded, validate=True)
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > PICTURE_PIXELS:
                raise Unavailable("The model sent a picture that is too large.")
            picture.load()
            if picture.format == "PNG":
                return data, picture.size
            out = io.BytesIO()
            picture.convert("RGB").save(out, "PNG")
            return out.getvalue(), picture.size
    except (binascii.Error, UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise Unavailable("The model sent no picture that can be read.") from error
