"""From a scene to a finished canvas: backdrop, weather behind, those placed with their shadows, foreground, weather, style.

The painter tells its progress after each step, with the canvas as it then stands, and stops between two steps when told to.
The same scene, size and seed give the same picture in every process.
"""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from parvis.illustrator import brush, light, places, staging, styles, vector, weather
from parvis.illustrator.art import Art
from parvis.illustrator.brush import Canvas
from parvis.illustrator.easel import Easel, Setting
from parvis.illustrator.scene import INDOORS, Scene
from parvis.illustrator.staging import Placed, Staged
from parvis.illustrator.vector import Layer

Watch = Callable[[float, Canvas], None]
"""Called with the share done and the canvas so far; may raise to stop the painter."""


def paint(scene: Scene, width: int, height: int, seed: int, art: Art, watch: Watch) -> tuple[Canvas, tuple[str, ...]]:
    """Paint a scene; gives back the canvas and the words that no drawing was found for."""
    easel = Easel(width, height, scene, light.light_of(scene), f"{seed}")
    setting = places.backdrop(easel)
    weather.behind(easel)
    watch(0.3, easel.canvas)
    staged = staging.stage(scene, setting, easel, art)
    _set(easel, setting, staged, watch)
    if setting.front:
        easel.lay(setting.front)
    weather.before(easel)
    _gather_light(easel)
    watch(0.75, easel.canvas)
    return styles.styled(easel.canvas, scene.style, easel.chance("style")), staged.undrawn


def _set(easel: Easel, setting: Setting, staged: Staged, watch: Watch) -> None:
    """Lay those placed onto the canvas, those behind first, then those the picture is about."""
    front = [p for p in staged.placed if p.main]
    limit = min((p.foot for p in front), default=0)
    behind = [p for p in staged.placed if not p.main and p.foot <= limit]
    before = [p for p in staged.placed if not p.main and p.foot > limit]
    if behind:
        _lay_cast(easel, setting, behind)
    watch(0.45, easel.canvas)
    if front:
        _lay_cast(easel, setting, front)
    if before:
        _lay_cast(easel, setting, before)
    watch(0.6, easel.canvas)


def _lay_cast(easel: Easel, setting: Setting, placed: list[Placed]) -> None:
    shadow, strength = easel.light.shadow, easel.light.shadow_strength * setting.shade
    shapes = vector.blur("contact", 5) + "".join(staging.contact(p, shadow, min(0.7, strength * 1.4)) for p in placed)
    easel.lay(shapes)
    layer = easel.draw("".join(p.markup() for p in placed))
    if any(p.shadow for p in placed) and easel.scene.place not in INDOORS and not easel.light.sunless:
        for p in placed:
            if p.shadow and p.main:
                _cast_shadow(easel, p, strength)
    _light_up(easel, layer, max((p.distance for p in placed), default=0.0))
    vector.over(easel.canvas, layer)


def _cast_shadow(easel: Easel, placed: Placed, strength: float) -> None:
    """Throw a figure's own outline onto the ground, away from the light."""
    away = 1 if placed.middle >= easel.sun_x else -1
    low = easel.light.altitude < 0.3
    squash, skew = (0.30, 0.95 * away) if low else (0.2, 0.42 * away)
    outline = easel.draw(placed.markup())[..., 3]
    scale = easel.scale
    foot, middle = (placed.foot - 8) * scale, placed.middle * scale
    # a point h above the foot falls h * squash below it, and h * skew to the side
    matrix = np.array([[1, -skew, skew * foot], [0, -squash, foot + squash * foot]], np.float32)
    fallen = cv2.warpAffine(outline, matrix, (easel.width, easel.height), flags=cv2.INTER_LINEAR)
    del middle
    soft = brush.soften(fallen, 3.2 * scale) * strength * 0.85
    brush.blend(easel.canvas, easel.light.shadow, soft)


def _light_up(easel: Easel, layer: Layer, distance: float) -> None:
    """Show a layer in the scene's light: tinted, brighter towards the light, with a rim where it grazes."""
    indoors = easel.scene.place in INDOORS
    tint = _tint(easel, indoors)
    layer[..., :3] *= tint
    if distance:
        layer[..., :3] += (vector.rgb(easel.light.haze) - layer[..., :3]) * distance
    alpha = layer[..., 3]
    if indoors or easel.light.sunless or not alpha.any():
        return
    side = np.sign(easel.sun_x - easel.span / 2)
    wide = max(1.0, 5.5 * easel.scale)
    shifted = cv2.warpAffine(
        brush.soften(alpha, wide * 0.7),
        np.array([[1, 0, -side * wide], [0, 1, wide * 0.35]], np.float32),
        (easel.width, easel.height),
    )
    rim = np.clip(alpha - shifted, 0, 1) * alpha
    shade = (
        np.clip(
            alpha
            - cv2.warpAffine(
                brush.soften(alpha, wide * 1.6),
                np.array([[1, 0, side * wide * 2.4], [0, 1, -wide]], np.float32),
                (easel.width, easel.height),
            ),
            0,
            1,
        )
        * alpha
    )
    strength = 0.75 if easel.light.altitude < 0.3 or easel.light.moon else 0.4
    layer[..., :3] += vector.rgb(easel.light.glow) * (rim * strength)[..., None] * (1 - layer[..., :3] * 0.6)
    layer[..., :3] *= (1 - 0.3 * shade)[..., None]
    np.clip(layer[..., :3], 0, 1, out=layer[..., :3])


def _tint(easel: Easel, indoors: bool) -> NDArray[Any]:
    """What the hour does to those placed: full by day, held back by night, and by lamplight indoors warm."""
    if indoors and easel.light.dark:
        return np.array([1.0, 0.93, 0.84], np.float32)
    if indoors:
        return light.ambient(easel.light, 0.35)
    lamps = easel.light.dark and easel.scene.place in {"street", "city"}
    return light.ambient(easel.light, 0.5 if lamps else 0.66 if easel.light.moon else 0.85)


def _gather_light(easel: Easel) -> None:
    """Bind the picture together with a breath of the sky's glow from the light's side."""
    if easel.scene.place in INDOORS or easel.light.sunless or easel.light.moon:
        return
    toward = np.linspace(0, 1, easel.width, dtype=np.float32)[None]
    if easel.sun_x < easel.span / 2:
        toward = 1 - toward
    strength = 0.14 if easel.light.altitude < 0.3 else 0.06
    brush.screen(easel.canvas, easel.light.glow, np.repeat(toward**1.5 * strength, easel.height, 0).astype(np.float32))
