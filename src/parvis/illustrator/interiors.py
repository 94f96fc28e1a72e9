"""Rooms: walls and floor in perspective, windows that look out on the hour and the weather, lamps and what furnishes."""

import numpy as np

from parvis.illustrator import brush, flora
from parvis.illustrator.easel import Easel, Setting
from parvis.illustrator.light import Light, lit
from parvis.illustrator.vector import HEIGHT, darker, ellipse, fade, halo, lighter, mix, path, polygon, rect, stroke

_FLOOR = 560.0
_LAMPLIGHT = (0.96, 0.86, 0.74)
_SPINES = ("#a8433c", "#2f6f7f", "#d9a441", "#4f7a4a", "#6a4a82", "#c7b8a0", "#35486b", "#b5653c")


def _inside(easel: Easel) -> Light:
    """The light indoors: that of the hour by day, of lamps when it is dark."""
    import msgspec

    return msgspec.structs.replace(easel.light, ambient=_LAMPLIGHT, haze="#6b4a5a") if easel.light.dark else easel.light


def _shell(easel: Easel, wall: str, floor: str, paper: bool = True) -> Light:
    """Paint wall and floor."""
    light = _inside(easel)
    shade = lit(wall, light)
    easel.canvas[:] = brush.wash(easel.height, easel.width, ((0, darker(shade, 0.18)), (0.55, shade), (1, shade)))
    if paper:
        easel.lay(
            "".join(rect(x, 0, 16, _FLOOR, lighter(shade, 0.16), 'opacity="0.4"') for x in np.arange(0, easel.span, 44))
        )
    wood = lit(floor, light)
    boards = fade("boards", [(0, darker(wood, 0.12), 1), (1, lighter(wood, 0.08), 1)]) + rect(
        0, _FLOOR, easel.span, HEIGHT - _FLOOR, "url(#boards)"
    )
    middle = easel.span / 2
    boards += "".join(
        stroke(
            f"M{x:.0f},{_FLOOR} L{(x - middle) * 2.3 + middle:.0f},{HEIGHT}", darker(wood, 0.3), 2.4, 'opacity="0.5"'
        )
        for x in np.arange(-easel.span, easel.span * 2, 64)
    )
    skirting = rect(0, _FLOOR - 20, easel.span, 22, lighter(shade, 0.5)) + rect(
        0, _FLOOR + 2, easel.span, 6, darker(wood, 0.5), 'opacity="0.35"'
    )
    easel.lay(boards + skirting)
    return light


