"""Bodies: somebody and what they do in, one drawn figure out, as vector shapes.

A figure stands in a box 640 wide and 1000 high with the ground at 960. Animals known by their head get a drawn body with
their own fur, belly and tail; people get a face of `face`; animals whose drawing is whole keep it. Hands hold what the
scene gives them.
"""

import msgspec
import numpy as np

from parvis.illustrator import face as faces
from parvis.illustrator import hands, wardrobe
from parvis.illustrator.art import Art, Icon
from parvis.illustrator.brush import chance
from parvis.illustrator.hands import Costume
from parvis.illustrator.scene import Action, Being
from parvis.illustrator.vector import (
    darker,
    ellipse,
    fade,
    group,
    lighter,
    mix,
    path,
    polygon,
    recoloured,
    rect,
    stroke,
)  # fmt: skip

WIDTH, HEIGHT, GROUND = 640.0, 1000.0, 960.0
MIDDLE = WIDTH / 2


class Coat(msgspec.Struct, frozen=True):
    """An animal's colours and shape."""

    fur: str
    belly: str
    tail: str = "short"
    tip: str = ""
    crown: float = 190  # how high the head's top stands above its middle


_COATS: dict[str, Coat] = {
    "🐱": Coat("#ffb01f", "#ffe9b8", "cat", crown=150), "🐶": Coat("#f6e7d0", "#fffaf0", "dog", "#a4735e", 170),
    "🦊": Coat("#ff6d1f", "#fff3e4", "fox", "#fff6ea", 130), "🐻": Coat("#8a5a4a", "#c79a80", crown=175),
    "🐼": Coat("#3c3c40", "#fafafa", crown=180), "🐰": Coat("#b3b7bb", "#f7f7f7", "puff", "#fff", 90), "🐭": Coat("#a9adb0", "#e6e8ea", "thin", "#f48fb1", 130),
    "🐹": Coat("#ffb25c", "#fff0dc", crown=170), "🦁": Coat("#f5b53a", "#ffe3a0", "tuft", "#7a4a35", 185), "🐯": Coat("#ff9a1f", "#fff4e2", "tiger", "#3a2f2f", 180),
    "🐮": Coat("#fbe4d2", "#fffaf5", "tuft", "#7a5145", 150), "🐷": Coat("#ffc4ac", "#ffe0d2", "curl", crown=170), "🐸": Coat("#a5d610", "#e6f5a8", "none", crown=160),
    "🐵": Coat("#8a5c46", "#e3b88f", "thin", crown=170), "🐨": Coat("#a7a9ac", "#ececec", "none", crown=165), "🐺": Coat("#9b9ea1", "#e8e8e8", "fox", "#dcdcdc", 130),
    "🐴": Coat("#ffa95c", "#ffd3a3", "horse", "#7a5145", 165), "🦄": Coat("#eceff1", "#ffffff", "horse", "#f0448e", 140), "🐲": Coat("#29b24a", "#f4e08a", "dragon", "#ffb300", 130),
    "🤖": Coat("#90a4ae", "#cfd8dc", "none", crown=130), "👽": Coat("#a9b7bf", "#d3dde2", "none", crown=200), "🐔": Coat("#eeeeee", "#ffffff", "none", crown=170),
    "🐗": Coat("#7d5b4c", "#a5826f", crown=160), "🐻‍❄️": Coat("#eef2f5", "#ffffff", crown=175),
}  # fmt: skip

SWEATERS = ("#d8433f", "#2f7fc1", "#e7a92c", "#3f9a6b", "#8a5bb5", "#e0708c", "#2f5d7c", "#d9743a")
TROUSERS = ("#3b4a6b", "#5b4a3f", "#2f3a4a", "#6b6f7a")
_SEATED: frozenset[Action] = frozenset(
    {"sitting", "reading", "writing", "working", "sleeping", "eating", "fishing", "drinking"}
)
_LIVELY: frozenset[Action] = frozenset({"running", "dancing", "skiing", "walking"})


class Figure(msgspec.Struct, frozen=True):
    """A drawn figure, in a box of `width` by `height` with its feet on `ground`."""

    body: str
    width: float = WIDTH
    height: float = HEIGHT
    ground: float = GROUND
    tall: float = 1.0  # its height in the picture, as a share of a grown figure's


def has_body(sign: str) -> bool:
    """Whether we draw a body for this animal's head."""
    return sign in _COATS


