"""The weather before everything: rain, snow, fog, wind, lightning, a rainbow behind."""

import numpy as np

from parvis.illustrator import brush
from parvis.illustrator.easel import Easel
from parvis.illustrator.scene import INDOORS
from parvis.illustrator.vector import HEIGHT, ellipse, path, polygon, stroke

_SHELTERED = frozenset({*INDOORS, "underwater", "space"})


def behind(easel: Easel) -> None:
    """Paint what the weather does in the sky."""
    if easel.scene.place in _SHELTERED:
        return
    if easel.scene.weather == "rainbow":
        _rainbow(easel)
    if easel.scene.weather == "storm":
        _lightning(easel)


def before(easel: Easel) -> None:
    """Paint what the weather does in front of everybody."""
    if easel.scene.place in _SHELTERED:
        return
    match easel.scene.weather:
        case "rain":
            easel.lay(_rain(easel, 190, 26))
        case "storm":
            easel.lay(_rain(easel, 260, 60))
        case "snow":
            easel.lay(_snowflakes(easel))
        case "fog":
            _fog(easel)
        case "wind":
            easel.lay(_gusts(easel))
        case _:
            pass


def _rainbow(easel: Easel) -> None:
    x, y, radius = easel.across(0.62), 560.0, easel.span * 0.44
    distance = easel.distance((x, y))
    below = np.arange(easel.height, dtype=np.float32)[:, None] / easel.scale
    fade = np.clip((540 - below) / 160, 0, 1)
    for number, colour in enumerate(("#e8505b", "#f9a03f", "#fbe36a", "#6cc56e", "#4aa3df", "#7d6bc4")):
        band = np.exp(-(((distance - (radius - number * 13)) / 8.5) ** 2)) * fade * 0.5
        brush.blend(easel.canvas, colour, band.astype(np.float32))


def _lightning(easel: Easel) -> None:
    rng = easel.chance("lightning")
    x, y = easel.across(0.6), 20.0
    bolt = [(x, y)]
    while y < 380:
        x, y = x + float(rng.uniform(-42, 42)), y + float(rng.uniform(26, 56))
        bolt.append((x, y))
    route = "M" + " L".join(f"{px:.0f},{py:.0f}" for px, py in bolt)
    fork = bolt[len(bolt) // 2]
    branch = f"M{fork[0]:.0f},{fork[1]:.0f} l40,46 l-8,30 l36,50"
    easel.glow(fork, 230, "#cfd8ff", 0.65)
    easel.lay(
        stroke(route, "#cfd6ff", 13, 'opacity="0.35"') + stroke(route, "#ffffff", 5) + stroke(branch, "#ffffff", 3)
    )


def _rain(easel: Easel, count: int, slant: float) -> str:
    rng = easel.chance("rain")
    out = ""
    for _ in range(count):
        x, y, size = (
            float(rng.uniform(-40, easel.span + 60)),
            float(rng.uniform(-60, HEIGHT)),
            float(rng.uniform(0.5, 1.2)),
        )
        out += stroke(
            f"M{x:.0f},{y:.0f} l{-slant * size * 0.5:.0f},{58 * size:.0f}",
            "#e6f0fa",
            2.4 * size,
            f'opacity="{0.22 + 0.3 * size:.2f}"',
        )
    for _ in range(34):
        x, y = float(rng.random()) * easel.span, float(rng.uniform(650, 764))
        out += path(f"M{x - 12:.0f},{y:.0f} q12,-12 24,0", "none", 'stroke="#eef5fb" stroke-width="2.4" opacity="0.6"')
    return out


def _snowflakes(easel: Easel) -> str:
    rng = easel.chance("snowflakes")
    out = ""
    for _ in range(190):
        size = float(rng.choice([2.2, 3.4, 5.0, 8.0], p=[0.4, 0.34, 0.2, 0.06]))
        out += ellipse(
            float(rng.random()) * easel.span,
            float(rng.random()) * HEIGHT,
            size,
            size,
            "#ffffff",
            f'opacity="{0.9 - size * 0.05:.2f}"',
        )
    return out


def _fog(easel: Easel) -> None:
    field = easel.noise("fog", 2.5, 5, 4)
    rows = np.arange(easel.height, dtype=np.float32)[:, None] / HEIGHT / easel.scale
    bank = np.exp(-(((rows - 0.66) / 0.2) ** 2)) * (0.35 + 0.75 * field)
    brush.blend(easel.canvas, easel.light.haze, np.clip(bank * 0.72, 0, 0.85).astype(np.float32))


def _gusts(easel: Easel) -> str:
    rng = easel.chance("gusts")
    out = ""
    for _ in range(7):
        x, y, long = float(rng.uniform(0, 0.75)) * easel.span, float(rng.uniform(80, 560)), float(rng.uniform(130, 260))
        out += stroke(
            f"M{x:.0f},{y:.0f} q{long * 0.3:.0f},-26 {long * 0.6:.0f},0 t{long * 0.4:.0f},-8 q20,-26 -4,-32 q-22,2 -14,20",
            "#ffffff",
            4,
            'opacity="0.6"',
        )
    for _ in range(16):
        x, y = float(rng.random()) * easel.span, float(rng.uniform(120, 720))
        leaf = str(rng.choice(["#d98a3a", "#b9563a", "#9aa84a"]))
        out += polygon(
            [(x, y), (x + 9, y - 7), (x + 20, y - 2), (x + 10, y + 5)],
            leaf,
            f'transform="rotate({rng.uniform(0, 360):.0f} {x:.0f} {y:.0f})"',
        )
    return out
