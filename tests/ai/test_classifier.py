"""The classifier tells languages and unsafe pictures, and degrades to no judgement without a text model."""

import io

import pytest
from PIL import Image

from parvis.ai import catalogue
from parvis.ai.classifier import LABELS, EmbeddedClassifier
from parvis.ai.fake import FakeText
from parvis.ai.protocols import Unavailable

FOLDER = catalogue.folder()
needs_files = pytest.mark.skipif(
    not (catalogue.is_pulled("lid-176", FOLDER) and catalogue.is_pulled("open-nsfw", FOLDER)),
    reason="lid-176 and open-nsfw have not been pulled",
)


@pytest.fixture
def judge() -> FakeText:
    return FakeText()


@pytest.fixture
def classifier(judge: FakeText) -> EmbeddedClassifier:
    return EmbeddedClassifier(FOLDER, judge)


async def test_a_text_is_scored_by_the_text_model(classifier: EmbeddedClassifier, judge: FakeText) -> None:
    judge.enqueue({"label": "toxic", "strength": 7}, {"label": "none", "strength": 3})
    scores = await classifier.text('You "idiot"')
    assert scores == {"toxic": 0.7, "sexual": 0.0, "violent": 0.0, "self_harm": 0.0, "hate": 0.0}
    assert await classifier.text("Hello") == dict.fromkeys(LABELS, 0.0)
    asked = judge.asked[0]
    assert asked.schema is not None
    assert asked.prompt[-1].content == 'Post: "You \\"idiot\\""'  # quoted, so that it cannot pose as an instruction


async def test_without_a_judgement_there_are_no_scores(classifier: EmbeddedClassifier, judge: FakeText) -> None:
    judge.fail()
    judge.enqueue("lost", "not JSON", ["no object"], {"label": "toxic", "strength": 99})
    assert [await classifier.text("hello") for _ in range(4)] == [{}] * 4


async def test_a_long_text_is_cut_before_it_is_judged(classifier: EmbeddedClassifier, judge: FakeText) -> None:
    await classifier.text("word " * 100_000)
    assert len(judge.prompts[0]) < 5000


async def test_files_that_were_not_pulled_are_unavailable(judge: FakeText, tmp_path: object) -> None:
    classifier = EmbeddedClassifier(catalogue.folder(str(tmp_path)), judge)
    with pytest.raises(Unavailable, match="parvis models pull lid-176"):
        await classifier.language("hello there")
    with pytest.raises(Unavailable, match="parvis models pull open-nsfw"):
        await classifier.picture(b"")
    assert classifier.health().state == "absent"


@pytest.mark.models
@needs_files
class TestFiles:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("What a lovely morning by the sea", "en"),
            ("Quelle belle matinée au bord de la mer", "fr"),
            ("QUELLE BELLE JOURNÉE AUJOURD'HUI", "fr"),
            ("@bob https://example.org/a #sunset on arrive à huit heures", "fr"),
            ("海辺の素敵な朝ですね", "ja"),
            ("Was für ein schöner Morgen\nam Meer", "de"),
            ("", None),
            ("🦊🌊", None),
            ("a", None),
            ("\x00\ud800", None),
        ],
    )
    async def test_the_language_of_a_post(self, classifier: EmbeddedClassifier, text: str, code: str | None) -> None:
        assert await classifier.language(text) == code

    @pytest.mark.parametrize(("mode", "kind"), [("RGB", "JPEG"), ("RGBA", "PNG"), ("P", "GIF"), ("L", "WEBP")])
    async def test_a_harmless_picture_scores_low(self, classifier: EmbeddedClassifier, mode: str, kind: str) -> None:
        out = io.BytesIO()
        Image.linear_gradient("L").resize((300, 200)).convert(mode).save(out, kind)
        scores = await classifier.picture(out.getvalue())
        assert set(scores) == {"unsafe"}
        assert 0 <= scores["unsafe"] < 0.4

    @pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
    async def test_what_is_no_picture_is_unavailable(self, classifier: EmbeddedClassifier, data: bytes) -> None:
        with pytest.raises(Unavailable):
            await classifier.picture(data)

    def test_it_is_ready_and_names_the_licences(self, classifier: EmbeddedClassifier) -> None:
        health = classifier.health()
        assert (health.state, health.licence) == ("ready", "CC-BY-SA-3.0 AND BSD-2-Clause")
