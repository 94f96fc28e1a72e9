"""Every place a scene can be set in, each a function from an easel to a setting."""

from collections.abc import Callable

import numpy as np

from parvis.illustrator import cityscape, elsewhere, flora, interiors, outdoors
from parvis.illustrator.easel import Easel, Setting
from parvis.illustrator.light import lit
from parvis.illustrator.scene import Place
from parvis.illustrator.vector import (
    HEIGHT,
    blur,
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
)  # fmt: skip


def backdrop(easel: Easel) -> Setting:
    """Paint the scene's place and tell where things may stand in it."""
    setting = _PLACES[easel.scene.place](easel)
    if (
        easel.scene.place in _WITH_BIRDS
        and not easel.light.moon
        and easel.scene.weather not in {"rain", "storm", "snow", "fog"}
    ):
        easel.lay(_birds(easel))
    return setting


_WITH_BIRDS: frozenset[Place] = frozenset({"sea", "hills", "lake", "meadow", "desert", "city", "mountains"})


def _birds(easel: Easel) -> str:
    """A few birds far away, in a loose line."""
    rng = easel.chance("birds")
    x, y = easel.across(float(rng.uniform(0.38, 0.46))) - 60, float(rng.uniform(110, 170))
    ink = mix(easel.light.sky[0][1], easel.light.shadow, 0.65)
    out = ""
    for n in range(5):
        size = 15 - n * 1.6 + float(rng.uniform(-2, 2))
        bx, by = x + n * 34 + float(rng.uniform(-8, 8)), y + (n % 2) * 20 + n * 7
        out += stroke(
            f"M{bx - size:.1f},{by - size * 0.35:.1f} Q{bx - size * 0.45:.1f},{by - size * 0.6:.1f} {bx:.1f},{by:.1f} Q{bx + size * 0.45:.1f},{by - size * 0.6:.1f} {bx + size:.1f},{by - size * 0.35:.1f}",
            ink,
            2.6,
            'opacity="0.75"',
        )
    return out


def _sea(easel: Easel) -> Setting:
    horizon = 412.0
    outdoors.sky(easel, horizon)
    outdoors.ridge(easel, "headland", horizon + 3, 56, "#6a7f95", 0.55, 1.8)
    outdoors.water(easel, horizon, HEIGHT)
    lonely = easel.scene.landmark == "lighthouse" and not easel.scene.beings
    stormy = easel.scene.weather == "storm"
    if stormy:
        easel.lay(_breakers(easel, (455, 500)))
    if easel.scene.landmark == "lighthouse":
        easel.lay(
            outdoors.lighthouse(easel, easel.across(0.32), 612, 480)
            if lonely
            else outdoors.lighthouse(easel, easel.across(0.82), 450, 270)
        )
    if stormy:
        easel.lay(_breakers(easel, (590, 660)))
    if lonely:
        return Setting(far=470, near=742, water=(440, 720), front=_surf(easel))
    outdoors.beach(easel, 606)
    rng = easel.chance("shore")
    easel.lay(flora.palm(easel.across(0.03), 724, 560, easel.light, rng, 0.16 if not easel.mirrored else -0.16))
    reeds = flora.grass(easel.across(-0.02) - 40, easel.across(-0.02) + 120, 770, 90, easel.light, rng, 26, "#8a9a4e")
    corner = flora.grass(easel.across(1.0) - 110, easel.across(1.0) + 60, 775, 120, easel.light, rng, 34, "#8a9a4e")
    return Setting(far=640, near=728, water=(430, 600), front=reeds + corner + _pebbles(easel))


def _pebbles(easel: Easel) -> str:
    rng = easel.chance("pebbles")
    out = ""
    for _ in range(14):
        x, y, size = float(rng.random()) * easel.span, float(rng.uniform(690, 760)), float(rng.uniform(3, 9))
        stone = lit(str(rng.choice(["#9a8778", "#b8a48f", "#7d7270"])), easel.light)
        out += ellipse(x, y + size * 0.3, size * 1.3, size * 0.5, darker(stone, 0.4), 'opacity="0.4"') + ellipse(
            x, y, size * 1.2, size * 0.75, stone
        )
    return out


