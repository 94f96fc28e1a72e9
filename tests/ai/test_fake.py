"""The scripted models keep the promises of the Protocols that they stand in for."""

import asyncio
import io
import json

import numpy as np
import pytest
from PIL import Image

from parvis.ai.fake import FakeModels, smallest
from parvis.ai.protocols import Message, Models, Unavailable, describe

HELLO = [Message("system", "Be kind."), Message("user", "Hello there")]


@pytest.fixture
def fakes() -> FakeModels:
    return FakeModels()


async def test_enqueued_answers_come_in_order_then_a_plain_one(fakes: FakeModels) -> None:
    fakes.text.enqueue("first answer", {"a": 1})
    answers = [(await fakes.text.complete(HELLO)).text for _ in range(3)]
    assert answers == ["first answer", '{"a": 1}', "You said: Hello there"]
    assert fakes.text.prompts == ["Be kind.\nHello there"] * 3


async def test_an_answer_streams_word_by_word_and_ends_with_its_usage(fakes: FakeModels) -> None:
    fakes.text.enqueue("one two  three")
    chunks = [chunk async for chunk in fakes.text.stream(HELLO)]
    assert [chunk.text for chunk in chunks] == ["one ", "two  ", "three", ""]
    assert [chunk.usage is None for chunk in chunks] == [True, True, True, False]


async def test_a_schema_is_honoured_without_a_script(fakes: FakeModels) -> None:
    schema = {
        "type": "object",
        "required": ["place", "size", "tags", "who"],
        "properties": {
            "place": {"enum": ["sea", "hills"]},
            "size": {"type": "integer", "minimum": 2},
            "tags": {"type": "array", "minItems": 2, "items": {"type": "string", "minLength": 6}},
            "who": {"$ref": "#/$defs/who"},
        },
        "$defs": {"who": {"anyOf": [{"type": "string", "maxLength": 2}, {"type": "null"}]}},
    }
    answer = json.loads((await fakes.text.complete(HELLO, schema=schema)).text)
    assert answer == {"place": "sea", "size": 2, "tags": ["worddd", "worddd"], "who": "wo"}
    assert smallest({"type": ["null", "string"]}) is None


async def test_told_to_fail_it_fails_so_often_and_where_told(fakes: FakeModels) -> None:
    fakes.text.fail(times=1)
    fakes.text.fail(times=1, after=1)
    fakes.text.enqueue("lost", "half lost", "kept")
    assert describe(fakes)[0].state == "failing"
    with pytest.raises(Unavailable):
        await fakes.text.complete(HELLO)
    half = fakes.text.stream(HELLO)
    assert (await anext(half)).text == "half "
    with pytest.raises(Unavailable):
        await anext(half)
    assert (await fakes.text.complete(HELLO)).text == "kept"


async def test_a_hanging_answer_waits_until_released(fakes: FakeModels) -> None:
    fakes.text.hang(after=1)
    fakes.text.enqueue("one two")
    answer = asyncio.create_task(fakes.text.complete(HELLO))
    await fakes.text.until_hanging()
    assert not answer.done()
    fakes.text.release()
    assert (await answer).text == "one two"


async def test_closing_a_stream_counts_as_cancelled(fakes: FakeModels) -> None:
    stream = fakes.text.stream(HELLO)
    await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined] # the Protocol promises an iterator; this one is a generator
    assert fakes.text.cancelled == 1


async def test_a_picture_is_a_real_png_told_in_steps(fakes: FakeModels) -> None:
    shares: list[float] = []
    picture = await fakes.image.draw("a fox", seed=3, progress=lambda share, _: shares.append(share))
    with Image.open(io.BytesIO(picture.data)) as opened:
        assert (opened.format, opened.size) == ("PNG", (picture.width, picture.height))
    assert shares == [0.25, 0.5, 0.75, 1.0]
    assert picture == await fakes.image.draw("a fox", seed=3)
    assert picture.data != (await fakes.image.draw("a fox", seed=4)).data


async def test_drawing_can_be_paused_and_cancelled(fakes: FakeModels) -> None:
    fakes.image.hang(after=2)
    shares: list[float] = []
    drawing = asyncio.create_task(fakes.image.draw("a fox", progress=lambda share, _: shares.append(share)))
    await fakes.image.until_hanging()
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing
    assert (shares, fakes.image.cancelled, fakes.image.hanging) == ([0.25, 0.5], 1, 0)


async def test_embeddings_are_unit_vectors_near_when_words_are_shared(fakes: FakeModels) -> None:
    vectors = await fakes.embedding.embed(["the sea at dusk", "the sea at dawn", "tax law", ""])
    assert vectors.shape == (4, fakes.embedding.dimensions)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert vectors[0] @ vectors[1] > 0.5 > vectors[0] @ vectors[2]


async def test_the_classifier_knows_what_it_was_told(fakes: FakeModels) -> None:
    fakes.classifier.when("idiot", toxic=0.9)
    fakes.classifier.when_picture(b"bad", unsafe=0.8)
    fakes.classifier.when_language("hola", "es")
    assert (await fakes.classifier.text("You IDIOT"))["toxic"] == 0.9
    assert set((await fakes.classifier.text("hello")).values()) == {0.0}
    assert await fakes.classifier.picture(b"bad") == {"unsafe": 0.8}
    assert await fakes.classifier.picture(b"good") == {"unsafe": 0.0}
    assert [await fakes.classifier.language(text) for text in ("hola a todos", "je suis là", "I am here", "ok")] == [
        "es",
        "fr",
        "en",
        None,
    ]


def test_the_fakes_are_models(fakes: FakeModels) -> None:
    models: Models = fakes
    assert [health.state for health in describe(models)] == ["ready"] * 4
