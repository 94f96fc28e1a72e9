"""What this place is and how it is: the models and their state, the work that waits, the versions that run."""

import functools
import importlib.metadata
import platform

import msgspec
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from parvis.ai.protocols import Health, describe
from parvis.core.words import LANGUAGES, N_
from parvis.moderation import house
from parvis.people.accounts import find_by_handle
from parvis.people.profiles import edit_profile
from parvis.store.letters import COUNTS
from parvis.store.transaction import Tx
from parvis.timelines.company import company_of
from parvis.web.assets import assets
from parvis.web.gate import HEADERS, local_path
from parvis.web.looks import CHOICES, chosen
from parvis.web.profiles import relationships_with
from parvis.web.visit import LANGUAGE_COOKIE, LOOK_COOKIE, YEAR, Visit

LOOK_RATE = "60/minute"
TASKS = (N_("Text"), N_("Pictures"), N_("Embeddings"), N_("Classification"))
WORDS: dict[str, tuple[str, house.Kind]] = {"privacy": (N_("Privacy"), "privacy"), "terms": (N_("Terms"), "terms")}
STATES = {"ready": N_("Ready"), "loading": N_("Loading"), "absent": N_("Absent"), "failing": N_("Failing")}


@functools.cache
def versions() -> list[tuple[str, str]]:
    """What runs here."""
    try:
        own = importlib.metadata.version("parvis")
    except importlib.metadata.PackageNotFoundError:
        own = "0"
    return [("Parvis", own), ("Python", platform.python_version())]


async def read_about(visit: Visit, tx: Tx) -> Response:
    """What this place is, and what one can count on."""
    rules = [rule.translations.get(visit.language, (rule.text, rule.hint)) for rule in await house.rules_of(tx)]
    handle = visit.door.settings.contact_account
    operator = await find_by_handle(tx, handle) if handle else None
    return visit.page(
        "about.html",
        html=_shown(await house.text_of(tx, "about", visit.language)),
        rules=rules,
        operator=operator,
        relationships=await relationships_with(visit, tx, [operator] if operator else []),
        suggested=await company_of(tx, visit.viewer),
    )


def _shown(words: house.Words) -> Markup:
    return Markup(words.html)  # noqa: S704 - `house` cleans it


async def read_words(visit: Visit, tx: Tx) -> Response:
    """The house's privacy policy, or its terms."""
    title, kind = WORDS[visit.verb]
    words = await house.text_of(tx, kind, visit.language)
    return visit.page("words.html", title=title, html=_shown(words))


async def read_status(visit: Visit, tx: Tx) -> Response:
    """How everything is, for whoever wonders; to a program, the same as JSON."""
    models: list[Health] = describe(visit.door.models)
    jobs = [(kind, total - dead, dead) for kind, total, dead, _ in await tx.all(COUNTS)]
    if visit.wants_json:
        state = {
            "models": dict(
                zip(("text", "image", "embedding", "classifier"), map(msgspec.to_builtins, models), strict=True)
            ),
            "jobs": {kind: {"waiting": waiting, "dead": dead} for kind, waiting, dead in jobs},
            "versions": dict(versions()),
        }
        return visit.json(state)
    given_up = sum(dead for _, _, dead in jobs)
    return visit.page(
        "status.html",
        models=list(zip(TASKS, models, strict=True)),
        states=STATES,
        well=not given_up and all(model.state != "failing" for model in models),
        waiting_jobs=sum(waiting for _, waiting, _ in jobs),
        dead_jobs=given_up,
        versions=[*versions(), (visit.words("Database"), "SQLite" if tx.engine == "sqlite" else "PostgreSQL")],
    )


async def choose_language(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """Speak another language from now on."""
    chosen = str(visit.request.path_params["language"])
    response = visit.go(local_path(visit.query("next")))
    return visit.remember(response, LANGUAGE_COOKIE, chosen, YEAR) if chosen in LANGUAGES else response


async def choose_look(visit: Visit) -> Response:
    """Day or night, contrast, size of text, motion, the language: whatever of these the form says, the rest as it was.

    A member is spoken to in the language everywhere from then on, and written to in it.
    """
    await visit.hold("look", LOOK_RATE)
    language = visit.field("language", 10)
    if language in LANGUAGES and visit.viewer:
        async with visit.acting() as (tx, viewer):
            await edit_profile(tx, viewer, language=language)
    now = msgspec.structs.asdict(visit.look)
    look = chosen(now | {name: visit.field(name, 10) for name in CHOICES if name in visit.form})
    back = "/settings/appearance?saved=1"
    response = visit.done(msgspec.structs.asdict(look), local_path(visit.field("next", 2000), back))
    if language in LANGUAGES:
        visit.remember(response, LANGUAGE_COOKIE, language, YEAR)
    return visit.remember(response, LOOK_COOKIE, look.cookie, YEAR)


async def read_manifest(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """What a phone needs to know to install the page."""
    name = visit.door.settings.name
    drawn = (("192.png", "192x192", "any"), ("512.png", "512x512", "any"), ("maskable.png", "512x512", "maskable"))
    manifest = {
        "id": "/",
        "name": name,
        "short_name": name,
        "description": visit.words(visit.door.settings.description),
        "lang": visit.language,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#171425",
        "theme_color": "#171425",
        "categories": ["social"],
        "icons": [
            {"src": assets().url(f"icons/{file}"), "sizes": size, "type": "image/png", "purpose": purpose}
            for file, size, purpose in drawn
        ],
        "shortcuts": [
            {"name": visit.words(N_("Write a post")), "url": "/compose"},
            {"name": visit.words(N_("Notifications")), "url": "/notifications"},
        ],
    }
    return Response(msgspec.json.encode(manifest), media_type="application/manifest+json", headers=HEADERS)


async def go_home(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """`/home`, for those who type it."""
    return RedirectResponse("/", 308)
