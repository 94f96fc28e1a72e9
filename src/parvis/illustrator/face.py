"""Faces of people: a few chosen features in, one charming head out, as vector shapes about the origin.

A head is about 400 units wide and 440 high, its middle at (0, 0), its chin near (0, 200). Features are drawn by chance
from a seed, so that no two members of a cast look alike and each looks the same every day.
"""

from typing import Literal

import msgspec
import numpy as np

from parvis.illustrator.vector import darker, ellipse, group, lighter, mix, path, rect, stroke

Age = Literal["child", "adult", "old"]

SKINS = ("#f8d9c0", "#f2c4a0", "#e5ab80", "#d0905f", "#b0703f", "#8a5230", "#653a22")
HAIRS = ("#2a1d1a", "#3c2a22", "#5d3a24", "#8a5527", "#c38a3e", "#e3b765", "#b4472a", "#1f2230")
GREYS = ("#d9d6d3", "#b9b7b8", "#efece6")
STYLES_WOMAN = ("long", "bob", "bun", "curly", "ponytail", "waves", "afro", "hijab", "braids")
STYLES_MAN = ("short", "quiff", "curly", "buzz", "side", "bald", "afro", "short", "turban")


class Face(msgspec.Struct, frozen=True):
    """The features of one head."""

    skin: str
    hair: str
    style: str
    eyes: str = "#3a2a26"
    glasses: str = ""
    beard: str = ""
    freckles: bool = False
    earrings: bool = False
    age: Age = "adult"
    cloth: str = "#3d6fb5"  # of a hijab or turban
    smile: float = 1.0


def some_face(rng: np.random.Generator, age: Age = "adult", gender: str = "") -> Face:
    """Choose the features of somebody of this age and gender; of any, where none is said."""
    gender = gender or str(rng.choice(["woman", "man"]))
    skin = SKINS[int(rng.integers(len(SKINS)))]
    fair = SKINS.index(skin) < 3
    hair = HAIRS[int(rng.integers(len(HAIRS) if fair else 3))]
    if age == "old":
        hair = GREYS[int(rng.integers(len(GREYS)))]
    style = str(rng.choice(STYLES_WOMAN if gender == "woman" else STYLES_MAN))
    if age == "child" and style in {"bald", "hijab", "turban", "buzz"}:
        style = "ponytail" if gender == "woman" else "short"
    bearded = gender == "man" and age != "child" and rng.random() < (0.7 if age == "old" else 0.4)
    return Face(
        skin=skin,
        hair=hair,
        style=style,
        eyes=str(rng.choice(["#3a2a26", "#3a2a26", "#2f4a63", "#4a5a34"])),
        glasses=str(rng.choice(["round", "square"])) if rng.random() < (0.6 if age == "old" else 0.28) else "",
        beard=str(rng.choice(["full", "stubble", "moustache"])) if bearded else "",
        freckles=bool(fair and rng.random() < 0.25),
        earrings=bool(gender == "woman" and rng.random() < 0.5),
        age=age,
        cloth=str(rng.choice(["#3d6fb5", "#a2455f", "#2f8f83", "#c98a2b", "#6b5aa8"])),
        smile=float(rng.uniform(0.7, 1.2)),
    )


def head(face: Face) -> str:
    """Draw the whole head."""
    return "".join(
        (
            _hair_behind(face),
            _ears(face),
            ellipse(0, 10, 168, 190, face.skin),
            path(
                "M60,-130 Q190,-20 120,150 Q60,210 0,200 Q120,120 60,-130Z", darker(face.skin, 0.12), 'opacity="0.35"'
            ),
            _cheeks(face),
            _beard(face),
            _features(face),
            _hair_before(face),
            _glasses(face),
        )
    )


def _ears(face: Face) -> str:
    if face.style in {"hijab", "turban"}:
        return ""
    ears = "".join(ellipse(side * 168, 25, 30, 40, darker(face.skin, 0.08)) for side in (-1, 1))
    if face.earrings:
        ears += "".join(ellipse(side * 174, 74, 11, 14, "#f2c14b") for side in (-1, 1))
    return ears


