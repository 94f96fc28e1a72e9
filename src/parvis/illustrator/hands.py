"""Arms, and what they hold: a costume and an action in, shapes before and behind the body out."""

import msgspec

from parvis.illustrator.art import Art
from parvis.illustrator.scene import Action, Role, Thing
from parvis.illustrator.vector import Point, darker, ellipse, group, recoloured, stroke

MIDDLE = 320.0  # of the box a figure stands in
_TWO_HANDED = frozenset("📖📕📗📘📙💻🎁🎂🗺📰🪗🥁🎹🥞💐🍉🍝🍜🍕📚🧺🎨🪴")
_SLUNG = frozenset("🎸🎻🎷🪈🎺")


class Costume(msgspec.Struct, frozen=True):
    """How a figure is dressed and what it holds."""

    role: Role = ""
    wears: tuple[str, ...] = ()
    held: Thing | None = None
    umbrella: bool = False
    wind: bool = False
    accent: str = "#d8433f"


class Limbs(msgspec.Struct, frozen=True):
    """The colours of arms and legs."""

    skin: str
    sleeve: str
    paw: str
    leg: str
    shoe: str = ""


def _arm(limbs: Limbs, side: float, hand: Point, bend: float = 40.0) -> str:
    shoulder = (MIDDLE + side * 118, 560.0)
    elbow = ((shoulder[0] + hand[0]) / 2 + side * bend, (shoulder[1] + hand[1]) / 2 + 24)
    route = f"M{shoulder[0]},{shoulder[1]} Q{elbow[0]:.0f},{elbow[1]:.0f} {hand[0]:.0f},{hand[1]:.0f}"
    edge = stroke(route, darker(limbs.sleeve, 0.24), 80)
    return edge + stroke(route, darker(limbs.sleeve, 0.06), 70) + ellipse(hand[0], hand[1], 40, 38, limbs.paw)


def held_icon(thing: Thing, art: Art, x: float, y: float, size: float, turn: float = 0) -> str:
    """Draw a thing about (x, y), `size` units high."""
    icon = art.find(thing.sign)
    if icon is None:
        return ""
    body = recoloured(icon.body, thing.colour) if thing.colour else icon.body
    scale = size / icon.height * thing.size
    return group(group(body, -icon.width / 2, -icon.height / 2), x, y, scale, turn)


def hold(limbs: Limbs, action: Action, costume: Costume, art: Art) -> tuple[str, str]:  # noqa: PLR0911 - one case, one shape
    """Arms and what they hold: what lies before the body, and what lies behind it."""
    held = costume.held
    if held is not None and held.sign in _SLUNG:
        thing = held_icon(held, art, 330, 720, 420, 8)
        return _arm(limbs, -1, (262, 770)) + thing + _arm(limbs, 1, (440, 640), 60) + ellipse(
            270, 762, 38, 36, limbs.paw
        ), ""
    if held is not None and held.sign == "🎣":
        return _arm(limbs, -1, (270, 760)) + held_icon(held, art, 530, 600, 380, 0) + _arm(limbs, 1, (430, 690)), ""
    if held is not None and held.sign in {"🎈", "🪁"}:
        line = stroke("M470,520 Q540,330 520,120", "#6b5b5b", 5)
        return _arm(limbs, -1, (210, 760)) + line + held_icon(held, art, 530, 30, 300) + _arm(
            limbs, 1, (470, 520), 60
        ), ""
    if held is not None and (held.sign in _TWO_HANDED or action in {"reading", "eating", "working"}):
        size = 330 if held.sign in _TWO_HANDED else 210
        thing = held_icon(held, art, MIDDLE, 738, size)
        reach = size * 0.44
        return thing + _arm(limbs, -1, (MIDDLE - reach, 760)) + _arm(limbs, 1, (MIDDLE + reach, 760)), ""
    left = _arm(limbs, -1, (218, 770))
    if costume.umbrella:
        canopy = held_icon(Thing("☂", "", colour=costume.accent), art, 214, 150, 740)
        left = _arm(limbs, -1, (206, 560), 60)
        if held is None:
            return left + _arm(limbs, 1, (424, 770)), canopy
        return left + held_icon(held, art, 440, 660, 200) + _arm(limbs, 1, (430, 720), 50), canopy
    if held is not None:
        return left + held_icon(held, art, 452, 590, 240) + _arm(limbs, 1, (440, 690), 60), ""
    if action in {"waving", "dancing", "singing", "running", "flying"}:
        both = action in {"dancing", "flying"}
        return (_arm(limbs, -1, (140, 430), 30) if both else left) + _arm(limbs, 1, (510, 430), 30), ""
    if action == "skiing":
        poles = "".join(stroke(f"M{MIDDLE + s * 190},690 L{MIDDLE + s * 240},960", "#3c4655", 12) for s in (-1, 1))
        return poles + _arm(limbs, -1, (130, 690)) + _arm(limbs, 1, (510, 690)), ""
    return left + _arm(limbs, 1, (422, 770)), ""