def figure(being: Being, action: Action, costume: Costume, art: Art, seed: str) -> Figure | None:
    """Draw somebody; None when there is no art for them."""
    rng = chance("figure", seed, being.sign, being.word)
    if being.kind == "human":
        return _person(being, action, costume, art, rng)
    icon = art.find(being.sign)
    if icon is None:
        return None
    coat = _COATS.get(being.sign)
    if coat is None:
        return _whole(being, icon, action, costume, art)
    return _mascot(being, coat, icon, action, costume, art, rng)


# -- animals with a drawn body


def _mascot(
    being: Being, coat: Coat, icon: Icon, action: Action, costume: Costume, art: Art, rng: np.random.Generator
) -> Figure:
    drawing = icon.body
    if being.colour:
        drawing = recoloured(drawing, being.colour)
        coat = msgspec.structs.replace(coat, fur=mix(being.colour, coat.fur, 0.15), belly=lighter(being.colour, 0.7))
    scale = 400 / icon.width
    head = group(drawing, -icon.width * scale / 2, -icon.height * scale / 2, scale)
    garment = wardrobe.COATS_OF_ROLES.get(costume.role, "")
    limbs = hands.Limbs(
        skin=coat.fur,
        sleeve=garment or coat.fur,
        paw=coat.belly if coat.tail in {"fox", "cat", "tiger"} else darker(coat.fur, 0.12),
        leg=garment if costume.role in {"astronaut", "knight"} else coat.fur,
    )
    if being.sign == "🐼":
        limbs = msgspec.structs.replace(limbs, paw="#2c2c30")
    torso = _mascot_torso(coat, garment, being.sign)
    return _assemble(
        head,
        coat.crown,
        torso,
        limbs,
        action,
        costume,
        art,
        tail=_tail(coat),
        rng=rng,
        tall=0.95 if being.size == 1 else 0.95 * being.size,
    )


def _mascot_torso(coat: Coat, garment: str, sign: str) -> str:
    fur = garment or coat.fur
    shape = (
        "M320,470 C430,470 470,640 470,760 C470,860 410,905 320,905 C230,905 170,860 170,760 C170,640 210,470 320,470Z"
    )
    body = fade("torso", [(0, lighter(fur, 0.08), 1), (0.6, fur, 1), (1, darker(fur, 0.2), 1)]) + path(
        shape, "url(#torso)"
    )
    if sign == "🤖":
        return _robot_torso(coat)
    if not garment:
        chest = "M320,520 C385,520 410,640 410,740 C410,830 375,875 320,875 C265,875 230,830 230,740 C230,640 255,520 320,520Z"
        body += path(chest, coat.belly, 'opacity="0.95"')
    return body


def _robot_torso(coat: Coat) -> str:
    shell = fade("torso", [(0, lighter(coat.fur, 0.25), 1), (1, darker(coat.fur, 0.2), 1)]) + rect(
        182, 490, 276, 390, "url(#torso)", 'rx="70"'
    )
    panel = rect(232, 570, 176, 150, lighter(coat.fur, 0.55), 'rx="28"')
    lamps = "".join(ellipse(x, 618, 20, 20, c) for x, c in ((272, "#ef5350"), (320, "#ffca28"), (368, "#66bb6a")))
    return shell + panel + lamps + rect(256, 664, 128, 18, darker(coat.fur, 0.1), 'rx="9"')


