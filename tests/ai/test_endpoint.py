"""The endpoint keeps its promises against a server that speaks the protocol well, badly, or not at all."""

import asyncio
import base64
import contextlib
import io
from collections.abc import AsyncIterator

import numpy as np
import pytest
from PIL import Image
from tests.ai.conftest import Misdeed, Server

from parvis.ai.breaker import Breaker, Declined
from parvis.ai.endpoint import Endpoint, EndpointEmbedding, EndpointImage, EndpointText
from parvis.ai.protocols import Message, Unavailable, Usage

HELLO = [Message("user", "Hello")]
SCHEMA = {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}


@pytest.fixture
async def endpoint(server: Server) -> AsyncIterator[Endpoint]:
    endpoint = Endpoint(server.url, "key", timeout=20, retries=0, breaker=Breaker(failures=3))
    yield endpoint
    await endpoint.close()


async def test_text_streams_and_ends_with_its_usage(server: Server, endpoint: Endpoint) -> None:
    model = EndpointText(endpoint, "")
    chunks = [chunk async for chunk in model.stream(HELLO, max_tokens=9, temperature=0.1, seed=4, schema=SCHEMA)]
    assert [chunk.text for chunk in chunks] == ["Hello ", "square", ""]
    assert chunks[-1].usage == Usage(7, 2)
    (_, (path, asked)) = server.asked  # the first asked for the model's name
    assert path == "/chat/completions"
    assert (asked["model"], asked["max_tokens"], asked["temperature"], asked["seed"]) == ("square-1", 9, 0.1, 4)
    assert asked["response_format"]["json_schema"]["schema"] == SCHEMA
    assert model.name == "square-1"
    assert model.health().state == "ready"


async def test_text_can_be_had_whole(endpoint: Endpoint) -> None:
    completion = await EndpointText(endpoint, "m").complete(HELLO)
    assert (completion.text, completion.usage, completion.model) == ("Hello square", Usage(7, 2), "m")


@pytest.mark.parametrize("misdeed", ["error", "garbage", "cut", "endless"])
async def test_every_failure_is_unavailable_and_the_circuit_opens(
    server: Server, endpoint: Endpoint, misdeed: Misdeed
) -> None:
    model = EndpointText(endpoint, "m")
    server.misdeeds.extend([misdeed] * 3)
    for _ in range(3):
        with pytest.raises(Unavailable):
            await model.complete(HELLO)
    assert model.health().state == "failing"
    with pytest.raises(Unavailable, match="left alone"):
        await model.complete(HELLO)
    assert len(server.asked) == 3


async def test_what_came_before_a_cut_was_streamed(server: Server, endpoint: Endpoint) -> None:
    server.misdeeds.append("cut")
    stream = EndpointText(endpoint, "m").stream(HELLO)
    assert (await anext(stream)).text == "Hello "
    with pytest.raises(Unavailable):
        await anext(stream)


@pytest.mark.parametrize("misdeed", ["hang", "hang half-way"])
async def test_a_server_that_hangs_is_left_when_the_time_is_over(server: Server, misdeed: Misdeed) -> None:
    endpoint = Endpoint(server.url, timeout=0.2, retries=0)
    server.misdeeds.append(misdeed)
    with pytest.raises(Unavailable, match="too long"):
        await EndpointText(endpoint, "m").complete(HELLO)
    await server.gone.wait()
    await endpoint.close()


async def test_closing_the_iterator_ends_the_request(server: Server, endpoint: Endpoint) -> None:
    server.misdeeds.append("hang half-way")
    stream = EndpointText(endpoint, "m").stream(HELLO)
    await anext(stream)
    await stream.aclose()
    await server.gone.wait()
    assert endpoint.breaker.state() == "closed"


async def test_cancelling_ends_the_request(server: Server, endpoint: Endpoint) -> None:
    server.misdeeds.append("hang")
    asking = asyncio.create_task(EndpointText(endpoint, "m").complete(HELLO))
    await server.hung.wait()
    asking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asking
    await server.gone.wait()


