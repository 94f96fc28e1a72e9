import io
import pathlib
import stat
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from parvis.studio import marks
from parvis.studio.marks import Mark, Seal

EXT = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
ILLUSTRATED = Mark("illustrator", "illustration", "Un renard & <la mer>\x00", ("Noto Emoji, Apache-2.0",))
GENERATED = Mark("big-model", "generation")


@pytest.fixture
def seal(tmp_path: pathlib.Path) -> Seal:
    return Seal(tmp_path / "keys", "parvis.example")


@pytest.fixture
def picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((640, 480), 40).convert("RGBA").save(out, "PNG")
    return out.getvalue()


def properties(data: bytes) -> ET.Element:
    with Image.open(io.BytesIO(data)) as opened:
        return ET.fromstring(opened.info["xmp"].decode().strip())  # noqa: S314 - we wrote it


async def test_a_marked_file_says_how_it_was_made_and_the_signature_holds(seal: Seal, picture: bytes) -> None:
    data = await seal.mark(picture, ILLUSTRATED)
    reading = marks.read(data)
    assert reading is not None
    assert reading.state == "Valid"
    assert reading.source_type.endswith("/algorithmicMedia")
    assert reading.model == "illustrator"
    assert reading.instance == "parvis.example"
    assert reading.credits == ("Noto Emoji, Apache-2.0",)


async def test_who_trusts_the_instance_finds_its_file_trusted(
    seal: Seal, picture: bytes, tmp_path: pathlib.Path
) -> None:
    data = await seal.mark(picture, GENERATED)
    stranger = Seal(tmp_path / "elsewhere", "other.example")
    ours, theirs = marks.read(data, seal.root), marks.read(data, stranger.root)
    assert ours is not None
    assert theirs is not None
    assert (ours.state, theirs.state) == ("Trusted", "Valid")


async def test_a_changed_pixel_breaks_the_seal(seal: Seal, picture: bytes) -> None:
    data = bytearray(await seal.mark(picture, GENERATED))
    data[-2000] ^= 1
    reading = marks.read(bytes(data))
    assert reading is not None
    assert reading.state == "Invalid"


async def test_the_xmp_says_the_same(seal: Seal, picture: bytes) -> None:
    said = properties(await seal.mark(picture, ILLUSTRATED))
    assert said.findtext(f".//{EXT}DigitalSourceType") == marks.SOURCE_TYPES["illustration"]
    assert said.findtext(f".//{EXT}AISystemUsed") == "illustrator"
    assert "Un renard & <la mer>" in ET.tostring(said, "unicode", "text")
    said = properties(await seal.mark(picture, GENERATED))
    assert said.findtext(f".//{EXT}DigitalSourceType") == marks.SOURCE_TYPES["generation"]


def test_a_preview_is_small_and_labelled(picture: bytes) -> None:
    small = marks.preview(picture, GENERATED, side=320)
    with Image.open(io.BytesIO(small)) as opened:
        assert opened.size == (320, 240)
    assert properties(small).findtext(f".//{EXT}DigitalSourceType") == marks.SOURCE_TYPES["generation"]


def test_no_two_previews_or_sketches_are_the_same_bytes(picture: bytes) -> None:
    assert marks.preview(picture, GENERATED, side=64) != marks.preview(picture, GENERATED, side=64)
    assert marks.sketch(picture) != marks.sketch(picture)


async def test_the_key_is_made_once_and_only_its_owner_reads_it(
    seal: Seal, picture: bytes, tmp_path: pathlib.Path
) -> None:
    await seal.mark(picture, GENERATED)
    assert Seal(tmp_path / "keys", "parvis.example").root == seal.root
    (file,) = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


async def test_a_key_about_to_expire_is_replaced(
    seal: Seal, picture: bytes, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "KEY_LIFE", marks.RENEW_BEFORE / 2)
    old = seal.root
    monkeypatch.undo()
    fresh = Seal(tmp_path / "keys", "parvis.example")
    reading = marks.read(await fresh.mark(picture, GENERATED), fresh.root)
    assert fresh.root != old
    assert reading is not None
    assert reading.state == "Trusted"
