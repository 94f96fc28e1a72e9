import os
import pathlib
from collections.abc import Iterator

import boto3
import pytest
from moto.server import ThreadedMotoServer

from parvis.core.config import Settings
from parvis.core.errors import NotFound
from parvis.store.blobs import Blobs, FolderBlobs, open_blobs, type_of


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Blobs:
    if request.param == "folder":
        return open_blobs(Settings(data=tmp_path))
    endpoint = request.getfixturevalue("s3")
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
    boto3.client("s3", endpoint_url=endpoint, **keys).create_bucket(Bucket="square")
    return open_blobs(Settings(s3_bucket="square", s3_endpoint=endpoint, s3_key="key", s3_secret="secret"))


async def test_what_was_put_can_be_had_until_it_is_deleted(blobs: Blobs) -> None:
    name = await blobs.put(b"picture", "png")
    assert await blobs.put(b"picture", "png") == name
    assert await blobs.get(name) == b"picture"
    assert type_of(name) == "image/png"
    await blobs.delete(name)
    with pytest.raises(NotFound):
        await blobs.get(name)


async def test_what_was_put_a_moment_ago_is_spared(blobs: Blobs) -> None:
    name = await blobs.put(b"picture", "png")
    assert not await blobs.delete(name, spared=60)
    assert await blobs.get(name) == b"picture"
    if isinstance(blobs, FolderBlobs):
        os.utime(blobs.path(name), (0, 0))
        await blobs.put(b"picture", "png")
        assert not await blobs.delete(name, spared=60)
        os.utime(blobs.path(name), (0, 0))
        assert await blobs.delete(name, spared=60)
        with pytest.raises(NotFound):
            await blobs.get(name)
    absent = f"{'1' * 64}.png"
    assert await blobs.delete(absent, spared=60)


@pytest.mark.parametrize("name", ["../parvis.db", "a" * 64, "/etc/passwd", "0" * 64 + ".p/g", ""])
async def test_a_name_that_is_none_of_ours_finds_nothing(blobs: Blobs, name: str) -> None:
    with pytest.raises(NotFound):
        await blobs.get(name)
