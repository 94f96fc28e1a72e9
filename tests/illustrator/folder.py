"""A small art folder in the shape of the real packages: a few icons, and their names in English and French."""

import json
import pathlib

_ICONS = {
    "1f98a": ("fox", "🦊", "fox", "renard", "#ff6d1f"),
    "1f4d6": ("open-book", "📖", "open book", "livre ouvert", "#2f7fc1"),
    "1f388": ("balloon", "🎈", "balloon", "ballon gonflable", "#e23b3b"),
    "2615": ("hot-beverage", "☕", "hot beverage", "boisson chaude", "#7a4e2d"),
    "1f427": ("penguin", "🐧", "penguin", "pingouin", "#404040"),
    "26f5": ("sailboat", "⛵", "sailboat", "voilier", "#f08a24"),
    "1f3e0": ("house", "🏠", "house", "maison", "#c96f4a"),
    "1f3b8": ("guitar", "🎸", "guitar", "guitare", "#d23c3c"),
}


def small_art(folder: pathlib.Path) -> pathlib.Path:
    """Write the folder and give it back."""
    square = '<defs><path id="a" d="M8 8h112v112H8z"/></defs><use href="#a" fill="{}"/>'
    body = square + '<circle cx="64" cy="64" r="30" fill="#fff"/>'
    icons = {name: {"body": body.format(colour)} for name, _, _, _, colour in _ICONS.values()}
    (folder / "icons.json").write_text(json.dumps({"prefix": "noto", "icons": icons, "width": 128, "height": 128}))
    (folder / "chars.json").write_text(json.dumps({code: entry[0] for code, entry in _ICONS.items()}))
    for language, place in (("en", 2), ("fr", 3)):
        entries = {entry[1]: {"default": [entry[place]], "tts": [entry[place]]} for entry in _ICONS.values()}
        (folder / language).mkdir()
        document = {"annotations": {"annotations": entries}}
        (folder / language / "annotations.json").write_text(json.dumps(document), "utf-8")
    return folder
