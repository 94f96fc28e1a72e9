"""The canvas under the painter's hand, with its light, its chance and its measures.

Places are nominal: `HEIGHT` units high, `span` units wide. A `Setting` tells those who place figures where the ground,
the water and the light are.
"""

import cv2
import msgspec
import numpy as np

from parvis.illustrator import brush, vector
from parvis.illustrator.brush import Canvas, Field
from parvis.illustrator.light import Light
from parvis.illustrator.scene import Scene
from parvis.illustrator.vector import HEIGHT, Layer, Point


class Setting(msgspec.Struct, frozen=True):
    """What a backdrop offers to those who stand before it."""

    far: float = 560  # the ground's farthest line that still carries things
    near: float = 726  # where those in front stand
    water: tuple[float, float] | None = None  # from and to which height water lies
    front: str = ""  # vector shapes before everybody: grasses, leaves, waves
    grounded: bool = True  # False where everything floats
    shade: float = 1.0  # how strongly things cast shadows


class Easel:
    """A canvas of `width` x `height` pixels for one scene."""

    def __init__(self, width: int, height: int, scene: Scene, light: Light, seed: str) -> None:
        self.width, self.height = width, height
        self.scale = height / HEIGHT
        self.span = width / self.scale
        self.scene, self.light, self.seed = scene, light, seed
        self.canvas: Canvas = np.zeros((height, width, 3), np.float32)
        rng = self.chance("sun")
        self.mirrored = bool(rng.random() < 0.5)
        place = rng.uniform(0.64, 0.76)
        self.sun_x = self.span * (1 - place if self.mirrored else place)

    def chance(self, what: str) -> np.random.Generator:
        """A generator for one part of the picture, untouched by the others."""
        return brush.chance(self.seed, what)

    def across(self, share: float) -> float:
        """A place from the focal side (0) to the light's side (1), in units from the left."""
        return self.span * (1 - share if self.mirrored else share)

    def sun(self, horizon: float) -> Point:
        """Where sun or moon stands above this horizon."""
        return self.sun_x, horizon - 14 - (horizon - 90) * self.light.altitude

    def draw(self, body: str) -> Layer:
        """Rasterise shapes over the whole canvas."""
        return vector.rasterise(body, self.width, self.height, (0, 0, self.span, HEIGHT))

    def lay(self, body: str, opacity: float = 1.0) -> None:
        """Draw shapes onto the canvas."""
        vector.over(self.canvas, self.draw(body), opacity)

    def rows(self, height: float) -> int:
        """Units from the top as a row of pixels."""
        return int(np.clip(round(height * self.scale), 0, self.height))

    def noise(self, what: str, across: float, down: float, octaves: int = 4) -> Field:
        """Noise over the whole canvas."""
        return brush.noise(self.height, self.width, self.chance(what), across, down, octaves)

    def distance(self, point: Point, squash: float = 1.0) -> Field:
        """Units from a point to every pixel, `squash` times taller than wide."""
        xs = np.arange(self.width, dtype=np.float32)[None] / self.scale - point[0]
        ys = (np.arange(self.height, dtype=np.float32)[:, None] / self.scale - point[1]) * squash
        return cv2.magnitude(np.repeat(xs, self.height, 0), np.repeat(ys, self.width, 1))

    def glow(self, point: Point, radius: float, colour: str, strength: float = 1.0) -> None:
        """Shed light about a point."""
        near = np.exp(-((self.distance(point) / radius) ** 1.4)).astype(np.float32)
        brush.screen(self.canvas, colour, near * strength)
