"""Skies and open country: the parts of a landscape, each painted onto an easel from back to front."""

import cv2
import numpy as np

from parvis.illustrator import brush, flora, vector
from parvis.illustrator.easel import Easel
from parvis.illustrator.light import lit
from parvis.illustrator.vector import HEIGHT, darker, ellipse, fade, group, lighter, mix, path, polygon, rect, stroke


def sky(easel: Easel, horizon: float, clouds: float = 1.0) -> None:
    """Paint the sky down to the horizon, with its stars, its sun or moon, and its clouds."""
    light = easel.light
    rows = max(1, easel.rows(horizon))
    easel.canvas[:rows] = brush.wash(rows, easel.width, light.sky)
    easel.canvas[rows:] = easel.canvas[rows - 1]
    if light.stars > 0:
        stars(easel, rows, light.stars)
    sun = easel.sun(horizon)
    if not light.sunless:
        easel.glow(sun, easel.span * 0.2 if not light.moon else 150, light.glow, 0.85)
        easel.glow(sun, easel.span * 0.5, light.glow, 0.25)
        easel.lay(_moon(easel) if light.moon else _sun(easel, sun))
    _wisps(easel, rows)
    _cumulus(easel, horizon, clouds)


def stars(easel: Easel, rows: int, strength: float) -> None:
    """Scatter stars over the upper rows, fewer towards the horizon."""
    rng = easel.chance("stars")
    shapes = ""
    for _ in range(150):
        x, y = float(rng.random()) * easel.span, float(rng.random()) ** 1.5 * rows / easel.scale
        radius = float(rng.choice([0.9, 1.2, 1.7, 2.6], p=[0.4, 0.35, 0.19, 0.06]))
        shapes += ellipse(x, y, radius, radius, "#fffbe6", f'opacity="{0.4 + 0.6 * rng.random():.2f}"')
        if radius > 2:
            shapes += polygon([(x - 9, y), (x, y - 1), (x + 9, y), (x, y + 1)], "#fff", 'opacity="0.7"')
            shapes += polygon([(x, y - 9), (x + 1, y), (x, y + 9), (x - 1, y)], "#fff", 'opacity="0.7"')
    easel.lay(shapes, strength)


def _sun(easel: Easel, at: vector.Point) -> str:
    radius = 50 if easel.light.altitude < 0.3 else 42
    return ellipse(*at, radius * 1.3, radius * 1.3, easel.light.disc, 'opacity="0.35"') + ellipse(
        *at, radius, radius, easel.light.disc
    )


def _moon(easel: Easel) -> str:
    x, y = easel.sun(430)
    disc = easel.light.disc
    craters = "".join(
        ellipse(x + dx, y + dy, r, r * 0.9, darker(disc, 0.12), 'opacity="0.5"')
        for dx, dy, r in ((-14, -8, 10), (14, 12, 8), (4, -24, 6), (-8, 20, 6))
    )
    return ellipse(x, y, 48, 48, disc) + craters


def _wisps(easel: Easel, rows: int) -> None:
    light = easel.light
    field = brush.noise(rows, easel.width, easel.chance("wisps"), 2.4, 8, 5)
    depth = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    mask = np.clip((field - 0.5) * 2.6, 0, 1) * np.clip(0.25 + depth, 0, 1) * (1 - depth**4) * 0.55
    brush.blend(easel.canvas[:rows], light.cloud, mask)


def _cumulus(easel: Easel, horizon: float, amount: float) -> None:
    heavy = easel.scene.weather in {"clouds", "rain", "storm", "snow"}
    rng = easel.chance("cumulus")
    count = round((9 if heavy else 4) * amount)
    shapes = vector.blur("soft", 2.2)
    top, foot = easel.light.cloud, easel.light.cloud_foot
    for number in range(count):
        x = easel.span * ((number + float(rng.uniform(0.1, 0.9))) / max(1, count))
        y = float(rng.uniform(0.12, 0.62)) * horizon
        size = (60 + 90 * float(rng.random())) * (1.5 if heavy else 1) * (0.5 + 0.5 * (1 - y / horizon) + 0.2)
        shapes += _cloud(x, y, size, top, foot, rng, str(number))
    easel.lay(shapes, 0.86 if not easel.light.moon else 0.6)


