"""A member's own settings: how they are shown, how the pages look, and who reaches them."""

from typing import Any, Final

from starlette.responses import Response

from parvis.core.errors import Conflict, Invalid, TooLarge
from parvis.core.words import N_
from parvis.people.details import MOST_FIELDS, ProfileField, Trait
from parvis.people.preferences import prefer, preferences_of
from parvis.people.profiles import edit_profile, taken_off
from parvis.posts import leftovers, media
from parvis.posts.post import QUOTE_POLICIES, VISIBILITIES
from parvis.store.transaction import Tx
from parvis.web.composer import tools
from parvis.web.visit import Visit

PROFILE: Final = "/settings/profile"
RATE = "20/minute"
PRIVACY: Final = {
    "locked": (
        Trait.LOCKED,
        False,
        N_("I approve who follows me"),
        N_("Whoever wants to follow you asks first."),
    ),
    "found": (
        Trait.UNDISCOVERED,
        True,
        N_("Show me among people to meet"),
        N_("In the directory, and where others look for whom to follow."),
    ),
    "searched": (
        Trait.UNINDEXED,
        True,
        N_("Let members find my public posts by their words"),
        N_("Otherwise only you find them."),
    ),
    "discreet": (
        Trait.DISCREET,
        False,
        N_("Hide whom I follow and who follows me"),
        N_("The numbers stay."),
    ),
    "crawled": (
        Trait.UNCRAWLED,
        True,
        N_("Let search engines of others keep my pages"),
        N_("Otherwise your pages ask them to leave you out."),
    ),
}
"""Each switch: the trait behind it, whether it says the opposite, its words, and what it means."""
PICTURES: Final[tuple[media.Worn, ...]] = ("avatar", "header")
WORDS: Final = {"name": 300, "bio": 3000, "avatar_alt": 300, "header_alt": 300}
"""What is written of oneself, and how many characters of it are read."""


async def read_settings(visit: Visit, tx: Tx) -> Response:
    """Everything that can be changed, and where."""
    return visit.page("settings.html", **await tools(visit, tx))


async def read_profile(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """How the member is shown, as it is now."""
    viewer = visit.member()
    given: dict[str, Any] = {"name": viewer.name, "bio": viewer.bio}
    given["fields"] = [(field.name, field.value, field.verified_at) for field in viewer.more.fields]
    given |= {f"{picture}_alt": getattr(viewer.more, f"{picture}_alt") for picture in PICTURES}
    saved = visit.query("saved", 1) == "1"
    return visit.asking("edit_profile.html", given=given, saved=saved)


async def read_appearance(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """Day or night, contrast, size of text, motion, and the language of the pages; for everyone."""
    return visit.page("appearance.html", saved=visit.query("saved", 1) == "1")


async def read_privacy(visit: Visit, tx: Tx) -> Response:
    """Who finds the member, follows them and reads them."""
    viewer = visit.member()
    has = {name: bool(viewer.traits & trait) is not turned for name, (trait, turned, _, _) in PRIVACY.items()}
    preferred = await preferences_of(tx, viewer.id)
    return visit.page(
        "privacy.html", has=has, privacy=PRIVACY, preferred=preferred, saved=visit.query("saved", 1) == "1"
    )


async def save_privacy(visit: Visit) -> Response:
    """Change it."""
    await visit.hold("settings", RATE)
    traits = {trait: (visit.field(name, 3) == "on") is not turned for name, (trait, turned, _, _) in PRIVACY.items()}
    visibility, quotes = visit.field("visibility", 20), visit.field("quotes", 20)
    if visibility not in VISIBILITIES or quotes not in QUOTE_POLICIES:
        raise Invalid("A post is public, unlisted, for followers or for those mentioned.", field="visibility")
    async with visit.acting() as (tx, viewer):
        await edit_profile(tx, viewer, traits=traits)
        await prefer(tx, viewer, visibility=visibility, quotes=quotes)
    return visit.go("/settings/privacy?saved=1")


async def save_profile(visit: Visit) -> Response:
    """Change the name, the words and the pictures."""
    await visit.hold("settings", RATE)
    given: dict[str, Any] = {name: visit.field(name, most) for name, most in WORDS.items()}
    rows = range(1, MOST_FIELDS + 1)
    given["fields"] = [(visit.field(f"field_{n}", 300), visit.field(f"value_{n}", 300), None) for n in rows]
    try:
        changes = await _changes(visit, given)
        async with visit.acting() as (tx, viewer):
            edited = await edit_profile(tx, viewer, **changes)
            if gone := taken_off(viewer, edited):
                leftovers.set_forgetting(tx, gone)
    except (Invalid, Conflict, TooLarge) as refusal:
        return visit.asking("edit_profile.html", refusal, given=given, saved=False)
    return visit.go(f"{PROFILE}?saved=1")


async def _changes(visit: Visit, given: dict[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {"name": given["name"], "bio": given["bio"]}
    changes["fields"] = tuple(ProfileField(name, value) for name, value, _ in given["fields"] if name or value)
    changes |= {f"{picture}_alt": given[f"{picture}_alt"] for picture in PICTURES}
    changes |= {picture: "" for picture in PICTURES if visit.field(f"{picture}_off", 3) == "on"}
    for picture in PICTURES:
        for file in visit.files(picture)[:1]:
            data = await file.read(visit.door.settings.picture_bytes + 1)
            changes |= await media.keep_worn(visit.door.blobs, visit.door.settings, picture, data)
    return changes
