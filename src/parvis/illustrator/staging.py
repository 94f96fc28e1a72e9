"""Who stands where: a scene and its setting in, placed drawings out, back to front.

Those whom the picture is about stand on the third away from the light; what is large stands far, what flies is in the
air, what floats is on the water, and small things lie in front without covering anybody.
"""

import msgspec

from parvis.illustrator import figure
from parvis.illustrator.art import Art
from parvis.illustrator.company import company
from parvis.illustrator.easel import Easel, Setting
from parvis.illustrator.figure import Figure
from parvis.illustrator.hands import Costume
from parvis.illustrator.scene import Being, Scene
from parvis.illustrator.vector import ellipse, group, recoloured

GROWN = 474.0  # units high a grown figure is when alone
_FLYING = frozenset("🦋🐦🕊🐝🎈🪁✈🚁🛸🚀🦅🦇🪐☄🌍🎆☁⭐🌟✨🎵⚡💭❤💔💡🕊🌈💫🌠🪽🫧")
_AFLOAT = frozenset("⛵🚢🛶🐳🐋🐬🦈🚤🛥🦆🦢⛴🛟")
_BUILDINGS = frozenset("🏠🏰⛪🏛🏡🏢🏫🏥🕌🛕⛩🕍🗼🗽🏯🎪🎡🎠🌉⛲🏭🏟🏔🏝🌋🏗🏚🛖⛺")
_TREES = frozenset("🌲🌳🌴🎄🌵")
_VEHICLES = frozenset("🚗🚕🚙🚌🚎🚓🚑🚒🚐🚚🚛🚜🚂🚋🚲🏍🛵🛴🛺🚃🐘")
_TALL = {"🏰": 300.0, "🎡": 300.0, "🗼": 320.0, "🗽": 320.0, "🏠": 210.0, "⛺": 150.0, "🎪": 230.0, "🌉": 220.0, "🚂": 190.0, "🚲": 150.0, "🎄": 300.0, "🌳": 330.0, "🌲": 330.0, "🌴": 330.0, "🚗": 130.0, "🔥": 110.0, "🎈": 190.0, "🚀": 210.0, "🪐": 170.0, "🌍": 200.0, "🔭": 190.0, "🎹": 170.0, "🛋": 190.0, "🥁": 130.0, "🌻": 190.0, "🛖": 150.0, "⛄": 130.0, "🐪": 150.0, "⛲": 170.0, "🐈": 110.0, "🐿": 80.0, "🦉": 90.0, "🐚": 46.0, "🦋": 54.0, "🐝": 44.0, "🦆": 60.0, "🐠": 80.0, "🐟": 70.0, "🐢": 110.0, "🕊": 70.0, "🏮": 90.0}  # fmt: skip
_SMALL = 92.0


class Placed(msgspec.Struct, frozen=True):
    """A drawing in its place: its foot's middle, its size, and whether it casts a shadow on the ground."""

    body: str
    left: float
    top: float
    scale: float
    foot: float
    middle: float
    wide: float
    shadow: bool = True
    main: bool = False
    distance: float = 0.0

    def markup(self) -> str:
        """The drawing where it stands."""
        return group(self.body, self.left, self.top, self.scale)


class Staged(msgspec.Struct, frozen=True):
    """All that was placed, and the words for which there was no drawing."""

    placed: tuple[Placed, ...]
    undrawn: tuple[str, ...]


def stage(scene: Scene, setting: Setting, easel: Easel, art: Art) -> Staged:
    """Place everybody and everything, back to front."""
    figures, missing = _figures(scene, easel, art)
    placed = _place_beings(figures, scene, setting, easel)
    things, absent = _place_things(scene, setting, easel, art, bool(placed))
    order = sorted([*things, *placed], key=lambda p: p.foot + (4 if p.main else 0))
    return Staged(tuple(order), (*missing, *absent))