def _window(easel: Easel, x: float, y: float, wide: float, tall: float, frame: str = "#fff8ec") -> str:
    """A window at (x, y) looking out on the sky, hills and weather."""
    out_light, light = easel.light, _inside(easel)
    name = f"view{x:.0f}"
    stops = [(at, colour, 1.0) for at, colour in out_light.sky]
    view = fade(name, stops) + rect(x, y, wide, tall, f"url(#{name})")
    view += (
        ellipse(
            x + wide * 0.7,
            y + tall * (0.3 if out_light.altitude > 0.3 else 0.62),
            wide * 0.09,
            wide * 0.09,
            out_light.disc,
        )
        if not out_light.sunless
        else ""
    )
    hill = lit("#6f9a5c", out_light, 0.4)
    view += path(
        f"M{x},{y + tall} L{x},{y + tall * 0.78} Q{x + wide * 0.3},{y + tall * 0.62} {x + wide * 0.6},{y + tall * 0.76} Q{x + wide * 0.8},{y + tall * 0.68} {x + wide},{y + tall * 0.74} L{x + wide},{y + tall}Z",
        hill,
    )
    if easel.scene.landmark == "eiffel":
        iron = lit("#6d5a4c", out_light, 0.3)
        cx, base = x + wide * 0.36, y + tall * 0.8
        view += (
            path(
                f"M{cx - 34},{base} Q{cx - 8},{base - 70} {cx},{base - 170} Q{cx + 8},{base - 70} {cx + 34},{base} L{cx + 20},{base} Q{cx},{base - 44} {cx - 20},{base}Z",
                iron,
            )
            + rect(cx - 20, base - 52, 40, 5, iron)
            + rect(cx - 11, base - 92, 22, 4, iron)
        )
    rng = easel.chance(name)
    if easel.scene.weather in {"rain", "storm"}:
        view += "".join(
            stroke(
                f"M{x + wide * float(rng.random()):.0f},{y + tall * float(rng.uniform(0, 0.8)):.0f} l-4,{tall * 0.14:.0f}",
                "#dfeaf5",
                2,
                'opacity="0.6"',
            )
            for _ in range(34)
        )
    if easel.scene.weather == "snow":
        view += "".join(
            ellipse(x + wide * float(rng.random()), y + tall * float(rng.random()), 3.4, 3.4, "#fff") for _ in range(34)
        )
    if out_light.stars > 0.5:
        view += "".join(
            ellipse(x + wide * float(rng.random()), y + tall * 0.6 * float(rng.random()), 1.8, 1.8, "#fff8e0")
            for _ in range(24)
        )
    edge = lit(frame, light)
    bars = rect(x + wide / 2 - 5, y, 10, tall, edge) + rect(x, y + tall * 0.42, wide, 9, edge)
    border = f'<rect x="{x - 8}" y="{y - 8}" width="{wide + 16}" height="{tall + 16}" fill="none" stroke="{edge}" stroke-width="18" rx="6"/>'
    sill = rect(x - 28, y + tall + 6, wide + 56, 18, lighter(edge, 0.2), 'rx="4"')
    return view + bars + border + sill


def _curtains(light: Light, x: float, y: float, wide: float, tall: float, colour: str) -> str:
    cloth = lit(colour, light)
    out = rect(x - 60, y - 34, wide + 120, 10, lit("#6a4b38", light), 'rx="5"')
    for side in (-1, 1):
        edge = x - 46 if side < 0 else x + wide + 46
        inner = edge - side * wide * 0.2
        out += path(
            f"M{edge},{y - 28} L{inner},{y - 28} Q{inner - side * 4},{y + tall * 0.5} {edge - side * 26},{y + tall * 0.62} Q{inner},{y + tall * 0.9} {inner - side * 10},{y + tall + 60} L{edge},{y + tall + 60}Z",
            cloth,
        )
        out += "".join(
            stroke(
                f"M{edge - side * d},{y - 26} Q{edge - side * (d * 0.7)},{y + tall * 0.5} {edge - side * (d * 0.4 + 6)},{y + tall * 0.6}",
                darker(cloth, 0.22),
                4,
                'opacity="0.5"',
            )
            for d in (16, 34, 52)
        )
    return out


def _sunpatch(easel: Easel, x: float, wide: float) -> None:
    if easel.light.dark or easel.light.sunless:
        return
    shift = -120 if easel.sun_x > x else 120
    patch = polygon(
        [(x, _FLOOR + 30), (x + wide, _FLOOR + 30), (x + wide + shift * 1.4, 740), (x + shift * 1.4, 740)],
        easel.light.glow,
        'opacity="0.45"',
    )
    easel.lay(patch)


