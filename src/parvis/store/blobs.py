"""Blobs: pictures and other bytes too large for a row, in a folder or in S3.

A blob's name is the SHA-256 of its bytes and its extension, so the same bytes are kept once and a name can be cached
for ever. Names come from `put` alone; `open` refuses anything that does not look like one.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import os
import pathlib
import re
import secrets
import time
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

from parvis.core import errors
from parvis.core.config import Settings

NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,5}")
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")
TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "mp4": "video/mp4",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
}


HIDDEN = "raw"
"""The extension of blobs that are ours alone: what a member sent, before anything was taken out of it."""


class Part(NamedTuple):
    """Some of a blob's bytes: where they begin, and how many the blob has."""

    data: bytes
    start: int
    size: int


class Blobs(Protocol):
    """Keeps bytes under a name made from them."""

    async def put(self, data: bytes, extension: str) -> str:
        """Keep the bytes; return their name. Once it returns, they survive a kill."""
        ...

    async def get(self, name: str) -> bytes:
        """The bytes.

        Raises:
            NotFound: there is no such blob.
        """
        ...

    async def part(self, name: str, start: int | None, most: int) -> Part | None:
        """At most so many bytes from `start` on (None: the last ones); None when it has none there.

        Raises:
            NotFound: there is no such blob.
        """
        ...

    async def delete(self, name: str, *, spared: float = 0) -> bool:
        """Forget the blob, if there is one, unless it was put within so many seconds; whether there is none now.

        Whoever puts bytes that lie there already, and only then says so in a row, has that long to do it.
        """
        ...


def name_of(data: bytes, extension: str) -> str:
    """The name that these bytes have."""
    return f"{hashlib.sha256(data).hexdigest()}.{extension}"


def type_of(name: str) -> str:
    """The media type that a name's extension stands for."""
    return TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def _checked(name: str) -> str:
    if not NAME.fullmatch(name):
        raise errors.NotFound("There is no such file.")
    return name


@contextlib.contextmanager
def _alone(folder: pathlib.Path) -> Iterator[int]:
    """The folder, open, while no other thread or process puts anything there or deletes it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


class FolderBlobs:
    """Blobs in a folder, spread over 256 subfolders."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder

    def path(self, name: str) -> pathlib.Path:
        """Where the blob lies, so that a web server can send it.

        Raises:
            NotFound: the name is none of ours.
        """
        return self._folder / _checked(name)[:2] / name

    async def put(self, data: bytes, extension: str) -> str:
        """See `Blobs.put`."""
        name = name_of(data, extension)
        await asyncio.to_thread(self._write, self.path(name), data)
        return name

    async def get(self, name: str) -> bytes:
        """See `Blobs.get`."""
        try:
            return await asyncio.to_thread(self.path(name).read_bytes)
        except FileNotFoundError as missing:
            raise errors.NotFound("There is no such file.") from missing

    async def part(self, name: str, start: int | None, most: int) -> Part | None:
        """See `Blobs.part`."""
        try:
            return await asyncio.to_thread(self._read, self.path(name), start, most)
        except FileNotFoundError as missing:
            raise errors.NotFound("There is no such file.") from missing

    async def delete(self, name: str, *, spared: float = 0) -> bool:
        """See `Blobs.delete`."""
        return await asyncio.to_thread(self._delete, self.path(name), spared)

    @staticmethod
    def _read(path: pathlib.Path, start: int | None, most: int) -> Part | None:
        size = path.stat().st_size
        begin = max(0, size - most) if start is None else start
        if begin >= size:
            return None
        with path.open("rb") as file:
            file.seek(begin)
            return Part(file.read(most), begin, size)

    @staticmethod
    def _write(path: pathlib.Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path.parent):
            if path.exists():
                path.touch()
                return
        part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with _alone(path.parent) as folder:
            part.replace(path)
            os.fsync(folder)

    @staticmethod
    def _delete(path: pathlib.Path, spared: float) -> bool:
        if not path.parent.exists():
            return True
        with _alone(path.parent):
            if spared and path.exists() and time.time() - path.stat().st_mtime < spared:
                return False
            path.unlink(missing_ok=True)
            return True


class S3Blobs:
    """Blobs in an S3 bucket."""

    def __init__(self, settings: Settings) -> None:
        from aiobotocore.session import get_session

        self._bucket = settings.s3_bucket
        self._session = get_session()
        self._options: dict[str, Any] = {
            "region_name": settings.s3_region,
            "endpoint_url": settings.s3_endpoint or None,
            "aws_access_key_id": settings.s3_key or None,
            "aws_secret_access_key": settings.s3_secret or None,
        }

    async def put(self, data: bytes, extension: str) -> str:
        """See `Blobs.put`."""
        name = name_of(data, extension)
        async with self._session.create_client("s3", **self._options) as s3:
            await s3.put_object(Bucket=self._bucket, Key=name, Body=data, ContentType=type_of(name))
        return name

    async def get(self, name: str) -> bytes:
        """See `Blobs.get`."""
        async with self._session.create_client("s3", **self._options) as s3:
            try:
                answer = await s3.get_object(Bucket=self._bucket, Key=_checked(name))
            except s3.exceptions.NoSuchKey as missing:
                raise errors.NotFound("There is no such file.") from missing
            return await answer["Body"].read()

    async def part(self, name: str, start: int | None, most: int) -> Part | None:
        """See `Blobs.part`."""
        wanted = f"bytes=-{most}" if start is None else f"bytes={start}-{start + most - 1}"
        async with self._session.create_client("s3", **self._options) as s3:
            try:
                answer = await s3.get_object(Bucket=self._bucket, Key=_checked(name), Range=wanted)
            except s3.exceptions.NoSuchKey as missing:
                raise errors.NotFound("There is no such file.") from missing
            except s3.exceptions.ClientError as refused:
                if refused.response["ResponseMetadata"]["HTTPStatusCode"] == 416:  # noqa: PLR2004 - HTTP's own number
                    return None
                raise
            data = await answer["Body"].read()
            told = _RANGE.fullmatch(answer.get("ContentRange", ""))
            return Part(data, int(told[1]), int(told[2])) if told else Part(data, 0, len(data))

    async def delete(self, name: str, *, spared: float = 0) -> bool:
        """See `Blobs.delete`. S3 cannot look and delete at once: between the two are some milliseconds."""
        async with self._session.create_client("s3", **self._options) as s3:
            if spared:
                try:
                    told = await s3.head_object(Bucket=self._bucket, Key=_checked(name))
                except s3.exceptions.ClientError:
                    return True
                if time.time() - told["LastModified"].timestamp() < spared:
                    return False
            await s3.delete_object(Bucket=self._bucket, Key=_checked(name))
            return True


def open_blobs(settings: Settings) -> Blobs:
    """The blobs that the settings name."""
    return S3Blobs(settings) if settings.s3_bucket else FolderBlobs(settings.data / "blobs")