def _figures(scene: Scene, easel: Easel, art: Art) -> tuple[list[tuple[Being, Figure]], tuple[str, ...]]:
    drawn, missing = [], []
    accents = ("#d8433f", "#2f7fc1", "#e7a92c", "#3f9a6b", "#8a5bb5")
    outdoors_wet = scene.weather in {"rain", "storm"} and scene.place not in {
        "room",
        "kitchen",
        "library",
        "stage",
        "cafe",
        "underwater",
        "space",
        "studio",
    }
    for number, being in enumerate(scene.beings):
        costume = Costume(
            role=being.role or (scene.role if number == 0 or len(set(scene.beings)) == 1 else ""),
            wears=_worn(scene, number),
            held=scene.held
            if number == 0
            or scene.action in {"drinking", "eating", "reading", "writing", "working"}
            or len(set(scene.beings)) == 1
            else None,
            umbrella=outdoors_wet,
            wind=scene.weather in {"wind", "storm"},
            accent=scene.accent or accents[number % len(accents)],
        )
        found = figure.figure(being, scene.action, costume, art, f"{easel.seed} {number}")
        if found is None:
            missing.append(being.word)
        else:
            drawn.append((being, _named(found, f"b{number}")))
    return drawn, tuple(dict.fromkeys(missing))


def _worn(scene: Scene, number: int) -> tuple[str, ...]:
    cold = scene.weather == "snow" or scene.place == "snow"
    warm = ("scarf",) if cold and scene.role != "astronaut" and "scarf" not in scene.wears and number % 2 == 0 else ()
    return (*scene.wears, *warm) if number == 0 or len(set(scene.beings)) == 1 else warm


def _named(found: Figure, name: str) -> Figure:
    """Give the figure's own gradients a name of their own."""
    return msgspec.structs.replace(
        found, body=found.body.replace('"torso"', f'"torso{name}"').replace("#torso", f"#torso{name}")
    )


def _place_beings(figures: list[tuple[Being, Figure]], scene: Scene, setting: Setting, easel: Easel) -> list[Placed]:
    count = len(figures)
    if not count:
        return []
    grown = GROWN * (1.06, 0.95, 0.86, 0.76, 0.68)[count - 1]
    lone = 0.35 if scene.things or setting.water or scene.place not in {"studio", "stage"} else 0.5
    shares = {
        1: (lone,),
        2: (0.28, 0.52),
        3: (0.22, 0.44, 0.66),
        4: (0.16, 0.36, 0.56, 0.76),
        5: (0.13, 0.31, 0.5, 0.69, 0.87),
    }[count]
    if scene.place in {"studio", "stage", "cafe"} and count > 1:
        shares = tuple(share + (0.5 - sum(shares) / count) for share in shares)
    rng = easel.chance("places")
    out = []
    for number, (being, found) in enumerate(figures):
        tall = grown * found.tall
        foot = setting.near - (0 if count == 1 else (number % 2) * 26) - 4
        middle = easel.across(shares[number]) + float(rng.uniform(-10, 10))
        if being.sign in _AFLOAT and setting.water:
            foot, middle = sum(setting.water) / 2 + 40, easel.across(0.6)
        elif not setting.grounded:
            foot -= 110 + float(rng.uniform(-40, 40)) + 60 * (number % 2)
        elif (being.sign in _FLYING or being.sign == "🦜") and number:
            foot -= 260 + 30 * number
        if scene.action == "flying":
            foot -= 150 + 40 * (number % 2)
        aloft = foot < setting.near - 100
        scale = tall / (found.ground - 40)
        half = found.width * scale / 2
        out.append(
            Placed(
                found.body,
                middle - half,
                foot - found.ground * scale,
                scale,
                foot,
                middle,
                half * 1.1,
                shadow=setting.grounded and not aloft,
                main=True,
            )
        )
    return out


