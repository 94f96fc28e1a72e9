"""Players seek: a blob is sent whole or in the part that is asked for, from a folder and from S3."""

import pathlib
from collections.abc import AsyncIterator, Iterator

import boto3
import httpx2
import pytest
from moto.server import ThreadedMotoServer
from starlette.applications import Starlette
from starlette.routing import Route

from parvis.core.config import Settings
from parvis.sending import sender
from parvis.store.blobs import HIDDEN, Blobs, open_blobs

DATA = bytes(range(256)) * 4


@pytest.fixture(scope="module", params=["folder", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Blobs]:
    if request.param == "folder":
        yield open_blobs(Settings(data=pathlib.Path(tmp_path_factory.mktemp("data"))))
        return
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
    boto3.client("s3", endpoint_url=f"http://{host}:{port}", **keys).create_bucket(Bucket="square")
    yield open_blobs(
        Settings(s3_bucket="square", s3_endpoint=f"http://{host}:{port}", s3_key="key", s3_secret="secret")
    )
    server.stop()


@pytest.fixture
async def client(blobs: Blobs) -> AsyncIterator[httpx2.AsyncClient]:
    app = Starlette(routes=[Route("/media/{name}", sender(blobs), methods=["GET"])])
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://x") as opened:
        yield opened


async def test_a_film_is_sent_whole_and_says_that_parts_can_be_had(blobs: Blobs, client: httpx2.AsyncClient) -> None:
    name = await blobs.put(DATA, "mp4")
    answer = await client.get(f"/media/{name}")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, DATA, "video/mp4")
    assert answer.headers["accept-ranges"] == "bytes"
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [("bytes=0-9", 0, 10), ("bytes=1000-", 1000, 1024), ("bytes=-24", 1000, 1024), ("bytes=1020-5000", 1020, 1024)],
)
async def test_a_part_is_sent_as_that(
    blobs: Blobs, client: httpx2.AsyncClient, wanted: str, start: int, end: int
) -> None:
    name = await blobs.put(DATA, "mp4")
    answer = await client.get(f"/media/{name}", headers={"Range": wanted})
    assert (answer.status_code, answer.content) == (206, DATA[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/1024"


async def test_a_part_that_is_not_there_cannot_be_had(blobs: Blobs, client: httpx2.AsyncClient) -> None:
    name = await blobs.put(DATA, "mp4")
    assert (await client.get(f"/media/{name}", headers={"Range": "bytes=2000-"})).status_code == 416


async def test_what_a_member_sent_and_unknown_names_are_not_sent(blobs: Blobs, client: httpx2.AsyncClient) -> None:
    name = await blobs.put(DATA, HIDDEN)
    assert (await client.get(f"/media/{name}")).status_code == 404
    for other in ("0" * 64 + ".mp4", "x.mp4"):
        assert (await client.get(f"/media/{other}", headers={"Range": "bytes=0-"})).status_code == 404
