"""What figures wear: hats, glasses, scarves, and the outfits of their roles, as vector shapes on a head or a body.

A head has its middle at (0, 0) and is about 400 units wide; `crown` is how high its top stands above the middle.
"""

from parvis.illustrator.art import Art
from parvis.illustrator.scene import Role
from parvis.illustrator.vector import darker, ellipse, group, lighter, path, polygon, rect, stroke

HATS_OF_ROLES: dict[Role, str] = {
    "cook": "chef", "wizard": "wizard", "pirate": "pirate", "king": "crown", "queen": "crown", "detective": "deerstalker",
    "student": "graduation", "cowboy": "cowboy", "farmer": "straw hat", "birthday": "party hat", "artist": "beret",
    "sailor": "sailor", "knight": "knight",
}  # fmt: skip

COATS_OF_ROLES: dict[Role, str] = {
    "astronaut": "#eef1f6", "cook": "#fbfaf5", "wizard": "#4a3a8c", "pirate": "#8e2f35", "king": "#9c2b3e", "queen": "#b0468e",
    "detective": "#a98a5d", "doctor": "#f4f8fa", "knight": "#9aa5b4", "farmer": "#4a72a8", "artist": "#dfe3ea", "student": "#2f4a7a",
    "scientist": "#f6f8fa", "cowboy": "#a8693a", "hero": "#d23c3c", "sailor": "#2d4f86", "teacher": "#6d7f4a",
}  # fmt: skip


def hat(name: str, crown: float, art: Art, colour: str = "") -> str:
    """Draw a hat upon a head whose top is `crown` above its middle."""
    drawn = _DRAWN.get(name)
    if drawn is not None:
        return group(drawn(colour or "#d8433f"), 0, -crown)
    sign = {"top hat": "🎩", "crown": "👑", "graduation": "🎓", "cap": "🧢", "straw hat": "👒"}.get(name, "")
    icon = art.find(sign) if sign else None
    if icon is None:
        return ""
    width = {"top hat": 250, "crown": 210, "graduation": 330, "cap": 300, "straw hat": 400}[name]
    scale = width / icon.width
    sink = {"top hat": 0.8, "crown": 0.82, "graduation": 0.7, "cap": 0.7, "straw hat": 0.74}[name]
    return group(icon.body, -width / 2, -crown - icon.height * scale * sink + 18, scale)


def _chef(_: str) -> str:
    puffs = "".join(ellipse(x, y, 78, 70, "#ffffff") for x, y in ((-92, -110), (0, -148), (92, -110), (0, -100)))
    shade = ellipse(60, -96, 60, 44, "#d9dee8", 'opacity="0.6"')
    return (
        puffs + shade + rect(-112, -86, 224, 110, "#f7f7f3", 'rx="20"') + rect(-112, -6, 224, 26, "#dfe3ea", 'rx="12"')
    )


def _wizard(_: str) -> str:
    cone = path("M-190,30 Q-60,-40 -10,-330 Q40,-300 30,-260 Q70,-60 190,30 Q0,80 -190,30Z", "#4a3a8c")
    stars = "".join(group(_star(), x, y, s) for x, y, s in ((-20, -130, 1.0), (52, -40, 0.8), (-72, -20, 0.7)))
    band = path("M-120,-4 Q0,40 124,-4 L112,-44 Q0,-6 -106,-44Z", "#f2c14b")
    return ellipse(0, 28, 236, 46, "#3a2d72") + cone + band + stars


def _star() -> str:
    return polygon(
        [(0, -26), (7, -8), (26, -6), (11, 6), (16, 25), (0, 14), (-16, 25), (-11, 6), (-26, -6), (-7, -8)], "#ffe27a"
    )


def _pirate(_: str) -> str:
    hat_ = path(
        "M-226,20 Q-150,-10 -140,-80 Q-60,-190 0,-160 Q60,-190 140,-80 Q150,-10 226,20 Q0,-40 -226,20Z", "#26232e"
    )
    edge = stroke("M-220,18 Q-150,-14 -136,-84 Q-60,-188 0,-158 Q60,-188 136,-84 Q150,-14 220,18", "#e9c767", 10)
    skull = ellipse(0, -84, 36, 32, "#fff") + rect(-20, -66, 40, 28, "#fff", 'rx="8"')
    eyes = ellipse(-13, -84, 8, 9, "#26232e") + ellipse(13, -84, 8, 9, "#26232e")
    return hat_ + edge + skull + eyes


def _deerstalker(_: str) -> str:
    top = path("M-170,26 Q-176,-140 0,-150 Q176,-140 170,26Z", "#a98a5d")
    checks = stroke("M-90,-110 L-96,20 M0,-148 L0,20 M90,-110 L96,20 M-160,-40 L160,-40", "#7f6540", 9, 'opacity="0.7"')
    brim = path("M-210,40 Q0,-26 210,40 Q0,14 -210,40Z", "#8a6c42") + ellipse(0, -152, 18, 14, "#8a6c42")
    return top + checks + brim


