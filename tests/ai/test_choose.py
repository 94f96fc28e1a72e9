"""The models in use follow from the settings, the memory and what has been pulled."""

import pathlib

import pytest

from parvis.ai import catalogue, choose, machine
from parvis.ai.classifier import EmbeddedClassifier
from parvis.ai.embedding import EmbeddedEmbedding
from parvis.ai.endpoint import EndpointEmbedding, EndpointImage, EndpointText
from parvis.ai.fake import FakeImage
from parvis.ai.llama import LlamaText
from parvis.ai.protocols import ImageModel, Message, Models, TextModel, Unavailable, close, describe, warm
from parvis.core.config import Settings


def _illustrate(text: TextModel) -> ImageModel:
    return FakeImage(f"drawn by {text.name}")


def _open(settings: Settings) -> Models:
    return choose.open_models(settings, _illustrate)


def _pretend(folder: pathlib.Path, name: str) -> None:
    file = catalogue.ENTRIES[name].files[0]
    path = folder / name / file.name
    path.parent.mkdir()
    with path.open("wb") as sparse:
        sparse.truncate(file.size)


@pytest.mark.parametrize(
    ("setting", "free", "name"),
    [
        ("auto", 8, "qwen2.5-coder-1.5b"),
        ("auto", 3, "smollm2-135m"),
        ("standard", 1, "qwen2.5-coder-1.5b"),
        ("light", 64, "smollm2-135m"),
    ],
)
def test_the_text_model_follows_from_the_setting_and_the_memory(setting: str, free: int, name: str) -> None:
    entry = choose.text_entry(Settings(models=setting), free * machine.GIGABYTE)
    assert entry is not None
    assert entry.name == name


async def test_with_nothing_pulled_every_part_says_what_to_do(tmp_path: pathlib.Path) -> None:
    models = _open(Settings(models="light", models_folder=str(tmp_path)))
    with pytest.raises(Unavailable, match="parvis models pull smollm2-135m"):
        await models.text.complete([Message("user", "hi")])
    with pytest.raises(Unavailable, match="parvis models pull smollm2-135m"):
        await anext(models.text.stream([Message("user", "hi")]))
    assert [health.state for health in describe(models)] == ["absent", "ready", "absent", "absent"]
    assert models.image.name == "drawn by none"
    warm(models)
    await close(models)


async def test_none_means_none(tmp_path: pathlib.Path) -> None:
    models = _open(Settings(models="none", models_folder=str(tmp_path)))
    assert "PARVIS_MODELS=none" in describe(models)[0].detail


def test_what_was_pulled_is_used(tmp_path: pathlib.Path) -> None:
    _pretend(tmp_path, "smollm2-135m")
    models = _open(Settings(models="auto", models_folder=str(tmp_path)))  # the standard one is not there
    assert isinstance(models.text, LlamaText)
    assert models.text.name.startswith("SmolLM2")
    assert describe(models)[0].state == "loading"
    assert isinstance(models.embedding, EmbeddedEmbedding)
    assert isinstance(models.classifier, EmbeddedClassifier)


async def test_an_endpoint_takes_over_what_it_is_told_to(tmp_path: pathlib.Path) -> None:
    settings = Settings(ai_url="http://127.0.0.1:9/v1", models_folder=str(tmp_path))
    some = _open(settings)
    assert isinstance(some.text, EndpointText)
    assert isinstance(some.embedding, EmbeddedEmbedding)
    assert isinstance(some.image, FakeImage)
    every = _open(Settings(ai_url=settings.ai_url, ai_text_model="t", ai_image_model="i", ai_embedding_model="e"))
    assert isinstance(every.image, EndpointImage)
    assert isinstance(every.embedding, EndpointEmbedding)
    await close(every)
    assert [entry for entry in choose.wanted(settings) if catalogue.ENTRIES[entry].task == "text"] == []


def test_what_is_wanted_is_in_the_catalogue() -> None:
    names = choose.wanted(Settings(models="light"))
    assert "smollm2-135m" in names
    assert set(names) <= set(catalogue.ENTRIES)


def test_the_machine_has_memory_and_a_thread_to_spare() -> None:
    assert machine.free_memory() > 0
    assert machine.spare_threads() >= 1