def _cheeks(face: Face) -> str:
    blush = mix(face.skin, "#e8574f", 0.45)
    cheeks = "".join(ellipse(side * 100, 78, 38, 26, blush, 'opacity="0.5"') for side in (-1, 1))
    if face.freckles:
        dots = ((-118, 60), (-96, 52), (-80, 66), (118, 60), (96, 52), (80, 66))
        cheeks += "".join(ellipse(x, y, 4.5, 4.5, darker(face.skin, 0.35), 'opacity="0.7"') for x, y in dots)
    if face.age == "old":
        line = darker(face.skin, 0.28)
        cheeks += "".join(stroke(f"M{s * 62},58 q{s * 24},14 {s * 46},4", line, 5, 'opacity="0.6"') for s in (-1, 1))
        cheeks += stroke("M-60,-62 q60,-12 120,0", line, 5, 'opacity="0.4"')
    return cheeks


def _features(face: Face) -> str:
    brow = darker(face.hair, 0.2) if face.age != "old" else "#9b9692"
    tall = 30 if face.age == "child" else 26
    eyes = ""
    for side in (-1, 1):
        x = side * 68
        eyes += ellipse(x, 22, 21, tall, face.eyes) + ellipse(x + 7, 12, 8, 9, "#fff")
        eyes += ellipse(x - 6, 34, 4, 4, "#fff", 'opacity="0.6"')
        eyes += stroke(f"M{x - 30},{-28 - side * 2} q30,-20 60,{side * 4}", brow, 10)
    wide = 52 * face.smile
    nose = stroke("M-4,52 q14,22 -10,26", darker(face.skin, 0.3), 9)
    mouth = path(
        f"M{-wide:.0f},104 Q0,{118 + 56 * face.smile:.0f} {wide:.0f},104 Q0,{114 + 6 * face.smile:.0f} {-wide:.0f},104Z",
        "#8f2f36",
        'stroke="#8f2f36" stroke-width="7" stroke-linejoin="round"',
    )
    return eyes + nose + mouth


def _beard(face: Face) -> str:
    match face.beard:
        case "full":
            return path(
                "M-166,30 Q-150,215 0,226 Q150,215 166,30 Q130,90 60,92 Q0,80 -60,92 Q-130,90 -166,30Z", face.hair
            )
        case "stubble":
            return path(
                "M-160,50 Q-140,206 0,206 Q140,206 160,50 Q120,96 60,92 Q0,84 -60,92 Q-120,96 -160,50Z",
                face.hair,
                'opacity="0.3"',
            )
        case "moustache":
            return path("M-76,104 Q-40,74 0,88 Q40,74 76,104 Q40,112 0,102 Q-40,112 -76,104Z", face.hair)
        case _:
            return ""


def _glasses(face: Face) -> str:
    if not face.glasses:
        return ""
    pen = 'fill="#ffffff" fill-opacity="0.18" stroke="#33303d" stroke-width="9"'
    if face.glasses == "round":
        lenses = "".join(f'<circle cx="{s * 70}" cy="24" r="52" {pen}/>' for s in (-1, 1))
    else:
        lenses = "".join(f'<rect x="{s * 72 - 56}" y="-18" width="112" height="84" rx="20" {pen}/>' for s in (-1, 1))
    return lenses + stroke("M-20,18 q20,-12 40,0 M-122,16 l-44,-8 M122,16 l44,-8", "#33303d", 9)


