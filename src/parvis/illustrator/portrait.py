"""Faces for profiles: a name in, one square picture out, the same every day.

People get a drawn face with skin, hair, glasses and clothes chosen by their name; AI accounts get a friendly machine, so
that nobody takes them for a person. Colours come from one palette, so that a whole cast looks like one book.
"""

from typing import Literal

import numpy as np

from parvis.illustrator import brush, face, vector
from parvis.illustrator.brush import chance
from parvis.illustrator.vector import darker, ellipse, group, halo, lighter, mix, path, polygon, rect, stroke

SIDE = 512
_GROUNDS = (
    "#f6b26b",
    "#7fb8d6",
    "#a7c97b",
    "#e88f8f",
    "#b39ad4",
    "#f2cf63",
    "#6fbfae",
    "#e9a6c0",
    "#8aa2cf",
    "#d9b48a",
)
_CLOTHES = (
    "#35518a",
    "#b5463f",
    "#2f7f6a",
    "#6b4a8c",
    "#d98a2b",
    "#3d3f4f",
    "#c25f86",
    "#4f7a3d",
    "#8a5a3c",
    "#e8e2d4",
)
_SHELLS = ("#7f8fd6", "#5fb3a8", "#e0876a", "#b98ad0", "#6fa3c9", "#d9a441")
_WOMEN = frozenset(
    [
        "she",
        "her",
        "woman",
        "girl",
        "lady",
        "grandmother",
        "mother",
        "femme",
        "fille",
        "dame",
        "elle",
        "mere",
        "grand-mere",
    ]
)
_MEN = frozenset(
    [
        "he",
        "him",
        "man",
        "boy",
        "guy",
        "grandfather",
        "father",
        "homme",
        "garcon",
        "monsieur",
        "il",
        "pere",
        "grand-pere",
    ]
)
_OLD = frozenset(
    [
        "old",
        "elderly",
        "grandmother",
        "grandfather",
        "retired",
        "vieux",
        "vieille",
        "agee",
        "age",
        "retraite",
        "retraitee",
    ]
)


def portrait(
    name: str,
    seed: int = 0,
    *,
    kind: Literal["person", "machine"] = "person",
    age: face.Age | None = None,
    gender: str = "",
) -> bytes:
    """Draw the face of whoever is called or described so, as a PNG 512 pixels square.

    Words such as "old", "woman" or "homme" in a description are heeded where `age` and `gender` are not given.
    """
    rng = chance("portrait", name[:500], seed, kind)
    words = set(name.lower().split())
    gender = gender or ("woman" if words & _WOMEN else "man" if words & _MEN else "")
    age = age or ("old" if words & _OLD or rng.random() < 0.14 else "adult")
    body = _background(rng)
    body += _machine(rng) if kind == "machine" else _person(rng, age, gender)
    layer = vector.rasterise(body, SIDE, SIDE, (0, 0, 1000, 1000))
    canvas = np.ascontiguousarray(layer[..., :3])
    grain = brush.noise(SIDE, SIDE, rng, 60, 150, 2) - 0.5
    return brush.encoded(canvas * (1 + 0.05 * grain[..., None]))


