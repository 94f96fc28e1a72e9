"""Towns: a skyline seen from a terrace, and a street one stands in, by day or with all its windows lit."""

import cv2
import numpy as np

from parvis.illustrator import outdoors
from parvis.illustrator.easel import Easel, Setting
from parvis.illustrator.light import lit
from parvis.illustrator.vector import HEIGHT, darker, ellipse, fade, halo, lighter, mix, path, polygon, rect, stroke

_FACADES = ("#e8c9a0", "#d99a7c", "#c7b8a3", "#e5d5b8", "#b9826a", "#a8b5bd", "#d8b4a0", "#cfa0a0")
_AWNINGS = ("#d64541", "#2f7f6f", "#35589a", "#e0a030", "#8a4a7d")


def city(easel: Easel) -> Setting:
    """Paint a skyline in three depths behind a terrace."""
    outdoors.sky(easel, 560)
    if easel.scene.landmark == "eiffel":
        easel.lay(eiffel(easel, easel.across(0.72), 560, 430))
    for number, (foot, tall, away) in enumerate(((560, 330, 0.62), (590, 390, 0.36), (640, 250, 0.1))):
        easel.lay(_skyline(easel, f"blocks {number}", foot, tall, away))
    if not easel.scene.beings and not easel.scene.things:
        _river(easel)
        return Setting(far=640, near=728, water=(610, 740))
    easel.lay(_terrace(easel))
    return Setting(far=690, near=728)


def _skyline(easel: Easel, name: str, foot: float, tall: float, away: float) -> str:
    rng = easel.chance(name)
    light = easel.light
    glowing = light.dark or light.altitude < 0.1
    out, x = "", -20.0
    while x < easel.span:
        wide = float(rng.uniform(46, 104))
        high = tall * float(rng.uniform(0.28, 1.0)) ** 1.3 * (0.72 if 0.2 < x / easel.span < 0.45 else 1)
        wall = lit(mix("#6d7f99", str(rng.choice(_FACADES)), 0.45), light, away)
        out += rect(x, foot - high, wide, high + 200, wall) + rect(
            x + wide * 0.72, foot - high, wide * 0.28, high + 200, darker(wall, 0.2), 'opacity="0.6"'
        )
        if rng.random() < 0.3:
            out += rect(x + wide * 0.45, foot - high - 34, 4, 36, darker(wall, 0.2)) + rect(
                x + wide * 0.25, foot - high - 12, wide * 0.4, 14, darker(wall, 0.1)
            )
        for wy in np.arange(foot - high + 14, foot, 22):
            for wx in np.arange(x + 8, x + wide - 12, 17):
                on = glowing and rng.random() < 0.42
                out += rect(
                    float(wx),
                    float(wy),
                    8,
                    12,
                    mix("#ffd97a", light.haze, away * 0.6) if on else mix(darker(wall, 0.18), light.sky[1][1], 0.25),
                )
        x += wide + float(rng.uniform(-6, 14))
    return out


def _river(easel: Easel) -> None:
    """Paint a river before the town, holding its lights."""
    top = easel.rows(604)
    mirror = easel.canvas[max(0, 2 * top - easel.height) : top][::-1].copy()
    outdoors.water(easel, 604, HEIGHT, calm=True)
    rows = min(len(mirror), easel.height - top)
    mirror = cv2.blur(mirror[:rows], (1, max(1, round(22 * easel.scale))))
    share = np.linspace(0.8, 0.35, rows, dtype=np.float32)[:, None, None]
    easel.canvas[top : top + rows] = easel.canvas[top : top + rows] * (1 - share) + mirror * share
    easel.lay(rect(0, 594, easel.span, 13, lit("#4a4652", easel.light)))


def _terrace(easel: Easel) -> str:
    light = easel.light
    floor = fade("terrace", [(0, lit("#b98f72", light, 0.08), 1), (1, lit("#8a6550", light), 1)]) + rect(
        0, 652, easel.span, 130, "url(#terrace)"
    )
    tiles = "".join(
        stroke(
            f"M{x:.0f},652 L{(x - easel.span / 2) * 1.9 + easel.span / 2:.0f},{HEIGHT}",
            darker(lit("#8a6550", light), 0.25),
            2,
            'opacity="0.45"',
        )
        for x in np.arange(0, easel.span, 60)
    )
    rows = "".join(
        rect(0, y, easel.span, 2, darker(lit("#8a6550", light), 0.25), 'opacity="0.45"') for y in (672, 700, 738)
    )
    rail = (
        rect(0, 560, easel.span, 9, lit("#3b3f4e", light))
        + "".join(rect(x, 562, 4, 92, lit("#3b3f4e", light)) for x in np.arange(8, easel.span, 30))
        + rect(0, 646, easel.span, 8, lit("#3b3f4e", light))
    )
    return floor + tiles + rows + rail