def _cowboy(_: str) -> str:
    brim = path("M-270,-20 Q-180,60 0,50 Q180,60 270,-20 Q180,20 110,0 L-110,0 Q-180,20 -270,-20Z", "#7a4b28")
    top = path("M-130,14 Q-130,-170 -50,-170 Q0,-130 50,-170 Q130,-170 130,14 Q0,44 -130,14Z", "#97602f")
    return top + path("M-131,-12 Q0,24 131,-12 L128,-46 Q0,-12 -128,-46Z", "#5b3418") + brim


def _party(_: str) -> str:
    cone = polygon([(-96, 26), (0, -220), (96, 26)], "#ef5b8c")
    stripes = polygon([(-75, -28), (-52, -86), (34, -142), (46, -110)], "#ffd75e") + polygon(
        [(-96, 26), (-84, -6), (70, -50), (84, -10), (-20, 26)], "#58c7e8"
    )
    return cone + stripes + "".join(ellipse(x, y, 26, 26, "#fff3c4") for x, y in ((0, -222), (-16, -236), (16, -238)))


def _beret(colour: str) -> str:
    return path("M-196,14 Q-230,-96 -40,-112 Q200,-126 206,-20 Q190,20 120,16 Q-60,-10 -196,14Z", colour) + stroke(
        "M-10,-112 l8,-28", darker(colour), 14
    )


def _beanie(colour: str) -> str:
    top = path("M-178,30 Q-186,-170 0,-172 Q186,-170 178,30Z", colour)
    ribs = stroke("M-100,-130 L-112,10 M0,-168 L0,10 M100,-130 L112,10", darker(colour, 0.18), 12, 'opacity="0.5"')
    return (
        top
        + ribs
        + rect(-190, -14, 380, 64, lighter(colour, 0.5), 'rx="30"')
        + ellipse(0, -184, 52, 50, lighter(colour, 0.75))
    )


def _sailor(_: str) -> str:
    return (
        path("M-170,-10 Q-190,-130 0,-134 Q190,-130 170,-10Z", "#fbfaf5")
        + rect(-168, -40, 336, 66, "#2d4f86", 'rx="26"')
        + group(_star(), 0, -6, 0.9)
    )


def _knight(_: str) -> str:
    plume = path("M0,-130 Q120,-260 200,-130 Q120,-170 40,-90Z", "#d23c3c")
    return (
        plume
        + path("M-196,60 Q-206,-150 0,-156 Q206,-150 196,60 Q100,10 0,10 Q-100,10 -196,60Z", "#aab4c2")
        + stroke("M0,-154 L0,6", "#7f8998", 14)
        + stroke("M-186,40 Q0,-20 186,40", "#7f8998", 12)
    )


_DRAWN = {
    "chef": _chef, "wizard": _wizard, "pirate": _pirate, "deerstalker": _deerstalker, "cowboy": _cowboy, "party hat": _party,
    "beret": _beret, "beanie": _beanie, "sailor": _sailor, "knight": _knight,
}  # fmt: skip


def on_face(name: str, art: Art) -> str:
    """Draw what is worn before the eyes or over the ears."""
    if name == "glasses":
        pen = 'fill="#fff" fill-opacity="0.2" stroke="#2e2836" stroke-width="12"'
        lenses = "".join(f'<circle cx="{s * 74}" cy="8" r="58" {pen}/>' for s in (-1, 1))
        return lenses + stroke("M-18,4 q18,-14 36,0", "#2e2836", 12)
    sign, width, rise = {"sunglasses": ("🕶", 330, 0.5), "headphones": ("🎧", 470, 0.62)}.get(name, ("", 0, 0))
    icon = art.find(sign) if sign else None
    if icon is None:
        return ""
    scale = width / icon.width
    return group(icon.body, -width / 2, -icon.height * scale * rise, scale)


def helmet() -> str:
    """Draw an astronaut's bubble about a head."""
    glass = '<circle cx="0" cy="0" r="262" fill="#bfe3ff" fill-opacity="0.20" stroke="#f4f7fb" stroke-width="26"/>'
    rim = '<circle cx="0" cy="0" r="276" fill="none" stroke="#9fb0c8" stroke-width="8"/>'
    shine = stroke("M-190,-80 Q-150,-180 -50,-206", "#ffffff", 26, 'opacity="0.85"') + ellipse(
        -206, -24, 13, 20, "#fff", 'opacity="0.8"'
    )
    return glass + rim + shine


def scarf(colour: str, wind: float = 0.0) -> str:
    """Draw a scarf about a neck at (0, 0)."""
    deep = darker(colour, 0.22)
    tail = path(
        f"M52,10 Q{110 + wind * 90:.0f},40 {96 + wind * 190:.0f},{150 - wind * 60:.0f} L{40 + wind * 190:.0f},{160 - wind * 50:.0f} Q40,80 24,20Z",
        deep,
    )
    roll = path("M-134,-24 Q0,36 134,-24 Q150,20 120,40 Q0,84 -120,40 Q-150,20 -134,-24Z", colour)
    return tail + roll + stroke("M-70,36 q20,12 40,14 M20,52 q30,-2 60,-16", deep, 8, 'opacity="0.6"')


def bow_tie(colour: str) -> str:
    """Draw a bow tie at (0, 0)."""
    return path("M0,0 L-66,-38 Q-84,0 -66,38Z M0,0 L66,-38 Q84,0 66,38Z", colour) + ellipse(
        0, 0, 18, 20, darker(colour)
    )