def _breakers(easel: Easel, rows: tuple[float, ...]) -> str:
    """Rows of rolling waves, their crests foaming."""
    out = ""
    for y in rows:
        rng = easel.chance(f"wave {y}")
        tall = (y - 420) * 0.2 + 12
        xs = np.linspace(-20, easel.span + 20, 120)
        pace = float(rng.uniform(0.9, 1.2)) * easel.span / (5.5 - (y - 440) / 90)
        roll = np.abs(np.sin(np.pi * (xs / pace + float(rng.random())))) ** 0.6
        line = [(float(x), y - tall * float(1 - r) - 6 * float(rng.random())) for x, r in zip(xs, roll, strict=True)]
        colour = lit(mix("#3d7d92", "#173a55", (y - 440) / 260), easel.light)
        name = f"wave{y:.0f}"
        body = fade(name, [(0, lighter(colour, 0.25), 1), (0.5, colour, 1), (1, darker(colour, 0.3), 1)])
        out += body + polygon([*line, (easel.span + 20, HEIGHT), (-20, HEIGHT)], f"url(#{name})")
        foam = "".join(
            ellipse(
                x,
                py + 3,
                tall * 0.2 * float(rng.uniform(0.5, 1.3)),
                tall * 0.1 * float(rng.uniform(0.5, 1.2)),
                lit("#eef5f5", easel.light),
                f'opacity="{rng.uniform(0.5, 0.95):.2f}"',
            )
            for (x, py), r in zip(line, roll, strict=True)
            if r < 0.62
        )
        out += foam
    return out


def _surf(easel: Easel) -> str:
    rng = easel.chance("surf")
    return "".join(
        ellipse(
            float(rng.random()) * easel.span,
            float(rng.uniform(690, 768)),
            float(rng.uniform(2, 7)),
            float(rng.uniform(2, 5)),
            lit("#f2f7f7", easel.light),
            'opacity="0.7"',
        )
        for _ in range(60)
    )


def _hills(easel: Easel) -> Setting:
    outdoors.sky(easel, 470)
    outdoors.ridge(easel, "far", 470, 150, "#7d97a6", 0.62, 2.6)
    outdoors.ridge(easel, "middle", 520, 110, "#7fa06a", 0.4, 2.2)
    if easel.scene.landmark == "windmill":
        easel.lay(outdoors.windmill(easel, easel.across(0.7), 500, 250))
    near = outdoors.ridge(easel, "near", 570, 84, "#86ad5c", 0.18, 1.8)
    rng = easel.chance("copse")
    copse = "".join(
        flora.tree(x, outdoors.height_at(near, x) + 8, float(rng.uniform(44, 80)), easel.light, rng, 0.22)
        for x in easel.span * rng.random(9)
    )
    easel.lay(copse)
    outdoors.ground(easel, 612, "#79ad4f")
    easel.lay(_path(easel, 612))
    frame = flora.tree(easel.across(0.0), 716, 470, easel.light, rng, 0.0, "#4f8a3f")
    easel.lay(frame)
    return Setting(far=622, near=726, front=_meadow_edge(easel))


def _path(easel: Easel, top: float) -> str:
    x = easel.across(0.58)
    far, near = easel.across(0.54), easel.across(0.5)
    route = f"M{far - 8:.0f},{top - 4} Q{x + 60:.0f},{top + 40} {near - 130:.0f},{HEIGHT} L{near + 120:.0f},{HEIGHT} Q{x + 140:.0f},{top + 50} {far + 10:.0f},{top - 4}Z"
    return path(route, lit("#e3cd9c", easel.light), 'opacity="0.8"')


