"""The four Protocols behind which every model stands, and the values that cross them.

A caller hands over a prompt and gets back the result with its `Usage`; spending that from the member's allowance is the
caller's business. Every call is bounded in time and size by the implementation and raises `Unavailable` when the model
cannot answer.
"""

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from typing import Annotated, Any, Literal, Protocol, runtime_checkable

import msgspec
import numpy as np
from numpy.typing import NDArray

from parvis.core import errors


class Unavailable(errors.Unavailable):
    """The model is slow, broken or absent. Callers degrade: newest first, queue to humans, a button that says why."""


class Usage(msgspec.Struct, frozen=True):
    """What one call used, in tokens and pictures."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    pictures: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.pictures + other.pictures,
        )


class Message(msgspec.Struct, frozen=True):
    """One turn of a prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


class Chunk(msgspec.Struct, frozen=True):
    """A piece of a streamed completion. The last one has `usage` and no text."""

    text: str = ""
    usage: Usage | None = None


class Completion(msgspec.Struct, frozen=True):
    """A whole answer of a text model."""

    text: str
    usage: Usage
    model: str


class Health(msgspec.Struct, frozen=True):
    """How a model is, as told on the status page."""

    name: str
    state: Literal["ready", "loading", "absent", "failing"]
    detail: str = ""  # a translatable English sentence or term
    licence: str = ""  # an SPDX identifier where the model has one


async def gathered(chunks: AsyncGenerator[Chunk, None]) -> tuple[str, Usage]:
    """A stream's whole text and what it used; the stream is closed, however this ends."""
    texts: list[str] = []
    usage = Usage()
    async with contextlib.aclosing(chunks):
        async for chunk in chunks:
            texts.append(chunk.text)
            usage += chunk.usage or Usage()
    return "".join(texts), usage


class TextModel(Protocol):
    """Continues a conversation."""

    @property
    def name(self) -> str:
        """The model's name as shown to members and written into provenance marks."""
        ...

    def stream(
        self,
        prompt: Sequence[Message],
        *,
        max_tokens: int = 400,
        temperature: float = 0.7,
        schema: dict[str, Any] | None = None,
        seed: int | None = None,
    ) -> AsyncIterator[Chunk]:
        """Yield the completion as it is made; closing the iterator stops the model.

        `schema` is a JSON Schema that the whole text then conforms to.

        Raises:
            Unavailable: before the first chunk or between two.
        """
        ...

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
        ...


class Picture(msgspec.Struct, frozen=True):
    """What an image model drew."""

    data: bytes  # an encoded picture (PNG)
    width: int
    height: int
    model: str
    method: Literal["illustration", "generation"]  # drawn by rules from vector art, or made by a trained model
    usage: Usage = Usage(pictures=1)
    description: str = ""  # what is in the picture, in the prompt's language: a first alt text
    undrawn: tuple[str, ...] = ()  # words of the prompt that the picture does not show
    credits: tuple[str, ...] = ()  # whose art is inside, and its licence


Progress = Callable[[float, bytes | None], None]
"""Called with the share done (0 to 1) and perhaps an encoded preview; may be called from another thread."""


def silent(share: float, preview: bytes | None) -> None:
    """A `Progress` for callers who do not watch."""


class ImageModel(Protocol):
    """Draws what words describe."""

    @property
    def name(self) -> str:
        """The model's name as shown to members and written into provenance marks."""
        ...

    async def draw(
        self, prompt: str, *, width: int = 1024, height: int = 768, seed: int = 0, progress: Progress = silent
    ) -> Picture:
        """Draw the prompt; the same prompt, size and seed give the same picture where the model can promise it.

        Cancelling the task stops the work.

        Raises:
            Unavailable: nothing was drawn.
        """
        ...


class EmbeddingModel(Protocol):
    """Turns texts into vectors whose inner product says how near their meanings are."""

    @property
    def name(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimensions). `query` marks search words as opposed to posts."""
        ...


Score = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Classifier(Protocol):
    """Says what a text or a picture is, with scores from 0 to 1."""

    @property
    def name(self) -> str: ...

    async def language(self, text: str) -> str | None:
        """The ISO 639-1 code of the text's language, or None when it is too short to tell."""
        ...

    async def text(self, text: str) -> dict[str, Score]:
        """Scores by label: `toxic`, `sexual`, `violent`, `self_harm`, `hate`."""
        ...

    async def picture(self, data: bytes) -> dict[str, Score]:
        """Scores by label of an encoded picture: `unsafe`."""
        ...


class Models(msgspec.Struct, frozen=True):
    """The models in use, one for each task: what a composition root hands to whoever needs them."""

    text: TextModel
    image: ImageModel
    embedding: EmbeddingModel
    classifier: Classifier


@runtime_checkable
class Watched(Protocol):
    """A model that can tell how it is, without waiting."""

    def health(self) -> Health: ...


@runtime_checkable
class Closable(Protocol):
    """A model that holds something (a child process, connections) to be given back at the end."""

    async def close(self) -> None: ...


@runtime_checkable
class Warmable(Protocol):
    """A model that takes time to load."""

    def warm(self) -> None: ...


def warm(models: Models) -> None:
    """Have the models begin to load; return at once. To be called inside the event loop."""
    for model in (models.text, models.image, models.embedding, models.classifier):
        if isinstance(model, Warmable):
            model.warm()


def describe(models: Models) -> list[Health]:
    """How each of the models is: text, image, embedding, classifier, in this order."""
    return [
        model.health() if isinstance(model, Watched) else Health(model.name, "ready")
        for model in (models.text, models.image, models.embedding, models.classifier)
    ]


async def close(models: Models) -> None:
    """End whatever the models hold."""
    for model in (models.text, models.image, models.embedding, models.classifier):
        if isinstance(model, Closable):
            await model.close()