def _tail(coat: Coat) -> str:  # noqa: C901, PLR0911 - one case, one shape
    fur, deep = coat.fur, darker(coat.fur, 0.18)
    match coat.tail:
        case "fox":
            brush = path(
                "M400,880 C520,905 640,830 628,690 C622,610 580,560 545,540 C560,620 530,690 460,740 C410,780 390,830 400,880Z",
                fur,
            )
            tip = path(
                "M628,690 C622,610 580,560 545,540 C552,590 546,630 532,662 Q560,650 575,680 Q600,665 628,690Z",
                coat.tip,
            )
            return (
                brush + path("M400,880 C500,890 600,830 620,740 C580,830 480,850 404,846Z", deep, 'opacity="0.5"') + tip
            )
        case "cat" | "tiger":
            line = "M400,850 C540,880 590,790 560,690 C545,640 590,600 610,640"
            bands = stroke(line, coat.tip or deep, 40, 'stroke-dasharray="16 44"') if coat.tail == "tiger" else ""
            return stroke(line, fur, 46) + bands
        case "dog":
            return stroke("M420,830 C500,820 545,760 560,680", fur, 52) + stroke(
                "M552,720 L560,682", coat.tip or deep, 52
            )
        case "thin":
            return stroke("M410,860 C540,900 610,820 570,720 C560,680 600,660 620,690", coat.tip or deep, 20)
        case "tuft":
            return stroke("M410,850 C520,870 560,790 560,700", deep, 22) + ellipse(562, 680, 36, 50, coat.tip)
        case "curl":
            return stroke("M440,800 q50,-10 46,-46 q-8,-34 -36,-14 q-16,30 30,36 q40,2 50,-24", deep, 20)
        case "puff":
            return ellipse(470, 830, 50, 48, coat.tip)
        case "horse":
            return path(
                "M410,760 C520,740 620,780 600,930 C580,890 560,900 540,940 C530,880 470,850 410,850Z", coat.tip
            )
        case "dragon":
            spikes = "".join(
                polygon([(x, y), (x + 30, y - 46), (x + 52, y + 8)], coat.tip)
                for x, y in ((440, 850), (500, 830), (550, 780))
            )
            wing = "".join(
                path(
                    f"M{320 + s * 110},560 C{320 + s * 200},430 {320 + s * 300},430 {320 + s * 312},470 C{320 + s * 270},500 {320 + s * 290},540 {320 + s * 270},560 C{320 + s * 240},545 {320 + s * 240},600 {320 + s * 205},620 C{320 + s * 180},600 {320 + s * 150},640 {320 + s * 110},650Z",
                    mix(coat.fur, coat.tip, 0.35),
                )
                for s in (-1, 1)
            )
            return (
                wing + spikes + path("M400,890 C520,910 600,840 620,720 L640,760 C640,880 540,960 400,930Z", coat.fur)
            )
        case "short":
            return ellipse(470, 820, 36, 34, deep)
        case _:
            return ""


# -- people


def _person(being: Being, action: Action, costume: Costume, art: Art, rng: np.random.Generator) -> Figure:
    features = faces.some_face(rng, being.age, being.gender)
    hatted = costume.role in wardrobe.HATS_OF_ROLES or bool(
        set(costume.wears) & {"top hat", "beanie", "cap", "beret", "straw hat"}
    )
    if hatted and features.style in {"bun", "afro", "turban", "hijab", "quiff"}:
        features = msgspec.structs.replace(
            features, style="bob" if features.style in {"bun", "hijab", "afro"} else "short"
        )
    head = faces.head(features) + (faces.closed_eyes(features.skin) if action == "sleeping" else "")
    cloth = wardrobe.COATS_OF_ROLES.get(costume.role) or being.colour or SWEATERS[int(rng.integers(len(SWEATERS)))]
    trousers = cloth if costume.role in {"astronaut", "knight", "hero"} else TROUSERS[int(rng.integers(len(TROUSERS)))]
    dress = (being.gender == "woman" or costume.role in {"queen", "wizard"}) and rng.random() < 0.55
    limbs = hands.Limbs(
        skin=features.skin,
        sleeve=cloth,
        paw=features.skin,
        leg=features.skin if dress else trousers,
        shoe=darker(trousers, 0.4),
    )
    tall = {"child": 0.78, "adult": 1.0, "old": 0.96}[being.age] * being.size
    return _assemble(
        group(head, 0, 0, 0.93),
        178,
        _dressed_torso(cloth, trousers, dress),
        limbs,
        action,
        costume,
        art,
        tail="",
        rng=rng,
        tall=tall,
    )


def _dressed_torso(cloth: str, trousers: str, dress: bool) -> str:
    shade = fade("torso", [(0, lighter(cloth, 0.1), 1), (0.6, cloth, 1), (1, darker(cloth, 0.18), 1)])
    if dress:
        skirt = path(
            "M320,478 C400,478 420,540 428,640 L490,880 Q320,930 150,880 L212,640 C220,540 240,478 320,478Z",
            "url(#torso)",
        )
        return shade + skirt + stroke("M214,650 Q320,684 426,650", darker(cloth, 0.25), 12, 'opacity="0.6"')
    hips = path("M208,740 L432,740 Q446,860 420,890 L220,890 Q194,860 208,740Z", trousers)
    jumper = path(
        "M320,476 C410,476 436,560 440,640 L446,790 Q320,826 194,790 L200,640 C204,560 230,476 320,476Z", "url(#torso)"
    )
    return shade + hips + jumper + stroke("M250,492 Q320,548 390,492", darker(cloth, 0.22), 13, 'opacity="0.6"')


# -- what both share


