"""The same client about people: joining, profiles, requests to follow, regard, and whom one may meet."""

import asyncio
import warnings

import pytest
from mastodon import Mastodon, MastodonAPIError, MastodonIllegalArgumentError, MastodonUnauthorizedError
from tests.journeys.test_mastodon_py import OUT_OF_BAND, SCOPES, address, picture, signed_in

__all__ = ["address"]  # the fixture


def joined(address: str, handle: str) -> Mastodon:
    """A client of a member who joins through the app itself."""
    client_id, client_secret = Mastodon.create_app(
        "Joining", scopes=SCOPES, redirect_uris=OUT_OF_BAND, api_base_url=address
    )
    client = Mastodon(client_id=client_id, client_secret=client_secret, api_base_url=address)
    client.create_account(
        handle, "correct horse", f"{handle}@example.com", agreement=True, reason="", locale="en", scopes=SCOPES
    )
    return client


def profiles(cat: Mastodon) -> None:
    changed = cat.account_update_credentials(
        display_name="Cat",
        note="Walks #alone",
        avatar=picture(),
        avatar_mime_type="image/png",
        header=picture(),
        header_mime_type="image/png",
        locked=True,
        bot=True,
        discoverable=True,
        fields=[("Home", "https://cat.example"), ("Likes", "fish")],
    )
    assert (changed.locked, changed.bot, changed.discoverable) == (True, True, True)
    assert [(field.name, field.value) for field in changed.source.fields] == [
        ("Home", "https://cat.example"),
        ("Likes", "fish"),
    ]
    assert "/media/" in changed.avatar
    assert "/faces/" in cat.account_delete_avatar().avatar
    assert "/faces/" in cat.account_delete_header().header
    assert cat.preferences()["posting:default:sensitive"] is False


def requests(ada: Mastodon, ben: Mastodon, cat: Mastodon) -> None:
    cat_id = cat.me().id
    for fan in (ada, ben):
        assert fan.account_follow(cat_id, reblogs=False, notify=True).requested
    assert {one.id for one in cat.follow_requests()} == {ada.me().id, ben.me().id}
    assert cat.account_verify_credentials().source.follow_requests_count == 2
    assert cat.follow_request_authorize(ada.me().id).followed_by
    assert not cat.follow_request_reject(ben.me().id).followed_by
    bond = ada.account_relationships(cat_id)[0]
    assert (bond.following, bond.showing_reblogs, bond.notifying) == (True, False, True)
    said = cat.status_post("Meow.")
    assert ada.timeline_home()[0].id == said.id
    assert not cat.account_remove_from_followers(ada.me().id).followed_by


def regard(ada: Mastodon, ben: Mastodon, cat: Mastodon) -> None:
    ben_id, cat_id = ben.me().id, cat.me().id
    with pytest.raises(MastodonAPIError):
        ada.account_endorse(ben_id)
    ada.account_follow(ben_id)
    assert ada.account_endorse(ben_id).endorsed
    assert [one.id for one in ada.endorsements()] == [ben_id]
    assert not ada.account_unendorse(ben_id).endorsed
    assert ada.account_note_set(ben_id, "met at the fair").note == "met at the fair"
    ada.domain_block("far.example")
    assert ada.domain_blocks() == ["far.example"]
    assert ada.account_mute(ben_id, notifications=False, duration=600).muting_expires_at is not None
    assert ada.mutes()[0].mute_expires_at is not None
    assert not ada.account_unmute(ben_id).muting
    assert ada.account_block(cat_id).blocking
    assert [one.id for one in ada.blocks()] == [cat_id]
    assert not ada.account_unblock(cat_id).blocking


def company(ada: Mastodon, ben: Mastodon, dan: Mastodon) -> None:
    dan_id = dan.me().id
    ben.account_follow(dan_id)
    assert [one.account.id for one in ada.suggestions_v2() if one.sources == ["friends_of_friends"]] == [dan_id]
    assert [one.id for one in ada.account_familiar_followers(dan_id)[0].accounts] == [ben.me().id]
    ada.suggestion_delete(dan_id)
    assert dan_id not in [one.account.id for one in ada.suggestions_v2()]
    assert dan_id in [one.id for one in ada.directory(order="new")]
    assert {one.id for one in ada.accounts([dan_id, ben.me().id])} == {dan_id, ben.me().id}
    assert ada.account_lookup("dan").id == dan_id


def tokens(address: str, dan: Mastodon) -> None:
    told = dan.oauth_authorization_server_info()
    assert told.issuer == address
    assert told.code_challenge_methods_supported == ["S256"]
    assert told.app_registration_endpoint == f"{address}/api/v1/apps"
    again = Mastodon(access_token=dan.access_token, api_base_url=address)
    dan.revoke_access_token(allow_http=True)
    with pytest.raises(MastodonUnauthorizedError):
        again.account_verify_credentials()


def journey(address: str) -> None:
    ada, ben = signed_in(address, "ada"), signed_in(address, "ben")
    cat, dan = joined(address, "cat"), joined(address, "dan")
    profiles(cat)
    requests(ada, ben, cat)
    regard(ada, ben, cat)
    company(ada, ben, dan)
    tokens(address, dan)
    with pytest.raises(MastodonIllegalArgumentError, match="has already been taken"):
        joined(address, "cat")


async def test_mastodon_py_knows_people(address: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the client's own
        await asyncio.to_thread(journey, address)
