import contextlib
from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from parvis.api import gathering
from parvis.api.fields import Id, Upload
from parvis.core import errors


class Poll(msgspec.Struct):
    options: tuple[str, ...] = ()
    multiple: bool = False


class Post(msgspec.Struct):
    status: Annotated[str, Meta(max_length=20)] = ""
    media_ids: tuple[Id, ...] = ()
    sensitive: bool = False
    in_reply_to_id: Id | None = None
    poll: Poll | None = None
    limit: int = 20


def take(body: bytes, media_type: str = "application/x-www-form-urlencoded") -> Post:
    post = gathering.validated(gathering.parse_body(body, media_type), Post)
    assert isinstance(post, Post)
    return post


def test_a_form_a_json_object_and_a_multipart_form_say_the_same() -> None:
    form = b"status=hi&media_ids[]=1&media_ids[]=2&sensitive=on&poll[options][]=a&poll[options][]=b&poll[multiple]=1"
    json = b'{"status":"hi","media_ids":["1","2"],"sensitive":true,"poll":{"options":["a","b"],"multiple":true}}'
    parts = [("status", "hi"), ("media_ids[]", "1"), ("media_ids[]", "2"), ("sensitive", "true")]
    parts += [("poll[options][]", "a"), ("poll[options][]", "b"), ("poll[multiple]", "t")]
    multipart = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in parts
    )
    wanted = Post("hi", ("1", "2"), sensitive=True, poll=Poll(("a", "b"), multiple=True))
    assert take(form) == wanted
    assert take(json, "application/json") == wanted
    assert take(f"{multipart}--x--\r\n".encode(), "multipart/form-data; boundary=x") == wanted


def test_a_blank_is_as_good_as_nothing_where_nothing_may_be() -> None:
    assert take(b"status=&in_reply_to_id=&limit=3") == Post(limit=3)


def test_a_list_in_a_list_is_one() -> None:
    assert gathering.nested([("id[][]", "1"), ("id[][]", "2"), ("poll[options][][]", "a")]) == {
        "id": ["1", "2"],
        "poll": {"options": ["a"]},
    }


def test_ids_may_come_as_numbers_and_alone() -> None:
    assert take(b'{"media_ids": 7, "in_reply_to_id": 8}', "application/json") == Post(
        media_ids=("7",), in_reply_to_id="8"
    )


def test_a_file_keeps_its_bytes() -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
    body += b"Content-Type: image/png\r\n\r\n\x00\xff\r\n--x--\r\n"
    ((name, file),) = gathering.parse_multipart(body, "multipart/form-data; boundary=x")
    assert name == "file"
    assert isinstance(file, Upload)
    assert (file.data, file.name, file.media_type) == (b"\x00\xff", "a.png", "image/png")


@pytest.mark.parametrize(
    ("body", "media_type", "field"),
    [
        (b"status=" + b"a" * 21, "", "status"),
        (b"media_ids[]=x", "", "media_ids[0]"),
        (b"media_ids[]=9999999999999999999", "", "media_ids[0]"),
        (b"limit=many", "", "limit"),
        (b"sensitive=maybe", "", "sensitive"),
        (b'{"poll": 3}', "application/json", "poll"),
    ],
)
def test_what_does_not_fit_is_refused_and_the_field_named(body: bytes, media_type: str, field: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        take(body, media_type)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"{", "application/json"),
        (b"[1]", "application/json"),
        (b'{"status":"\\ud800"}', "application/json"),
        (b'{"status":"a\\u0000b"}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"status=a%00b", ""),
        (b"a[b][c][d][e]=1", ""),
        (b"a=1&" * 300, ""),
        (b"a[]=1&a[b]=2", ""),
        (b"a=1&a[b]=2", ""),
        (b"no boundary", "multipart/form-data"),
        (b"--y\r\nbroken", "multipart/form-data; boundary=y"),
        (b"<xml/>", "text/xml"),
    ],
)
def test_a_body_that_is_not_what_it_says_is_refused(body: bytes, media_type: str) -> None:
    with pytest.raises(errors.Invalid):
        take(body, media_type)


@given(st.binary(max_size=300), st.sampled_from(["application/json", "", "multipart/form-data; boundary=x"]))
def test_no_body_whatever_does_anything_but_fit_or_be_refused(body: bytes, media_type: str) -> None:
    with contextlib.suppress(errors.Invalid):
        assert isinstance(take(body, media_type), Post)


@given(
    st.lists(
        st.tuples(st.text("ab[]", max_size=8), st.text(max_size=4)),
        max_size=12,
    )
)
def test_no_names_with_brackets_do_anything_but_nest_or_be_refused(pairs: list[tuple[str, str]]) -> None:
    with contextlib.suppress(errors.Invalid):
        assert set(gathering.nested(list(pairs))) <= {name.partition("[")[0] for name, _ in pairs}
