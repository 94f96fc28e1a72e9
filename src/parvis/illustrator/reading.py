"""From a prompt to a scene: keywords in English and French, then, for what they missed, the text model.

Any text goes in; a `Scene` comes out, always. Keywords are the arbiter: what they found stays, and the model may only fill
in what they left open, within the vocabulary and a short time. Words that nothing could place are told as `undrawn`.
"""

import asyncio
import re
from collections.abc import Iterator
from typing import Literal, get_args

import msgspec

from parvis.ai.protocols import Message, TextModel, Unavailable
from parvis.illustrator import lexicon
from parvis.illustrator.art import Art, Language
from parvis.illustrator.dictionary import Dictionary, drawable
from parvis.illustrator.lexicon import Meaning, plain
from parvis.illustrator.scene import (
    MOST_BEINGS,
    MOST_THINGS,
    SCHEMA,
    Action,
    Being,
    Place,
    Role,
    Scene,
    Style,
    Thing,
    TimeOfDay,
    Weather,
)  # fmt: skip

LONGEST_PROMPT = 1000  # characters read; the rest of a longer prompt is not
LONGEST_WORD = 40
PATIENCE = 6.0  # seconds the text model may take

_WORD = re.compile(r"[^\W_]+")
_DETERMINERS = frozenset(
    [
        "a",
        "an",
        "the",
        "un",
        "une",
        "le",
        "la",
        "les",
        "l",
        "du",
        "des",
        "de",
        "d",
        "mon",
        "ma",
        "son",
        "sa",
        "ses",
        "leur",
        "au",
        "aux",
        "dans",
        "in",
        "ce",
        "cet",
        "cette",
        "his",
        "her",
        "their",
        "my",
    ]
)
_HOLDING = frozenset(["with", "avec", "holding", "tenant", "tient", "holds", "hold", "une", "un", "a", "an"])
_MASCOT_KINDS: dict[str, Literal["robot", "animal"]] = {"🤖": "robot"}
_HELD_BY_ACTION: dict[Action, str] = {
    "reading": "📖", "writing": "✏", "drinking": "☕", "eating": "🍎", "playing music": "🎸", "painting": "🖌",
    "cooking": "🍳", "fishing": "🎣", "working": "💻", "gardening": "🪴", "singing": "🎤",
}  # fmt: skip
_HELD_BY_ROLE: dict[Role, str] = {"artist": "🖌", "doctor": "🩺", "scientist": "🧪", "detective": "🔍", "wizard": "🪄"}
_INSTRUMENTS = frozenset("🎸🎻🎹🥁🎺🎷🪗🪈")
_GENDERS = {"queen": "woman", "king": "man"}
_NOT_HELD = frozenset("🌲🌴🌳🎄🏠🏰⛺🔥🌻🌷🌸🌵🍄🎆🚗🚲🚂🚋🚌✈🛸🚀⛵🚢🎈🪐☄🌍🔭🚁🌉⛲🎡🎪🚜🏍🛴🛶🛋🎠🪑🐚🗿⚓🎂🧩🎹")
_MOST_COUNT = 5


_GATHERING = frozenset("🗳🤝🕊❤⚖🎓")  # ideas that people share: three of them stand about the sign
_ALWAYS_ONE = frozenset("📚🥁🎹")
_LIKENESS = frozenset({"as", "like", "comme", "en"})


class Mention(msgspec.Struct, frozen=True):
    """A phrase of the prompt, and all that it means."""

    words: str
    meanings: tuple[Meaning, ...]
    plural: bool = False


class Draft:
    """A scene while it is being read."""

    def __init__(self, french: bool) -> None:
        self.french = french
        self.beings: list[Being] = []
        self.things: list[Thing] = []
        self.single: dict[str, str] = {}  # the first value found of place, time, weather, style, action, role, landmark
        self.wears: list[str] = []
        self.undrawn: list[str] = []
        self.count = 0
        self.colour = ""
        self.apart = False  # whether a role named now is somebody else's
        self.accent = ""  # the colour of what is worn
        self.size = 1.0
        self.last: Being | Thing | None = None

    def take(self, part: str, value: str) -> None:
        """Keep the first value said; an explicit hour or place is not overruled later."""
        self.single.setdefault(part, value)

    def spend(self) -> tuple[str, float, int]:
        """The colour, size and count said before a noun; they hold for it alone."""
        said = (self.colour, self.size, self.count)
        self.colour, self.size, self.count = "", 1.0, 0
        return said