def eiffel(easel: Easel, x: float, foot: float, tall: float) -> str:
    """The iron tower of Paris."""
    iron = "#d9a24e" if easel.light.dark else lit("#7d6a5c", easel.light, 0.32)
    dark = darker(iron, 0.25)

    def side(s: int) -> list[tuple[float, float]]:
        return [
            (x + s * tall * w, foot - tall * h)
            for w, h in (
                (0.21, 0),
                (0.15, 0.14),
                (0.105, 0.26),
                (0.062, 0.42),
                (0.034, 0.62),
                (0.016, 0.85),
                (0.008, 0.95),
            )
        ]

    left, right = side(-1), side(1)
    body = polygon([*left, *reversed(right)], iron)
    arch = path(
        f"M{x - tall * 0.125:.0f},{foot:.0f} Q{x:.0f},{foot - tall * 0.3:.0f} {x + tall * 0.125:.0f},{foot:.0f}Z",
        mix(easel.light.sky[-1][1], easel.light.haze, 0.4),
    )
    gap = polygon(
        [(x - tall * 0.036, foot - tall * 0.29), (x, foot - tall * 0.5), (x + tall * 0.036, foot - tall * 0.29)],
        mix(easel.light.sky[-1][1], iron, 0.3),
    )
    decks = "".join(
        rect(x - tall * w, foot - tall * h, tall * w * 2, tall * 0.018, dark, 'rx="2"')
        for w, h in ((0.14, 0.265), (0.08, 0.44), (0.026, 0.86))
    )
    lattice = ""
    for n in range(16):
        h = n / 16 * 0.86
        w0, w1 = (
            float(np.interp(k, [0, 0.26, 0.42, 0.62, 0.95], [0.21, 0.105, 0.062, 0.034, 0.008])) for k in (h, h + 0.05)
        )
        lattice += stroke(
            f"M{x - tall * w0:.1f},{foot - tall * h:.1f} L{x + tall * w1:.1f},{foot - tall * (h + 0.05):.1f} M{x + tall * w0:.1f},{foot - tall * h:.1f} L{x - tall * w1:.1f},{foot - tall * (h + 0.05):.1f}",
            dark,
            1.4,
            'opacity="0.7"',
        )
    mast = stroke(f"M{x},{foot - tall * 0.94} L{x},{foot - tall * 1.03}", iron, 3)
    sparkle = (
        "".join(
            ellipse(x + tall * 0.1 * float(s), foot - tall * float(h), 3, 3, "#ffe9a0")
            for s, h in zip(
                easel.chance("sparkle").uniform(-0.5, 0.5, 30),
                easel.chance("heights").uniform(0.02, 0.9, 30),
                strict=True,
            )
        )
        if easel.light.dark
        else ""
    )
    return body + lattice + arch + gap + decks + mast + sparkle


def street(easel: Easel) -> Setting:
    """Paint a street running away between two rows of houses."""
    outdoors.sky(easel, 560, 0.8)
    vanish = (easel.span * 0.5, 500.0)
    if easel.scene.landmark == "eiffel":
        easel.lay(eiffel(easel, easel.across(0.6), 560, 460))
    easel.lay(_skyline(easel, "end of the street", 540, 90, 0.5))
    easel.lay(_pavement(easel, vanish))
    easel.lay(_row(easel, vanish, -1) + _row(easel, vanish, 1))
    easel.lay(_lamps(easel))
    if easel.scene.landmark == "market":
        easel.lay(_stalls(easel))
    if easel.light.dark or easel.scene.weather in {"rain", "storm"}:
        for share in (0.2, 0.8):
            easel.glow((easel.span * share, 330), 110, "#ffcf7a", 0.8 if easel.light.dark else 0.45)
    return Setting(far=640, near=730)


