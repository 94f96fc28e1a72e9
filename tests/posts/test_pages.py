"""A page of the web is read for a card, whatever it is written in, and nothing else of it comes through."""

import json

import pytest

from parvis.posts.pages import Page, read_oembed, read_page

URL = "https://news.example/2026/tide?x=1"


def page(head: str, body: str = "", charset: str = "utf-8") -> Page:
    found = read_page(f"<html lang='fr-FR'><head>{head}</head><body>{body}</body></html>".encode(), charset, URL)
    assert found is not None
    return found


def test_open_graph_is_read() -> None:
    found = page(
        '<meta property="og:title" content="The tide &amp; the moon">'
        '<meta property="og:description" content="Why  it\n rises">'
        '<meta property="og:site_name" content="News"><meta property="og:image" content="/tide.jpg">'
        '<meta property="og:image:alt" content="A beach"><link rel="canonical" href="/2026/tide">'
        '<meta property="article:published_time" content="2026-01-02T03:04:05Z"><title>Other</title>'
    )
    card = found.card
    assert (card.title, card.description) == ("The tide & the moon", "Why it rises")
    assert (card.provider_name, card.provider_url, card.language) == ("News", "https://news.example/", "fr")
    assert (card.url, found.image) == ("https://news.example/2026/tide", "https://news.example/tide.jpg")
    assert (card.image_description, card.published_at, card.kind) == ("A beach", 1767323045000, "link")


def test_twitters_tags_plain_html_and_linked_data_fill_in() -> None:
    plain = page("<title> Tide </title><meta name=description content=Rises>")
    assert (plain.card.title, plain.card.description, plain.card.url) == ("Tide", "Rises", URL)
    tweeted = page(
        '<meta name="twitter:title" content="T"><meta name="twitter:image" content="https://i.example/a.png">'
    )
    assert (tweeted.card.title, tweeted.image) == ("T", "https://i.example/a.png")
    told = {
        "@graph": [
            {
                "@type": ["NewsArticle"],
                "headline": "Told",
                "author": [{"name": "Ada", "url": "https://news.example/ada"}],
                "publisher": {"name": "The News"},
                "image": {"url": "https://news.example/b.png"},
                "inLanguage": "en-GB",
            }
        ]
    }
    linked = page(f'<title>x</title><script type="application/ld+json">{json.dumps(told)}</script>')
    assert (linked.card.title, linked.card.author_name, linked.card.author_url) == (
        "Told",
        "Ada",
        "https://news.example/ada",
    )
    assert (linked.card.provider_name, linked.card.language, linked.image) == (
        "The News",
        "en",
        "https://news.example/b.png",
    )


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        ("<title>Été</title>".encode("iso-8859-1"), "iso-8859-1"),
        ('<meta charset="windows-1252"><title>Été</title>'.encode("cp1252"), ""),
        ('<meta http-equiv=Content-Type content="text/html; charset=utf-8"><title>Été</title>'.encode(), "none-such"),
        ("<title>Été</title>".encode("cp1252"), ""),
        ("\ufeff<title>Été</title>".encode(), "koi8-r"),
        ("<title>Été</title>".encode() + "é".encode()[:1], ""),
    ],
)
def test_every_charset_is_read(data: bytes, charset: str) -> None:
    found = read_page(data, charset, URL)
    assert found is not None
    assert found.card.title == "Été"


def test_japanese_is_read() -> None:
    found = read_page("<title>潮の話</title>".encode("shift_jis"), "shift_jis", URL)
    assert found is not None
    assert found.card.title == "潮の話"


def test_nothing_dangerous_comes_through() -> None:
    found = page(
        '<meta property="og:title" content="&lt;script&gt;alert(1)&lt;/script&gt;">'
        '<meta property="og:image" content="javascript:alert(1)">'
        '<link rel=canonical href="https://evil.example/"><meta property="og:url" content="data:text/html,x">'
        '<meta name="twitter:player" content="http://plain.example/player">'
        f'<meta property="og:description" content="{"x" * 5000}">'
    )
    assert (found.card.title, found.card.url, found.image, found.card.html) == (
        "<script>alert(1)</script>",
        URL,
        "",
        "",
    )
    assert len(found.card.description) == 1000


@pytest.mark.parametrize(
    "data", [b"", b"\x00\xff\xfe", b"<html>", b'<script type="application/ld+json">[[[', b"<title> "]
)
def test_a_page_that_says_nothing_has_no_card(data: bytes) -> None:
    assert read_page(data, "", URL) is None


def test_a_player_is_framed_by_us() -> None:
    found = page(
        '<title>Film</title><meta name="twitter:player" content="https://v.example/p?a=1&amp;b=&quot;2">'
        '<meta name="twitter:player:width" content="640"><meta name="twitter:player:height" content="99999999">'
    )
    assert (found.card.kind, found.card.width, found.card.height) == ("video", 640, 0)
    assert found.card.html.startswith('<iframe src="https://v.example/p?a=1&amp;b=')
    assert 'sandbox="' in found.card.html


def test_oembed_adds_a_player_or_a_photograph() -> None:
    before = page('<title>Film</title><link rel="alternate" type="application/json+oembed" href="/oembed?x">')
    assert before.oembed == "https://news.example/oembed?x"
    answer = {
        "type": "video",
        "title": "The film",
        "html": '<script>evil()</script><iframe src="https://v.example/1" onload="evil()"></iframe>',
        "width": 640,
        "height": "360",
        "author_name": "Ada",
        "thumbnail_url": "https://v.example/1.jpg",
    }
    film = read_oembed(json.dumps(answer).encode(), before)
    assert (film.card.kind, film.card.title, film.card.width, film.card.height) == ("video", "The film", 640, 360)
    assert "evil" not in film.card.html
    assert film.image == "https://v.example/1.jpg"
    photo = read_oembed(json.dumps({"type": "photo", "url": "https://p.example/1.jpg", "width": 3}).encode(), before)
    assert (photo.card.kind, photo.card.embed_url, photo.image) == ("photo",) + ("https://p.example/1.jpg",) * 2
    for broken in (
        b"",
        b"[]",
        b"{",
        b'{"type": "video", "html": "<iframe src=http://x/>"}',
        b'{"type": 4, "title": []}',
    ):
        assert read_oembed(broken, before).card == before.card