def _hair_behind(face: Face) -> str:  # noqa: PLR0911 - one case, one shape
    hair, deep = face.hair, darker(face.hair, 0.18)
    match face.style:
        case "long":
            return path(
                "M-196,10 Q-220,-220 0,-218 Q220,-220 196,10 Q214,170 176,262 Q0,300 -176,262 Q-214,170 -196,10Z", deep
            )
        case "waves":
            return path(
                "M-190,0 Q-220,-215 0,-215 Q220,-215 190,0 Q230,60 196,110 Q226,170 178,230 Q110,250 90,200 L-90,200 "
                "Q-110,250 -178,230 Q-226,170 -196,110 Q-230,60 -190,0Z",
                deep,
            )
        case "bob":
            return path(
                "M-198,20 Q-214,-216 0,-216 Q214,-216 198,20 Q206,110 168,150 L-168,150 Q-206,110 -198,20Z", deep
            )
        case "bun":
            return ellipse(0, -228, 84, 76, hair) + ellipse(-18, -248, 40, 28, lighter(hair, 0.14), 'opacity="0.5"')
        case "ponytail":
            return path("M120,-150 Q300,-170 286,40 Q280,150 220,200 Q240,40 150,-40Z", deep)
        case "braids":
            links = "".join(
                ellipse(side * (182 + 6 * (i % 2)), 60 + i * 44, 34, 30, hair if i % 2 else deep)
                for side in (-1, 1)
                for i in range(5)
            )
            return links + "".join(ellipse(s * 184, 276, 20, 18, "#e8536b") for s in (-1, 1))
        case "afro":
            return "".join(
                ellipse(225 * np.cos(a), -62 + 200 * np.sin(a), 78, 78, deep if i % 2 else hair)
                for i, a in enumerate(np.linspace(np.pi * 0.94, np.pi * 2.06, 11))
            ) + ellipse(0, -70, 232, 205, hair)
        case "curly":
            return "".join(
                ellipse(190 * np.cos(a), -30 + 182 * np.sin(a), 56, 56, deep)
                for a in np.linspace(np.pi * 0.9, np.pi * 2.1, 11)
            )
        case "hijab":
            return path(
                "M-214,20 Q-222,-236 0,-236 Q222,-236 214,20 Q230,180 250,300 L-250,300 Q-230,180 -214,20Z",
                darker(face.cloth),
            )
        case _:
            return ""


def _hair_before(face: Face) -> str:  # noqa: C901 - one case, one shape
    hair = face.hair
    shine = stroke("M-96,-140 Q-20,-186 70,-168", lighter(hair, 0.28), 12, 'opacity="0.45"')
    match face.style:
        case "long" | "waves":
            front = path("M-184,40 Q-196,-210 0,-206 Q196,-210 184,40 Q160,-60 60,-128 Q-70,-40 -184,40Z", hair)
        case "bob" | "braids":
            front = path(
                "M-184,20 Q-200,-208 0,-208 Q200,-208 184,20 Q178,-50 150,-78 Q0,-104 -150,-78 Q-178,-50 -184,20Z", hair
            )
        case "bun" | "ponytail":
            front = path("M-178,0 Q-186,-204 0,-204 Q186,-204 178,0 Q150,-112 0,-122 Q-150,-112 -178,0Z", hair)
        case "short":
            front = path(
                "M-180,10 Q-200,-206 10,-212 Q200,-206 180,10 Q170,-60 140,-90 Q40,-76 -40,-116 Q-80,-70 -150,-70 Q-172,-40 -180,10Z",
                hair,
            )
        case "quiff":
            front = path(
                "M-176,4 Q-190,-160 -90,-196 Q-20,-270 120,-226 Q210,-170 176,4 Q168,-70 130,-100 Q0,-112 -120,-96 Q-166,-60 -176,4Z",
                hair,
            )
        case "side":
            front = path(
                "M-180,20 Q-196,-210 20,-210 Q200,-200 180,20 Q170,-70 110,-120 Q0,-60 -140,-74 Q-170,-40 -180,20Z",
                hair,
            )
        case "buzz":
            return path(
                "M-172,-20 Q-170,-190 0,-188 Q170,-190 172,-20 Q150,-110 0,-118 Q-150,-110 -172,-20Z",
                hair,
                'opacity="0.85"',
            )
        case "curly" | "afro":
            return (
                "".join(
                    ellipse(165 * np.cos(a), -40 + 132 * np.sin(a), 48, 44, hair)
                    for a in np.linspace(np.pi, np.pi * 2, 8)
                )
                + shine
            )
        case "hijab":
            cloth = face.cloth
            ring = path(
                "M-196,20 Q-200,-214 0,-214 Q200,-214 196,20 Q190,190 0,234 Q-190,190 -196,20Z "
                "M-150,20 Q-146,170 0,196 Q146,170 150,20 Q150,-120 0,-126 Q-150,-120 -150,20Z",
                cloth,
                'fill-rule="evenodd"',
            )
            return ring + stroke("M-150,176 Q0,262 160,170", darker(cloth, 0.2), 10, 'opacity="0.6"')
        case "turban":
            folds = "".join(
                path(
                    f"M-190,{-50 - i * 36} Q0,{-190 - i * 34} 190,{-60 - i * 30} Q0,{-130 - i * 34} -190,{-50 - i * 36}Z",
                    darker(face.cloth, 0.12),
                    'opacity="0.6"',
                )
                for i in range(3)
            )
            return path("M-196,-40 Q-210,-262 0,-262 Q210,-262 196,-40 Q0,-150 -196,-40Z", face.cloth) + folds
        case _:  # bald
            return ellipse(-50, -118, 46, 20, "#ffffff", 'opacity="0.3"')
    return front + shine


