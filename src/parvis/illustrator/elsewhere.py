"""Places that are no country: under the sea, in space, above the clouds, before a painter's backcloth."""

import numpy as np

from parvis.illustrator import brush, flora, outdoors
from parvis.illustrator.easel import Easel, Setting
from parvis.illustrator.vector import (
    HEIGHT,
    darker,
    ellipse,
    fade,
    group,
    halo,
    lighter,
    mix,
    path,
    polygon,
    rect,
    stroke,
)


def underwater(easel: Easel) -> Setting:
    """Paint the sea's floor, with weeds and bubbles."""
    night = easel.light.dark
    stops = (
        ((0, "#0d2b5c"), (0.5, "#0a1f4a"), (1, "#061231"))
        if night
        else ((0, "#7fe0ea"), (0.35, "#2aa3cf"), (0.75, "#15649f"), (1, "#0e3f74"))
    )
    easel.canvas[:] = brush.wash(easel.height, easel.width, stops)
    beams = fade("ray", [(0, "#eaffff", 0.5), (1, "#eaffff", 0)])
    x = easel.sun_x
    for dx, wide in ((-420, 70), (-250, 46), (-90, 90), (90, 60), (260, 80)):
        beams += polygon(
            [(x + dx * 0.35, -10), (x + dx * 0.35 + 50, -10), (x + dx + wide, 640), (x + dx - wide, 640)],
            "url(#ray)",
            'opacity="0.5"',
        )
    easel.lay(beams, 0.4 if night else 1.0)
    for n, (foot, tall, colour) in enumerate(((590, 120, "#1f6f9f"), (640, 90, "#1a5a85"))):
        crest = [*outdoors.crest_of(easel, f"reef{n}", foot, tall, 3.5), (easel.span, HEIGHT), (0, HEIGHT)]
        easel.lay(polygon(crest, darker(colour, 0.4) if night else colour, 'opacity="0.8"'))
    sand = [*outdoors.crest_of(easel, "sand", 664, 26, 1.6), (easel.span, HEIGHT), (0, HEIGHT)]
    floor = ("#3a4f80", "#22335e") if night else ("#e6d7a6", "#b79c6c")
    easel.lay(fade("seabed", [(0, floor[0], 1), (1, floor[1], 1)]) + polygon(sand, "url(#seabed)"))
    caustic = easel.noise("caustics", 12, 26, 3)
    brush.screen(easel.canvas, "#dffcff", (np.exp(-(((caustic - 0.5) / 0.05) ** 2)) * 0.22).astype(np.float32))
    return Setting(far=690, near=738, grounded=False, front=_reef(easel), shade=0.6)


def _reef(easel: Easel) -> str:
    rng = easel.chance("reef")
    out = ""
    for share in (0.0, 0.05, 0.12, 0.88, 0.95, 1.0):
        x, tall = easel.span * share, float(rng.uniform(120, 290))
        green = str(rng.choice(["#2f9e6b", "#3fae5a", "#1f8a78"]))
        for k in range(4):
            dx = k * 16 - 24
            out += stroke(
                f"M{x + dx:.0f},775 q-22,{-tall * 0.3:.0f} 0,{-tall * 0.5:.0f} q22,{-tall * 0.25:.0f} 4,{-tall * (0.4 + 0.1 * k):.0f}",
                darker(green, 0.12 * k),
                9,
            )
    for share in (0.17, 0.8, 0.92):
        x, colour = easel.span * share, str(rng.choice(["#ff7f8f", "#ff9f5a", "#d77be8"]))
        for angle in np.linspace(-1.1, 1.1, 6):
            out += stroke(
                f"M{x:.0f},775 q{60 * np.sin(angle):.0f},-40 {90 * np.sin(angle):.0f},{-100 * np.cos(angle) - 20:.0f}",
                colour,
                13,
            )
    for _ in range(26):
        x, y, r = float(rng.random()) * easel.span, float(rng.uniform(60, 700)), float(rng.uniform(3, 13))
        out += ellipse(x, y, r, r, "#ffffff", 'opacity="0.22"') + ellipse(
            x - r * 0.35, y - r * 0.35, r * 0.28, r * 0.28, "#fff", 'opacity="0.8"'
        )
    return out


