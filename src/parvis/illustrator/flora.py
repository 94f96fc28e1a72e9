"""Trees, bushes, flowers and grass as vector shapes: a foot, a height, a light in, SVG out."""

import numpy as np

from parvis.illustrator.light import Light, lit
from parvis.illustrator.vector import darker, ellipse, group, lighter, mix, path, polygon, stroke

BLOSSOMS = ("#e8536b", "#f7c948", "#ffffff", "#b07be0", "#f58fb5", "#ff8c42")


def pine(
    x: float, y: float, tall: float, light: Light, rng: np.random.Generator, distance: float = 0.0, snowy: bool = False
) -> str:
    """A fir with ragged boughs, its foot at (x, y)."""
    green = lit(str(rng.choice(["#2f6b4a", "#276045", "#3a7a50"])), light, distance)
    green = darker(green, 0.3) if light.moon else green
    shade, trunk = darker(green, 0.28), lit("#5b4030", light, distance)
    out = stroke(f"M{x:.0f},{y:.0f} L{x:.0f},{y - tall * 0.2:.0f}", trunk, tall * 0.06)
    for tier in range(4):
        top, foot = y - tall * (0.46 + 0.18 * tier), y - tall * (0.1 + 0.19 * tier)
        half = tall * (0.27 - 0.05 * tier)
        ragged = [
            (
                x + half * share,
                foot - tall * 0.03 * float(rng.random()) * (1 - abs(share)) + (tall * 0.022 if n % 2 else 0),
            )
            for n, share in enumerate(np.linspace(1, -1, 9))
        ]
        out += polygon([(x, top), *ragged], green)
        out += polygon([(x, top), (x + half, foot), (x + half * 0.2, foot + tall * 0.012)], shade, 'opacity="0.55"')
        if snowy:
            out += polygon(
                [
                    (x, top - 3),
                    (x - half * 0.6, foot - tall * 0.07),
                    (x - half * 0.2, foot - tall * 0.12),
                    (x + half * 0.1, foot - tall * 0.07),
                    (x + half * 0.45, foot - tall * 0.1),
                ],
                lit("#f7fbff", light, distance * 0.5),
                'opacity="0.92"',
            )
    return out


def tree(
    x: float,
    y: float,
    tall: float,
    light: Light,
    rng: np.random.Generator,
    distance: float = 0.0,
    leaf: str = "#5d9c45",
) -> str:
    """A broad-leaved tree with a clustered crown, its foot at (x, y)."""
    green = lit(mix(leaf, "#d9b23c", float(rng.uniform(0, 0.22))), light, distance)
    green = darker(green, 0.38) if light.moon else green
    trunk = lit("#6b4a35", light, distance)
    half = tall * 0.05
    out = path(
        f"M{x - half:.0f},{y:.0f} Q{x - half * 0.5:.0f},{y - tall * 0.3:.0f} {x - half * 0.9:.0f},{y - tall * 0.5:.0f} L{x + half * 0.9:.0f},{y - tall * 0.5:.0f} Q{x + half * 0.4:.0f},{y - tall * 0.3:.0f} {x + half * 1.2:.0f},{y:.0f}Z",
        trunk,
    )
    spots = [
        (float(rng.uniform(-0.26, 0.26)), float(rng.uniform(0.46, 0.86)), float(rng.uniform(0.12, 0.2)))
        for _ in range(11)
    ]
    for tone, shift in ((darker(green, 0.3), 0.03), (green, 0.0), (lighter(green, 0.16), -0.045)):
        for across, high, radius in spots:
            size = radius * (1 if shift >= 0 else 0.62)
            out += ellipse(
                x + tall * (across + shift * 0.6), y - tall * (high - shift), tall * size, tall * size * 0.86, tone
            )
    return out


def palm(x: float, y: float, tall: float, light: Light, rng: np.random.Generator, lean: float = 0.18) -> str:
    """A palm leaning by `lean` of its height, its foot at (x, y)."""
    top = (x + tall * lean, y - tall * 0.82)
    bark = lit("#8a6647", light)
    half = tall * 0.032
    bend = x + tall * lean * 0.15
    out = path(
        f"M{x - half * 1.5:.0f},{y:.0f} Q{bend - half:.0f},{y - tall * 0.45:.0f} {top[0] - half * 0.7:.0f},{top[1]:.0f} L{top[0] + half * 0.7:.0f},{top[1]:.0f} Q{bend + half:.0f},{y - tall * 0.45:.0f} {x + half * 1.7:.0f},{y:.0f}Z",
        bark,
    )
    for share in np.linspace(0.08, 0.92, 10):
        t = float(share)
        cx = (1 - t) ** 2 * x + 2 * t * (1 - t) * bend + t * t * top[0]
        cy = (1 - t) ** 2 * y + 2 * t * (1 - t) * (y - tall * 0.45) + t * t * top[1]
        out += stroke(
            f"M{cx - half * 0.9:.0f},{cy:.0f} q{half * 0.9:.0f},{half * 0.4:.0f} {half * 1.8:.0f},0",
            darker(bark, 0.3),
            2.2,
            'opacity="0.6"',
        )
    fronds = sorted(np.linspace(-2.75, -0.4, 8) + rng.uniform(-0.12, 0.12, 8), key=lambda a: -abs(a + 1.57))
    for number, angle in enumerate(fronds):
        out += _frond(
            top, float(angle), tall * float(rng.uniform(0.36, 0.46)), lit("#3f7d3e" if number % 2 else "#55954a", light)
        )
    nuts = "".join(
        ellipse(top[0] + dx, top[1] + 6, tall * 0.024, tall * 0.026, lit("#6b4423", light))
        for dx in (-tall * 0.03, tall * 0.025, 0)
    )
    return out + nuts


