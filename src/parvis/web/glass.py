"""A face for whoever has chosen none: a little pane of stained glass, always the same for the same account."""

import asyncio
import functools
import math
import random
from collections.abc import Callable

import resvg_py

JEWELS = ("#3b4cca", "#7a3fc2", "#d6336c", "#f08c2e", "#ffc53d", "#1f9d6b", "#2b8fb3", "#e8553e")
NIGHT = "#241d3f"
SIDE = 96


def _wedge(inner: float, outer: float, start: float, end: float, colour: str) -> str:
    half = SIDE / 2

    def at(radius: float, angle: float) -> str:
        return f"{half + radius * math.cos(angle):.1f} {half + radius * math.sin(angle):.1f}"

    return (
        f'<path d="M{at(inner, start)}L{at(outer, start)}A{outer:.1f} {outer:.1f} 0 0 1 {at(outer, end)}'
        f'L{at(inner, end)}A{inner:.1f} {inner:.1f} 0 0 0 {at(inner, start)}Z" fill="{colour}"/>'
    )


def rose(identifier: int) -> str:
    """A rose window, as SVG."""
    chance = random.Random(identifier)
    colours = chance.sample(JEWELS, 4)
    petals = chance.choice((5, 6, 7, 8))
    turn = chance.random() * math.pi
    panes = []
    for ring, (inner, outer) in enumerate(((16.0, 40.0), (40.0, 78.0))):
        count = petals * (ring + 1)
        step = 2 * math.pi / count
        for place in range(count):
            colour = colours[(place + ring * (place // 2)) % (2 + ring)] if ring else colours[place % 2 + 1]
            start = turn + place * step
            panes.append(_wedge(inner, outer, start, start + step, colour))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}"><rect width="{SIDE}" height="{SIDE}" '
        f'fill="{NIGHT}"/><g stroke="{NIGHT}" stroke-width="2.6" stroke-linejoin="round">{"".join(panes)}'
        f'<circle cx="{SIDE / 2}" cy="{SIDE / 2}" r="16" fill="{colours[3]}"/></g></svg>'
    )


def arcade(identifier: int) -> str:
    """A row of lit windows at dusk, as SVG: the header of a profile without one."""
    chance = random.Random(identifier ^ 0xA5)
    width, height, count = 600, 200, 12
    first, second = chance.sample(JEWELS, 2)
    arches = []
    for place in range(count):
        tall = chance.randint(64, 132)
        left = place * 50 + 6
        lit = chance.choice((first, second, "#ffc53d", "#352b5a", "#352b5a"))
        arches.append(
            f'<path d="M{left} {height}V{height - tall}a19 19 0 0 1 38 0V{height}z" fill="{lit}"/>'
            f'<path d="M{left + 9} {height}V{height - tall + 6}a10 10 0 0 1 20 0V{height}z" fill="#fff" opacity=".13"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" preserveAspectRatio="xMidYMid slice">'
        f'<rect width="{width}" height="{height}" fill="{NIGHT}"/>'
        f'<circle cx="{chance.randint(90, 510)}" cy="52" r="24" fill="#ffc53d" opacity=".9"/>{"".join(arches)}</svg>'
    )


async def picture(draw: Callable[[int], str], identifier: int, width: int) -> bytes:
    """What `draw` draws of this account, as PNG: many an app on a phone shows no SVG."""
    return await asyncio.to_thread(_rastered, draw, identifier, width)


@functools.lru_cache(maxsize=256)
def _rastered(draw: Callable[[int], str], identifier: int, width: int) -> bytes:
    return bytes(resvg_py.svg_to_bytes(svg_string=draw(identifier), width=width, skip_system_fonts=True))
