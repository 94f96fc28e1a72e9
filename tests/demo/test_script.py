"""What the script of the demo world promises to whoever reads the square."""

import re

import regex

from parvis.core import clock
from parvis.core.config import Settings
from parvis.demo.script import ASSISTANT, read_script

SCRIPT = read_script()
PEOPLE = {role.handle for role in SCRIPT.people}
LINES = {line.key: line for line in SCRIPT.lines}
FRENCH = [
    (line.key, text) for line in SCRIPT.lines if line.language == "fr" for text in (line.text, line.warning) if text
] + [(role.handle, role.bio) for role in SCRIPT.cast if role.language == "fr"]
WORDS = [(role.handle, role.bio) for role in SCRIPT.cast] + [
    (line.key, text) for line in SCRIPT.lines for text in (line.text, line.warning)
]


def test_there_are_twenty_people_and_three_characters_with_a_person_behind_each() -> None:
    characters = [role for role in SCRIPT.cast if role.kind == "character"]

    assert len(PEOPLE) == 20
    assert len(characters) == 3
    assert {role.owner for role in characters} <= PEOPLE
    assert all("AI character" in role.bio or "Personnage d\u2019IA" in role.bio for role in characters)


def test_both_languages_are_at_home() -> None:
    assert sum(role.language == "fr" for role in SCRIPT.people) == 8
    assert sum(role.language == "en" for role in SCRIPT.people) == 12
    assert sum(line.language == "fr" for line in SCRIPT.lines) > len(SCRIPT.lines) / 4


def test_who_answers_comes_after_what_is_answered_and_before_now() -> None:
    for line in SCRIPT.lines:
        assert 0 < line.ago <= 4 * clock.DAY, line.key
        assert not line.to or line.ago < LINES[line.to].ago, line.key


def test_the_newest_posts_are_minutes_old() -> None:
    assert SCRIPT.lines[-1].ago < 15 * clock.MINUTE
    assert sum(line.ago < clock.HOUR for line in SCRIPT.lines) > 8


def test_every_post_fits() -> None:
    for line in SCRIPT.lines:
        assert 0 < len(regex.findall(r"\X", line.text)) <= Settings().post_limit, line.key


def test_everybody_follows_and_is_followed_by_people() -> None:
    for role in SCRIPT.cast:
        followed = set(role.follows.split())
        assert role.handle not in followed
        assert followed & PEOPLE
        assert any(role.handle in other.follows.split() for other in SCRIPT.people), role.handle


def test_everybody_can_be_reached_from_anybody_by_follows() -> None:
    follows = {role.handle: set(role.follows.split()) & PEOPLE for role in SCRIPT.people}
    for start in PEOPLE:
        reached, edge = {start}, {start}
        while edge:
            edge = set().union(*(follows[handle] for handle in edge)) - reached
            reached |= edge
        assert reached == PEOPLE


def test_what_nobody_typed_says_so() -> None:
    for line in SCRIPT.lines:
        assert (line.origin == "generated") == (line.by not in PEOPLE), line.key
    assert sum(line.origin == "assisted" for line in SCRIPT.lines) >= 3


def test_only_people_like_and_never_themselves() -> None:
    for line in SCRIPT.lines:
        assert set(line.likes) <= PEOPLE - {line.by}, line.key
        assert len(set(line.likes)) == len(line.likes)
        assert line.by not in line.reposts
        assert not line.reposts or line.visibility == "public"


def test_likes_are_many_for_few_and_few_for_many() -> None:
    counts = sorted(len(line.likes) for line in SCRIPT.lines)

    assert counts[-1] >= 3 * max(1, counts[len(counts) // 10])
    assert any(line.visibility == "followers" and line.warning for line in SCRIPT.lines)
    assert any(line.visibility == "mentioned" for line in SCRIPT.lines)


def test_the_assistant_answers_in_the_language_it_is_asked_in() -> None:
    answers = [line for line in SCRIPT.lines if line.by == ASSISTANT]

    assert {line.language for line in answers} == {"en", "fr"}
    for line in answers:
        assert f"@{ASSISTANT}" in LINES[line.to].text
        assert line.language == LINES[line.to].language
    assert sum(f"@{ASSISTANT}" in line.text for line in SCRIPT.lines) == len(answers)


def test_a_picture_is_drawn_for_one_post_and_told_in_its_language() -> None:
    shown = [line.picture for line in SCRIPT.lines if line.picture]

    assert len(shown) >= 14
    assert sorted(shown) == sorted(SCRIPT.pictures)
    assert all(len(sheet.alt) > 40 for sheet in SCRIPT.pictures.values())


def test_apostrophes_and_quotes_are_typographic() -> None:
    for where, text in WORDS:
        assert not {"'", '"'} & set(text), where


def test_french_spaces_never_break() -> None:
    for key, text in FRENCH:
        words = re.sub(r"https?://\S+", "", text)
        assert not re.search(r" [;:!?»]|« ", words), f"{key}: an ordinary space stands where the line may not break"
        assert not re.search(r"[^\s\u202f!?…(][!?;]", words), f"{key}: a thin space is missing"
        assert not re.search(r"\w:(\s|$)", words), f"{key}: a space before the colon is missing"
        assert not re.search(r"«[^\u00a0]|[^\u00a0]»", words), key


def test_something_is_asked_something_is_quoted_and_something_is_corrected() -> None:
    asked = [line for line in SCRIPT.lines if line.poll]
    assert asked
    for line in asked:
        assert {voter for voter, _ in line.votes} <= PEOPLE - {line.by}
        assert all(0 <= choice < len(line.poll) for _, choice in line.votes)
    quoting = [line for line in SCRIPT.lines if line.quotes]
    assert quoting
    assert all(line.ago < LINES[line.quotes].ago for line in quoting)
    assert any(line.before and line.before != line.text for line in SCRIPT.lines)
