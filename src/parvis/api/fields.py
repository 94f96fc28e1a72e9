"""The types of input fields, each with its bounds, so that no endpoint invents its own."""

import asyncio
from typing import Annotated, BinaryIO

from msgspec import Meta

Id = Annotated[str, Meta(pattern=r"\A[0-9]{1,18}\Z", description="An id: digits, as a string.", examples=["115"])]
Ids = Annotated[tuple[Id, ...], Meta(max_length=80)]
Handle = Annotated[str, Meta(min_length=1, max_length=320, description="`handle` or `handle@domain`.")]
Tag = Annotated[str, Meta(min_length=1, max_length=100, description="A hashtag without its #.")]
Words = Annotated[str, Meta(max_length=500)]
Sentence = Annotated[str, Meta(max_length=1500)]
LongText = Annotated[str, Meta(max_length=200_000)]
Url = Annotated[str, Meta(max_length=2000)]
Language = Annotated[str, Meta(pattern=r"\A[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\Z", description="A BCP 47 tag.")]
Scopes = Annotated[str, Meta(max_length=2000, description="Scopes, separated by spaces.")]
Secret = Annotated[str, Meta(max_length=500)]


class Upload:
    """A file that came in a multipart form; a large one lies on the disk until the request ends."""

    __slots__ = ("_data", "_file", "media_type", "name")

    def __init__(self, data: bytes = b"", name: str = "", media_type: str = "", file: BinaryIO | None = None) -> None:
        self._data = data
        self._file = file
        self.name = name
        self.media_type = media_type

    @property
    def data(self) -> bytes:
        """All of it; what lies on the disk is read there, in the loop."""
        if self._file is None:
            return self._data
        self._file.seek(0)
        return self._file.read()

    async def read(self) -> bytes:
        """All of it; what lies on the disk is read in a thread."""
        return self._data if self._file is None else await asyncio.to_thread(lambda: self.data)

    def close(self) -> None:
        """Give back what it takes on the disk."""
        if self._file is not None:
            self._file.close()
