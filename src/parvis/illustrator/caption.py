"""A scene in words: the first alt text of its picture, in the language of the prompt.

It lists what the painter put there, and says that it is an illustration, never a photograph.
"""

from parvis.illustrator.art import Art
from parvis.illustrator.scene import Action, Place, Role, Scene, Style, TimeOfDay, Weather

_STYLES: dict[Style, tuple[str, str]] = {
    "watercolour": ("Watercolour illustration", "Illustration à l'aquarelle"), "ink": ("Ink illustration", "Illustration à l'encre"),
    "poster": ("Poster illustration", "Illustration façon affiche"), "low polygon": ("Low-polygon illustration", "Illustration en polygones"),
    "pixel": ("Pixel illustration", "Illustration en pixels"), "storybook": ("Storybook illustration", "Illustration de livre d'images"),
    "plain": ("Plain illustration", "Illustration sobre"),
}  # fmt: skip
_PLACES: dict[Place, tuple[str, str]] = {
    "sea": ("by the sea", "au bord de la mer"), "hills": ("in the hills", "dans les collines"), "meadow": ("in a meadow", "dans un pré"),
    "mountains": ("in the mountains", "à la montagne"), "forest": ("in a forest", "dans une forêt"), "desert": ("in the desert", "dans le désert"),
    "snow": ("in the snow", "dans la neige"), "lake": ("by a lake", "au bord d'un lac"), "city": ("above a city", "au-dessus d'une ville"),
    "street": ("in a street", "dans une rue"), "garden": ("in a garden", "dans un jardin"), "room": ("in a room", "dans une pièce"),
    "kitchen": ("in a kitchen", "dans une cuisine"), "cafe": ("in a café", "dans un café"), "library": ("in a library", "dans une bibliothèque"),
    "underwater": ("under the sea", "sous la mer"), "space": ("in space", "dans l'espace"), "sky": ("in the sky", "dans le ciel"),
    "stage": ("on a stage", "sur une scène"), "studio": ("", ""),
}  # fmt: skip
_TIMES: dict[TimeOfDay, tuple[str, str]] = {
    "dawn": ("at dawn", "à l'aube"), "day": ("", ""), "sunset": ("at sunset", "au coucher du soleil"), "night": ("at night", "la nuit"),
}  # fmt: skip
_WEATHERS: dict[Weather, tuple[str, str]] = {
    "clear": ("", ""), "clouds": ("under clouds", "sous les nuages"), "rain": ("in the rain", "sous la pluie"), "storm": ("in a storm", "dans la tempête"),
    "snow": ("while it snows", "sous la neige"), "fog": ("in the mist", "dans la brume"), "wind": ("in the wind", "dans le vent"),
    "rainbow": ("under a rainbow", "sous un arc-en-ciel"),
}  # fmt: skip
_ACTIONS: dict[Action, tuple[str, str]] = {
    "standing": ("", ""), "sitting": ("sitting", "assis"), "reading": ("reading", "en train de lire"), "writing": ("writing", "en train d'écrire"),
    "drinking": ("drinking", "en train de boire"), "eating": ("eating", "en train de manger"), "playing music": ("playing music", "jouant de la musique"),
    "painting": ("painting", "en train de peindre"), "cooking": ("cooking", "en train de cuisiner"), "sleeping": ("sleeping", "en train de dormir"),
    "walking": ("walking", "en promenade"), "running": ("running", "en pleine course"), "dancing": ("dancing", "en train de danser"), "skiing": ("skiing", "à ski"),
    "swimming": ("swimming", "à la nage"), "flying": ("flying", "en vol"), "riding": ("riding", "à vélo"), "fishing": ("fishing", "à la pêche"),
    "waving": ("waving", "saluant de la main"), "working": ("working", "au travail"), "playing": ("playing", "en train de jouer"),
    "gardening": ("gardening", "jardinant"), "singing": ("singing", "en train de chanter"),
}  # fmt: skip
_ROLES: dict[Role, str] = {
    "astronaut": "astronaute", "cook": "chef", "wizard": "magicien", "king": "roi", "queen": "reine", "detective": "détective", "doctor": "médecin",
    "knight": "chevalier", "farmer": "fermier", "artist": "artiste", "student": "étudiant", "scientist": "scientifique", "hero": "héros",
    "birthday": "anniversaire", "sailor": "marin", "teacher": "professeur",
}  # fmt: skip
_LANDMARKS = {
    "lighthouse": ("a lighthouse", "un phare"), "eiffel": ("the Eiffel tower", "la tour Eiffel"), "windmill": ("a windmill", "un moulin"),
    "waterfall": ("a waterfall", "une cascade"), "pyramids": ("pyramids", "des pyramides"), "volcano": ("a volcano", "un volcan"),
    "market": ("market stalls", "des étals de marché"),
}  # fmt: skip


def caption(scene: Scene, art: Art) -> str:
    """What is in the picture, in one sentence of at most a few hundred characters."""
    french = scene.language == "fr"
    parts = [*_beings(scene), *_things(scene, art)]
    said = (
        _LANDMARKS.get(scene.landmark, ("", "")),
        _PLACES[scene.place],
        _TIMES[scene.time],
        _WEATHERS[scene.weather],
    )
    parts.extend(words[french] for words in said if words[french])
    head = _STYLES[scene.style][french] + (" : " if french else ": ")
    return (head + ", ".join(parts or ["a painted background" if not french else "un fond peint"]) + ".")[:500]


def _beings(scene: Scene) -> list[str]:
    if not scene.beings:
        return []
    french = scene.language == "fr"
    names = [
        f"{count} x {word}" if count > 1 else word for word, count in _counted([b.word.lower() for b in scene.beings])
    ]
    role = (_ROLES.get(scene.role, scene.role) if french else scene.role) if scene.role else ""
    if role and role not in names[0]:
        names[0] += f" ({role})"
    action = _ACTIONS[scene.action][french]
    return [*names, action] if action else names


def _things(scene: Scene, art: Art) -> list[str]:
    shown = [*([scene.held] if scene.held else []), *scene.things]
    said = []
    for thing in shown:
        name = art.name_of(thing.sign, scene.language) or thing.word or thing.sign
        if thing.symbol:
            name += f" (symbole : {thing.word})" if scene.language == "fr" else f" (a symbol for {thing.word})"
        said.append(name)
    return [f"{count} x {name}" if count > 1 else name for name, count in _counted(said)]


def _counted(words: list[str]) -> list[tuple[str, int]]:
    return [(word, words.count(word)) for word in dict.fromkeys(words)]