def words_of(prompt: str) -> list[str]:
    """The words of a prompt, bounded, without what cannot be seen."""
    visible = "".join(c if c.isprintable() or c.isspace() else " " for c in prompt[:LONGEST_PROMPT])
    return [word[:LONGEST_WORD] for word in _WORD.findall(visible.replace("\u2019", "'"))]


def language_of(words: list[str]) -> Language:
    """French when its small words outnumber the English ones, English otherwise."""
    spoken = [word.lower() for word in words]
    french = sum(w in lexicon.FRENCH_MARKS for w in spoken) + sum(any(c in "éèêàùçîôû" for c in w) for w in spoken)
    return "fr" if french > sum(w in lexicon.ENGLISH_MARKS for w in spoken) else "en"


def read(prompt: str, art: Art) -> Scene:
    """Read a prompt by keywords."""
    words = words_of(prompt)
    language = language_of(words)
    draft = Draft(language == "fr")
    mentions = list(_mentions(prompt, words, Dictionary.of(art, language)))
    before, earlier = "", ""
    for place, mention in enumerate(mentions):
        following = mentions[place + 1].meanings if place + 1 < len(mentions) else ()
        draft.apart = before in _DETERMINERS and earlier not in _LIKENESS and not _names_somebody(following)
        _understand(draft, mention, before)
        before, earlier = plain(mention.words), before
    return _scene(draft, language)


async def refine(scene: Scene, prompt: str, model: TextModel) -> Scene:
    """Let the text model fill in what keywords missed; without its answer the scene stays as it is."""
    if not scene.undrawn:
        return scene
    question = (
        "A picture is being drawn for this request:\n"
        f"{prompt[:LONGEST_PROMPT]}\n\n"
        f"These words could not be drawn: {', '.join(scene.undrawn[:6])}.\n"
        "For each of them that has an obvious emoji, give the emoji that shows it. Give the place, time and weather only "
        "if the request says them, otherwise 'unsaid'."
    )
    try:
        async with asyncio.timeout(PATIENCE):
            answer = await model.complete(
                [Message("user", question)], max_tokens=120, temperature=0.0, schema=SCHEMA, seed=1
            )
        proposal = msgspec.json.decode(answer.text, type=_Proposal)
    except (Unavailable, TimeoutError, msgspec.DecodeError):
        return scene
    return _accept(scene, proposal)


class _Symbol(msgspec.Struct):
    word: str
    emoji: str


class _Proposal(msgspec.Struct):
    place: str = "unsaid"
    time: str = "unsaid"
    weather: str = "unsaid"
    symbols: list[_Symbol] = []


def _accept(scene: Scene, proposal: _Proposal) -> Scene:
    """Take from a proposal what keywords left open; a sign that has no art will come back undrawn."""
    open_words = {plain(word): word for word in scene.undrawn}
    added: list[Thing] = []
    for symbol in proposal.symbols:
        word = open_words.get(plain(symbol.word))
        if word and drawable(symbol.emoji) and len(scene.things) + len(added) < MOST_THINGS:
            added.append(Thing(symbol.emoji, word, symbol=True))
            del open_words[plain(word)]
    changes: dict[str, str] = {}
    if scene.place == "studio" and proposal.place in get_args(Place):
        changes["place"] = proposal.place
    return msgspec.structs.replace(scene, things=(*scene.things, *added), undrawn=tuple(open_words.values()), **changes)


def _names_somebody(meanings: tuple[Meaning, ...]) -> bool:
    return any(meaning.part in {"animal", "person"} for meaning in meanings)


