"""What somebody is signed in with, in words: a browser, and what it runs on, by how browsers call themselves."""

from typing import Final

import msgspec

BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""A mark in what browsers say of themselves, and whose it is; the first found, as most claim to be others too."""
SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
IN_A_POCKET: Final = {"iPhone", "Android"}


class Device(msgspec.Struct, frozen=True):
    """A browser on a system; either is empty where nothing tells."""

    browser: str
    system: str

    @property
    def icon(self) -> str:
        """The picture that stands for it."""
        return "smartphone" if self.system in IN_A_POCKET else "monitor"


def device_of(agent: str) -> Device:
    """The browser and the system that a browser says it is."""
    browser, system = (next((name for mark, name in known if mark in agent), "") for known in (BROWSERS, SYSTEMS))
    return Device(browser, system)
