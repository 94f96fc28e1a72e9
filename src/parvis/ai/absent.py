"""A text model that is not there: every call is `Unavailable`, with the reason that the operator needs."""

from collections.abc import AsyncGenerator, Sequence
from typing import Any

from parvis.ai.protocols import Chunk, Completion, Health, Message, Unavailable


class AbsentText:
    """Stands where a text model would; says why there is none."""

    def __init__(self, reason: str, **parameters: str) -> None:
        self._reason = reason
        self._parameters = parameters

    @property
    def name(self) -> str:
        return "none"

    def health(self) -> Health:
        """Absent, and why."""
        return Health(self.name, "absent", str(self._unavailable()))

    async def stream(
        self,
        prompt: Sequence[Message],  # noqa: ARG002 - the Protocol's words
        *,
        max_tokens: int = 400,  # noqa: ARG002
        temperature: float = 0.7,  # noqa: ARG002
        schema: dict[str, Any] | None = None,  # noqa: ARG002
        seed: int | None = None,  # noqa: ARG002
    ) -> AsyncGenerator[Chunk, None]:
        """Raise Unavailable."""
        nothing: tuple[Chunk, ...] = ()
        for chunk in nothing:  # what makes this a generator
            yield chunk
        raise self._unavailable()

    async def complete(
        self,
        prompt: Sequence[Message],  # noqa: ARG002 - the Protocol's words
        *,
        max_tokens: int = 400,  # noqa: ARG002
        temperature: float = 0.7,  # noqa: ARG002
        schema: dict[str, Any] | None = None,  # noqa: ARG002
        seed: int | None = None,  # noqa: ARG002
    ) -> Completion:
        """Raise Unavailable."""
        raise self._unavailable()

    def _unavailable(self) -> Unavailable:
        return Unavailable(self._reason, **self._parameters)