def _cloud(x: float, y: float, size: float, top: str, foot: str, rng: np.random.Generator, name: str) -> str:
    puffs = ""
    for share in np.linspace(-1, 1, 8):
        radius = size * (0.42 * float(np.sqrt(1 - (share * 0.92) ** 2)) + 0.12) * float(rng.uniform(0.8, 1.15))
        puffs += ellipse(x + size * share, y - radius * 0.35, radius, radius * 0.78, f"url(#cloud{name})")
    base = rect(
        x - size * 1.12, y - size * 0.1, size * 2.24, size * 0.24, f"url(#cloud{name})", f'rx="{size * 0.12:.0f}"'
    )
    shade = (
        f'<linearGradient id="cloud{name}" gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="{y - size * 0.65:.0f}" y2="{y + size * 0.14:.0f}">'
        f'<stop offset="0" stop-color="{top}"/><stop offset="0.55" stop-color="{mix(top, foot, 0.35)}"/><stop offset="1" stop-color="{foot}"/></linearGradient>'
    )
    return shade + group(base + puffs, extra='filter="url(#soft)"')


def ridge(
    easel: Easel,
    name: str,
    foot: float,
    tall: float,
    colour: str,
    distance: float,
    rough: float = 2.5,
    sharp: bool = False,
) -> list[vector.Point]:
    """Paint one line of hills whose valleys reach `foot`, fading into haze below; gives back its crest."""
    crest = crest_of(easel, name, foot, tall, rough, sharp)
    top, low = lit(colour, easel.light, distance), lit(colour, easel.light, min(1, distance + 0.3))
    outline = [*crest, (easel.span, HEIGHT), (0, HEIGHT)]
    easel.lay(fade(name, [(0, top, 1), (0.5, low, 1), (1, low, 1)]) + polygon(outline, f"url(#{name})"))
    return crest


def crest_of(
    easel: Easel, name: str, foot: float, tall: float, rough: float = 2.5, sharp: bool = False
) -> list[vector.Point]:
    """The line of a ridge, left to right."""
    count = 90
    heights = brush.skyline(count, easel.chance(name), rough, 6 if sharp else 3)
    if sharp:
        heights = np.abs(heights - 0.5) * -2 + 1
        heights = (heights - heights.min()) / (np.ptp(heights) + 1e-6)
    return [(easel.span * n / (count - 1), foot - tall * float(h)) for n, h in enumerate(heights)]


def height_at(crest: list[vector.Point], x: float) -> float:
    """How high a crest stands at `x`."""
    return float(np.interp(x, [p[0] for p in crest], [p[1] for p in crest]))


def ground(easel: Easel, top: float, colour: str, texture: float = 0.06, swell: float = 22) -> None:
    """Paint the ground in front, lighter far away, mottled near."""
    crest = crest_of(easel, "ground", top, swell, 1.6)
    near, far = lit(darker(colour, 0.14), easel.light), lit(lighter(colour, 0.12), easel.light, 0.16)
    easel.lay(
        fade("ground", [(0, far, 1), (1, near, 1)])
        + polygon([*crest, (easel.span, HEIGHT), (0, HEIGHT)], "url(#ground)")
    )
    rows = easel.rows(top)
    grain = brush.noise(easel.height - rows, easel.width, easel.chance("grain"), 9, 14, 5) - 0.5
    easel.canvas[rows:] *= 1 + texture * 2.4 * grain[..., None]


def water(easel: Easel, top: float, foot: float, calm: bool = False) -> None:
    """Paint water between two heights: the sky's colours, streaks that widen towards us, and the light's path."""
    light = easel.light
    first, last = easel.rows(top), easel.rows(foot)
    rows = last - first
    if rows < 2:
        return
    high, low = light.sky[-1][1], light.sky[0][1]
    deep = lit("#1f6a94", light) if not light.dark else "#0d1a44"
    sea = 0.9 if light.altitude > 0.3 else 0.42  # under a low sun the water wears the sky
    stops = (
        (0.0, mix(high, deep, 0.24 * sea)),
        (0.22, mix(mix(high, light.sky[-2][1], 0.75), deep, 0.4 * sea)),
        (0.55, mix(light.sky[1][1], deep, 0.75 * sea)),
        (1.0, darker(mix(low, deep, 0.8 * sea), 0.16)),
    )
    surface = brush.wash(rows, easel.width, stops)
    depth = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    streaks = _streaks(easel, rows, calm)
    surface *= 1 + (streaks - 0.5)[..., None] * (0.26 + 0.3 * depth[..., None])
    crests = np.clip((streaks - 0.66) * 5, 0, 1) * (0.16 + 0.14 * depth)
    brush.blend(surface, lighter(light.sky[-1][1], 0.3), crests)
    if not light.sunless:
        away = (np.arange(easel.width, dtype=np.float32)[None] / easel.scale - easel.sun_x) / (
            easel.span * (0.035 + 0.12 * depth)
        )
        path_ = np.exp(-(away**2)) * np.clip((streaks - 0.44) * 5.5, 0, 1) * (1 - 0.45 * depth)
        strength = 0.95 if light.altitude < 0.3 or light.moon else 0.4
        brush.blend(surface, light.disc, path_ * strength)
    easel.canvas[first:last] = surface


