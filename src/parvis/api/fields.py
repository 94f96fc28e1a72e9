"""The types of input fields, each with its bounds, so that no endpoint invents its own."""

from typing import Annotated

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
    """A file that came in a multipart form."""

    __slots__ = ("data", "media_type", "name")

    def __init__(self, data: bytes, name: str = "", media_type: str = "") -> None:
        self.data = data
        self.name = name
        self.media_type = media_type