def room(easel: Easel) -> Setting:
    """Paint a living room with a window, a lamp, shelves and a rug."""
    light = _shell(easel, "#cfe0d4" if not easel.light.dark else "#7d6f86", "#b98556")
    wx, wide = easel.across(0.66) - 125, 250
    easel.lay(_window(easel, wx, 120, wide, 270) + _curtains(light, wx, 120, wide, 270, "#d9856b"))
    _sunpatch(easel, wx, wide)
    fx = easel.across(0.2)
    art = (
        rect(fx - 70, 150, 140, 110, lit("#8a5f3e", light), 'rx="4"')
        + rect(fx - 58, 162, 116, 86, lit("#f6e7c8", light))
        + ellipse(fx + 20, 196, 16, 16, lit("#ef8354", light))
        + path(
            f"M{fx - 58},248 L{fx - 58},222 Q{fx - 20},196 {fx + 10},226 Q{fx + 30},212 {fx + 58},230 L{fx + 58},248Z",
            lit("#5f8f8a", light),
        )
    )
    shelf = _bookshelf(easel, light, fx - 110, 310, 220, 250, 3)
    rug = (
        ellipse(easel.span * 0.48, 690, easel.span * 0.34, 62, lit("#b8505f", light))
        + ellipse(easel.span * 0.48, 690, easel.span * 0.3, 52, lit("#e8b48a", light))
        + ellipse(easel.span * 0.48, 690, easel.span * 0.24, 40, lit("#b8505f", light))
    )
    easel.lay(art + shelf + rug + _armchair(light, easel.across(0.9)))
    _lamp(easel, easel.across(0.46), 250, light)
    return Setting(far=630, near=728, front=_pot(easel, light, easel.across(0.99), 770, 190), shade=0.8)


def _armchair(light: Light, x: float) -> str:
    cloth = lit("#3f7c85", light)
    back = rect(x - 110, 400, 220, 210, cloth, 'rx="60"')
    seat = rect(x - 120, 540, 240, 110, lighter(cloth, 0.1), 'rx="34"')
    arms = "".join(rect(x + s * 122 - 34, 490, 68, 160, darker(cloth, 0.12), 'rx="32"') for s in (-1, 1))
    legs = "".join(rect(x + s * 100 - 8, 646, 16, 28, lit("#5b4030", light)) for s in (-1, 1))
    return legs + back + seat + arms + rect(x - 46, 470, 92, 88, lit("#e8b04a", light), 'rx="20"')


def _bookshelf(easel: Easel, light: Light, x: float, y: float, wide: float, tall: float, rows: int) -> str:
    rng = easel.chance(f"books {x:.0f} {y:.0f}")
    wood = lit("#7d5636", light)
    out = rect(x - 12, y - 12, wide + 24, tall + 16, wood, 'rx="4"') + rect(x, y, wide, tall, darker(wood, 0.45))
    step = tall / rows
    for row in range(rows):
        foot, at = y + step * (row + 1) - 10, x + 6.0
        while at < x + wide - 26:
            thick, high = float(rng.uniform(11, 24)), step * float(rng.uniform(0.56, 0.84))
            if rng.random() < 0.08:
                at += thick
                continue
            spine = lit(str(rng.choice(_SPINES)), light)
            out += rect(at, foot - high, thick, high, spine, 'rx="2"') + rect(
                at + 2, foot - high * 0.8, thick - 4, 4, lighter(spine, 0.5), 'opacity="0.8"'
            )
            at += thick + 1.5
        out += rect(x - 4, foot, wide + 8, 10, lighter(wood, 0.12))
    return out


def _lamp(easel: Easel, x: float, y: float, light: Light) -> None:
    """Hang a lamp from the ceiling, burning when it is dark."""
    on = easel.light.dark or easel.light.sunless
    shade = lit("#e8a34a", light)
    easel.lay(
        stroke(f"M{x},0 L{x},{y - 70}", lit("#4a3a3a", light), 4)
        + path(f"M{x - 26},{y - 74} L{x + 26},{y - 74} L{x + 66},{y - 8} L{x - 66},{y - 8}Z", shade)
        + ellipse(x, y - 8, 66, 9, "#fff3c4" if on else darker(shade, 0.2))
    )
    if on:
        easel.glow((x, y), 260, "#ffcf86", 0.5)
        cone = fade("cone", [(0, "#ffe2a6", 0.34), (1, "#ffe2a6", 0)])
        easel.lay(cone + polygon([(x - 66, y), (x + 66, y), (x + 330, 700), (x - 330, 700)], "url(#cone)"))


