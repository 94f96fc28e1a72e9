"""The painter's raw means: seeded chance, clouds of noise, washes of colour. Numbers in, float arrays out.

The same words and seed give the same chance in every process and on every day.
"""

import hashlib
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from parvis.illustrator import vector

Field = NDArray[Any]  # height, width, from 0 to 1
Canvas = NDArray[Any]  # height, width, 3, from 0 to 1


def chance(*parts: object) -> np.random.Generator:
    """Make a generator that depends on the parts alone."""
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode("utf-8", "replace"), digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))


def noise(
    height: int, width: int, rng: np.random.Generator, across: float, down: float, octaves: int = 4, keep: float = 0.5
) -> Field:
    """Smooth noise stretched to 0..1, with `across` and `down` cells in its largest octave."""
    total = np.zeros((height, width), np.float32)
    strength = 1.0
    for octave in range(octaves):
        cells = (max(2, min(height, int(down * 2**octave) + 2)), max(2, min(width, int(across * 2**octave) + 2)))
        grid = rng.random(cells, dtype=np.float32)
        total += strength * cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
        strength *= keep
    low, high = float(total.min()), float(total.max())
    return (total - low) / (high - low + 1e-6)


def skyline(count: int, rng: np.random.Generator, cells: float, octaves: int = 5) -> Field:
    """One line of noise: `count` heights from 0 to 1."""
    line: Field = noise(2, count, rng, cells, 1, octaves)[0]
    return line


def wash(height: int, width: int, stops: tuple[tuple[float, str], ...]) -> Canvas:
    """A wash of colour from top to bottom through (place, colour) stops."""
    at = np.linspace(0, 1, height)
    colours = np.stack([vector.rgb(colour) for _, colour in stops])
    rows = np.stack([np.interp(at, [stop for stop, _ in stops], colours[:, c]) for c in range(3)], axis=1)
    return np.repeat(rows[:, None].astype(np.float32), width, axis=1)


def blend(canvas: Canvas, colour: str, mask: Field) -> None:
    """Paint a colour where the mask is, in place."""
    cover = mask[..., None]
    canvas *= 1 - cover
    canvas += vector.rgb(colour) * cover


def screen(canvas: Canvas, colour: str, mask: Field) -> None:
    """Add light of a colour where the mask is, in place, without burning out."""
    light = vector.rgb(colour) * mask[..., None]
    canvas += light * (1 - np.clip(canvas, 0, 1))


def luminance(canvas: Canvas) -> Field:
    """How bright each place looks."""
    grey: Field = canvas @ np.array([0.299, 0.587, 0.114], np.float32)
    return grey


def soften(field: Field, amount: float) -> Field:
    """Blur a field or canvas by `amount` pixels."""
    return cv2.GaussianBlur(field, (0, 0), max(0.3, amount))


def encoded(canvas: Canvas) -> bytes:
    """The canvas as PNG."""
    pixels = (np.clip(canvas, 0, 1) * 255 + 0.5).astype(np.uint8)
    done, data = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_PNG_COMPRESSION, 5])
    if not done:  # pragma: no cover - only without memory
        raise MemoryError("The picture could not be encoded.")
    return data.tobytes()


def preview(canvas: Canvas, side: int = 320) -> bytes:
    """A small JPEG of an unfinished canvas, at most `side` pixels wide and under 40 KB."""
    height, width = canvas.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    pixels = (np.clip(cv2.resize(canvas, size, interpolation=cv2.INTER_AREA), 0, 1) * 255).astype(np.uint8)
    done, data = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 72])
    return data.tobytes() if done else b""
