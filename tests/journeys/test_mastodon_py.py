"""An API client that nobody here wrote: it registers, signs in by the code flow, posts, reads, and listens."""

import asyncio
import contextlib
import io
import queue
import re
import warnings
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from mastodon import Mastodon, StreamListener
from PIL import Image
from tests.journeys.company import on_a_socket

from parvis.ai.fake import FakeModels
from parvis.core.config import Settings

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
SCOPES = ["read", "write", "follow", "push"]
SOON = 20


class Ear(StreamListener):
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.heard: queue.Queue[tuple[str, Any]] = queue.Queue()

    def on_update(self, status: Any) -> None:
        self.heard.put(("update", status))

    def on_delete(self, status_id: Any) -> None:
        self.heard.put(("delete", status_id))

    def on_notification(self, notification: Any) -> None:
        self.heard.put(("notification", notification))

    def next(self) -> tuple[str, Any]:
        return self.heard.get(timeout=SOON)


@pytest.fixture
async def address(settings: Settings) -> AsyncIterator[str]:
    """A whole instance on a real socket."""
    async with serving(settings, FakeModels()) as url:
        yield url


@contextlib.asynccontextmanager
async def serving(settings: Settings, models: FakeModels) -> AsyncIterator[str]:
    """The address of a whole instance with these models."""
    async with on_a_socket(settings, models) as house:
        yield house.settings.url


def signed_in(address: str, handle: str) -> Mastodon:
    """A client of a new member, who opens an account on the page and lets the app in."""
    client_id, client_secret = Mastodon.create_app(
        "Journey", scopes=SCOPES, redirect_uris=OUT_OF_BAND, api_base_url=address
    )
    client = Mastodon(client_id=client_id, client_secret=client_secret, api_base_url=address)
    ask = client.auth_request_url(redirect_uris=OUT_OF_BAND, scopes=SCOPES, allow_http=True)
    with httpx2.Client(base_url=address, follow_redirects=True, headers={"Origin": address}) as browser:
        welcome = browser.get(ask)
        assert "/sign-in" in str(welcome.url)
        way = hidden(welcome.text)["next"]
        form = {"handle": handle, "name": handle.title(), "email": "", "password": "correct horse", "next": way}
        consent = browser.post("/sign-up", data=form)
        assert "Let Journey in?" in consent.text, consent.text
        shown = browser.post("/oauth/authorize", data=hidden(consent.text) | {"decision": "allow"})
    code = re.search(r'id="code">([^<]+)<', shown.text)
    assert code is not None, shown.text
    client.log_in(code=code[1], redirect_uri=OUT_OF_BAND, scopes=SCOPES, allow_http=True)
    return client


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page's form."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: value.replace("&amp;", "&") for name, value in fields}


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "#d6336c").save(out, "PNG")
    return out.getvalue()


def journey(address: str) -> None:  # noqa: PLR0915 - a journey is one long way
    ada, ben = signed_in(address, "ada"), signed_in(address, "ben")
    assert ada.account_verify_credentials().username == "ada"
    assert ada.app_verify_credentials().name == "Journey"
    assert ada.instance_v2().domain == address.removeprefix("http://")
    ben_id = ada.account_lookup("ben").id
    assert ada.account_follow(ben_id).following
    assert ada.account_relationships(ben_id)[0].following

    ear = Ear()
    assert ada.stream_healthy()
    stream = ada.stream_user(ear, run_async=True, reconnect_async=True)
    media = ben.media_post(picture(), mime_type="image/png", description="A pink field", focus=(0.1, -0.2))
    assert ben.media_update(media, description="A rose field").description == "A rose field"
    said = ben.status_post("Look, @ada! #pink", media_ids=[media], idempotency_key="once", language="en")
    assert ben.status_post("Look, @ada! #pink", media_ids=[media], idempotency_key="once").id == said.id
    assert said.media_attachments[0].description == "A rose field"
    arrived = {}
    for _ in range(2):
        kind, what = ear.next()
        arrived[kind] = what
    assert arrived["update"].id == said.id
    assert arrived["notification"].type == "mention"
    stream.close()

    assert ada.status_favourite(said).favourited
    assert ada.status_reblog(said).reblog.id == said.id
    answer = ada.status_reply(said, "Beautiful.")
    assert ada.status_context(said).descendants[0].id == answer.id
    assert {one.type for one in ben.notifications()} <= {"favourite", "reblog", "mention", "follow"}
    ada.status_unfavourite(said)
    ada.status_unreblog(said)

    ids = [ben.status_post(f"number {number}").id for number in range(7)]
    page: Any = ada.timeline_home(limit=3)
    walked = list(page)
    while page := ada.fetch_next(page):
        walked += page
    assert [status.id for status in walked] == [*reversed(ids), answer.id, said.id]
    newer: Any = ada.fetch_previous(ada.timeline_home(limit=1, max_id=ids[-1]))
    assert [status.id for status in newer] == [ids[-1]]
    assert [status.id for status in ada.timeline_hashtag("pink")] == [said.id]
    assert ids[0] in [status.id for status in ada.timeline_public()]
    assert len(ada.fetch_remaining(ada.account_statuses(ben_id, limit=4))) == 8
    assert [one.id for one in ben.account_followers(ben_id)] == [ada.me().id]
    assert ada.search("ben").accounts[0].id == ben_id
    assert ada.account_search("be")[0].id == ben_id
    ben.account_update_credentials(
        display_name="Ben B.", note="Paints.", avatar=picture(), avatar_mime_type="image/png"
    )
    assert ada.account(ben_id).display_name == "Ben B."
    assert (ada.filters(), ada.lists(), ada.custom_emojis()) == ([], [], [])
    assert ada.markers_set(["home"], [said.id]).home.last_read_id == said.id
    assert ada.preferences()["posting:default:visibility"] == "public"
    assert ben.status_delete(ids[0]).text == "number 0"
    ada.account_mute(ben_id)
    assert ada.mutes()[0].id == ben_id
    ada.account_unmute(ben_id)
    ada.account_block(ben_id)
    assert ada.timeline_home() != walked
    ada.account_unblock(ben_id)
    ada.revoke_access_token(allow_http=True)


async def test_mastodon_py_works_from_registration_to_streaming(address: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        await asyncio.to_thread(journey, address)