def _pavement(easel: Easel, vanish: tuple[float, float]) -> str:
    light = easel.light
    wet = easel.scene.weather in {"rain", "storm"}
    stone = lit("#a8a39c", light)
    out = fade("road", [(0, mix(stone, light.haze, 0.45), 1), (1, darker(stone, 0.15), 1)]) + rect(
        0, vanish[1] + 30, easel.span, HEIGHT, "url(#road)"
    )
    rng = easel.chance("cobbles")
    y, step = vanish[1] + 40, 7.0
    while y < HEIGHT:
        shift = float(rng.random()) * step * 2
        for x in np.arange(-shift, easel.span, step * 3.1):
            tone = mix(darker(stone, 0.3), stone, float(rng.random()))
            out += ellipse(float(x), y, step * 1.35, step * 0.42, tone, 'opacity="0.34"')
        y += step * 1.05
        step *= 1.17
    if wet:
        out += "".join(
            ellipse(
                easel.span * float(rng.uniform(0.2, 0.8)),
                float(rng.uniform(620, 750)),
                float(rng.uniform(50, 130)),
                float(rng.uniform(6, 16)),
                light.sky[-1][1],
                'opacity="0.42"',
            )
            for _ in range(8)
        )
    return out


def _row(easel: Easel, vanish: tuple[float, float], side: int) -> str:
    """Four houses on one side, each nearer and larger than the last."""
    rng = easel.chance(f"houses {side}")
    light = easel.light
    edges = [0.045, 0.095, 0.165, 0.27, 0.46] if easel.span > HEIGHT else [0.07, 0.13, 0.22, 0.35, 0.56]
    out = ""
    for number in range(4):
        inner, outer = edges[number] * easel.span + 20, edges[number + 1] * easel.span + 40
        x0, x1 = vanish[0] + side * inner, vanish[0] + side * outer
        if number == 3:
            x1 = vanish[0] + side * (easel.span * 0.5 + 30)
        size = (0.3, 0.46, 0.7, 1.0)[number]
        foot, roof = vanish[1] + 40 + 150 * size**1.25, vanish[1] - (430 * size) * float(rng.uniform(0.86, 1.06))
        wall = lit(str(rng.choice(_FACADES)), light, (0.36, 0.24, 0.12, 0.0)[number])
        out += _house(easel, sorted((x0, x1)), roof, foot, wall, rng, side)
    return out


def _house(
    easel: Easel, ends: list[float], roof: float, foot: float, wall: str, rng: np.random.Generator, side: int
) -> str:
    light = easel.light
    left, right = ends
    wide, tall = right - left, foot - roof
    slate = lit("#5b6270", light, 0.12)
    glowing = light.dark or easel.scene.weather in {"rain", "storm"} or light.altitude < 0.1
    out = polygon(
        [
            (left, roof),
            (left + wide * 0.06, roof - tall * 0.14),
            (right - wide * 0.06, roof - tall * 0.14),
            (right, roof),
        ],
        slate,
    )
    out += rect(left, roof, wide, tall, wall)
    out += rect(left if side > 0 else right - wide * 0.12, roof, wide * 0.12, tall, darker(wall, 0.25), 'opacity="0.5"')
    pane = tall * 0.1
    for row in range(3):
        y = roof + tall * (0.08 + 0.2 * row)
        for col in range(max(1, int(wide / (pane * 1.9)))):
            x = left + wide * (col + 0.5) / max(1, int(wide / (pane * 1.9)))
            on = glowing and rng.random() < 0.6
            glass = "#ffd884" if on else mix(light.sky[0][1], "#33425e", 0.5)
            shutter = lit("#5f8f8a" if _even(row + col) else "#7c8fa6", light)
            out += rect(x - pane * 0.38, y, pane * 0.76, pane * 1.35, lighter(wall, 0.4)) + rect(
                x - pane * 0.3, y + pane * 0.1, pane * 0.6, pane * 1.15, glass
            )
            out += rect(x - pane * 0.72, y, pane * 0.3, pane * 1.35, shutter) + rect(
                x + pane * 0.42, y, pane * 0.3, pane * 1.35, shutter
            )
            out += rect(x - pane * 0.6, y + pane * 1.3, pane * 1.2, pane * 0.12, lit("#3b3f4e", light))
    out += _shop(easel, left, wide, foot, tall, rng, glowing)
    return out


def _even(number: int) -> bool:
    return number % 2 == 0


