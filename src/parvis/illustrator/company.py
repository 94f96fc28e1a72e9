"""What keeps the subject company: small things that belong to a place, so that no side of the picture is empty.

They are set only where the prompt left room, and never anything that it did not imply: a sail on the sea, ducks on a lake.
"""

from parvis.illustrator.scene import Place, Scene, Thing

_BY_PLACE: dict[Place, tuple[str, ...]] = {
    "sea": ("⛵", "🐚"), "hills": ("🏠", "🦋"), "lake": ("🦆",), "mountains": ("🛖",), "snow": ("⛄",), "desert": ("🐪",),
    "meadow": ("🦋", "🐝"), "garden": ("🦋", "⛲"), "underwater": ("🐠", "🐟", "🐢"), "space": ("🚀",), "sky": ("🕊", "🎈"),
    "street": ("🚲",), "kitchen": (), "room": ("🐈",),
}  # fmt: skip
_BY_NIGHT: dict[Place, tuple[str, ...]] = {"forest": ("🔥", "🦉"), "meadow": (), "garden": ("🏮",), "desert": ("🔥",), "hills": ("🏠",), "mountains": ("🛖", "🔥")}  # fmt: skip
_IN_FOREST_BY_DAY = ("🐿", "🦋")


def company(scene: Scene) -> tuple[Thing, ...]:
    """The things that keep company in this scene; none where the prompt filled it."""
    signs_given = {thing.sign for thing in scene.things}
    if "🎂" in signs_given and not scene.beings:
        return (
            Thing("🎈", "", colour="#e23b3b"),
            Thing("🎈", "", colour="#2f7de0"),
            Thing("🎁", ""),
            Thing("🎈", "", colour="#f6c62f"),
        )
    if len(scene.beings) + len(scene.things) > 2 or scene.place == "studio" or scene.weather == "storm":
        return ()
    signs = _BY_PLACE.get(scene.place, ())
    if scene.time == "night":
        signs = _BY_NIGHT.get(scene.place, signs)
    elif scene.place == "forest":
        signs = _IN_FOREST_BY_DAY
    if scene.weather in {"rain", "snow"}:
        signs = tuple(sign for sign in signs if sign not in {"🦋", "🐝", "🔥", "🐚"})
    if not scene.beings:
        signs = tuple(sign for sign in signs if sign in {"⛵", "🦋", "🐠", "🐟", "🚀", "🕊"})
    shown = {thing.sign for thing in scene.things} | {being.sign for being in scene.beings}
    return tuple(Thing(sign, "") for sign in signs if sign not in shown)
