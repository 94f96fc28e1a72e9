"""What a picture shall show, in the illustrator's vocabulary: the value between reading a prompt and painting it.

Every field is drawn from a closed vocabulary, so that whatever proposes a scene (keywords or a text model) can only ask
for what the painter knows. `SCHEMA` is the part that a text model may fill in.
"""

from typing import Any, Literal, get_args

import msgspec

Place = Literal[
    "sea", "hills", "meadow", "mountains", "forest", "desert", "snow", "lake", "city", "street", "garden",
    "room", "kitchen", "cafe", "library", "underwater", "space", "sky", "stage", "studio",
]  # fmt: skip
TimeOfDay = Literal["dawn", "day", "sunset", "night"]
Weather = Literal["clear", "clouds", "rain", "storm", "snow", "fog", "wind", "rainbow"]
Style = Literal["watercolour", "ink", "poster", "low polygon", "pixel", "storybook", "plain"]
Action = Literal[
    "standing", "sitting", "reading", "writing", "drinking", "eating", "playing music", "painting", "cooking",
    "sleeping", "walking", "running", "dancing", "skiing", "swimming", "flying", "riding", "fishing", "waving",
    "working", "playing", "gardening", "singing",
]  # fmt: skip
Role = Literal[
    "", "astronaut", "cook", "wizard", "pirate", "king", "queen", "detective", "doctor", "knight", "farmer", "artist",
    "student", "scientist", "cowboy", "hero", "birthday", "sailor", "teacher",
]  # fmt: skip
Kind = Literal["human", "animal", "robot", "thing"]

INDOORS: frozenset[Place] = frozenset({"room", "kitchen", "cafe", "library", "stage", "studio"})
MOST_BEINGS = 5
MOST_THINGS = 7


class Being(msgspec.Struct, frozen=True):
    """Somebody in the picture."""

    sign: str  # the emoji that stands for them; empty for a person we draw ourselves
    word: str  # as it stood in the prompt
    kind: Kind = "animal"
    age: Literal["child", "adult", "old"] = "adult"
    gender: Literal["", "woman", "man"] = ""
    colour: str = ""
    size: float = 1.0
    role: Role = ""  # when it is theirs alone


class Thing(msgspec.Struct, frozen=True):
    """Something in the picture."""

    sign: str
    word: str
    colour: str = ""
    size: float = 1.0
    symbol: bool = False  # it stands for an idea that has no shape


class Scene(msgspec.Struct, frozen=True):
    """What the painter paints."""

    beings: tuple[Being, ...] = ()
    held: Thing | None = None
    things: tuple[Thing, ...] = ()
    wears: tuple[str, ...] = ()  # hats, scarves and the like, by name
    action: Action = "standing"
    role: Role = ""
    place: Place = "studio"
    time: TimeOfDay = "day"
    weather: Weather = "clear"
    style: Style = "storybook"
    landmark: str = ""  # lighthouse, eiffel...: what only the backdrop can show
    language: Literal["en", "fr"] = "en"
    accent: str = ""  # the colour said of what is worn
    undrawn: tuple[str, ...] = ()


SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "place": {"type": "string", "enum": ["unsaid", *get_args(Place)]},
        "time": {"type": "string", "enum": ["unsaid", *get_args(TimeOfDay)]},
        "weather": {"type": "string", "enum": ["unsaid", *get_args(Weather)]},
        "symbols": {
            "type": "array",
            "maxItems": 4,
            "items": {
                "type": "object",
                "properties": {"word": {"type": "string"}, "emoji": {"type": "string", "maxLength": 8}},
                "required": ["word", "emoji"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["place", "time", "weather", "symbols"],
    "additionalProperties": False,
}
