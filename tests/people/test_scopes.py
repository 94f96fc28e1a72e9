import pytest

from parvis.people.scopes import KNOWN, InvalidScope, covers, parse, written


@pytest.mark.parametrize(
    ("granted", "needed", "covered"),
    [
        ("read", "read", True),
        ("read", "read:statuses", True),
        ("read", "write:statuses", False),
        ("read:statuses", "read:statuses", True),
        ("read:statuses", "read", False),
        ("read:statuses", "read:accounts", False),
        ("follow", "write:follows", True),
        ("follow", "read:blocks", True),
        ("follow", "read:statuses", False),
        ("follow", "write:media", False),
        ("write", "follow", False),
        ("profile", "read:accounts", False),
        ("push", "push", True),
        ("read write follow push profile", "admin:read", False),
        ("admin:read", "admin:read:accounts", True),
        ("admin:read", "admin:write:accounts", False),
        ("admin:write:reports", "admin:write", False),
    ],
)
def test_a_wide_scope_covers_its_narrow_ones(granted: str, needed: str, covered: bool) -> None:
    assert covers(parse(granted), needed) is covered


def test_one_of_several_needed_is_enough() -> None:
    assert covers(parse("profile"), "read:accounts", "profile")


def test_scopes_are_written_in_one_order_and_read_back() -> None:
    assert written(parse(" write:media  read read ")) == "read write:media"
    assert parse(" ".join(KNOWN)) == set(KNOWN)
    assert parse("") == {"read"}


@pytest.mark.parametrize("text", ["admin", "admin:read:media", "write:nothing", "READ", "read,write", "read " * 500])
def test_an_unknown_scope_is_refused(text: str) -> None:
    with pytest.raises(InvalidScope):
        parse(text)
