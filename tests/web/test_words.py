"""French is complete, and what a person reads comes out of the catalogues."""

import ast
import pathlib
import re

from babel.messages.pofile import read_po
from jinja2 import Environment

import parvis
from parvis.api.sentences import SENTENCES
from parvis.core.config import Settings
from parvis.core.words import words_of
from parvis.web.page import TEMPLATES
from parvis.web.telling import direction_of

SOURCE = pathlib.Path(parvis.__file__).parent
SAYING = {"Refused", "NotFound", "Forbidden", "Conflict", "Invalid", "OverAllowance", "TooFast", "Unavailable",
          "Unauthenticated", "UnauthorisedClient", "TooLarge", "N_", "words", "__init__"}  # fmt: skip
SAME = {
    "Absent",
    "Collections",
    "Description",
    "E-mail",
    "Mentions",
    "Messages",
    "Normal",
    "Notifications",
    "Pixels",
    "Style",
    "Versions",
    "assistant",
}
PLACEHOLDERS = re.compile(r"%\(\w+\)s|\{\w+\}")


def _said_in_code() -> set[str]:
    said = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if name in SAYING and isinstance(first, ast.Constant) and isinstance(first.value, str):
                said.add(first.value)
            if name == "Health":
                said |= {_sentence(part) for part in ast.walk(node)}
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.Assign):
                said.add(_sentence(node.value))
    return said - {""}


def _sentence(part: ast.AST) -> str:
    """What a model's state or a job's problem is told by, or nothing."""
    words = part.value if isinstance(part, ast.Constant) else None
    spoken = isinstance(words, str) and words[:1].isupper() and words.endswith(".") and "\n" not in words
    return str(words) if spoken else ""


def _said_in_templates() -> tuple[set[str], set[tuple[str, str]]]:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    one, many = set(), set()
    for path in TEMPLATES.rglob("*.html"):
        for _, function, message in environment.extract_translations(path.read_text()):  # type: ignore[attr-defined] # the extension adds it
            words = message if isinstance(message, tuple) else (message,)
            if function == "ngettext":
                many.add((words[0], words[1]))
            elif words[0]:
                one.add(words[0])
    return one, many


def test_every_sentence_has_a_french_one() -> None:
    french = words_of("fr")
    one, many = _said_in_templates()
    sentences = one | _said_in_code() | {Settings().description}
    missing = {sentence for sentence in sentences if french.gettext(sentence) == sentence} - SAME
    missing |= {first for first, other in many if french.ngettext(first, other, 2) == other}
    assert not missing


def test_a_page_is_written_as_its_language_is() -> None:
    assert [direction_of(language) for language in ("en", "fr", "ar", "he")] == ["ltr", "ltr", "rtl", "rtl"]


def test_translations_keep_every_placeholder() -> None:
    french = words_of("fr")
    for sentence in _said_in_templates()[0] | _said_in_code():
        kept = sorted(PLACEHOLDERS.findall(french.gettext(sentence)))
        assert kept == sorted(PLACEHOLDERS.findall(sentence)), sentence


def test_french_sets_its_marks_apart_with_spaces_that_do_not_break() -> None:
    with (SOURCE / "core" / "words.fr.po").open("rb") as file:
        said = [entry.string or "" for entry in read_po(file) if entry.id]
    sentences = [words for both in said for words in ((both,) if isinstance(both, str) else both)]
    assert not [words for words in sentences if re.search(r" [?!:;»]|« |\w[?!;»]|'", words)]


def test_no_template_speaks_outside_the_catalogues() -> None:
    bare = {}
    for path in TEMPLATES.rglob("*.html"):
        text = re.sub(
            r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<(script|style)\b.*?</\1>", " ", path.read_text(), flags=re.DOTALL
        )
        attributes = re.findall(r'(?:title|aria-label|placeholder|alt)="([^"{]*[A-Za-z]{2}[^"{]*)"', text)
        words = re.findall(r"[A-Za-z]{3,}", re.sub(r"&\w+;|<[^>]*>", " ", text))
        found = [
            word for word in (*attributes, *words) if word not in {"ALT", "Parvis", "RSS", "doctype", "html", "UTC"}
        ]
        if found:
            bare[path.name] = found
    assert not bare


def test_the_catalogue_holds_nothing_that_nobody_says() -> None:
    one, many = _said_in_templates()
    said = one | _said_in_code() | {words for both in many for words in both} | {Settings().description}
    with (SOURCE / "core" / "words.fr.po").open("rb") as file:
        entries = [entry.id for entry in read_po(file) if entry.id]
    kept = {words for entry in entries for words in ((entry,) if isinstance(entry, str) else entry)}
    assert not kept - said


def test_what_clients_hear_in_mastodons_words_is_something_that_rooms_say() -> None:
    assert set(SENTENCES) <= _said_in_code()