def _shop(
    easel: Easel, left: float, wide: float, foot: float, tall: float, rng: np.random.Generator, glowing: bool
) -> str:
    light = easel.light
    colour = lit(str(rng.choice(_AWNINGS)), light)
    top = foot - tall * 0.31
    out = rect(left + wide * 0.06, top, wide * 0.88, tall * 0.31, darker(colour, 0.35))
    window = "#ffe2a0" if glowing else mix("#cfe3ea", light.haze, 0.3)
    out += rect(left + wide * 0.12, top + tall * 0.09, wide * 0.48, tall * 0.16, window) + rect(
        left + wide * 0.68, top + tall * 0.07, wide * 0.2, tall * 0.24, mix(window, colour, 0.35)
    )
    stripes = max(4, int(wide / 22))
    for n in range(stripes):
        a, b = left + wide * n / stripes, left + wide * (n + 1) / stripes
        cloth = colour if n % 2 == 0 else lit("#fff6e6", light)
        out += path(
            f"M{a + 4:.1f},{top:.1f} L{b + 4:.1f},{top:.1f} L{b:.1f},{top + tall * 0.07:.1f} q{(a - b) / 2:.1f},{tall * 0.025:.1f} {a - b:.1f},0Z",
            cloth,
        )
    return out


def _lamps(easel: Easel) -> str:
    iron = lit("#2f3440", easel.light)
    lit_ = easel.light.dark or easel.scene.weather in {"rain", "storm"}
    out = halo("lampglow", [(0, "#fff0c0", 0.95), (0.35, "#ffd98a", 0.4), (1, "#ffd98a", 0)])
    for share, foot, top in ((0.2, 676, 330), (0.8, 676, 330)):
        x = easel.span * share
        out += (
            rect(x - 4, top, 8, foot - top, iron)
            + rect(x - 12, foot - 14, 24, 14, iron, 'rx="4"')
            + stroke(f"M{x - 26},{top + 18} Q{x},{top - 16} {x + 26},{top + 18}", iron, 6)
        )
        out += polygon(
            [(x - 13, top - 34), (x + 13, top - 34), (x + 9, top), (x - 9, top)], "#fff0c0" if lit_ else "#e8eef2"
        ) + polygon([(x - 17, top - 34), (x, top - 50), (x + 17, top - 34)], iron)
        if lit_:
            out += ellipse(x, top - 16, 90, 90, "url(#lampglow)")
    return out


def _stalls(easel: Easel) -> str:
    """Market stalls along the near side of the street, heaped with colour."""
    rng = easel.chance("stalls")
    light = easel.light
    out = ""
    for share, foot, wide in ((0.78, 700, 250), (0.62, 655, 170), (0.2, 668, 190)):
        x, tall = easel.across(share), wide * 0.9
        left = x - wide / 2
        out += "".join(rect(px, foot - tall, 6, tall, lit("#6a4b38", light)) for px in (left + 6, left + wide - 12))
        out += rect(left, foot - tall * 0.42, wide, tall * 0.34, lit("#a87848", light), 'rx="4"') + rect(
            left, foot - tall * 0.42, wide, 8, lit("#c79a62", light)
        )
        for row in range(2):
            for n in range(int(wide / 17)):
                fruit = lit(str(rng.choice(["#e2453b", "#f2a52c", "#6fae46", "#f7d04a", "#8a4a86", "#e87a3c"])), light)
                fx, fy = left + 12 + n * 17, foot - tall * 0.42 - 4 - row * 9
                out += ellipse(fx + 8 * row, fy, 10, 9, fruit) + ellipse(
                    fx + 8 * row - 3, fy - 3, 3, 2.4, lighter(fruit, 0.5), 'opacity="0.7"'
                )
        colour = lit(str(rng.choice(_AWNINGS)), light)
        stripes = max(5, int(wide / 26))
        for n in range(stripes):
            a, b = left - 14 + (wide + 28) * n / stripes, left - 14 + (wide + 28) * (n + 1) / stripes
            ta, tb = left + 10 + (wide - 20) * n / stripes, left + 10 + (wide - 20) * (n + 1) / stripes
            cloth = colour if n % 2 == 0 else lit("#fff6e6", light)
            out += path(
                f"M{ta:.1f},{foot - tall * 1.22:.1f} L{tb:.1f},{foot - tall * 1.22:.1f} L{b:.1f},{foot - tall * 0.96:.1f} q{(a - b) / 2:.1f},{tall * 0.09:.1f} {a - b:.1f},0Z",
                cloth,
            )
    return out