def _frond(top: tuple[float, float], angle: float, length: float, green: str) -> str:
    """One leaf, arching out and down, its edge cut into fingers."""
    ex, ey = top[0] + np.cos(angle) * length, top[1] + np.sin(angle) * length * 0.6 + length * 0.34
    mx, my = top[0] + np.cos(angle) * length * 0.55, top[1] + np.sin(angle) * length * 0.8 - length * 0.12
    upper, lower = [], []
    for t in np.linspace(0, 1, 12):
        px = (1 - t) ** 2 * top[0] + 2 * t * (1 - t) * mx + t * t * ex
        py = (1 - t) ** 2 * top[1] + 2 * t * (1 - t) * my + t * t * ey
        wide = length * 0.13 * float(np.sin(np.pi * min(1.0, t * 0.92 + 0.08)))
        upper.append((px, py - wide * 0.35))
        lower.extend([(px, py + wide), (px + 3 * np.sign(np.cos(angle)), py + wide * 0.25)])
    return polygon([*upper, *reversed(lower)], green) + stroke(
        f"M{top[0]:.0f},{top[1]:.0f} Q{mx:.0f},{my:.0f} {ex:.0f},{ey:.0f}", lighter(green, 0.25), 2, 'opacity="0.6"'
    )


def bush(
    x: float,
    y: float,
    tall: float,
    light: Light,
    rng: np.random.Generator,
    distance: float = 0.0,
    flowers: bool = False,
) -> str:
    """A round shrub, perhaps in bloom, its foot at (x, y)."""
    green = lit("#4e8a47", light, distance)
    out = ""
    for tone, lift in ((darker(green, 0.25), 0.0), (green, 0.14), (lighter(green, 0.14), 0.3)):
        for across in (-0.6, -0.2, 0.25, 0.62):
            out += ellipse(
                x + tall * across,
                y - tall * (0.3 + lift + 0.12 * float(rng.random())),
                tall * (0.42 - lift * 0.6),
                tall * (0.36 - lift * 0.5),
                tone,
            )
    if flowers:
        for _ in range(14):
            out += ellipse(
                x + tall * float(rng.uniform(-0.9, 0.9)),
                y - tall * float(rng.uniform(0.15, 0.75)),
                tall * 0.045,
                tall * 0.045,
                lit(str(rng.choice(BLOSSOMS)), light, distance),
            )
    return out


def flower(x: float, y: float, tall: float, light: Light, rng: np.random.Generator) -> str:
    """A single flower on its stem, its foot at (x, y)."""
    colour, green = lit(str(rng.choice(BLOSSOMS)), light), lit("#4b8a3c", light)
    lean = float(rng.uniform(-0.2, 0.2)) * tall
    head = (x + lean, y - tall)
    out = stroke(f"M{x:.0f},{y:.0f} Q{x:.0f},{y - tall * 0.5:.0f} {head[0]:.0f},{head[1]:.0f}", green, tall * 0.05)
    out += ellipse(
        x + tall * 0.14,
        y - tall * 0.3,
        tall * 0.16,
        tall * 0.05,
        green,
        f'transform="rotate(-32 {x:.0f} {y - tall * 0.3:.0f})"',
    )
    petals = "".join(
        ellipse(np.cos(a) * tall * 0.13, np.sin(a) * tall * 0.13, tall * 0.1, tall * 0.1, colour)
        for a in np.linspace(0, 2 * np.pi, 7)[:-1]
    )
    return out + group(petals + ellipse(0, 0, tall * 0.08, tall * 0.08, lit("#ffd34d", light)), *head)


def grass(
    left: float,
    right: float,
    y: float,
    tall: float,
    light: Light,
    rng: np.random.Generator,
    count: int = 60,
    colour: str = "#4f8d3d",
) -> str:
    """A fringe of blades from `left` to `right`."""
    out = ""
    for _ in range(count):
        x, high = float(rng.uniform(left, right)), tall * float(rng.uniform(0.4, 1))
        lean = float(rng.uniform(-0.5, 0.5)) * high
        green = lit(mix(colour, "#a9b64a", float(rng.random() * 0.4)), light)
        out += path(
            f"M{x - 3:.1f},{y + 6:.1f} Q{x:.1f},{y - high * 0.5:.1f} {x + lean:.1f},{y - high:.1f} Q{x + 3:.1f},{y - high * 0.45:.1f} {x + 4:.1f},{y + 6:.1f}Z",
            green,
        )
    return out


def cactus(x: float, y: float, tall: float, light: Light, distance: float = 0.0) -> str:
    """A saguaro, its foot at (x, y)."""
    green = lit("#4f8a55", light, distance)
    thick = tall * 0.17
    out = stroke(f"M{x},{y} L{x},{y - tall * 0.9}", green, thick)
    out += stroke(f"M{x},{y - tall * 0.35} q{-tall * 0.28},0 {-tall * 0.28},{-tall * 0.3}", green, thick * 0.72)
    out += stroke(f"M{x},{y - tall * 0.25} q{tall * 0.27},0 {tall * 0.27},{-tall * 0.36}", green, thick * 0.68)
    return out + stroke(
        f"M{x + thick * 0.2},{y} L{x + thick * 0.2},{y - tall * 0.86}",
        darker(green, 0.25),
        thick * 0.16,
        'opacity="0.6"',
    )