def _assemble(
    head: str,
    crown: float,
    torso: str,
    limbs: hands.Limbs,
    action: Action,
    costume: Costume,
    art: Art,
    *,
    tail: str,
    rng: np.random.Generator,
    tall: float,
) -> Figure:
    seated = action in _SEATED
    lively = action in _LIVELY
    lean = {"running": 7.0, "skiing": 9.0, "dancing": -5.0, "walking": 2.0}.get(action, 0.0)
    drop = 30.0 if seated else 0.0
    behind = _cape(costume) + tail
    before, hands_behind = hands.hold(limbs, action, costume, art)
    top = _head(head, crown, costume, art, tilt=-4.0 if action == "reading" else float(rng.uniform(-3, 3)))
    upper = (
        behind
        + hands_behind
        + ("" if seated else _legs(limbs, lively, action))
        + torso
        + _trim(costume)
        + (_lap(limbs) if seated else "")
    )
    body = group(upper + group(top, MIDDLE, 330) + before, 0, drop)
    if lean:
        body = f'<g transform="rotate({lean} {MIDDLE} {GROUND})">{body}</g>'
    if action == "skiing":
        body += _skis()
    if action == "riding":
        body = group(body, 0, -120) + _bicycle(art)
    return Figure(body, tall=tall * (0.9 if seated else 1.0))


def _head(head: str, crown: float, costume: Costume, art: Art, tilt: float) -> str:
    drawn = head
    worn = [name for name in costume.wears if name in {"glasses", "sunglasses", "headphones"}]
    if costume.role in {"teacher", "scientist"} and not worn:
        worn.append("glasses")
    drawn += "".join(wardrobe.on_face(name, art) for name in worn)
    hats = [
        name
        for name in costume.wears
        if name in {"top hat", "beanie", "cap", "beret", "straw hat", "party hat", "crown"}
    ]
    name = hats[0] if hats else wardrobe.HATS_OF_ROLES.get(costume.role, "")
    if name:
        drawn += wardrobe.hat(name, crown - 26, art, costume.accent)
    if costume.role == "astronaut":
        drawn = group(drawn, 0, 14, 0.94) + wardrobe.helmet()
    return group(drawn, 0, 0, 1, tilt)


def _legs(limbs: hands.Limbs, lively: bool, action: Action) -> str:
    shoe = limbs.shoe or darker(limbs.leg, 0.25)
    if lively and action != "skiing":
        back = stroke("M270,840 Q220,880 150,880", limbs.leg, 78) + ellipse(128, 880, 40, 58, shoe)
        front = stroke("M370,840 Q400,900 420,930", limbs.leg, 78) + ellipse(444, 936, 66, 34, shoe)
        return back + front
    out = ""
    for side in (-1, 1):
        x = MIDDLE + side * 64
        out += stroke(f"M{x},830 L{x + side * 6},925", limbs.leg, 84) + ellipse(x + side * 18, 936, 66, 34, shoe)
    return out


def _lap(limbs: hands.Limbs) -> str:
    shoe = limbs.shoe or darker(limbs.leg, 0.22)
    sole = lighter(shoe, 0.35)
    out = ""
    for side in (-1, 1):
        x = MIDDLE + side * 92
        out += stroke(f"M{MIDDLE + side * 70},860 Q{x + side * 30},850 {x + side * 26},880", limbs.leg, 86)
        out += ellipse(x + side * 34, 884, 54, 58, shoe) + ellipse(x + side * 36, 890, 32, 36, sole, 'opacity="0.7"')
    return out


def _trim(costume: Costume) -> str:
    """What lies upon the body: a scarf, buttons, a badge."""
    out = ""
    if costume.role == "astronaut":
        out += (
            rect(250, 640, 140, 100, "#cfd8e3", 'rx="18"')
            + ellipse(285, 676, 14, 14, "#ef5350")
            + ellipse(322, 676, 14, 14, "#ffca28")
        )
        out += rect(272, 704, 96, 14, "#5b7fb0", 'rx="7"')
    if costume.role in {"cook", "scientist", "doctor"}:
        out += "".join(ellipse(MIDDLE, y, 10, 10, "#8b93a3") for y in (600, 660, 720)) + stroke(
            "M320,500 L320,800", "#d3d8e0", 6
        )
    if costume.role == "hero":
        out += ellipse(MIDDLE, 620, 54, 48, "#ffd75e") + polygon(
            [
                (320, 584),
                (336, 614),
                (366, 616),
                (342, 634),
                (350, 660),
                (320, 644),
                (290, 660),
                (298, 634),
                (274, 616),
                (304, 614),
            ],
            "#d23c3c",
        )
    if "scarf" in costume.wears:
        out += group(wardrobe.scarf(costume.accent, 1.0 if costume.wind else 0.0), MIDDLE, 520)
    if "bow tie" in costume.wears:
        out += group(wardrobe.bow_tie(costume.accent), MIDDLE, 545)
    return out


