"""Statuses in another language, and into which languages they can be put."""

import msgspec

from parvis.api.answer import Answer, encode
from parvis.api.door import Urls
from parvis.api.endpoint import Ctx, Endpoints, Mode
from parvis.api.fields import Id, Language
from parvis.core.ids import PostId
from parvis.studio import translating

endpoints = Endpoints("statuses")


class Wish(msgspec.Struct, frozen=True):
    """Which status, and into which language: one's own, when none is named."""

    id: Id
    lang: Language | None = None


class TranslatedAttachment(msgspec.Struct, frozen=True):
    """What a picture shows."""

    id: str
    description: str


class TranslatedOption(msgspec.Struct, frozen=True):
    """An answer of a poll."""

    title: str


class TranslatedPoll(msgspec.Struct, frozen=True):
    """A poll's answers."""

    id: str
    options: tuple[TranslatedOption, ...]


class Translation(msgspec.Struct, frozen=True, kw_only=True):
    """A status in another language."""

    content: str
    spoiler_text: str
    language: str
    poll: TranslatedPoll | None
    media_attachments: tuple[TranslatedAttachment, ...]
    detected_source_language: str
    provider: str


def translation_entity(post_id: str, made: translating.Translation, urls: Urls) -> Translation:
    """The translation, with links made absolute."""
    options = tuple(TranslatedOption(words) for words in made.options)
    return Translation(
        content=urls.html(made.content),
        spoiler_text=made.warning,
        language=made.language,
        poll=TranslatedPoll(post_id, options) if options else None,
        media_attachments=tuple(TranslatedAttachment(str(one.id), one.description) for one in made.pictures),
        detected_source_language=made.source,
        provider=made.provider,
    )


@endpoints.post(
    "/api/v1/statuses/{id}/translate",
    scope="read:statuses",
    mode=Mode.ALONE,
    refuses=(402, 403, 503),
    pace="60/30 minutes",
)
async def translate_status(ctx: Ctx, given: Wish) -> Translation:
    """A public status in another language, by the text model; a unit of the allowance when it is new."""
    door = ctx.door
    language = (given.lang or ctx.member.language or door.settings.language).split("-")[0].lower()
    made = await translating.translate(
        door.store, door.models, door.settings, ctx.member, PostId(int(given.id)), language=language
    )
    return translation_entity(given.id, made, ctx.urls)


@endpoints.get("/api/v1/instance/translation_languages", mode=Mode.ALONE, output=dict[str, tuple[str, ...]])
async def get_translation_languages(ctx: Ctx) -> Answer:
    """For each language, those into which it can be put; nothing where there is no model."""
    return Answer(encode(_pairs() if translating.is_offered(ctx.door.models.text) else {}))


def _pairs() -> dict[str, tuple[str, ...]]:
    known = translating.LANGUAGES
    return {source: tuple(target for target in known if target != source) for source in known} | {"und": known}