def _pot(easel: Easel, light: Light, x: float, foot: float, tall: float) -> str:
    rng = easel.chance("pot")
    leaves = "".join(
        path(
            f"M{x:.0f},{foot - tall * 0.34:.0f} Q{x + tall * 0.5 * np.sin(a) - 24:.0f},{foot - tall * (0.5 + 0.3 * np.cos(a)):.0f} {x + tall * 0.62 * np.sin(a):.0f},{foot - tall * (0.36 + 0.62 * np.cos(a)):.0f} Q{x + tall * 0.36 * np.sin(a) + 24:.0f},{foot - tall * (0.4 + 0.2 * np.cos(a)):.0f} {x:.0f},{foot - tall * 0.34:.0f}Z",
            lit("#3f8a52" if rng.random() < 0.5 else "#57a262", light),
        )
        for a in np.linspace(-1.25, 1.25, 9)
    )
    return (
        leaves
        + path(
            f"M{x - tall * 0.2:.0f},{foot - tall * 0.36:.0f} L{x + tall * 0.2:.0f},{foot - tall * 0.36:.0f} L{x + tall * 0.15:.0f},{foot:.0f} L{x - tall * 0.15:.0f},{foot:.0f}Z",
            lit("#d0764a", light),
        )
        + rect(x - tall * 0.23, foot - tall * 0.4, tall * 0.46, tall * 0.08, lit("#de8a5c", light), 'rx="5"')
    )


def library(easel: Easel) -> Setting:
    """Paint a library: shelves to the ceiling, a tall window, a ladder."""
    light = _shell(easel, "#8a6a4d", "#8a5a38", paper=False)
    wide = easel.span * 0.26
    shelves = "".join(_bookshelf(easel, light, x, 26, wide - 40, 520, 6) for x in (14, wide + 10))
    shelves += "".join(_bookshelf(easel, light, x, 26, wide - 40, 520, 6) for x in (easel.span - wide + 26,))
    easel.lay(shelves)
    wx = easel.span * 0.6 - 70
    easel.lay(_window(easel, wx, 90, 150, 380, "#caa06a"))
    _sunpatch(easel, wx, 150)
    x = easel.span * 0.86
    ladder = stroke(f"M{x - 30},640 L{x + 16},60 M{x + 50},640 L{x + 84},60", lit("#c79552", light), 10) + "".join(
        stroke(
            f"M{x - 30 + t * 46:.0f},{640 - t * 580:.0f} L{x + 50 + t * 34:.0f},{640 - t * 580:.0f}",
            lit("#b5813f", light),
            8,
        )
        for t in np.linspace(0.08, 0.94, 9)
    )
    rug = (
        ellipse(easel.span * 0.46, 690, easel.span * 0.36, 58, lit("#7d2f3c", light))
        + ellipse(easel.span * 0.46, 690, easel.span * 0.32, 48, lit("#c79a52", light))
        + ellipse(easel.span * 0.46, 690, easel.span * 0.3, 43, lit("#8f3a46", light))
    )
    easel.lay(ladder + rug)
    _lamp(easel, easel.span * 0.42, 200, light)
    return Setting(far=630, near=728, shade=0.8)


