"""Which models are used here: those of an endpoint, those on this machine, or none, by the settings and the memory.

Settings flow in, a `Models` flows out, opened but not loaded (see `protocols.warm`). Nothing is fetched: what has not
been pulled is absent, and says how to pull it.
"""

import shutil
from collections.abc import Callable

import structlog

from parvis.ai import catalogue, machine
from parvis.ai.absent import AbsentText
from parvis.ai.catalogue import CLDR, EMBEDDING, LANGUAGE, NOTO, OPENMOJI, TEXT_LIGHT, TEXT_STANDARD, UNSAFE, Entry
from parvis.ai.classifier import EmbeddedClassifier
from parvis.ai.embedding import EmbeddedEmbedding
from parvis.ai.endpoint import Endpoint, EndpointEmbedding, EndpointImage, EndpointText
from parvis.ai.llama import LlamaText
from parvis.ai.protocols import EmbeddingModel, ImageModel, Models, TextModel
from parvis.core.config import Settings

ENOUGH = 6 * machine.GIGABYTE  # free memory with which the standard text model is taken

_log = structlog.get_logger()


def text_entry(settings: Settings, free: int | None = None) -> Entry | None:
    """The embedded text model for these settings and this memory (bytes), or None when none is wanted."""
    if settings.models == "none":
        return None
    if settings.models == "auto":
        return TEXT_STANDARD if (machine.free_memory() if free is None else free) >= ENOUGH else TEXT_LIGHT
    return TEXT_STANDARD if settings.models == "standard" else TEXT_LIGHT


def wanted(settings: Settings) -> list[str]:
    """The names to pull so that everything works with these settings on this machine."""
    text = None if settings.ai_url else text_entry(settings)
    embedding = None if settings.ai_url and settings.ai_embedding_model else EMBEDDING
    art = (NOTO, CLDR) if shutil.which("npm") else (OPENMOJI,)
    return [entry.name for entry in (text, embedding, LANGUAGE, UNSAFE, *art) if entry is not None]


def open_models(settings: Settings, illustrate: Callable[[TextModel], ImageModel]) -> Models:
    """Open the models in use; `illustrate` makes the embedded image model, which lives above and asks a text model."""
    folder = catalogue.folder(settings.models_folder)
    text: TextModel
    image: ImageModel | None = None
    embedding: EmbeddingModel | None = None
    if settings.ai_url:
        endpoint = Endpoint(settings.ai_url, settings.ai_key, timeout=settings.ai_timeout)
        text = EndpointText(endpoint, settings.ai_text_model)
        if settings.ai_image_model:
            image = EndpointImage(endpoint, settings.ai_image_model)
        if settings.ai_embedding_model:
            embedding = EndpointEmbedding(endpoint, settings.ai_embedding_model)
    else:
        text = _embedded_text(settings)
    image = image or illustrate(text)
    embedding = embedding or EmbeddedEmbedding(folder)
    models = Models(text, image, embedding, EmbeddedClassifier(folder, text))
    _log.info("models", text=text.name, image=image.name, embedding=embedding.name, classifier=models.classifier.name)
    return models


def _embedded_text(settings: Settings) -> TextModel:
    """The model wanted; in `auto`, the light one when only that has been pulled."""
    folder = catalogue.folder(settings.models_folder)
    entry = text_entry(settings)
    if entry is None:
        return AbsentText("This instance runs without a text model (PARVIS_MODELS=none).")
    choices = (entry, TEXT_LIGHT) if settings.models == "auto" else (entry,)
    for choice in choices:
        path = catalogue.find_path(choice.name, folder)
        if path is not None:
            return LlamaText(path, choice.title, licence=choice.licence)
    return AbsentText("{model} has not been fetched yet: run “parvis models pull {model}”.", model=entry.name)
