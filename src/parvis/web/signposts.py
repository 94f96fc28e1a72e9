"""Where members go from every page: their own places, and the pages of the settings."""

from typing import Final

from parvis.core.words import N_

PLACES: Final[tuple[tuple[str, str, str], ...]] = (
    ("/explore", "compass", N_("Explore")),
    ("/messages", "mail", N_("Messages")),
    ("/bookmarks", "bookmark", N_("Bookmarks")),
    ("/lists", "list", N_("Lists")),
)
"""A member's own places beside the four that everyone has: address, icon, name."""
WITHIN: Final = {"/likes": "/bookmarks", "/collections": "/lists"}
"""Places whose tabs stand beside another's."""

SETTINGS_PAGES: Final[tuple[tuple[str, tuple[tuple[str, str, str, str], ...]], ...]] = (
    (
        N_("You"),
        (
            (
                "/settings/profile",
                "user-round",
                N_("Edit profile"),
                N_("Your name, your pictures, what you say of yourself"),
            ),
            ("/settings/appearance", "sun", N_("Appearance"), N_("Day or night, the size of text, the language")),
        ),
    ),
    (
        N_("What reaches you"),
        (
            ("/settings/notifications", "bell", N_("Notifications"), N_("Of whom you want to hear")),
            ("/settings/filters", "shield", N_("Filters"), N_("Words that you do not want to meet")),
            ("/settings/blocks", "ban", N_("Kept away"), N_("Whom you block or mute")),
        ),
    ),
    (
        N_("Your account"),
        (
            ("/settings/privacy", "eye", N_("Privacy"), N_("Who finds you, follows you and reads you")),
            ("/settings/security", "key-round", N_("Security"), N_("Password, passkeys, where you are signed in")),
            ("/settings/data", "database", N_("Your data"), N_("Your archive, moving, deleting the account")),
            ("/settings/strikes", "scale", N_("Decisions"), N_("What moderators decided about you")),
        ),
    ),
)
"""The pages of the settings, under what they are about: address, icon, name, what is found there."""


def place_of(path: str) -> str:
    """Which of the places that the menu names a page belongs to, by its address."""
    place = path if path.startswith("/@") else "/" + path.split("/")[1]
    return WITHIN.get(place, place)