def kitchen(easel: Easel) -> Setting:
    """Paint a kitchen: tiles, a window, a stove, pans on hooks."""
    light = _shell(easel, "#f3e3c3", "#c98f62", paper=False)
    tiles = "".join(
        rect(x, y, 48, 38, lit("#7fb3b5" if (int(x / 50) + int(y / 40)) % 2 else "#e9f1ec", light), 'rx="3"')
        for y in (320, 360, 400)
        for x in map(float, np.arange(0, easel.span, 50))
    )
    wx = easel.across(0.62) - 110
    rail = rect(easel.across(0.16) - 110, 170, 220, 8, lit("#7a5a3a", light), 'rx="4"')
    pans = "".join(
        stroke(f"M{x},176 L{x},210", lit("#4a4f5c", light), 5)
        + ellipse(x, 236, 27, 27, lit(c, light))
        + ellipse(x - 7, 229, 12, 10, lighter(lit(c, light), 0.4), 'opacity="0.6"')
        for x, c in zip(easel.across(0.16) + np.array([-76, -8, 62]), ("#b5653c", "#4a4f5c", "#c98a3e"), strict=True)
    )
    counter = rect(0, 440, easel.span, 24, lit("#d9b98c", light)) + rect(0, 462, easel.span, 110, lit("#4f8a8b", light))
    doors = "".join(
        rect(x + 8, 474, 96, 88, lighter(lit("#4f8a8b", light), 0.12), 'rx="6"')
        + ellipse(x + 92, 518, 5, 5, lit("#f2d9a0", light))
        for x in np.arange(0, easel.span, 112)
    )
    easel.lay(tiles + _window(easel, wx, 90, 220, 190) + rail + pans + counter + doors)
    easel.lay(_stove(easel, light, easel.across(0.84)) + _jars(easel, light))
    _lamp(easel, easel.across(0.4), 200, light)
    return Setting(far=640, near=728, shade=0.8)


def _stove(easel: Easel, light: Light, x: float) -> str:
    fire = halo("fire", [(0, "#fff0b0", 1), (0.5, "#ff9a3c", 1), (1, "#b3382a", 1)])
    body = rect(x - 100, 424, 200, 190, lit("#3b3f4e", light), 'rx="10"') + rect(
        x - 70, 490, 140, 90, "url(#fire)", 'rx="16"'
    )
    pot = rect(x - 60, 366, 120, 62, lit("#c94f43", light), 'rx="14"') + rect(
        x - 68, 358, 136, 14, lit("#d96b5c", light), 'rx="7"'
    )
    steam = "".join(
        stroke(f"M{x + d},340 q-16,-24 0,-46 q16,-22 0,-44", "#ffffff", 9, 'opacity="0.45"') for d in (-28, 4, 34)
    )
    del easel
    return (
        fire
        + steam
        + body
        + pot
        + "".join(ellipse(x + d, 456, 9, 9, lit("#f2d9a0", light)) for d in (-60, -20, 20, 60))
    )


def _jars(easel: Easel, light: Light) -> str:
    x = easel.across(0.34)
    return "".join(
        rect(x + d, 440 - h, 34, h, lit(c, light), 'rx="8"')
        + rect(x + d + 2, 432 - h, 30, 12, lit("#8a6040", light), 'rx="4"')
        for d, h, c in ((-60, 62, "#e0a95c"), (-18, 78, "#c7574a"), (24, 52, "#8fae5a"))
    )


def cafe(easel: Easel) -> Setting:
    """Paint a café: a wide window on the street, lamps, small tables."""
    light = _shell(easel, "#a8553f" if not easel.light.dark else "#7a4038", "#7d5640")
    wx, wide = easel.span * 0.14, easel.span * 0.72
    easel.lay(_window(easel, wx, 110, wide, 310, "#3f6f63"))
    letters = path(
        f"M{easel.span / 2 - 90:.0f},160 q90,-30 180,0",
        "none",
        'stroke="#fff3d6" stroke-width="6" opacity="0.7" stroke-linecap="round"',
    )
    panel = rect(0, 446, easel.span, 96, lit("#3f6f63", light)) + "".join(
        rect(x + 10, 458, 110, 72, lighter(lit("#3f6f63", light), 0.1), 'rx="6"') for x in np.arange(0, easel.span, 132)
    )
    easel.lay(letters + panel)
    for share in (0.22, 0.5, 0.78):
        _bulb(easel, easel.span * share, 120)
    tables = _table(light, easel.across(0.9), 700, 1.0) + _table(light, easel.across(0.05), 640, 0.8)
    easel.lay(tables)
    return Setting(far=640, near=732, front=_front_table(easel, light) if easel.scene.beings else "", shade=0.8)