def _place_things(
    scene: Scene, setting: Setting, easel: Easel, art: Art, peopled: bool
) -> tuple[list[Placed], tuple[str, ...]]:
    out: list[Placed] = []
    missing: list[str] = []
    rng = easel.chance("things")
    far, small, air = 0, 0, 0
    for number, thing in enumerate((*scene.things, *company(scene))):
        icon = art.find(thing.sign)
        if icon is None:
            missing.extend([thing.word] if thing.word else [])
            continue
        body = recoloured(icon.body, thing.colour) if thing.colour else icon.body
        tall = _TALL.get(thing.sign, _SMALL) * thing.size
        distance = 0.0
        alone = not peopled and number == 0 and bool(thing.word or thing.symbol)
        if alone and thing.sign not in _AFLOAT and thing.sign not in _BUILDINGS:
            tall = (430.0 if scene.place == "studio" else max(tall, 330.0)) * thing.size
            foot, middle = (
                setting.near - (36 if scene.place == "studio" else 24),
                easel.across(0.5 if scene.place in {"studio", "stage"} else 0.42),
            )
            if thing.sign in _FLYING and scene.place != "studio":
                foot -= 250
        elif thing.symbol and peopled and scene.place == "studio":
            tall, foot, middle = 240.0, setting.near + 30, easel.span * 0.5
        elif thing.sign in _FLYING or not setting.grounded:
            tall = tall * (1.0 if peopled else 1.25)
            foot = 250 + 92 * ((air * 2) % 3) + float(rng.uniform(-20, 20))
            middle = easel.across(
                ((0.56, 0.14, 0.68) if scene.place == "space" else (0.66, 0.86, 0.12, 0.5, 0.76, 0.3, 0.94))[
                    air % (3 if scene.place == "space" else 7)
                ]
            )
            air += 1
        elif thing.sign in _AFLOAT and setting.water:
            tall = max(tall, 130.0) * (1.5 if not peopled else 1)
            foot = setting.water[0] + (setting.water[1] - setting.water[0]) * (0.34 + 0.2 * (air % 3))
            middle = easel.across((0.84, 0.58, 0.7)[air % 3] if peopled else (0.4, 0.7, 0.2)[air % 3])
            air += 1
        elif thing.sign in _BUILDINGS | _TREES:
            tall = tall if peopled else tall * 1.3
            foot, middle = (
                setting.far + 24 + 10 * (far % 2),
                easel.across((0.72, 0.9, 0.16, 0.55)[far % 4] if peopled else (0.5, 0.78, 0.24, 0.64)[far % 4]),
            )
            distance = 0.12
            far += 1
        else:
            lane = (0.66, 0.82, 0.56, 0.92, 0.74, 0.1, 0.48) if peopled else (0.72, 0.24, 0.84, 0.14, 0.6, 0.36, 0.9)
            middle = easel.across(lane[small % 7])
            foot = setting.near - (8 if small % 2 == 0 else 36) - (46 if thing.sign in _VEHICLES else 0)
            tall *= 1.0 if peopled or number else 1.6
            small += 1
        scale = tall / icon.height
        wide = icon.width * scale
        middle = min(max(middle, wide * 0.4), easel.span - wide * 0.4)
        out.append(
            Placed(
                body,
                middle - wide / 2,
                foot - tall,
                scale,
                foot,
                middle,
                wide * 0.48,
                shadow=setting.grounded
                and thing.sign not in _FLYING
                and not (thing.sign in _AFLOAT and setting.water is not None),
                main=alone,
                distance=distance,
            )
        )
    return out, tuple(dict.fromkeys(missing))


def contact(placed: Placed, colour: str, strength: float) -> str:
    """The soft dark where something touches the ground."""
    if not placed.shadow:
        return ""
    half = placed.wide * (0.62 if placed.main else 0.8)
    return ellipse(
        placed.middle,
        placed.foot - 6,
        half,
        half * 0.16 + 3,
        colour,
        f'opacity="{strength:.2f}" filter="url(#contact)"',
    )
