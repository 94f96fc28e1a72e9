"""Vector shapes in, pixels out: small functions that write SVG, and the one that rasterises it.

Every shape is given in nominal units: the picture is always 768 units high, whatever its size in pixels, so that a scene
looks the same small and large.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import cv2
import numpy as np
import resvg_py
from numpy.typing import NDArray

HEIGHT = 768.0  # nominal units from the top of a picture to its foot

Point = tuple[float, float]
Layer = NDArray[Any]  # height, width, 4: straight colour and alpha, 0 to 1

_HEX = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")
_SHORT = 4  # characters in "#abc"


def rasterise(body: str, width: int, height: int, view: tuple[float, float, float, float]) -> Layer:
    """Render SVG shapes: `view` (left, top, width, height in nominal units) fills width x height pixels."""
    box = " ".join(f"{number:.2f}" for number in view)
    markup = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{box}" width="{width}" height="{height}" preserveAspectRatio="none">{body}</svg>'
    )
    encoded = resvg_py.svg_to_bytes(svg_string=markup, width=width, height=height, skip_system_fonts=True)
    pixels = cv2.imdecode(np.frombuffer(bytes(encoded), np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.ndim == 2:
        return np.zeros((height, width, 4), np.float32)
    if pixels.shape[2] == 3:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_BGR2BGRA)
    return cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA).astype(np.float32) / 255


def over(canvas: NDArray[Any], layer: Layer, opacity: float = 1.0) -> None:
    """Lay a layer of the same size upon the canvas, in place."""
    alpha = layer[..., 3:] * opacity
    canvas *= 1 - alpha
    canvas += layer[..., :3] * alpha


def rgb(colour: str) -> NDArray[Any]:
    """Turn `#rrggbb` or `#rgb` into three numbers from 0 to 1."""
    digits = colour[1:] if len(colour) != _SHORT else "".join(c * 2 for c in colour[1:])
    return np.array([int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)], np.float32)


def hexed(colour: Iterable[float]) -> str:
    """Turn three numbers from 0 to 1 into `#rrggbb`."""
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, float(c)))):02x}" for c in colour)


def mix(first: str, second: str, share: float) -> str:
    """Blend two colours; `share` 0 gives the first, 1 the second."""
    return hexed(rgb(first) * (1 - share) + rgb(second) * share)


def darker(colour: str, share: float = 0.25) -> str:
    """Deepen a colour towards a warm dark, so that shadows do not look grey."""
    return mix(colour, "#24152e", share)


def lighter(colour: str, share: float = 0.3) -> str:
    """Lift a colour towards a warm white."""
    return mix(colour, "#fff8ec", share)


def recoloured(body: str, colour: str) -> str:
    """Give all strong colours of a drawing the hue of one colour, keeping light and dark."""
    target = cv2.cvtColor(rgb(colour)[None, None], cv2.COLOR_RGB2HSV)[0, 0]

    def turn(found: re.Match[str]) -> str:
        _, saturation, value = cv2.cvtColor(rgb(found[0])[None, None], cv2.COLOR_RGB2HSV)[0, 0]
        if saturation < 0.22 or value < 0.2:
            return found[0]
        strength = min(1.0, float(target[1]) * (0.5 + 0.5 * float(saturation)))
        bright = float(value) * (0.55 + 0.45 * float(target[2]))
        turned = cv2.cvtColor(np.array([[[target[0], strength, bright]]], np.float32), cv2.COLOR_HSV2RGB)
        return hexed(turned[0, 0])

    return _HEX.sub(turn, body)


def ellipse(x: float, y: float, rx: float, ry: float, fill: str, extra: str = "") -> str:
    """Draw a filled ellipse about (x, y)."""
    return f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="{fill}" {extra}/>'


def rect(x: float, y: float, width: float, height: float, fill: str, extra: str = "") -> str:
    """Draw a filled rectangle from its top left corner."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}" {extra}/>'


def path(route: str, fill: str = "none", extra: str = "") -> str:
    """Draw an SVG path."""
    return f'<path d="{route}" fill="{fill}" {extra}/>'


def stroke(route: str, colour: str, width: float, extra: str = "") -> str:
    """Draw a line with round ends along an SVG path."""
    return (
        f'<path d="{route}" fill="none" stroke="{colour}" stroke-width="{width:.1f}" '
        f'stroke-linecap="round" stroke-linejoin="round" {extra}/>'
    )


def polygon(points: Sequence[Point], fill: str, extra: str = "") -> str:
    """Draw a filled polygon."""
    listed = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polygon points="{listed}" fill="{fill}" {extra}/>'


def group(body: str, x: float = 0, y: float = 0, scale: float = 1, turn: float = 0, extra: str = "") -> str:
    """Move, scale and turn (degrees) a drawing about its own origin."""
    return f'<g transform="translate({x:.2f} {y:.2f}) rotate({turn:.2f}) scale({scale:.4f})" {extra}>{body}</g>'


def fade(name: str, stops: Sequence[tuple[float, str, float]], *, across: bool = False) -> str:
    """Define a linear gradient, downwards or `across`; stops are (place, colour, opacity)."""
    listed = "".join(f'<stop offset="{at}" stop-color="{c}" stop-opacity="{o}"/>' for at, c, o in stops)
    ends = 'x1="0" y1="0" x2="1" y2="0"' if across else 'x1="0" y1="0" x2="0" y2="1"'
    return f'<linearGradient id="{name}" {ends}>{listed}</linearGradient>'


def halo(name: str, stops: Sequence[tuple[float, str, float]]) -> str:
    """Define a radial gradient from the middle outwards."""
    listed = "".join(f'<stop offset="{at}" stop-color="{c}" stop-opacity="{o}"/>' for at, c, o in stops)
    return f'<radialGradient id="{name}">{listed}</radialGradient>'


def blur(name: str, amount: float) -> str:
    """Define a soft-focus filter."""
    return (
        f'<filter id="{name}" x="-60%" y="-60%" width="220%" height="220%">'
        f'<feGaussianBlur stdDeviation="{amount}"/></filter>'
    )