def _streaks(easel: Easel, rows: int, calm: bool) -> brush.Field:
    rng = easel.chance("streaks")
    width = easel.width
    flat = brush.noise(rows, width, rng, 6, 44, 2) * 0.5 + brush.noise(rows, width, rng, 14, 90, 2) * 0.5
    depth = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    ys = np.repeat(depth**0.62 * (rows - 1), width, 1).astype(np.float32)
    xs = (
        (np.arange(width, dtype=np.float32)[None] - width / 2) * ((0.8 if calm else 0.4) + 0.6 * depth) + width / 2
    ).astype(np.float32)
    bent = cv2.remap(flat, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    low, high = np.percentile(bent[::4, ::4], [2, 98])
    return np.asarray(np.clip((bent - low) / (high - low + 1e-6), 0, 1), np.float32)


def beach(easel: Easel, top: float) -> None:
    """Paint sand rising from the water towards us, with wet edge and foam."""
    light = easel.light
    xs = np.linspace(0, 1, easel.width, dtype=np.float32)
    line = top + 26 * np.sin(xs * 2.9 + (2.2 if easel.mirrored else 0.4)) + 7 * np.sin(xs * 15) + 3 * np.sin(xs * 37)
    below = np.arange(easel.height, dtype=np.float32)[:, None] / easel.scale - line[None]
    sand = brush.wash(
        easel.height,
        easel.width,
        ((0, lit("#f4dcae", light)), (top / HEIGHT, lit("#f4dcae", light, 0.1)), (1, lit("#cf9f68", light))),
    )
    sand *= (
        1
        + 0.1 * (easel.noise("sand", 50, 60, 4) - 0.5)[..., None]
        + 0.12 * (easel.noise("dunes", 3, 12, 2) - 0.5)[..., None]
    )
    cover = np.clip(below / 2, 0, 1)
    easel.canvas *= 1 - cover[..., None]
    easel.canvas += sand * cover[..., None]
    wet = np.exp(-(((below - 15) / 15) ** 2)) * (below > 0)
    brush.blend(easel.canvas, mix(lit("#8a6a50", light), light.sky[-1][1], 0.35), (wet * 0.5).astype(np.float32))
    lace = np.clip(easel.noise("foam", 36, 22, 4) * 2.2 - 0.45, 0, 1)
    for shift, wide, strength in ((-4, 6, 0.95), (-30, 5, 0.45)):
        foam = np.exp(-(((below - shift) / wide) ** 2)) * lace * strength
        brush.blend(easel.canvas, mix("#ffffff", light.sky[-1][1], 0.18), foam.astype(np.float32))


def lighthouse(easel: Easel, x: float, foot: float, tall: float) -> str:
    """A striped lighthouse upon its rock, its lamp burning."""
    light = easel.light
    half = tall * 0.085
    rock = polygon(
        [
            (x - tall * 0.42, foot + 12),
            (x - tall * 0.3, foot - tall * 0.1),
            (x - tall * 0.12, foot - tall * 0.17),
            (x + tall * 0.16, foot - tall * 0.15),
            (x + tall * 0.34, foot - tall * 0.05),
            (x + tall * 0.48, foot + 12),
        ],
        lit("#5a5560", light, 0.1),
    )
    rock += polygon(
        [
            (x - tall * 0.12, foot - tall * 0.17),
            (x + tall * 0.02, foot + 12),
            (x - tall * 0.42, foot + 12),
            (x - tall * 0.3, foot - tall * 0.1),
        ],
        lit("#6f6974", light, 0.1),
    )
    base, top = foot - tall * 0.14, foot - tall * 0.82
    tower = ""
    for band in range(6):
        high, low = top + (base - top) * band / 6, top + (base - top) * (band + 1) / 6
        wide_high, wide_low = half * (0.66 + 0.34 * band / 6), half * (0.66 + 0.34 * (band + 1) / 6)
        tower += polygon(
            [(x - wide_high, high), (x + wide_high, high), (x + wide_low, low), (x - wide_low, low)],
            lit("#d64541" if band % 2 == 0 else "#fbf7ef", light),
        )
    shade = polygon(
        [(x + half * 0.2, top), (x + half * 0.66, top), (x + half, base), (x + half * 0.3, base)],
        darker(light.shadow, 0.1),
        'opacity="0.22"',
    )
    lamp = "#fff2b0" if light.dark or light.sunless or light.altitude < 0.2 else "#dff1fa"
    head = rect(x - half * 0.9, top - 8, half * 1.8, 10, lit("#3c3f4c", light)) + rect(
        x - half * 0.45, top - tall * 0.085, half * 0.9, tall * 0.08, lamp
    )
    cap = path(
        f"M{x - half * 0.75:.0f},{top - tall * 0.08:.0f} Q{x:.0f},{top - tall * 0.17:.0f} {x + half * 0.75:.0f},{top - tall * 0.08:.0f}Z",
        lit("#b83a37", light),
    )
    door = path(f"M{x - 9:.0f},{base:.0f} v-24 q9,-12 18,0 v24Z", lit("#5a3a2a", light))
    beam = ""
    if lamp == "#fff2b0":
        ly = top - tall * 0.045
        fade_ = fade("beam", [(0, "#fff4c0", 0.75), (1, "#fff4c0", 0)], across=True) + fade(
            "beam2", [(0, "#fff4c0", 0), (1, "#fff4c0", 0.6)], across=True
        )
        beam = (
            fade_
            + polygon([(x, ly), (x + 560, ly - 110), (x + 560, ly + 30)], "url(#beam)")
            + polygon([(x, ly), (x - 420, ly - 20), (x - 420, ly + 70)], "url(#beam2)")
        )
    return rock + beam + tower + shade + head + cap + door


def windmill(easel: Easel, x: float, foot: float, tall: float) -> str:
    """A windmill, its sails turning."""
    light = easel.light
    body = polygon(
        [
            (x - tall * 0.16, foot),
            (x - tall * 0.1, foot - tall * 0.6),
            (x + tall * 0.1, foot - tall * 0.6),
            (x + tall * 0.16, foot),
        ],
        lit("#f1e4cf", light, 0.05),
    )
    body += path(
        f"M{x - tall * 0.12:.0f},{foot - tall * 0.59:.0f} Q{x:.0f},{foot - tall * 0.78:.0f} {x + tall * 0.12:.0f},{foot - tall * 0.59:.0f}Z",
        lit("#a6473c", light),
    )
    sails = "".join(
        group(
            stroke(f"M0,0 L0,{-tall * 0.46:.0f}", lit("#6a4b38", light), 5)
            + rect(2, -tall * 0.45, tall * 0.1, tall * 0.34, lit("#fdf6e6", light), 'opacity="0.92"'),
            x,
            foot - tall * 0.62,
            turn=18 + 90 * n,
        )
        for n in range(4)
    )
    return body + sails + ellipse(x, foot - tall * 0.62, 8, 8, lit("#6a4b38", light))


def forest_line(
    easel: Easel,
    name: str,
    foot: float,
    tall: float,
    count: int,
    distance: float,
    snowy: bool = False,
    firs: float = 0.6,
) -> None:
    """Paint a row of trees across the picture."""
    rng = easel.chance(name)
    shapes = ""
    for number in rng.permutation(count):
        x = easel.span * (float(number) + float(rng.uniform(-0.3, 0.3)) + 0.5) / count
        high = tall * float(rng.uniform(0.7, 1.15))
        y = foot + float(rng.uniform(-6, 6))
        shapes += (
            flora.pine(x, y, high, easel.light, rng, distance, snowy)
            if snowy or rng.random() < firs
            else flora.tree(x, y, high * 0.85, easel.light, rng, distance)
        )
    easel.lay(shapes)