def _meadow_edge(easel: Easel, flowers: int = 16) -> str:
    rng = easel.chance("edge")
    out = flora.grass(-20, easel.span + 20, 772, 56, easel.light, rng, round(easel.span / 9))
    for share in np.concatenate([rng.uniform(-0.02, 0.24, flowers // 2), rng.uniform(0.74, 1.02, flowers // 2)]):
        out += flora.flower(easel.span * float(share), 772, float(rng.uniform(44, 92)), easel.light, rng)
    return out


def _meadow(easel: Easel) -> Setting:
    outdoors.sky(easel, 480, 1.3)
    outdoors.ridge(easel, "far", 490, 90, "#86a79a", 0.55, 2)
    outdoors.forest_line(easel, "edge of the wood", 512, 70, 26, 0.42, firs=0.15)
    outdoors.ground(easel, 512, "#8bbd55", swell=14)
    rng = easel.chance("dots")
    dots = "".join(
        ellipse(
            float(rng.random()) * easel.span,
            y,
            (y - 500) / 60 + 0.8,
            (y - 500) / 80 + 0.6,
            lit(str(rng.choice(flora.BLOSSOMS)), easel.light, 0.1),
        )
        for y in map(float, np.sort(rng.uniform(530, 730, 200)))
    )
    easel.lay(dots + flora.tree(easel.across(0.06), 640, 400, easel.light, rng, 0.04))
    return Setting(far=560, near=726, front=_meadow_edge(easel, 26))


def _mountains(easel: Easel) -> Setting:
    outdoors.sky(easel, 500)
    _peaks(easel, "range", 480, 300, "#8494ad", 0.5)
    _peaks(easel, "peaks", 540, 340, "#66708a", 0.22)
    if easel.scene.landmark == "volcano":
        easel.lay(_volcano(easel))
    outdoors.forest_line(easel, "firs far", 590, 60, 40, 0.36, firs=1)
    outdoors.ground(easel, 588, "#7ba05a")
    rng = easel.chance("firs")
    easel.lay(
        "".join(
            flora.pine(easel.across(s), 690 + 30 * float(rng.random()), float(rng.uniform(230, 330)), easel.light, rng)
            for s in (0.96, 0.02, 0.11)
        )
    )
    return Setting(far=612, near=726, front=_meadow_edge(easel, 10))


def _peaks(easel: Easel, name: str, foot: float, tall: float, colour: str, distance: float) -> None:
    """Paint snow-capped peaks, lit from the sun's side."""
    rng = easel.chance(name)
    light = easel.light
    rock, shade = lit(colour, light, distance), lit(darker(colour, 0.35), light, distance)
    snow, blue = lit("#fdfeff", light, distance * 0.35), lit("#aabfe0", light, distance * 0.45)
    side = 1 if easel.sun_x > easel.span / 2 else -1
    out = ""
    count = 5
    for n in rng.permutation(count + 1):
        x = easel.span * (float(n) + float(rng.uniform(-0.3, 0.3))) / count
        high, half = tall * float(rng.uniform(0.5, 1)), easel.span / count * float(rng.uniform(0.8, 1.25))
        left = _slope(rng, (x, foot - high), -half, high + 60)
        right = _slope(rng, (x, foot - high), half, high + 60)
        out += polygon([*reversed(left), *right[1:]], rock)
        dark = left if side > 0 else right
        spine = [
            (x + side * half * 0.16 * float(rng.uniform(-0.6, 1)) * t, foot - high + (high + 60) * t)
            for t in (1.0, 0.72, 0.5, 0.3, 0.14)
        ]
        out += polygon([*dark, *spine], shade, 'opacity="0.8"')
        line = [(px, py) for px, py in [*reversed(left), *right[1:]] if py < foot - high * 0.56]
        if len(line) > 2:
            hem = [
                (
                    line[-1][0] + (line[0][0] - line[-1][0]) * t,
                    max(line[0][1], line[-1][1]) + high * (0.12 if i % 2 else -0.03) * (1 - abs(t - 0.5)),
                )
                for i, t in enumerate(np.linspace(0.04, 0.96, 8))
            ]
            out += polygon([*line, *hem], snow)
            cold = [p for p in [*line, *hem] if (p[0] - x) * side <= 3]
            if len(cold) > 2:
                out += polygon([*cold, (x, foot - high)], blue, 'opacity="0.85"') if len(cold) > 2 else ""
    fog = fade(f"fog{name}", [(0, light.haze, 0), (1, light.haze, 0.75)]) + rect(
        0, foot - 130, easel.span, 200, f"url(#fog{name})"
    )
    easel.lay(out + fog)


def _slope(rng: np.random.Generator, top: tuple[float, float], half: float, fall: float) -> list[tuple[float, float]]:
    """One flank of a mountain, from its top down, in uneven steps."""
    steps = np.linspace(0, 1, 9)
    return [
        (
            top[0] + half * float(t) * (1 + 0.16 * float(rng.uniform(-1, 1)) * (0 < t < 1)),
            top[1] + fall * float(t) ** 1.06 + 9 * float(rng.uniform(-1, 1)) * (0 < t < 1),
        )
        for t in steps
    ]


def _volcano(easel: Easel) -> str:
    x, light = easel.across(0.62), easel.light
    cone = polygon([(x - 300, 600), (x - 56, 270), (x + 56, 270), (x + 300, 600)], lit("#5a4650", light, 0.15))
    lava = path(
        f"M{x - 50},272 q20,30 30,80 q10,-30 26,-10 q4,70 20,130 q12,-80 6,-130 q20,-20 20,-70Z", "#ff7a2e"
    ) + ellipse(x, 272, 56, 12, "#ffd257")
    smoke = "".join(
        ellipse(x + dx, y, r, r * 0.8, lit("#6b6470", light, 0.2), 'opacity="0.75"')
        for dx, y, r in ((0, 220, 46), (26, 170, 62), (-20, 120, 74), (30, 60, 90))
    )
    return smoke + cone + lava


def _forest(easel: Easel) -> Setting:
    light = easel.light
    outdoors.sky(easel, 560, 0.4)
    for number, (foot, tall, away) in enumerate(((520, 330, 0.6), (560, 420, 0.42), (600, 520, 0.22))):
        outdoors.forest_line(
            easel, f"trees {number}", foot, tall, 15 - number * 3, away, snowy=easel.scene.weather == "snow"
        )
        veil = fade(f"veil{number}", [(0, light.haze, 0), (1, light.haze, 0.4)])
        easel.lay(veil + rect(0, foot - 200, easel.span, 240, f"url(#veil{number})"))
    easel.glow((easel.sun_x, 330), 230, light.glow, 0.5)
    outdoors.ground(easel, 600, "#eef4fb" if easel.scene.weather == "snow" else "#6f9a4d")
    if not light.dark:
        easel.lay(_beams(easel))
    rng = easel.chance("trunks")
    trunks = "".join(_trunk(easel, easel.across(s), w) for s, w in ((-0.015, 46), (0.985, 40)))
    ferns = flora.bush(easel.across(0.1), 716, 60, light, rng) + flora.bush(
        easel.across(0.9), 722, 74, light, rng, flowers=True
    )
    easel.lay(trunks + ferns)
    flies = _fireflies(easel) if light.moon and easel.scene.style != "ink" else ""
    return Setting(far=622, near=726, front=_forest_edge(easel) + flies)


def _trunk(easel: Easel, x: float, half: float) -> str:
    bark = lit("#5d4434", easel.light)
    trunk = path(
        f"M{x - half * 1.9:.0f},770 Q{x - half:.0f},690 {x - half:.0f},500 L{x - half * 0.8:.0f},-10 L{x + half * 0.8:.0f},-10 L{x + half:.0f},500 Q{x + half:.0f},690 {x + half * 2:.0f},770Z",
        bark,
    )
    lines = "".join(
        stroke(f"M{x + half * d:.0f},{a} q6,60 -2,120", darker(bark, 0.3), 4, 'opacity="0.5"')
        for d, a in ((-0.4, 60), (0.2, 200), (-0.2, 380), (0.45, 480), (0.0, 560))
    )
    return trunk + lines


def _beams(easel: Easel) -> str:
    x = easel.sun_x
    out = fade("beam", [(0, easel.light.glow, 0.5), (1, easel.light.glow, 0)])
    for dx, wide in ((-330, 60), (-190, 90), (-40, 70), (120, 100)):
        out += polygon(
            [(x + dx * 0.2, -20), (x + dx * 0.2 + 36, -20), (x + dx + wide, 690), (x + dx - wide, 690)],
            "url(#beam)",
            'opacity="0.55"',
        )
    return out


def _forest_edge(easel: Easel) -> str:
    rng = easel.chance("edge")
    out = flora.grass(-20, easel.span + 20, 774, 64, easel.light, rng, round(easel.span / 11), "#3f7a3c")
    for share in (0.07, 0.11, 0.9):
        x, tall = easel.across(share), float(rng.uniform(34, 54))
        out += rect(
            x - tall * 0.16,
            752 - tall * 0.7,
            tall * 0.32,
            tall * 0.75,
            lit("#f5e9d6", easel.light),
            f'rx="{tall * 0.12:.0f}"',
        )
        out += path(
            f"M{x - tall * 0.55:.0f},{752 - tall * 0.6:.0f} Q{x:.0f},{752 - tall * 1.5:.0f} {x + tall * 0.55:.0f},{752 - tall * 0.6:.0f}Z",
            lit("#d8433f", easel.light),
        )
        out += "".join(
            ellipse(x + dx * tall, 752 - dy * tall, tall * 0.07, tall * 0.06, lit("#fff", easel.light))
            for dx, dy in ((-0.2, 0.75), (0.15, 0.85), (0.02, 0.68))
        )
    return out


def _fireflies(easel: Easel) -> str:
    rng = easel.chance("fireflies")
    out = halo("fly", [(0, "#fffbd0", 1), (0.3, "#ffe98a", 0.7), (1, "#ffe98a", 0)])
    return out + "".join(
        ellipse(float(rng.random()) * easel.span, float(rng.uniform(360, 740)), r, r, "url(#fly)")
        for r in map(float, rng.uniform(6, 15, 26))
    )


def _desert(easel: Easel) -> Setting:
    outdoors.sky(easel, 470, 0.5)
    outdoors.ridge(easel, "mesa", 474, 90, "#b5765a", 0.5, 3)
    if easel.scene.landmark == "pyramids":
        easel.lay(_pyramids(easel))
    for n, (foot, tall, colour, away) in enumerate(
        ((520, 70, "#e0a868", 0.35), (570, 76, "#e2a45a", 0.2), (640, 70, "#dd9a50", 0.08))
    ):
        outdoors.ridge(easel, f"dune{n}", foot, tall, colour, away, 1.4)
    outdoors.ground(easel, 640, "#e3a55c", 0.04)
    easel.lay(
        flora.cactus(easel.across(0.06), 706, 270, easel.light)
        + flora.cactus(easel.across(0.9), 620, 110, easel.light, 0.2)
    )
    return Setting(far=640, near=726, front=_pebbles(easel))


def _pyramids(easel: Easel) -> str:
    out = ""
    for share, half in ((0.78, 120), (0.62, 190)):
        x, top = easel.across(share), 500 - half * 1.1
        out += polygon([(x - half, 512), (x, top), (x + half, 512)], lit("#dcaa66", easel.light, 0.25))
        out += polygon([(x, top), (x - half, 512), (x - half * 0.25, 512)], lit("#a2764a", easel.light, 0.3))
    return out


def _snow(easel: Easel) -> Setting:
    outdoors.sky(easel, 470, 0.8)
    _peaks(easel, "peaks", 500, 250, "#8fa0bb", 0.45)
    outdoors.forest_line(easel, "firs", 548, 90, 30, 0.4, snowy=True)
    outdoors.ridge(easel, "slope", 590, 60, "#e4eef8", 0.1, 1.3)
    outdoors.ground(easel, 616, "#f3f8fd", 0.02)
    rng = easel.chance("firs near")
    easel.lay(
        "".join(
            flora.pine(easel.across(s), y, tall, easel.light, rng, 0.02, snowy=True)
            for s, y, tall in ((0.05, 700, 330), (0.14, 672, 220), (0.95, 690, 290))
        )
    )
    return Setting(far=634, near=728, front=_drifts(easel))


def _drifts(easel: Easel) -> str:
    snow = lit("#ffffff", easel.light)
    return path(f"M-10,{HEIGHT} Q-10,720 90,738 Q220,700 340,752 L340,{HEIGHT}Z", snow, 'opacity="0.95"') + path(
        f"M{easel.span - 280:.0f},{HEIGHT} Q{easel.span - 150:.0f},716 {easel.span + 10:.0f},728 L{easel.span + 10:.0f},{HEIGHT}Z",
        snow,
    )


def _lake(easel: Easel) -> Setting:
    outdoors.sky(easel, 420)
    _peaks(easel, "peaks", 420, 230, "#7e8fa8", 0.45)
    outdoors.forest_line(easel, "far shore", 428, 62, 34, 0.34, firs=0.8)
    top = easel.rows(424)
    mirror = easel.canvas[max(0, top - easel.rows(300)) : top][::-1].copy()
    outdoors.water(easel, 424, HEIGHT, calm=True)
    rows = min(len(mirror), easel.height - top)
    share = (np.linspace(0.62, 0.0, rows, dtype=np.float32) * 1.0)[:, None, None]
    easel.canvas[top : top + rows] = easel.canvas[top : top + rows] * (1 - share) + mirror[:rows] * share
    if easel.scene.landmark == "waterfall":
        easel.lay(_waterfall(easel))
    bank = f"M-10,640 Q{easel.span * 0.3:.0f},600 {easel.span * 0.55:.0f},676 Q{easel.span * 0.8:.0f},730 {easel.span + 10:.0f},700 L{easel.span + 10:.0f},{HEIGHT} L-10,{HEIGHT}Z"
    grass = fade("bank", [(0, lit("#8fb85a", easel.light, 0.1), 1), (1, lit("#5b8a3f", easel.light), 1)]) + path(
        bank, "url(#bank)"
    )
    easel.lay(grass if not easel.mirrored else group(grass, easel.span, 0, 1).replace("scale(1.0000)", "scale(-1 1)"))
    rng = easel.chance("reeds")
    return Setting(
        far=676,
        near=730,
        water=(440, 610),
        front=_meadow_edge(easel, 12)
        + flora.grass(easel.across(0.86) - 60, easel.across(0.86) + 110, 775, 170, easel.light, rng, 30, "#7d8f45"),
    )


def _waterfall(easel: Easel) -> str:
    x, light = easel.across(0.72), easel.light
    rock = polygon(
        [(x - 170, 470), (x - 130, 220), (x - 40, 190), (x + 60, 200), (x + 150, 230), (x + 190, 470)],
        lit("#6d6f78", light, 0.15),
    )
    fall = fade("fall", [(0, "#ffffff", 0.95), (1, lit("#cfe6f2", light), 0.9)]) + path(
        f"M{x - 44},194 Q{x - 40},330 {x - 62},462 L{x + 66},462 Q{x + 44},330 {x + 42},198Z", "url(#fall)"
    )
    mist = blur("mist", 9) + ellipse(x, 470, 120, 26, "#ffffff", 'filter="url(#mist)" opacity="0.8"')
    return rock + fall + mist


def _garden(easel: Easel) -> Setting:
    light, rng = easel.light, easel.chance("garden")
    outdoors.sky(easel, 440)
    outdoors.forest_line(easel, "park trees", 500, 220, 9, 0.36, firs=0.1)
    outdoors.ground(easel, 500, "#86b957", swell=8)
    fence = "".join(rect(x, 470, 20, 86, lit("#fffaf0", light, 0.06), 'rx="8"') for x in np.arange(-6, easel.span, 36))
    rails = rect(0, 490, easel.span, 11, lit("#f4ecdc", light, 0.06)) + rect(
        0, 530, easel.span, 11, lit("#f4ecdc", light, 0.06)
    )
    beds = "".join(
        flora.bush(x, 580, float(rng.uniform(48, 78)), light, rng, 0.06, flowers=True)
        for x in np.linspace(0, easel.span, 9)
    )
    easel.lay(
        rails + fence + beds + _path(easel, 590) + flora.tree(easel.across(0.01), 700, 430, light, rng, 0, "#6aa548")
    )
    return Setting(far=612, near=726, front=_meadow_edge(easel, 30))


_PLACES: dict[Place, Callable[[Easel], Setting]] = {
    "sea": _sea, "hills": _hills, "meadow": _meadow, "mountains": _mountains, "forest": _forest, "desert": _desert, "snow": _snow,
    "lake": _lake, "garden": _garden, "underwater": elsewhere.underwater, "space": elsewhere.space, "sky": elsewhere.clouds, "studio": elsewhere.studio,
    "city": cityscape.city, "street": cityscape.street,
    "room": interiors.room, "kitchen": interiors.kitchen, "cafe": interiors.cafe, "library": interiors.library, "stage": interiors.stage,
}  # fmt: skip