def _background(rng: np.random.Generator) -> str:
    colour = str(rng.choice(_GROUNDS))
    out = halo("ground", [(0, lighter(colour, 0.45), 1), (1, colour, 1)]) + rect(-1, -1, 1002, 1002, "url(#ground)")
    match int(rng.integers(5)):
        case 0:
            out += ellipse(500, 470, 400, 400, lighter(colour, 0.5), 'opacity="0.6"')
        case 1:
            out += "".join(
                stroke(f"M{x},-20 L{x - 380},1020", lighter(colour, 0.4), 34, 'opacity="0.45"')
                for x in range(60, 1500, 120)
            )
        case 2:
            out += "".join(
                ellipse(
                    70 + 124 * (n % 8) + 60 * (n // 8 % 2),
                    60 + 120 * (n // 8),
                    15,
                    15,
                    lighter(colour, 0.6),
                    'opacity="0.6"',
                )
                for n in range(64)
            )
        case 3:
            leaf = darker(mix(colour, "#4f8a4f", 0.6), 0.1)
            out += "".join(
                group(path("M0,0 Q70,-90 0,-260 Q-70,-90 0,0Z", leaf, 'opacity="0.7"'), x, y, 1.15, t)
                for x, y, t in (
                    (40, 420, 40),
                    (-10, 640, 64),
                    (960, 420, -40),
                    (1010, 640, -64),
                    (60, 180, 24),
                    (940, 180, -24),
                )
            )
        case _:
            out += ellipse(760, 240, 130, 130, lighter(colour, 0.7), 'opacity="0.8"') + polygon(
                [(0, 700), (260, 420), (520, 740), (720, 520), (1000, 780), (1000, 1000), (0, 1000)],
                darker(colour, 0.18),
                'opacity="0.55"',
            )
    return out


def _person(rng: np.random.Generator, age: face.Age, gender: str) -> str:
    features = face.some_face(rng, age, gender)
    cloth = str(rng.choice(_CLOTHES))
    turn = float(rng.uniform(-4, 4))
    neck = rect(430, 640, 140, 170, darker(features.skin, 0.14), 'rx="60"')
    body = path("M140,1010 Q150,800 400,765 L600,765 Q850,800 860,1010Z", cloth)
    body += path("M640,770 Q850,800 860,1010 L700,1010 Q740,860 640,770Z", darker(cloth, 0.25), 'opacity="0.5"')
    head = group(face.head(features), 500, 470, 1.28, turn)
    return neck + body + _collar(rng, cloth, features.skin) + head


def _collar(rng: np.random.Generator, cloth: str, skin: str) -> str:
    match int(rng.integers(5)):
        case 0:
            return path("M400,765 Q500,880 600,765 Q500,820 400,765Z", skin) + stroke(
                "M396,765 Q500,892 604,765", darker(cloth, 0.25), 16
            )
        case 1:
            return path(
                "M430,750 L500,850 L570,750 L640,790 L560,900 L500,850 L440,900 L360,790Z", lighter(cloth, 0.75)
            ) + path("M500,850 L470,1010 L530,1010Z", darker(cloth, 0.3))
        case 2:
            return path("M380,740 Q500,830 620,740 L632,800 Q500,890 368,800Z", darker(cloth, 0.18))
        case 3:
            stripes = "".join(
                stroke(
                    f"M{190 + n * 12},{860 + n * 50} Q500,{900 + n * 50} {810 - n * 12},{860 + n * 50}",
                    lighter(cloth, 0.7),
                    18,
                )
                for n in range(3)
            )
            return stripes + stroke("M398,768 Q500,850 602,768", darker(cloth, 0.25), 16)
        case _:
            scarf = mix(cloth, "#f2b04a", 0.7)
            return path("M360,750 Q500,860 640,750 Q670,800 630,850 Q500,930 370,850 Q330,800 360,750Z", scarf) + path(
                "M560,860 L640,1010 L540,1010 L510,880Z", darker(scarf, 0.15)
            )


def _machine(rng: np.random.Generator) -> str:
    colour = str(rng.choice(_SHELLS))
    neck = rect(440, 690, 120, 120, darker(colour, 0.35), 'rx="20"') + "".join(
        rect(430, y, 140, 16, darker(colour, 0.5), 'rx="8"') for y in (720, 750)
    )
    body = path("M170,1010 Q180,830 400,800 L600,800 Q820,830 830,1010Z", colour)
    body += rect(400, 868, 200, 92, lighter(colour, 0.5), 'rx="26"') + "".join(
        ellipse(x, 914, 18, 18, c) for x, c in ((446, "#ef6f5e"), (500, "#ffd257"), (554, "#6fcf8a"))
    )
    return neck + body + group(face.robot_head(rng, colour), 500, 480, 1.24, float(rng.uniform(-5, 5)))
