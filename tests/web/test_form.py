"""A posted form is read within bounds, and nothing that the store could not keep comes through it."""

import pytest
from starlette.requests import Request
from tests.web.conftest import Browser, join

from parvis.core.errors import Invalid, TooLarge
from parvis.web.form import MOST_BYTES, read_form

FORM = "application/x-www-form-urlencoded"


class Sender:
    """A body that counts how much of it was taken."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = list(chunks)
        self.taken = 0

    async def receive(self) -> dict[str, object]:
        self.taken += 1
        if not self.chunks:
            return {"type": "http.disconnect"}
        body = self.chunks.pop(0)
        return {"type": "http.request", "body": body, "more_body": True}


def request_of(sender: Sender, kind: str, **headers: str) -> Request:
    raw = [(b"content-type", kind.encode())]
    raw += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "headers": raw}, sender.receive)


async def test_a_body_that_says_that_it_is_too_large_is_not_read() -> None:
    sender = Sender(b"a=1")
    for length in (str(MOST_BYTES + 1), "9" * 5000):
        with pytest.raises(TooLarge):
            await read_form(request_of(sender, FORM, content_length=length))
    assert sender.taken == 0


async def test_a_body_without_a_length_is_read_no_further_than_its_bound() -> None:
    for kind in (FORM, "multipart/form-data; boundary=x"):
        sender = Sender(b"--x\r\n" if "multipart" in kind else b"", *[b"&" * 16_384] * 1000)
        with pytest.raises((TooLarge, Invalid)):
            await read_form(request_of(sender, kind))
        assert sender.taken <= 2 + MOST_BYTES // 16_384


async def test_a_form_that_breaks_off_or_lies_about_itself_is_refused() -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nxn--\r\n--x--\r\n'
    for kind in ("multipart/form-data; boundary=x; charset=punycode", "multipart/form-data", f"{FORM}; charset=utf-7"):
        with pytest.raises(Invalid):
            await read_form(request_of(Sender(body), kind))
    with pytest.raises(Invalid):
        await read_form(request_of(Sender(b"text=wor"), FORM))


async def test_what_the_store_cannot_keep_does_not_come_through() -> None:
    sender = Sender(b"text=a%00b%ED%A0%80c%0D%0Ad")
    asked = request_of(sender, FORM)

    async def receive() -> dict[str, object]:
        message = await sender.receive()
        return message if message["type"] == "http.request" else {"type": "http.request", "body": b""}

    form = await read_form(Request(asked.scope, receive))
    text = form["text"]
    assert isinstance(text, str)
    assert text.startswith("ab")
    assert text.endswith("c\nd")
    assert not any("\ud800" <= character <= "\udfff" for character in text)


async def test_a_stranger_s_pictures_are_not_read(browser: Browser, a_picture: bytes) -> None:
    large = a_picture + bytes(MOST_BYTES)
    answer = await browser.post("/posts", files={"pictures": ("a.png", large)}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2F")
    await join(browser, "ada")
    answer = await browser.post("/posts", data={"text": "Look."}, files={"pictures": ("a.png", large)})
    assert "Look." in answer.text
    refused = await browser.post("/sign-in", files={"pictures": ("a.png", large)})
    assert refused.status_code == 413
    assert refused.headers["connection"] == "close"