def closed_eyes(skin: str) -> str:
    """Cover the eyes with sleeping lids."""
    lids = "".join(ellipse(s * 68, 22, 28, 33, skin) for s in (-1, 1))
    return lids + "".join(stroke(f"M{s * 68 - 24},22 q24,22 48,0", "#3a2a26", 9) for s in (-1, 1))


def robot_head(rng: np.random.Generator, colour: str) -> str:
    """Draw a friendly machine's head, the same size as a person's."""
    deep, pale = darker(colour, 0.3), lighter(colour, 0.55)
    glow = str(rng.choice(["#7df0ff", "#ffe27a", "#9dffb0", "#ffb3e1"]))
    shape = int(rng.integers(3))
    radius = (70, 130, 190)[shape]
    antenna = stroke("M0,-180 L0,-250", deep, 16) + ellipse(0, -262, 28, 28, glow) + ellipse(-8, -270, 9, 9, "#fff")
    if shape == 1:
        antenna = "".join(
            stroke(f"M{s * 70},-176 L{s * 110},-244", deep, 14) + ellipse(s * 114, -252, 22, 22, glow) for s in (-1, 1)
        )
    ears = "".join(rect(s * 206 - 26, -40, 52, 110, deep, 'rx="22"') for s in (-1, 1))
    shell = rect(-200, -185, 400, 375, colour, f'rx="{radius}"')
    shine = path("M-150,-140 Q-40,-190 90,-168 Q-60,-150 -130,-70Z", pale, 'opacity="0.75"')
    screen = rect(-158, -108, 316, 236, "#1c2140", 'rx="90"')
    return antenna + ears + shell + shine + screen + _screen_face(rng, glow)


def _screen_face(rng: np.random.Generator, glow: str) -> str:
    kind = int(rng.integers(3))
    if kind == 0:
        eyes = "".join(ellipse(s * 72, -8, 30, 40, glow) + ellipse(s * 72 + 9, -22, 9, 11, "#fff") for s in (-1, 1))
    elif kind == 1:
        eyes = "".join(stroke(f"M{s * 72 - 34},6 q34,-56 68,0", glow, 18) for s in (-1, 1))
    else:
        eyes = "".join(rect(s * 72 - 26, -42, 52, 66, glow, 'rx="20"') for s in (-1, 1))
    mouth = stroke("M-46,56 Q0,100 46,56", glow, 15)
    blush = "".join(ellipse(s * 118, 48, 22, 13, "#ff7fa5", 'opacity="0.7"') for s in (-1, 1))
    return group(eyes + mouth + blush)
