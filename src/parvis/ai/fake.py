"""Scripted models for tests, the demo world and development without weights.

What a test enqueues flows out, word by word; what was asked is kept to be looked at. With nothing enqueued each fake
answers something plain and deterministic. Any of them can be told to fail, to fail half-way, or to hang until released,
so that every unhappy path of a caller can be walked without a clock.
"""

import asyncio
import hashlib
import io
import json
import re
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from parvis.ai.protocols import (
    Chunk,
    Completion,
    Health,
    Message,
    Models,
    Picture,
    Progress,
    Unavailable,
    Usage,
    silent,
)

STEPS = 4
_WORD = re.compile(r"\w+")
_PIECE = re.compile(r"\S+\s*|\s+")
_FRENCH = frozenset({"le", "la", "les", "une", "des", "est", "et", "je", "tu", "il", "elle", "nous", "vous", "que"})


class Asked(msgspec.Struct, frozen=True):
    """One call that a fake text model received."""

    prompt: tuple[Message, ...]
    max_tokens: int
    temperature: float
    schema: dict[str, Any] | None
    seed: int | None

    @property
    def words(self) -> str:
        """The whole prompt as one text, to be searched."""
        return "\n".join(message.content for message in self.prompt)


class Scripted:
    """What all fakes share: failing, hanging, and telling who was cancelled.

    A call goes through steps (words, strokes, texts). `after` says how many of them still go well.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._failures: deque[int] = deque()
        self._gate: asyncio.Event | None = None
        self._gate_after = 0
        self._arrival = asyncio.Event()
        self.hanging = 0
        self.cancelled = 0

    @property
    def name(self) -> str:
        return self._name

    def fail(self, times: int = 1, *, after: int = 0) -> None:
        """The next `times` calls raise Unavailable, each after so many steps; each uses up its enqueued answer."""
        self._failures.extend([after] * times)

    def hang(self, *, after: int = 0) -> None:
        """Calls wait after so many steps, until `release`."""
        self._gate = asyncio.Event()
        self._gate_after = after

    def release(self) -> None:
        """Let every waiting call go on, and the following ones pass."""
        if self._gate is not None:
            self._gate.set()
        self._gate = None

    async def until_hanging(self, calls: int = 1) -> None:
        """Return as soon as so many calls hang."""
        while self.hanging < calls:
            self._arrival.clear()
            await self._arrival.wait()

    def health(self) -> Health:
        """Ready, unless the next call is told to fail."""
        return Health(self._name, "failing" if self._failures else "ready", "scripted", "AGPL-3.0-or-later")

    def _begin(self) -> "_Call":
        return _Call(self, self._failures.popleft() if self._failures else None)

    async def _wait(self, step: int) -> None:
        gate = self._gate
        if gate is None or step != self._gate_after:
            return
        self.hanging += 1
        self._arrival.set()
        try:
            await gate.wait()
        finally:
            self.hanging -= 1


class _Call:
    """One call's way through its steps."""

    def __init__(self, fake: Scripted, fails_at: int | None) -> None:
        self._fake = fake
        self._fails_at = fails_at
        self._step = 0

    async def step(self) -> None:
        """Give others a turn, then hang or fail where the script says so."""
        await asyncio.sleep(0)
        await self._fake._wait(self._step)  # noqa: SLF001 - a call is part of its fake
        if self._step == self._fails_at:
            raise Unavailable("The model does not answer.")
        self._step += 1


class FakeText(Scripted):
    """A text model that says what it was told to."""

    def __init__(self, name: str = "fake-text") -> None:
        super().__init__(name)
        self._answers: deque[str] = deque()
        self.asked: list[Asked] = []

    @property
    def prompts(self) -> list[str]:
        """Every prompt received, each as one text."""
        return [asked.words for asked in self.asked]

    def enqueue(self, *answers: str | dict[str, Any] | list[Any]) -> None:
        """The next calls answer these, in this order; what is not a string is sent as JSON."""
        self._answers.extend(
            answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False) for answer in answers
        )

    async def stream(
        self,
        prompt: Sequence[Message],
        *,
        max_tokens: int = 400,
        temperature: float = 0.7,
        schema: dict[str, Any] | None = None,
        seed: int | None = None,
    ) -> AsyncIterator[Chunk]:
        """Yield the next enqueued answer, or a plain one, word by word; the usage counts words."""
        asked = Asked(tuple(prompt), max_tokens, temperature, schema, seed)
        self.asked.append(asked)
        call = self._begin()
        pieces = _PIECE.findall(self._answer(asked))
        finished = False
        try:
            for piece in pieces[:max_tokens]:
                await call.step()
                yield Chunk(piece)
            await call.step()
            finished = True
        except (Unavailable, GeneratorExit, asyncio.CancelledError) as end:
            finished = isinstance(end, Unavailable)
            raise
        finally:
            self.cancelled += not finished
        yield Chunk(usage=Usage(len(_WORD.findall(asked.words)), len(pieces[:max_tokens])))

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
        text, usage = "", Usage()
        async for chunk in self.stream(
            prompt, max_tokens=max_tokens, temperature=temperature, schema=schema, seed=seed
        ):
            text += chunk.text
            usage += chunk.usage or Usage()
        return Completion(text, usage, self.name)

    def _answer(self, asked: Asked) -> str:
        if self._answers:
            return self._answers.popleft()
        if asked.schema is not None:
            return json.dumps(smallest(asked.schema), ensure_ascii=False)
        said = next((message.content for message in reversed(asked.prompt) if message.role == "user"), "")
        return f"You said: {' '.join(said.split())[:200]}"


