"""The embedded text model answers, holds to schemas, stops when told, and survives the death of its child."""

import asyncio
import json
import os
import pathlib
import select
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator

import pytest

from parvis.ai import catalogue, llama
from parvis.ai.breaker import Declined
from parvis.ai.endpoint import Endpoint, EndpointText
from parvis.ai.llama import LlamaText
from parvis.ai.protocols import Message, Unavailable

LIGHT = catalogue.find_path("smollm2-135m", catalogue.folder())
HELLO = [Message("user", "Say hello in one short sentence.")]
SCHEMA = {
    "type": "object",
    "properties": {"place": {"enum": ["sea", "hills"]}, "companions": {"type": "integer", "minimum": 0, "maximum": 9}},
    "required": ["place", "companions"],
    "additionalProperties": False,
}

needs_light = pytest.mark.skipif(LIGHT is None, reason="smollm2-135m has not been pulled")


@pytest.fixture
async def model() -> AsyncIterator[LlamaText]:
    assert LIGHT is not None
    model = LlamaText(LIGHT, "SmolLM2", line=3)
    yield model
    await model.close()


@pytest.mark.models
@needs_light
class TestAnswers:
    async def test_it_streams_counts_and_repeats_itself_for_a_seed(self, model: LlamaText) -> None:
        first = [chunk async for chunk in model.stream(HELLO, max_tokens=12, seed=1)]
        usage = first[-1].usage
        assert usage is not None
        assert usage.prompt_tokens > 5
        assert 0 < usage.completion_tokens <= 12
        again = await model.complete(HELLO, max_tokens=12, seed=1)
        assert again.text == "".join(chunk.text for chunk in first)
        assert model.health().state == "ready"

    async def test_a_schema_holds(self, model: LlamaText) -> None:
        answer = json.loads((await model.complete(HELLO, schema=SCHEMA, max_tokens=60)).text)
        assert answer["place"] in {"sea", "hills"}
        assert 0 <= answer["companions"] <= 9

    async def test_an_answer_that_does_not_fit_its_schema_in_time_is_declined(self, model: LlamaText) -> None:
        with pytest.raises(Declined, match="room"):
            await model.complete(HELLO, schema=SCHEMA, max_tokens=3)

    async def test_a_prompt_longer_than_the_context_is_declined(self, model: LlamaText) -> None:
        with pytest.raises(Declined):
            await model.complete([Message("user", "word " * 6000)])

    async def test_closing_the_iterator_frees_the_model_for_the_next(self, model: LlamaText) -> None:
        stream = model.stream([Message("user", "Tell a very long story.")], max_tokens=2000, temperature=1.2)
        await anext(stream)
        await stream.aclose()
        async with asyncio.timeout(10):  # the whole story would take longer
            assert (await model.complete(HELLO, max_tokens=4)).text

    async def test_a_full_line_turns_people_away(self, model: LlamaText) -> None:
        first = model.stream(HELLO, max_tokens=2000)
        await anext(first)
        waiting = [asyncio.create_task(model.complete(HELLO, max_tokens=2)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Unavailable, match="Too many"):
            await model.complete(HELLO)
        await first.aclose()
        assert all(answer.text for answer in await asyncio.gather(*waiting))


@pytest.mark.models
@needs_light
class TestTheChild:
    async def test_it_is_restarted_when_killed_even_while_it_speaks(self, model: LlamaText) -> None:
        stream = model.stream(HELLO, max_tokens=2000)
        await anext(stream)
        died = model.pid
        assert died is not None
        os.kill(died, signal.SIGKILL)
        with pytest.raises(Unavailable):
            async for _ in stream:
                pass
        assert (await model.complete(HELLO, max_tokens=4)).text
        assert model.pid not in {died, None}

    async def test_closing_ends_it(self, model: LlamaText) -> None:
        await model.complete(HELLO, max_tokens=1)
        pid = model.pid
        assert pid is not None
        await model.close()
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)

    def test_it_dies_with_its_parent_however_that_dies(self) -> None:
        script = f"""
            import asyncio, os, pathlib
            from parvis.ai.llama import LlamaText
            from parvis.ai.protocols import Message
            async def main():
                model = LlamaText(pathlib.Path({str(LIGHT)!r}), "m")
                async for _ in model.stream([Message("user", "Tell a long story")], max_tokens=2000):
                    print(model.pid, flush=True)
                    os.kill(os.getpid(), 9)
            asyncio.run(main())
        """
        source = pathlib.Path(llama.__file__).parents[2]
        parent = subprocess.run(  # noqa: S603 - our own script
            [sys.executable, "-c", textwrap.dedent(script)],
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(source)},
            timeout=60,
            check=False,
        )
        assert parent.returncode == -signal.SIGKILL
        assert _ends(int(parent.stdout))


def _ends(pid: int) -> bool:
    """Whether the process, which is no child of ours, is gone (or waits for someone to notice) within 10 seconds."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], 10)[0])
    finally:
        os.close(process)


async def test_a_file_that_is_no_model_is_told_and_not_waited_for(tmp_path: pathlib.Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF but no model")
    model = LlamaText(broken, "broken")
    with pytest.raises(Unavailable, match="does not come up"):
        await model.complete(HELLO)
    assert model.health().state == "failing"
    assert model.pid is None
    await model.close()


@pytest.mark.models
@needs_light
async def test_the_child_is_an_endpoint_like_any_other(model: LlamaText) -> None:
    await model.complete(HELLO, max_tokens=1)
    inner = model._endpoint  # noqa: SLF001 - a real server of the protocol, at hand
    assert inner is not None
    client = inner.client
    named = EndpointText(Endpoint(str(client.base_url), client.api_key, local=True), "")
    completion = await named.complete(HELLO, schema=SCHEMA, max_tokens=60)
    assert json.loads(completion.text)["place"] in {"sea", "hills"}
    assert completion.model == "SmolLM2"
    await named.close()
    stranger = EndpointText(Endpoint(str(client.base_url), "wrong key", retries=0, local=True), "")
    with pytest.raises(Unavailable):
        await stranger.complete(HELLO)
    await stranger.close()
