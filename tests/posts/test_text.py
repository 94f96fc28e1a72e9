import html.parser
import re

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.errors import Invalid
from parvis.posts.text import Mention, Token, fold_tag, graphemes, length, parse, render, tags_of, tidy, tokens

ALLOWED = {
    "p": set[str](),
    "br": set[str](),
    "span": {"class", "translate"},
    "a": {"href", "class", "rel", "target", "translate"},
}


def known(piece: Token) -> Mention | None:
    return Mention(1, piece.value, "") if piece.value != "nobody" and not piece.domain else None


def dressed(text: str) -> str:
    return render(parse(text, 500)[1], known)


class _Reader(html.parser.HTMLParser):
    """The text that a reader sees, and the tags around it."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.seen += {"br": "\n", "p": "\n\n"}.get(tag, "")

    def handle_data(self, data: str) -> None:
        self.seen += data


def read(markup: str) -> _Reader:
    reader = _Reader()
    reader.feed(markup)
    return reader


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#sea and #Sea", ["sea"]),
        ("#Été #ÉTÉ", ["été"]),
        ("#日本語 と \uff03ハッシュ", ["日本語", "ハッシュ"]),
        ("#नमस्ते #สวัสดี #Ελλάδα #мир #שלום #한국", ["नमस्ते", "สวัสดี", "ελλάδα", "мир", "שלום", "한국"]),
        ("#1984 #1a #_ a#b &#x27; /#c ##d", ["1a", "_"]),
        ("(#one), #two. #three!", ["one", "two", "three"]),
        ("https://example.com/#fragment", []),
    ],
)
def test_hashtags_are_found_in_any_script(text: str, tags: list[str]) -> None:
    assert tags_of(tokens(text)) == tags


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@ann, @bob: @eve!", [("ann", ""), ("bob", ""), ("eve", "")]),
        ("@ann@example.com @bob@localhost:8000", [("ann", "example.com"), ("bob", "localhost:8000")]),
        ("(@ann) \u201c@bob\u201d \uff20eve", [("ann", ""), ("bob", ""), ("eve", "")]),
        ("mail ann@example.com, x@y, /@ann, @@bob, https://example.com/@eve", []),
    ],
)
def test_mentions_are_found(text: str, named: list[tuple[str, str]]) -> None:
    assert [(one.value, one.domain) for one in tokens(text) if one.kind == "mention"] == named


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://example.com/a?b=c&d=e.", ["https://example.com/a?b=c&d=e"]),
        ("(http://example.com) <https://é.example/ü>", ["http://example.com", "https://é.example/ü"]),
        ("javascript://alert(1) ftp://x.y //x.y mailto:a@b.cc example.com", []),
    ],
)
def test_links_are_web_addresses_with_their_scheme(text: str, links: list[str]) -> None:
    assert [one.text for one in tokens(text) if one.kind == "link"] == links


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("hello", 5),
        ("👨‍👩‍👧‍👦🇫🇷é", 3),
        ("e\u0301", 1),
        ("https://example.com/" + "x" * 200, 23),
        ("http://a.b", 23),
        ("@ann@a-very-long-domain.example.com", 4),
        ("a\r\nb", 3),
    ],
)
def test_length_is_what_a_person_sees_links_count_23_and_mentions_their_handle(text: str, expected: int) -> None:
    assert length(tokens(tidy(text))) == expected


def test_a_text_at_the_limit_is_taken_and_one_above_refused() -> None:
    assert parse("é" * 500, 500)[0]
    for text in ("é" * 501, "a" + "\u0301" * 10_001, "https://e.xy/" + "x" * 10_000):
        with pytest.raises(Invalid):
            parse(text, 500)


def test_the_markup_is_what_mastodons_apps_know() -> None:
    assert dressed("hi @ann & <b>\n\n#Sea\nhttps://www.example.com/a/very/long/way/to/go/home") == (
        '<p>hi <span class="h-card" translate="no"><a href="/@ann" class="u-url mention">@<span>ann</span></a></span>'
        " &amp; &lt;b&gt;</p><p>"
        '<a href="/tags/sea" class="mention hashtag" rel="tag">#<span>Sea</span></a><br>'
        '<a href="https://www.example.com/a/very/long/way/to/go/home" target="_blank" '
        'rel="nofollow noopener noreferrer" translate="no"><span class="invisible">https://www.</span>'
        '<span class="ellipsis">example.com/a/very/long/way/to</span><span class="invisible">/go/home</span></a></p>'
    )
    assert dressed("@nobody") == "<p>@nobody</p>"
    assert dressed("") == ""


_pieces = st.sampled_from(
    [
        "@ann",
        "#tag",
        "https://e.xy/a?b=\"'<>",
        "<script>",
        "&lt;",
        '"',
        "'",
        "\n",
        "\n\n\n",
        " ",
        "é",
        "日",
        "javascript:x",
        "://",
    ]
)


@given(st.lists(_pieces | st.text(max_size=8), max_size=20).map("".join))
def test_any_text_becomes_safe_markup_that_reads_the_same(text: str) -> None:
    tidied, pieces = parse(text, 5000)
    assert "".join(piece.text for piece in pieces) == tidied
    markup = render(pieces, known)
    cleaned = nh3.clean(markup, tags=set(ALLOWED), attributes=ALLOWED, link_rel=None, url_schemes={"http", "https"})
    reader, again = read(markup), read(cleaned)
    assert reader.tags == again.tags  # nothing that the sanitiser would take away
    assert reader.seen == again.seen
    assert re.sub(r"\n\n+", "\n\n", reader.seen).strip("\n") == re.sub(r"\n\n+", "\n\n", tidied).strip("\n")
    for tag, attributes in reader.tags:
        if tag == "a":
            assert re.match(r"https?://|/@|/tags/", attributes["href"] or "")


@given(st.text(max_size=50))
def test_folding_and_counting_never_fail(text: str) -> None:
    assert fold_tag(fold_tag(text)) == fold_tag(text)
    assert 0 <= graphemes(text) <= len(text)
