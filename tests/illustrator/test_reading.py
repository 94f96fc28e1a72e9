import pathlib

import msgspec
import pytest
from tests.illustrator.folder import small_art

from parvis.ai.fake import FakeText
from parvis.illustrator import reading
from parvis.illustrator.art import Art
from parvis.illustrator.scene import Scene


@pytest.fixture(scope="module")
def art(tmp_path_factory: pytest.TempPathFactory) -> Art:
    return Art(small_art(tmp_path_factory.mktemp("art")))


def without_words(scene: Scene) -> Scene:
    return msgspec.structs.replace(
        scene,
        language="en",
        beings=tuple(msgspec.structs.replace(being, word="") for being in scene.beings),
        things=tuple(msgspec.structs.replace(thing, word="") for thing in scene.things),
        held=scene.held and msgspec.structs.replace(scene.held, word=""),
    )


@pytest.mark.parametrize(
    ("english", "french"),
    [
        (
            "a fox reading by the sea at sunset, watercolour",
            "un renard lit au bord de la mer au coucher du soleil, aquarelle",
        ),
        ("three penguins skiing", "trois pingouins skient"),
        (
            "two old ladies drink coffee in a café in the rain",
            "deux vieilles dames boivent du café dans un café sous la pluie",
        ),
        ("an astronaut cat in space, poster", "un chat astronaute dans l'espace, affiche"),
        ("a red balloon over the mountains", "un ballon rouge sur les montagnes"),
        ("a lighthouse in a storm at night", "un phare dans la tempête la nuit"),
        ("a bear with a blue scarf in the snow", "un ours avec une écharpe bleue dans la neige"),
        ("a robot plays guitar in the forest, ink", "un robot joue de la guitare dans la forêt, encre"),
    ],
)
def test_both_languages_read_as_the_same_scene(art: Art, english: str, french: str) -> None:
    assert without_words(reading.read(english, art)) == without_words(reading.read(french, art))


def test_a_role_beside_an_animal_is_somebody_and_before_it_is_a_costume(art: Art) -> None:
    apart = reading.read("a knight and a fox in a library", art)
    dressed = reading.read("a wizard fox in the mountains", art)
    assert [(being.kind, being.role) for being in apart.beings] == [("human", "knight"), ("animal", "")]
    assert (len(dressed.beings), dressed.role) == (1, "wizard")


def test_counts_and_colours_belong_to_their_noun(art: Art) -> None:
    scene = reading.read("two foxes, five blue balloons and a house", art)
    assert len(scene.beings) == 2
    balloons = [thing.colour for thing in (*scene.things, scene.held) if thing and thing.sign == "🎈"]
    assert balloons == ["#2f7de0"] * 5
    assert [thing.colour for thing in scene.things if thing.sign == "🏠"] == [""]


def test_verbs_that_are_also_nouns_are_told_by_what_stands_before(art: Art) -> None:
    assert reading.read("un renard lit dans un lit", art).action == "reading"
    assert reading.read("un renard dans un lit", art).place == "room"


async def test_the_text_model_fills_only_what_keywords_left_open(art: Art) -> None:
    scene = reading.read("a fox and a zeppelin by the sea", art)
    model = FakeText()
    model.enqueue(answer("space", [("zeppelin", "🎈"), ("fox", "🐧")]))
    refined = await reading.refine(scene, "a fox and a zeppelin by the sea", model)
    assert (refined.place, refined.undrawn) == ("sea", ())
    assert refined.beings == scene.beings
    assert [(thing.sign, thing.word) for thing in refined.things] == [("🎈", "zeppelin")]


@pytest.mark.parametrize(
    "said", ["", "no JSON", '{"place": 3}', '{"symbols": [{"word": "zeppelin", "emoji": "<svg>"}]}']
)
async def test_a_text_model_that_talks_nonsense_changes_nothing(art: Art, said: str) -> None:
    scene = reading.read("a zeppelin by the sea", art)
    model = FakeText()
    model.enqueue(said)
    assert await reading.refine(scene, "a zeppelin by the sea", model) == scene


def answer(place: str, symbols: list[tuple[str, str]]) -> dict[str, object]:
    listed = [{"word": word, "emoji": sign} for word, sign in symbols]
    return {"place": place, "time": "unsaid", "weather": "unsaid", "symbols": listed}


def test_a_folder_that_is_not_there_is_an_empty_one() -> None:
    art = Art(pathlib.Path("nowhere at all"))
    assert art.find("🦊") is None
    assert art.credits == ()
