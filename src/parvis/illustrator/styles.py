"""Manners of painting: a finished canvas in, the same picture in watercolour, ink, poster... out.

Each manner is one function of a canvas and a chance, and keeps the canvas's size.
"""

from collections.abc import Callable

import cv2
import numpy as np

from parvis.illustrator import brush
from parvis.illustrator.brush import Canvas, Field
from parvis.illustrator.scene import Style

_PAPER = np.array([0.988, 0.976, 0.952], np.float32)


def styled(canvas: Canvas, style: Style, rng: np.random.Generator) -> Canvas:
    """Give the canvas a manner."""
    return np.clip(_STYLES[style](np.clip(canvas, 0, 1), rng), 0, 1)


def _bytes(canvas: Canvas) -> np.ndarray:
    return np.asarray(canvas * 255, np.uint8)


def _edges(canvas: Canvas, width: float) -> Field:
    """Where tones meet, 0 to 1."""
    grey = brush.soften(brush.luminance(canvas), width)
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    size = cv2.magnitude(across, down)
    return np.asarray(np.clip(size / (float(np.percentile(size[::3, ::3], 98)) + 1e-5), 0, 1))


def _saturated(canvas: Canvas, amount: float) -> Canvas:
    grey = brush.luminance(canvas)[..., None]
    return np.clip(grey + (canvas - grey) * amount, 0, 1)


def _unit(canvas: Canvas) -> float:
    """Pixels per 1/768 of the height, so that grain looks alike at every size."""
    return float(canvas.shape[0]) / 768


