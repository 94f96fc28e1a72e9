"""Errands about posts, run with the client nobody here wrote: what is said, changed, kept, asked and quoted."""

import datetime as dt
import io
from typing import Any

import pytest
from mastodon import MastodonNotFoundError
from PIL import Image
from tests.journeys.company import Company


def picture(colour: str = "#d6336c") -> bytes:
    """A PNG of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    return out.getvalue()


def ids(found: Any) -> list[Any]:
    """The ids of what was found."""
    return [one["id"] for one in found]


def saying(they: Company) -> None:
    """Post, read, and change one's mind."""
    ada, ben = they.ada, they.ben
    said = ada.toot("Good morning @ben")
    assert ben.status(said).content.startswith("<p>Good morning")
    other = ada.status_post("And a good day", spoiler_text="Weather", sensitive=True, language="en")
    assert ids(ben.statuses([said, other])) == [said.id, other.id]
    assert (other.spoiler_text, other.sensitive, other.language) == ("Weather", True, "en")

    media = ada.media_post(picture(), "image/png", description="A field")
    assert ada.media(media).blurhash == media.blurhash
    told = ada.generate_media_edit_attributes(media, description="A rose field", focus=(0.5, -0.5))
    shown = ada.status_post("A picture", media_ids=[media])
    changed = ada.status_update(shown, "A better picture", media_attributes=[told])
    assert (changed.media_attachments[0].description, changed.media_attachments[0].meta.focus.x) == (
        "A rose field",
        0.5,
    )
    assert len(ada.decode_blurhash(changed.media_attachments[0])) == 48
    assert [version.content for version in ada.status_history(shown)] == ["<p>A picture</p>", "<p>A better picture</p>"]
    assert ada.status_source(shown).text == "A better picture"
    answer = ben.status_reply(said, "Good morning to you")
    assert ids(ada.status_context(said).descendants) == [answer.id]
    assert ids(ada.status_context(answer).ancestors) == [said.id]
    gone = ada.status_delete(other, delete_media=True)
    assert gone.text == "And a good day"
    with pytest.raises(MastodonNotFoundError):
        ben.status(other)


def keeping(they: Company) -> None:
    """Like, pass on, keep, pin and mute."""
    ada, ben = they.ada, they.ben
    said = ada.status_post("Keep this")
    assert ben.status_favourite(said).favourited
    assert ben.status_bookmark(said).bookmarked
    assert ben.status_reblog(said, visibility="unlisted").reblog.id == said.id
    assert ids(ben.favourites()) == [said.id]
    assert ids(ben.bookmarks()) == [said.id]
    assert ids(ada.status_favourited_by(said)) == ids(ada.status_reblogged_by(said)) == [ben.me().id]
    assert not ben.status_unfavourite(said).favourited
    assert not ben.status_unbookmark(said).bookmarked
    assert not ben.status_unreblog(said).reblogged
    assert (list(ben.favourites()), list(ben.bookmarks())) == ([], [])
    assert ada.status_pin(said).pinned
    assert ids(ada.account_statuses(ada.me(), pinned=True)) == [said.id]
    assert not ada.status_unpin(said).pinned
    assert ada.status_mute(said).muted
    assert not ada.status_unmute(said).muted


def asking(they: Company) -> None:
    """Ask, and vote."""
    ada, ben = they.ada, they.ben
    wish = ada.make_poll(["tea", "coffee", "water"], 3600, multiple=True, hide_totals=True)
    asked = ada.status_post("What will it be?", poll=wish)
    poll = ben.poll(asked.poll)
    assert ([option.title for option in poll.options], poll.multiple, poll.voted) == (
        ["tea", "coffee", "water"],
        True,
        False,
    )
    voted = ben.poll_vote(poll, [0, 2])
    assert (voted.voted, sorted(voted.own_votes), voted.voters_count) == (True, [0, 2], 1)


def quoting(they: Company) -> None:
    """Quote, and forbid it."""
    ada, ben = they.ada, they.ben
    said = ada.status_post("Quote me", quote_approval_policy="public")
    quote = ben.status_post("As she said", quoted_status_id=said)
    assert (quote.quote.state, quote.quote.quoted_status.id) == ("accepted", said.id)
    assert ids(ada.status_quotes(said)) == [quote.id]
    assert ada.status_quote_revoke(said, quote).quote.state == "revoked"
    assert list(ada.status_quotes(said)) == []
    closed = ada.status_update_quote_approval_policy(said, "nobody")
    assert (closed.id, list(closed.quote_approval.automatic)) == (said.id, [])


def waiting(they: Company) -> None:
    """Have a post wait for its time."""
    ada = they.ada
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)
    waits = ada.status_post("Later", scheduled_at=later)
    assert waits.params.text == "Later"
    assert abs(waits.scheduled_at - later) < dt.timedelta(seconds=1)
    assert ids(ada.scheduled_statuses()) == [waits.id]
    moved = ada.scheduled_status_update(waits, later + dt.timedelta(hours=1))
    assert ada.scheduled_status(waits).scheduled_at == moved.scheduled_at > later
    ada.scheduled_status_delete(waits)
    with pytest.raises(MastodonNotFoundError):
        ada.scheduled_status(waits)


ERRANDS = (saying, keeping, asking, quoting, waiting)