def _cape(costume: Costume) -> str:
    if costume.role not in {"hero", "king", "queen", "wizard"} and "cape" not in costume.wears:
        return ""
    colour = {"hero": "#b3242c", "king": "#7d1f33", "queen": "#7b2d7a", "wizard": "#372a6e"}.get(
        costume.role, costume.accent
    )
    sweep = 60 if costume.wind or costume.role == "hero" else 0
    return path(f"M230,500 Q100,700 {90 - sweep},900 Q320,960 {550 - sweep / 2},900 Q540,700 410,500Z", colour)


def _skis() -> str:
    return "".join(
        stroke(f"M{x - 150},{y} L{x + 150},{y} Q{x + 190},{y - 4} {x + 204},{y - 40}", colour, 20)
        for x, y, colour in ((300, 968, "#c8372f"), (350, 984, "#e0514a"))
    )


def _bicycle(art: Art) -> str:
    icon = art.find("🚲")
    return group(icon.body, -40, 430, 700 / icon.width) if icon else ""


# -- animals whose drawing is whole


def _whole(being: Being, icon: Icon, action: Action, costume: Costume, art: Art) -> Figure:
    """Keep the drawing, and lay by it what would be held or worn."""
    body = recoloured(icon.body, being.colour) if being.colour else icon.body
    side = 700.0
    scale = side / icon.height
    left = MIDDLE - icon.width * scale / 2
    out = group(body, left, GROUND - side, scale)
    name = next(
        (n for n in costume.wears if n not in {"glasses", "sunglasses", "scarf", "bow tie", "cape"}), ""
    ) or wardrobe.HATS_OF_ROLES.get(costume.role, "")
    if name and being.sign in _HEADS:
        x, y, size = _HEADS[being.sign]
        out += group(wardrobe.hat(name, 0, art, costume.accent), left + x * side, GROUND - side + y * side, size)
    if costume.role in {"teacher", "scientist"} and being.sign == "🦉":
        out += group(wardrobe.on_face("glasses", art), MIDDLE, GROUND - side * 0.73, 0.98)
    if "scarf" in costume.wears and being.sign in _HEADS:
        out += group(wardrobe.scarf(costume.accent), MIDDLE, GROUND - side * 0.56, 0.8)
    if action == "skiing":
        out += _skis()
    if costume.held is not None:
        out += hands.held_icon(costume.held, art, MIDDLE + 40, GROUND - 120, 300)
    return Figure(out, tall=0.8 * being.size * SIZES.get(being.sign, 1.0))


_HEADS: dict[str, tuple[float, float, float]] = {  # where a hat sits: across, down, scale
    "🐧": (0.40, 0.06, 0.55), "🦉": (0.5, 0.08, 0.75), "🐥": (0.5, 0.1, 0.62), "👻": (0.5, 0.05, 0.8), "🐢": (0.17, 0.35, 0.4),
    "🐦": (0.22, 0.2, 0.45), "🐘": (0.42, 0.08, 0.5), "🦆": (0.25, 0.06, 0.4), "🦔": (0.3, 0.25, 0.4), "🐙": (0.42, 0.1, 0.6), "🐿": (0.3, 0.15, 0.45),
}  # fmt: skip

SIZES: dict[str, float] = {  # how tall a whole animal stands beside a mascot
    "🐘": 1.7, "🦒": 2.0, "🐳": 1.5, "🐋": 1.6, "🦈": 1.2, "🐬": 1.1, "🦖": 1.7, "🐪": 1.4, "🦓": 1.3, "🦌": 1.3, "🐊": 0.9, "🦛": 1.2,
    "🐦": 0.5, "🐝": 0.3, "🦋": 0.35, "🐞": 0.3, "🐌": 0.4, "🦆": 0.6, "🐥": 0.55, "🐟": 0.6, "🐠": 0.6, "🕊": 0.45, "🦀": 0.5, "🦔": 0.55,
    "🐿": 0.7, "🐢": 0.65, "🦜": 0.6, "🐍": 0.7,
}  # fmt: skip