class FakeImage(Scripted):
    """An image model that draws stripes coloured by the prompt and the seed, in four steps."""

    def __init__(self, name: str = "fake-image") -> None:
        super().__init__(name)
        self.prompts: list[str] = []

    async def draw(
        self, prompt: str, *, width: int = 1024, height: int = 768, seed: int = 0, progress: Progress = silent
    ) -> Picture:
        """Draw a small real PNG (at most 64 pixels wide, the proportions kept), telling the progress at each step."""
        self.prompts.append(prompt)
        call = self._begin()
        small = (min(width, 64), max(1, round(height * min(width, 64) / width)))
        canvas = Image.new("RGB", small, "white")
        brush = ImageDraw.Draw(canvas)
        colours = hashlib.blake2b(f"{seed} {prompt}".encode(), digest_size=3 * STEPS).digest()
        try:
            for step in range(STEPS):
                await call.step()
                top, bottom = small[1] * step // STEPS, small[1] * (step + 1) // STEPS
                brush.rectangle((0, top, small[0], bottom), fill=tuple(colours[3 * step : 3 * step + 3]))
                progress((step + 1) / STEPS, _png(canvas))
            await call.step()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return Picture(_png(canvas), *small, self.name, "illustration", description=prompt[:200])


class FakeEmbedding(Scripted):
    """Hashes words into unit vectors: texts that share words are near, the same text gives the same vector."""

    def __init__(self, name: str = "fake-embedding", dimensions: int = 384) -> None:
        super().__init__(name)
        self._dimensions = dimensions
        self.texts: list[str] = []

    @property
    def dimensions(self) -> int:
        return self._dimensions

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimensions); a query lies where the same post would."""
        del query
        self.texts.extend(texts)
        call = self._begin()
        await call.step()
        vectors = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in _WORD.findall(text.lower()) or [""]:
                number = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")
                vectors[row, number % self._dimensions] += 1.0
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


class FakeClassifier(Scripted):
    """Finds everything harmless, except what it was told about."""

    def __init__(self, name: str = "fake-classifier") -> None:
        super().__init__(name)
        self._texts: list[tuple[str, dict[str, float]]] = []
        self._pictures: dict[bytes | None, dict[str, float]] = {}
        self._languages: list[tuple[str, str | None]] = []

    def when(self, words: str, **scores: float) -> None:
        """Texts that contain these words (in any case) get these scores."""
        self._texts.append((words.lower(), scores))

    def when_picture(self, data: bytes | None = None, **scores: float) -> None:
        """This picture, or any picture, gets these scores."""
        self._pictures[data] = scores

    def when_language(self, words: str, code: str | None) -> None:
        """Texts that contain these words (in any case) are in this language."""
        self._languages.append((words.lower(), code))

    async def language(self, text: str) -> str | None:
        """French where a common French word stands, English otherwise, None under two words."""
        await self._begin().step()
        for words, code in self._languages:
            if words in text.lower():
                return code
        found = _WORD.findall(text.lower())
        if len(found) < 2:  # noqa: PLR2004 - one word is too short to tell
            return None
        return "fr" if _FRENCH.intersection(found) else "en"

    async def text(self, text: str) -> dict[str, float]:
        """Zeros, save for what was told."""
        await self._begin().step()
        scores = dict.fromkeys(("toxic", "sexual", "violent", "self_harm", "hate"), 0.0)
        for words, told in self._texts:
            if words in text.lower():
                scores.update(told)
        return scores

    async def picture(self, data: bytes) -> dict[str, float]:
        """Zero, save for what was told."""
        await self._begin().step()
        return {"unsafe": 0.0} | self._pictures.get(None, {}) | self._pictures.get(data, {})


class FakeModels(Models, frozen=True):
    """A `Models` in which everything is scripted: `fakes.text.enqueue("hello")`."""

    text: FakeText = msgspec.field(default_factory=FakeText)
    image: FakeImage = msgspec.field(default_factory=FakeImage)
    embedding: FakeEmbedding = msgspec.field(default_factory=FakeEmbedding)
    classifier: FakeClassifier = msgspec.field(default_factory=FakeClassifier)


def smallest(schema: dict[str, Any], root: dict[str, Any] | None = None) -> Any:
    """A small value that conforms to a JSON Schema (patterns and formats are not looked at)."""
    root = schema if root is None else root
    if "$ref" in schema:
        target: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return smallest(target, root)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return smallest(schema[choice][0], root)
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    kind = schema.get("type", "object")
    return _smallest_of(kind[0] if isinstance(kind, list) else kind, schema, root)


def _smallest_of(kind: str, schema: dict[str, Any], root: dict[str, Any]) -> Any:
    if kind == "object":
        properties = schema.get("properties", {})
        return {key: smallest(properties.get(key, {}), root) for key in schema.get("required", [])}
    if kind == "array":
        return [smallest(schema.get("items", {}), root) for _ in range(schema.get("minItems", 0))]
    if kind == "string":
        return "word"[: schema.get("maxLength", 4)].ljust(schema.get("minLength", 0), "d")
    return {"integer": schema.get("minimum", 0), "number": schema.get("minimum", 0), "boolean": False}.get(kind)


def _png(canvas: Image.Image) -> bytes:
    out = io.BytesIO()
    canvas.save(out, "PNG")
    return out.getvalue()