def _mentions(prompt: str, words: list[str], dictionary: Dictionary) -> Iterator[Mention]:
    """Cut the prompt into the longest phrases that mean something."""
    for sign in dictionary.signs_in(prompt[:LONGEST_PROMPT]):
        yield Mention(sign, (dictionary.meaning_of_sign(sign),))
    at = 0
    while at < len(words):
        for length in range(min(4, len(words) - at), 0, -1):
            phrase = words[at : at + length]
            found, plural = dictionary.look_up(phrase)
            if found:
                yield Mention(" ".join(phrase), found, plural)
                at += length
                break
        else:
            yield Mention(words[at], ())
            at += 1


def _understand(draft: Draft, mention: Mention, before: str) -> None:
    key = plain(mention.words)
    meanings = mention.meanings
    if not meanings:
        if key not in lexicon.FILLERS and not key.isdigit() and len(key) > 1:
            draft.undrawn.append(mention.words)
        elif key.isdigit():
            draft.count = min(_MOST_COUNT, int(key)) if len(key) < 3 else 0
        return
    if len(meanings) > 1:
        parts = {meaning.part for meaning in meanings}
        named = before in _DETERMINERS
        if "action" in parts and "role" not in parts:
            meanings = tuple(m for m in meanings if (m.part != "action") == named) or meanings
        elif {"colour", "thing"} <= parts:
            meanings = tuple(m for m in meanings if (m.part == "thing") == named)
    for meaning in meanings:
        _apply(draft, meaning, mention)


def _apply(draft: Draft, meaning: Meaning, mention: Mention) -> None:
    match meaning.part:
        case "animal":
            _add_beings(draft, Being(meaning.value, mention.words, _MASCOT_KINDS.get(meaning.value, "animal")), mention)
        case "person":
            age, gender = meaning.value.split(" ")
            person = msgspec.convert(
                {"sign": "", "word": mention.words, "kind": "human", "age": age, "gender": gender}, Being
            )
            _add_beings(draft, person, mention)
        case "thing" | "idea":
            _add_things(draft, Thing(meaning.value, mention.words, symbol=meaning.part == "idea"), mention)
        case "number":
            draft.count = int(meaning.value)
        case "size":
            draft.size = float(meaning.value)
        case "colour":
            _colour(draft, meaning.value, draft.french)
        case "role" if draft.apart:
            _add_beings(
                draft,
                msgspec.convert(
                    {
                        "sign": "",
                        "word": mention.words,
                        "kind": "human",
                        "role": meaning.value,
                        "gender": _GENDERS.get(meaning.value, ""),
                    },
                    Being,
                ),
                mention,
            )
        case "wears":
            draft.wears.append(meaning.value)
            draft.accent, draft.colour = draft.colour or draft.accent, ""
            draft.last = None
        case part:
            draft.take(part, meaning.value)


def _colour(draft: Draft, colour: str, french: bool) -> None:
    """French says the colour after the noun, English before it."""
    last = draft.last if french else None
    if french and draft.wears and last is None and not draft.accent:
        draft.accent = colour
        return
    if isinstance(last, Thing) and draft.things and draft.things[-1] is last and not last.colour:
        draft.things[-1] = draft.last = msgspec.structs.replace(last, colour=colour)
    elif isinstance(last, Being) and draft.beings and draft.beings[-1] is last and not last.colour:
        draft.beings[-1] = draft.last = msgspec.structs.replace(last, colour=colour)
    else:
        draft.colour = colour


def _add_beings(draft: Draft, being: Being, mention: Mention) -> None:
    colour, size, count = draft.spend()
    being = msgspec.structs.replace(being, colour=colour, size=size)
    wanted = count or (2 if mention.plural or plain(mention.words) in {"couple", "friends", "amis", "amies"} else 1)
    for _ in range(wanted):
        if len(draft.beings) < MOST_BEINGS:
            draft.beings.append(being)
    draft.last = draft.beings[-1]


def _add_things(draft: Draft, thing: Thing, mention: Mention) -> None:
    colour, size, count = draft.spend()
    thing = msgspec.structs.replace(thing, colour=colour, size=size)
    wanted = count or (3 if mention.plural and thing.sign not in _ALWAYS_ONE else 1)
    for _ in range(wanted):
        if len(draft.things) < MOST_THINGS:
            draft.things.append(thing)
    draft.last = draft.things[-1]


