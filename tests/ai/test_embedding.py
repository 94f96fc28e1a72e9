"""The embedding model agrees with the engine it came with, and brings English and French together."""

import asyncio
import pathlib

import numpy as np
import pytest

from parvis.ai import catalogue, embedding
from parvis.ai.e5 import E5, LONGEST, Damaged
from parvis.ai.embedding import EmbeddedEmbedding
from parvis.ai.protocols import Unavailable

FILE = catalogue.find_path("multilingual-e5-small", catalogue.folder())
needs_file = pytest.mark.skipif(FILE is None, reason="multilingual-e5-small has not been pulled")


@pytest.fixture(scope="module")
def e5() -> E5:
    assert FILE is not None
    return E5(FILE)


@pytest.mark.models
@needs_file
class TestE5:
    @pytest.mark.parametrize(
        ("text", "first"),
        [
            ("passage: The cat sits on the mat.", [0.0441, 0.0121, -0.0041, -0.0713, 0.0907, -0.0421]),
            ("query: coucher de soleil sur la mer", [0.022, -0.0167, -0.0598, -0.066, 0.0883, -0.0461]),
        ],
    )
    def test_it_agrees_with_the_engine_of_the_package(self, e5: E5, text: str, first: list[float]) -> None:
        assert np.allclose(e5.embed([text])[0][:6], first, atol=0.002)

    def test_a_text_has_the_same_vector_in_any_company(self, e5: E5) -> None:
        texts = ["passage: short", "passage: " + "a much longer one, " * 20, "passage: le chat", ""]
        together = e5.embed(texts)
        alone = np.concatenate([e5.embed([text]) for text in texts])
        assert np.allclose(together, alone, atol=1e-4)
        assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)

    def test_a_translation_is_nearer_than_another_subject(self, e5: E5) -> None:
        cat, chat, tax = e5.embed(
            [
                "passage: The cat sleeps on the sofa",
                "passage: Le chat dort sur le canapé",
                "passage: New tax law",
            ]
        )
        assert cat @ chat > cat @ tax + 0.05

    def test_pieces_put_together_are_the_text(self, e5: E5) -> None:
        assert len(e5.tokenizer.cut("The cat sits on the mat.")) == 8
        assert e5.tokenizer.cut("  two   spaces\nand lines ") == e5.tokenizer.cut("two spaces and lines ")

    @pytest.mark.parametrize("text", ["</s><pad>", "\x00", "\ud800", "🦊" * 3000, "x" * 100_000, "\n" * 9000])
    def test_no_text_breaks_it(self, e5: E5, text: str) -> None:
        assert np.isfinite(e5.embed([text])).all()
        assert not {0, 1, 2} & set(e5.tokenizer.cut(text[:LONGEST]))  # no text can forge a mark


@pytest.mark.models
@needs_file
async def test_queries_find_posts_across_languages() -> None:
    model = EmbeddedEmbedding(catalogue.folder())
    posts = await model.embed(["Le coucher de soleil sur la plage", "Ma recette de tarte aux pommes", "Bus 12 is late"])
    (query,) = await model.embed(["sunset at the seaside"], query=True)
    assert int(np.argmax(posts @ query)) == 0
    assert posts.shape == (3, model.dimensions)
    assert (await model.embed([])).shape == (0, 384)
    assert model.health().state == "ready"
    await model.close()


async def test_a_file_that_was_not_pulled_is_unavailable(tmp_path: pathlib.Path) -> None:
    model = EmbeddedEmbedding(tmp_path)
    with pytest.raises(Unavailable, match="parvis models pull multilingual-e5-small"):
        await model.embed(["hello"])
    assert model.health().state == "absent"
    await model.close()


async def test_too_many_at_once_are_turned_away(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "LINE", 1)
    model = EmbeddedEmbedding(tmp_path)
    with pytest.raises(Unavailable, match="Too many texts"):
        await model.embed(["x"] * (embedding.MOST + 1))
    first, second = await asyncio.gather(model.embed(["a"]), model.embed(["b"]), return_exceptions=True)
    assert "parvis models pull" in str(first)
    assert "waiting" in str(second)
    await model.close()


@pytest.mark.parametrize("data", [b"", b"E5S1", b"nothing", b"E5S1" + b"\x01\0\0\0" * 40])
def test_a_damaged_file_is_told(tmp_path: pathlib.Path, data: bytes) -> None:
    path = tmp_path / "e5.bin"
    path.write_bytes(data)
    with pytest.raises(Damaged):
        E5(path)