def _bulb(easel: Easel, x: float, y: float) -> None:
    easel.lay(stroke(f"M{x},0 L{x},{y - 22}", "#2c2430", 3) + ellipse(x, y, 17, 20, "#ffe9ae"))
    easel.glow((x, y), 120, "#ffd28a", 0.6)


def _table(light: Light, x: float, foot: float, size: float) -> str:
    wood, iron = lit("#d9b98c", light), lit("#33323e", light)
    return (
        rect(x - 6 * size, foot - 150 * size, 12 * size, 150 * size, iron)
        + ellipse(x, foot, 60 * size, 12 * size, iron)
        + ellipse(x, foot - 150 * size, 120 * size, 24 * size, darker(wood, 0.3))
        + ellipse(x, foot - 156 * size, 120 * size, 24 * size, wood)
    )


def _front_table(easel: Easel, light: Light) -> str:
    """A round table with a cloth, at which those in front sit."""
    x = easel.across(0.5) if len(easel.scene.beings) > 1 else easel.across(0.4)
    cloth = lit("#f6ead2", light)
    vase = path(f"M{x - 14},654 q-10,30 0,44 h28 q10,-14 0,-44Z", lit("#6fa3b8", light)) + flora.flower(
        x, 660, 60, light, easel.chance("vase")
    )
    drape = path(
        f"M{x - 250},708 Q{x - 240},760 {x - 262},790 L{x + 262},790 Q{x + 240},760 {x + 250},708Z", darker(cloth, 0.14)
    )
    folds = "".join(
        stroke(f"M{x + d},726 q{d * 0.03:.0f},30 {d * 0.02:.0f},50", darker(cloth, 0.26), 5, 'opacity="0.5"')
        for d in (-190, -120, -40, 50, 130, 200)
    )
    return drape + folds + ellipse(x, 708, 250, 36, darker(cloth, 0.06)) + ellipse(x, 704, 250, 35, cloth) + vase


def stage(easel: Easel) -> Setting:
    """Paint a stage: curtains, spotlights, boards."""
    easel.canvas[:] = brush.wash(easel.height, easel.width, ((0, "#1d1030"), (0.7, "#43204f"), (1, "#2a1436")))
    boards = fade("stage", [(0, "#8a5a3c", 1), (1, "#54331f", 1)]) + rect(0, 590, easel.span, 180, "url(#stage)")
    boards += "".join(
        stroke(
            f"M{x:.0f},590 L{(x - easel.span / 2) * 1.7 + easel.span / 2:.0f},{HEIGHT}", "#3a2114", 2, 'opacity="0.5"'
        )
        for x in np.arange(0, easel.span, 50)
    )
    beams = fade("spot", [(0, "#fff3c8", 0.6), (1, "#fff3c8", 0.04)])
    for share, colour in ((0.3, "url(#spot)"), (0.7, "url(#spot)"), (0.5, "url(#spot)")):
        x = easel.span * share
        beams += polygon(
            [
                (x - 16, -10),
                (x + 16, -10),
                (easel.span / 2 + (x - easel.span / 2) * 0.5 + 190, 700),
                (easel.span / 2 + (x - easel.span / 2) * 0.5 - 190, 700),
            ],
            colour,
        )
    pool = ellipse(easel.span / 2, 690, 330, 56, "#ffe9b8", 'opacity="0.5"')
    cloth = ""
    for side in (0, 1):
        for n in range(6):
            x0, x1 = n * 34.0, (n + 1) * 34.0
            left = x0 if side == 0 else easel.span - x1
            cloth += rect(left, 0, 35, 640 - n * 14, mix("#b3283a", "#6d1424", n % 2 * 0.6 + 0.1))
    top = "".join(
        ellipse(x, 0, 80, 86, mix("#b3283a", "#7d1a2c", 0.3 * (n % 2)))
        for n, x in enumerate(np.arange(20, easel.span + 60, 110))
    )
    easel.lay(boards + beams + pool + cloth + top)
    return Setting(far=650, near=724, shade=1.0)