def _scene(draft: Draft, language: Language) -> Scene:
    role = msgspec.convert(draft.single.get("role", ""), Role)
    beings = list(draft.beings)
    if role and not beings and not (role == "birthday" and draft.things):
        gender = _GENDERS.get(role, "")
        beings = [msgspec.convert({"sign": "", "word": role, "kind": "human", "gender": gender}, Being)]
    action = msgspec.convert(draft.single.get("action", "standing"), Action)
    if action == "cooking" and not role:
        role = "cook"
    if not beings and any(thing.sign in _GATHERING for thing in draft.things):
        beings = [Being("", "personne" if draft.french else "person", "human")] * 3
        draft.things = [*draft.things]
    held, things, action = _held(beings, draft.things, action)
    if held is None and beings and role in _HELD_BY_ROLE and action == "standing":
        held = Thing(_HELD_BY_ROLE[role], "")
    place = draft.single.get("place") or _place_for(role, action, draft, bool(beings))
    weather = draft.single.get("weather", "clear")
    if draft.things and any(thing.symbol for thing in draft.things) and action == "standing":
        action = "waving"
    return Scene(
        beings=tuple(beings),
        held=held,
        things=tuple(things),
        wears=tuple(dict.fromkeys(draft.wears))[:3],
        action=action,
        role=role,
        place=msgspec.convert(place, Place),
        time=msgspec.convert(draft.single.get("time", "day"), TimeOfDay),
        weather=msgspec.convert(weather, Weather),
        style=msgspec.convert(draft.single.get("style", "storybook"), Style),
        landmark=draft.single.get("landmark", ""),
        language=language,
        accent=draft.accent,
        undrawn=tuple(dict.fromkeys(draft.undrawn))[:30],
    )


def _held(beings: list[Being], things: list[Thing], action: Action) -> tuple[Thing | None, list[Thing], Action]:
    """Decide what is in the hands: the first thing that hands can hold, or what the action needs."""
    if not beings:
        return None, things, action
    rest = list(things)
    held = next((t for t in rest if t.sign not in _NOT_HELD and not t.symbol), None)
    if held is not None:
        rest.remove(held)
    elif action in _HELD_BY_ACTION:
        held = Thing(_HELD_BY_ACTION[action], "")
    instruments = [t for t in (held, *rest) if t is not None and t.sign in _INSTRUMENTS]
    if instruments and action in {"playing", "standing"}:
        action = "playing music"
    return held, rest, action


def _place_for(role: Role, action: Action, draft: Draft, peopled: bool) -> str:
    """Where it happens when the prompt does not say."""
    by_role = {"astronaut": "space", "cook": "kitchen", "pirate": "sea", "sailor": "sea", "farmer": "garden", "cowboy": "desert", "scientist": "studio"}  # fmt: skip
    by_action = {"skiing": "snow", "swimming": "sea", "fishing": "lake", "gardening": "garden", "cooking": "kitchen", "working": "room", "singing": "stage", "flying": "sky", "riding": "hills", "walking": "hills", "running": "meadow"}  # fmt: skip
    signs = {thing.sign for thing in draft.things} | {being.sign for being in draft.beings}
    by_sign = (("🚀🛸🪐☄🌍", "space"), ("⛵🚢🐬🐳🐋🦈🏝⚓", "sea"), ("🐠🐟🐙", "underwater"), ("🎪🎡", "meadow"), ("🏰⛺🚂🎈🪁🏠🌻🌷", "hills"), ("🚗🚋🚌", "street"), ("🐧⛄⛸", "snow"), ("🌵🐪", "desert"), ("✈🚁", "sky"))  # fmt: skip
    for group, place in by_sign:
        if signs & set(group):
            return place
    if draft.single.get("weather") == "snow":
        return "snow"
    outdoors = {"weather", "time"} & set(draft.single)
    if role in by_role:
        return by_role[role]
    if action in by_action:
        return by_action[action]
    if outdoors:
        return "hills"
    return "meadow" if peopled and action in {"sitting", "reading", "playing", "dancing", "sleeping"} else "studio"