async def test_a_passing_failure_is_tried_again(server: Server) -> None:
    endpoint = Endpoint(server.url, retries=1)
    server.misdeeds.append("error")
    assert (await EndpointText(endpoint, "m").complete(HELLO)).text == "Hello square"
    assert len(server.asked) == 2
    await endpoint.close()


async def test_a_declined_prompt_does_not_count_against_the_endpoint(server: Server, endpoint: Endpoint) -> None:
    server.misdeeds.extend([(400, "the prompt is too long")] * 4)
    for _ in range(4):
        with pytest.raises(Declined):
            await EndpointText(endpoint, "m").complete(HELLO)
    assert endpoint.breaker.state() == "closed"


async def test_a_parameter_the_endpoint_does_not_know_is_given_up_once_and_for_all(
    server: Server, endpoint: Endpoint
) -> None:
    server.misdeeds.extend([(400, "unknown field response_format"), (400, "max_tokens is not supported")])
    model = EndpointText(endpoint, "m")
    for _ in range(2):
        assert (await model.complete(HELLO, schema=SCHEMA)).text == "Hello square"
    assert len(server.asked) == 4
    asked = server.asked[-1][1]
    assert "response_format" not in asked
    assert '"boolean"' in asked["messages"][0]["content"]
    assert asked["max_completion_tokens"] == 400


async def test_nobody_listening_is_unavailable(server: Server) -> None:
    endpoint = Endpoint(server.url.replace("127.0.0.1", "127.0.0.2").replace("/v1", "/nowhere"), retries=0)
    await server.close()
    with pytest.raises(Unavailable):
        await EndpointText(endpoint, "").complete(HELLO)
    await endpoint.close()


def _encoded(kind: str) -> str:
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(out, kind)
    return base64.b64encode(out.getvalue()).decode()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
async def test_a_picture_comes_as_png_with_its_own_size(server: Server, endpoint: Endpoint, kind: str) -> None:
    server.picture = _encoded(kind)
    shares: list[float] = []
    picture = await EndpointImage(endpoint, "painter").draw("a fox", progress=lambda share, _: shares.append(share))
    with Image.open(io.BytesIO(picture.data)) as opened:
        assert (opened.format, opened.size) == ("PNG", (8, 6))
    assert (picture.width, picture.height, picture.method, picture.model) == (8, 6, "generation", "painter")
    assert shares == [0.0, 1.0]
    assert server.asked[-1][1]["size"] == "1024x768"


@pytest.mark.parametrize("sent", ["", "!!!", base64.b64encode(b"no picture").decode()])
async def test_what_is_no_picture_is_unavailable(server: Server, endpoint: Endpoint, sent: str) -> None:
    server.picture = sent
    with pytest.raises(Unavailable):
        await EndpointImage(endpoint, "painter").draw("a fox")


async def test_vectors_are_brought_to_unit_length(server: Server, endpoint: Endpoint) -> None:
    model = EndpointEmbedding(endpoint, "multilingual-e5-large")
    with pytest.raises(Unavailable):
        _ = model.dimensions
    vectors = await model.embed(["a", ""], query=True)
    assert np.allclose(vectors, [[0.6, 0.8], [0.6, 0.8]])
    assert vectors.dtype == np.float32
    assert model.dimensions == 2
    assert server.asked[-1][1]["input"] == ["query: a", "query:  "]
    assert (await model.embed([])).shape == (0, 2)


@pytest.mark.parametrize("sent", [[[1.0, 0.0]], [[1.0], [1.0, 2.0]]])
async def test_vectors_of_another_shape_are_unavailable(
    server: Server, endpoint: Endpoint, sent: list[list[float]]
) -> None:
    server.vectors = sent
    with pytest.raises(Unavailable):
        await EndpointEmbedding(endpoint, "m").embed(["a", "b"])


async def test_an_endpoint_without_models_is_unavailable(server: Server, endpoint: Endpoint) -> None:
    server.misdeeds.append("empty")
    with pytest.raises(Unavailable, match="no model"):
        await EndpointText(endpoint, "").complete(HELLO)
