"""The light of a scene: what the hour and the weather make of every colour.

A `Light` holds the sky's wash, where sun or moon stands, and how colours near and far look under it. Materials are
named once, in daylight; `lit` shows them at any hour and distance.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from parvis.illustrator import vector
from parvis.illustrator.scene import Scene, TimeOfDay, Weather

Stops = tuple[tuple[float, str], ...]


class Light(msgspec.Struct, frozen=True):
    """How the hour lights a scene."""

    sky: Stops
    disc: str  # the colour of sun or moon
    glow: str
    haze: str  # what far things fade into
    cloud: str
    cloud_foot: str
    ambient: tuple[float, float, float]
    shadow: str
    shadow_strength: float
    altitude: float  # 0: at the horizon, 1: at the top
    stars: float = 0.0
    moon: bool = False
    sunless: bool = False  # sun or moon hidden by the weather

    @property
    def dark(self) -> bool:
        """Whether lamps are lit."""
        return sum(self.ambient) < 2.35


_HOURS: dict[TimeOfDay, Light] = {
    "dawn": Light(
        sky=((0, "#5f7fc0"), (0.45, "#b9a6d6"), (0.75, "#ffc3b4"), (1, "#ffe9c4")),
        disc="#fff6d8", glow="#ffd9a8", haze="#f6cfc4", cloud="#fff0ea", cloud_foot="#d9a9c0",
        ambient=(0.99, 0.92, 0.93), shadow="#4b3a6b", shadow_strength=0.34, altitude=0.12,
    ),
    "day": Light(
        sky=((0, "#3d94dd"), (0.6, "#8fcdf2"), (1, "#e2f5f8")),
        disc="#fffbe2", glow="#fff2bd", haze="#cfe8f3", cloud="#ffffff", cloud_foot="#bcd6ea",
        ambient=(1.0, 1.0, 0.99), shadow="#20365e", shadow_strength=0.34, altitude=0.74,
    ),
    "sunset": Light(
        sky=((0, "#33307a"), (0.3, "#7d4a97"), (0.58, "#e5657c"), (0.8, "#ff9a5e"), (1, "#ffd98c")),
        disc="#fff3c9", glow="#ffb45e", haze="#f0a184", cloud="#ffc9a2", cloud_foot="#9a5590",
        ambient=(1.03, 0.88, 0.82), shadow="#341c4f", shadow_strength=0.46, altitude=0.08,
    ),
    "night": Light(
        sky=((0, "#0a1030"), (0.55, "#1c2a63"), (1, "#46599e")),
        disc="#fbf6dc", glow="#8fa8ee", haze="#2d3d7a", cloud="#56689f", cloud_foot="#28356b",
        ambient=(0.60, 0.66, 0.94), shadow="#050920", shadow_strength=0.5, altitude=0.72, stars=1.0, moon=True,
    ),
}  # fmt: skip

_OVERCAST: dict[Weather, tuple[str, float, float]] = {  # what colour comes over the sky, how much, how bright it stays
    "rain": ("#76869c", 0.55, 0.88),
    "storm": ("#39415a", 0.72, 0.7),
    "fog": ("#c9d2d8", 0.6, 0.97),
    "snow": ("#c3d2e2", 0.5, 0.97),
    "clouds": ("#b4c4d4", 0.3, 0.96),
}


def light_of(scene: Scene) -> Light:
    """The light of the scene's hour under its weather."""
    light = _HOURS[scene.time]
    veil = _OVERCAST.get(scene.weather)
    if veil is None:
        return light
    colour, share, bright = veil
    if light.moon:
        colour = vector.mix(colour, "#18214a", 0.75)
    return msgspec.structs.replace(
        light,
        sky=tuple((at, vector.mix(stop, colour, share)) for at, stop in light.sky),
        haze=vector.mix(light.haze, colour, share),
        glow=vector.mix(light.glow, colour, share * 0.7),
        cloud=vector.mix(light.cloud, colour, share),
        cloud_foot=vector.mix(light.cloud_foot, vector.darker(colour, 0.25), share),
        ambient=(light.ambient[0] * bright, light.ambient[1] * bright, light.ambient[2] * bright),
        shadow_strength=light.shadow_strength * 0.65,
        stars=light.stars * (1 - share),
        sunless=scene.weather in {"rain", "storm", "snow"},
    )


def lit(colour: str, light: Light, distance: float = 0.0) -> str:
    """A material's colour in this light; `distance` 0 is at hand, 1 is lost in the haze."""
    shown = vector.rgb(colour) * np.array(light.ambient, np.float32)
    return vector.mix(vector.hexed(shown), light.haze, distance)


def ambient(light: Light, strength: float = 1.0) -> NDArray[np.float32]:
    """What a layer's colours are multiplied by."""
    return 1 + (np.array(light.ambient, np.float32) - 1) * strength