def space(easel: Easel) -> Setting:
    """Paint a moon's ground under planets and nebulae."""
    easel.canvas[:] = brush.wash(easel.height, easel.width, ((0, "#0b0d2a"), (0.6, "#1a1547"), (1, "#2c1c5a")))
    cloud = easel.noise("nebula", 2.2, 2.2, 6)
    veil = easel.noise("veil", 3, 2, 5)
    brush.screen(easel.canvas, "#d44fb8", np.clip((cloud - 0.5) * 1.9, 0, 1) * veil)
    brush.screen(easel.canvas, "#3f8ff0", np.clip((veil - 0.48) * 1.8, 0, 1) * cloud)
    outdoors.stars(easel, easel.height, 1.0)
    x, y = easel.across(0.8), 190.0
    planet = halo("planet", [(0, "#ffd9a0", 1), (0.6, "#f0935c", 1), (1, "#8a3f5c", 1)]).replace(
        "<radialGradient ", '<radialGradient cx="0.35" cy="0.32" r="0.75" '
    )
    bands = "".join(
        ellipse(x, y + dy, w, 9, c, 'opacity="0.35"')
        for dy, w, c in ((-50, 92, "#fff0d0"), (-14, 112, "#b8574c"), (26, 106, "#ffe3b0"), (60, 82, "#a04a52"))
    )
    ring_back = _ring(x, y, 1, "#e9cfa4", 0.7)
    ring_front = _ring(x, y, 0, "#ffe6bd", 0.95)
    small = ellipse(easel.across(0.12), 130, 34, 34, "#7fc7e8") + ellipse(
        easel.across(0.12) - 8, 122, 22, 20, "#b5e6f5", 'opacity="0.6"'
    )
    easel.lay(planet + ring_back + ellipse(x, y, 118, 118, "url(#planet)") + bands + ring_front + small)
    crest = [*outdoors.crest_of(easel, "moon", 650, 34, 1.4), (easel.span, HEIGHT), (0, HEIGHT)]
    craters = "".join(
        ellipse(easel.span * sx, cy, rx, rx * 0.26, "#6d6a8e")
        + ellipse(easel.span * sx, cy + rx * 0.06, rx * 0.88, rx * 0.2, "#8885a8")
        for sx, cy, rx in ((0.12, 720, 70), (0.55, 690, 46), (0.82, 742, 92), (0.66, 748, 40))
    )
    easel.lay(fade("moonland", [(0, "#bdb9d6", 1), (1, "#6c688e", 1)]) + polygon(crest, "url(#moonland)") + craters)
    return Setting(far=664, near=724)


def _ring(x: float, y: float, sweep: int, colour: str, opacity: float) -> str:
    """Half of a planet's ring: the far half (sweep 1) or the near one."""
    arc = f"M{x - 205},{y} A205,46 0 0 {sweep} {x + 205},{y}"
    pen = f'stroke="{colour}" stroke-width="18" opacity="{opacity}" transform="rotate(-18 {x} {y})"'
    return path(arc, "none", pen)


def clouds(easel: Easel) -> Setting:
    """Paint a floor of clouds."""
    outdoors.sky(easel, HEIGHT, 1.2)
    rng = easel.chance("cloud floor")
    top, foot = easel.light.cloud, easel.light.cloud_foot
    for row, y in enumerate((600, 660, 726)):
        puffs = fade(f"floor{row}", [(0, top, 1), (1, mix(top, foot, 0.6 - 0.15 * row), 1)])
        puffs += "".join(
            ellipse(
                x,
                y + float(rng.uniform(-14, 14)),
                float(rng.uniform(60, 120)),
                float(rng.uniform(44, 70)),
                f"url(#floor{row})",
            )
            for x in np.arange(-40, easel.span + 60, 74)
        )
        easel.lay(puffs + rect(-10, y + 20, easel.span + 20, 200, mix(top, foot, 0.6 - 0.15 * row)), 0.95)
    return Setting(far=640, near=724, shade=0.4)


def studio(easel: Easel) -> Setting:
    """A painted backcloth, for what stands in no particular place."""
    rng = easel.chance("cloth")
    pairs = (
        ("#f7c59f", "#e06c75"),
        ("#a8d8ea", "#5b7fc7"),
        ("#cdeac0", "#4f9d88"),
        ("#fde2a7", "#f2994a"),
        ("#d9c7f0", "#7d5fb2"),
        ("#ffd6e0", "#c8607f"),
    )
    pale, deep = pairs[int(rng.integers(len(pairs)))]
    if easel.light.dark:
        pale, deep = mix(pale, "#2a2f63", 0.72), mix(deep, "#10153a", 0.75)
    easel.canvas[:] = brush.wash(
        easel.height, easel.width, ((0, mix(pale, deep, 0.55)), (0.72, pale), (1, mix(pale, deep, 0.3)))
    )
    clouds = easel.noise("wash", 2.5, 2.5, 5)
    easel.canvas *= (0.93 + 0.14 * clouds)[..., None]
    easel.glow((easel.span / 2, 380), 300, lighter(pale, 0.75), 0.75)
    rings = "".join(
        f'<circle cx="{easel.span / 2:.0f}" cy="400" r="{r}" fill="none" stroke="{lighter(pale, 0.6)}" stroke-width="3" stroke-dasharray="2 {18 + r // 30}" opacity="0.6"/>'
        for r in (270, 330, 392)
    )
    confetti = "".join(
        group(
            rect(-7, -3, 14, 6, str(rng.choice(flora.BLOSSOMS)), 'rx="3"'),
            float(rng.random()) * easel.span,
            float(rng.uniform(30, 560)),
            turn=float(rng.uniform(0, 180)),
            extra='opacity="0.75"',
        )
        for _ in range(34)
    )
    floor = fade(
        "floor", [(0, mix(pale, deep, 0.45), 0.0), (0.2, mix(pale, deep, 0.55), 0.75), (1, mix(pale, deep, 0.8), 0.95)]
    ) + ellipse(easel.span / 2, 790, easel.span * 0.75, 160, "url(#floor)")
    easel.lay(rings + confetti + floor)
    return Setting(far=690, near=722)