def watercolour(canvas: Canvas, rng: np.random.Generator) -> Canvas:
    """Washes that pool at their edges, bloom and let the paper through."""
    height, width = canvas.shape[:2]
    unit = _unit(canvas)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    wobble = [(brush.noise(height, width, rng, 18, 18, 3) - 0.5) * 9 * unit for _ in range(2)]
    bled = cv2.remap(canvas, xs + wobble[0], ys + wobble[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    half = cv2.resize(_bytes(bled), (max(2, width // 2), max(2, height // 2)), interpolation=cv2.INTER_AREA)
    washed = cv2.edgePreservingFilter(half, flags=cv2.RECURS_FILTER, sigma_s=max(4.0, 14 * unit), sigma_r=0.32)
    washed = cv2.resize(washed, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32) / 255
    washed = np.clip(washed * 0.62 + bled * 0.38, 0, 1)
    density = (1 - _saturated(washed, 1.16)) * 0.92
    rims = brush.soften(_edges(washed, 1.3 * unit), 1.1 * unit)
    pigment = 0.84 + 0.34 * brush.noise(height, width, rng, 4, 4, 5)
    bloom = np.clip((brush.noise(height, width, rng, 3, 3, 5) - 0.66) * 4, 0, 1)
    grain = _paper(height, width, rng)
    density *= (pigment * (1 - 0.24 * bloom) * (0.93 + 0.16 * grain) * (1 + 0.42 * rims))[..., None]
    painted = _PAPER * (1 - density)
    return _deckled(painted, grain, rng)


def _paper(height: int, width: int, rng: np.random.Generator) -> Field:
    return brush.soften(brush.noise(height, width, rng, max(8, width // 5), max(8, height // 5), 2, 0.7), 0.8)


def _deckled(painted: Canvas, grain: Field, rng: np.random.Generator) -> Canvas:
    """Let the wash end before the paper does, in an uneven line."""
    height, width = painted.shape[:2]
    unit = _unit(painted)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    inside = np.minimum(np.minimum(xs, width - 1 - xs), np.minimum(ys, height - 1 - ys))
    edge = (12 + 17 * brush.noise(height, width, rng, 8, 8, 5)) * unit
    cover = np.clip((inside - edge) / (3.5 * unit), 0, 1)[..., None]
    rim = np.exp(-(((inside - edge - 4 * unit) / (4 * unit)) ** 2))[..., None]
    paper = _PAPER * (0.97 + 0.045 * grain)[..., None]
    return np.asarray(painted * (1 - 0.14 * rim) * cover + paper * (1 - cover))


def ink(canvas: Canvas, rng: np.random.Generator) -> Canvas:
    """Pen lines, hatching in the shadows, and a pale wash of the colours."""
    height, width = canvas.shape[:2]
    unit = _unit(canvas)
    canvas = cv2.medianBlur(_bytes(canvas), 5).astype(np.float32) / 255  # stars and sparks are no pen strokes
    grey = brush.luminance(canvas)
    grey = np.clip(
        (grey - np.percentile(grey[::4, ::4], 1)) / (np.ptp(np.percentile(grey[::4, ::4], [1, 97])) + 1e-3), 0, 1
    )
    smooth = brush.soften(grey, 1.1 * unit)
    lines = np.clip((brush.soften(smooth, 2.2 * unit) - smooth) * 16 - 0.12, 0, 1)
    lines = np.maximum(lines, np.clip((_edges(canvas, 0.9 * unit) - 0.42) * 2.2, 0, 1))
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    sway = (brush.noise(height, width, rng, 5, 5, 3) - 0.5) * 16
    hatch = np.zeros((height, width), np.float32)
    levels = np.minimum(np.quantile(smooth[::4, ::4], (0.5, 0.28, 0.1)), (0.62, 0.42, 0.24))
    for angle, level in zip((0.8, -0.75, 0.05), levels, strict=True):
        stripe = np.sin(((xs * np.cos(angle) + ys * np.sin(angle)) / unit + sway) * 0.98)
        hatch = np.maximum(hatch, np.clip((stripe - 0.32) * 2.4, 0, 1) * np.clip((level - smooth) * 6, 0, 1))
    wash = (
        _PAPER
        * (0.8 + 0.2 * smooth[..., None])
        * (0.66 + 0.34 * np.clip(_saturated(cv2.bilateralFilter(canvas, 7, 0.15, 7), 1.1) + 0.18, 0, 1))
    )
    black = np.array([0.10, 0.10, 0.17], np.float32)
    cover = np.clip(np.maximum(lines * 0.95, hatch * 0.72), 0, 1)[..., None]
    wash *= (0.97 + 0.04 * _paper(height, width, rng))[..., None]
    return _deckled(wash * (1 - cover) + black * cover, _paper(height, width, rng), rng)


def poster(canvas: Canvas, rng: np.random.Generator) -> Canvas:
    """A few flat inks, screen-printed slightly out of register, in a pale frame."""
    height, width = canvas.shape[:2]
    unit = _unit(canvas)
    flat = cv2.bilateralFilter(_saturated(canvas, 1.25), 9, 0.12, 9)
    small = cv2.resize(flat, (96, 72), interpolation=cv2.INTER_AREA)
    inks = _inks(small.reshape(-1, 3), 13)
    table = _nearest_ink_table(inks)
    cells = np.clip(flat * 31.99, 0, 31).astype(np.int32)
    index = table[cells[..., 0], cells[..., 1], cells[..., 2]].astype(np.uint8)
    index = cv2.medianBlur(index, 5)
    printed = inks[index]
    grain = brush.noise(height, width, rng, max(8, width // 3), max(8, height // 3), 1)
    printed = printed * (1 - 0.07 * (grain[..., None] > 0.72))
    border = round(26 * unit)
    if min(height, width) > 6 * border > 0:
        frame = np.empty_like(printed)
        frame[:] = np.array([0.97, 0.94, 0.87], np.float32)
        frame[border:-border, border:-border] = printed[border:-border, border:-border]
        line = max(1, round(3 * unit))
        inset = border - round(9 * unit)
        cv2.rectangle(frame, (inset, inset), (width - inset - 1, height - inset - 1), inks[0].tolist(), line)
        return np.asarray(frame)
    return np.asarray(printed)


def _inks(colours: np.ndarray, count: int) -> np.ndarray:
    """The colours that tell most apart: farthest-point choice, then a few rounds of averaging. Darkest first."""
    chosen = [colours[int(np.argmin(colours.sum(1)))]]
    distance = np.full(len(colours), np.inf, np.float32)
    for _ in range(count - 1):
        distance = np.minimum(distance, ((colours - chosen[-1]) ** 2).sum(1))
        chosen.append(colours[int(np.argmax(distance))])
    inks = np.stack(chosen)
    for _ in range(6):
        nearest = ((colours[:, None] - inks[None]) ** 2).sum(2).argmin(1)
        for n in range(count):
            members = colours[nearest == n]
            if len(members):
                inks[n] = members.mean(0)
    return inks[np.argsort(inks.sum(1))].astype(np.float32)


def _nearest_ink_table(inks: np.ndarray) -> np.ndarray:
    axis = (np.arange(32, dtype=np.float32) + 0.5) / 32
    cube = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), -1).reshape(-1, 3)
    return np.asarray(((cube[:, None] - inks[None]) ** 2).sum(2).argmin(1).reshape(32, 32, 32))


def low_polygon(canvas: Canvas, rng: np.random.Generator) -> Canvas:
    """Facets of one colour each, small where there is something to see."""
    height, width = canvas.shape[:2]
    unit = _unit(canvas)
    weight = brush.soften(_edges(canvas, 1.2 * unit), 2.2 * unit) ** 1.1 + 0.02
    small = cv2.resize(weight, (max(4, width // 4), max(4, height // 4)), interpolation=cv2.INTER_AREA)
    count = min(2600, small.size // 3)
    chosen = rng.choice(
        small.size,
        count,
        replace=False,
        p=(small / small.sum()).ravel().astype(np.float64) / float((small / small.sum()).astype(np.float64).sum()),
    )
    division = cv2.Subdiv2D((0, 0, width, height))
    steps = np.linspace(0, 1, 14)
    points = [(float(c % small.shape[1]) * 4 + 2, float(c // small.shape[1]) * 4 + 2) for c in chosen]
    points += [(float(s) * (width - 1), y) for s in steps for y in (0.0, height - 1.0)]
    points += [(x, float(s) * (height - 1)) for s in steps for x in (0.0, width - 1.0)]
    division.insert([(min(x, width - 1.0), min(y, height - 1.0)) for x, y in points])
    triangles = np.asarray(division.getTriangleList(), np.float32).reshape(-1, 3, 2)
    inside = (triangles >= -1).all((1, 2)) & (triangles[..., 0] <= width).all(1) & (triangles[..., 1] <= height).all(1)
    triangles = triangles[inside]
    soft = cv2.blur(canvas, (3, 3))
    out = soft.copy()
    centres = triangles.mean(1)
    samples = np.concatenate([triangles * 0.5 + centres[:, None] * 0.5, centres[:, None]], 1)
    columns = np.clip(samples[..., 0].astype(int), 0, width - 1)
    lines = np.clip(samples[..., 1].astype(int), 0, height - 1)
    colours = np.median(soft[lines, columns], axis=1) * (1 + 0.07 * (rng.random((len(triangles), 1)) - 0.5))
    fixed = np.round(triangles).astype(np.int32)
    for corners, colour in zip(fixed, _saturated(colours[None].astype(np.float32), 1.12)[0], strict=True):
        cv2.fillConvexPoly(out, corners, colour.tolist(), cv2.LINE_8)
    return out


def pixel(canvas: Canvas, rng: np.random.Generator) -> Canvas:
    """Large square pixels in a small palette, dithered in a regular pattern."""
    height, width = canvas.shape[:2]
    size = max(1, round(height / 144))
    small = cv2.resize(
        _saturated(canvas, 1.25), (max(2, width // size), max(2, height // size)), interpolation=cv2.INTER_AREA
    )
    lines = _edges(canvas, 1.0)
    lines = cv2.resize(lines, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_AREA)[..., None]
    small = np.clip(small * (1 - 0.22 * np.clip(lines - 0.35, 0, 1)), 0, 1)
    inks = _inks(small.reshape(-1, 3)[:: max(1, small.shape[0] * small.shape[1] // 6000)], 32)
    bayer = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / 16 - 0.5
    tiled = np.tile(bayer, (small.shape[0] // 4 + 1, small.shape[1] // 4 + 1))[: small.shape[0], : small.shape[1]]
    cells = np.clip((small + tiled[..., None] * 0.07) * 31.99, 0, 31).astype(np.int32)
    drawn = inks[_nearest_ink_table(inks)[cells[..., 0], cells[..., 1], cells[..., 2]]]
    del rng
    return np.asarray(cv2.resize(drawn, (width, height), interpolation=cv2.INTER_NEAREST))


def storybook(canvas: Canvas, rng: np.random.Generator) -> Canvas:
    """Soft gouache: a dry brush's grain, warm darks, a glow about the lights."""
    height, width = canvas.shape[:2]
    unit = _unit(canvas)
    light = np.clip(canvas - 0.62, 0, 1)
    glow = cv2.resize(
        brush.soften(
            cv2.resize(light, (max(2, width // 4), max(2, height // 4)), interpolation=cv2.INTER_AREA), 7 * unit
        ),
        (width, height),
    )
    glowing = canvas + glow * 0.5 * (1 - canvas)
    dry = brush.noise(height, width, rng, 90, 260, 2)
    grain = brush.noise(height, width, rng, max(8, width // 3), max(8, height // 3), 2)
    texture = 1 + 0.055 * (dry - 0.5) + 0.05 * (grain - 0.5)
    rims = brush.soften(_edges(canvas, 0.8 * unit), 0.6 * unit)
    warm = np.array([0.20, 0.12, 0.17], np.float32)
    lifted = glowing * texture[..., None]
    cover = (0.2 * np.clip(rims - 0.25, 0, 1))[..., None]
    lifted = lifted * (1 - cover) + warm * cover
    return _vignette(_saturated(lifted, 1.06), 0.2)


def plain(canvas: Canvas, rng: np.random.Generator) -> Canvas:
    """The picture as it was composed."""
    del rng
    return canvas


def _vignette(canvas: Canvas, strength: float) -> Canvas:
    height, width = canvas.shape[:2]
    across = np.linspace(-1, 1, width, dtype=np.float32)[None] ** 2
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, None] ** 2
    fall = np.clip((across + down) / 2 - 0.3, 0, 1) * strength
    return np.asarray(canvas * (1 - fall[..., None]))


_STYLES: dict[Style, Callable[[Canvas, np.random.Generator], Canvas]] = {
    "watercolour": watercolour, "ink": ink, "poster": poster, "low polygon": low_polygon, "pixel": pixel,
    "storybook": storybook, "plain": plain,
}  # fmt: skip
