"""Errands about people, run with the client nobody here wrote: bonds, profiles, collections, what one is told of."""

import pytest
from mastodon import MastodonAPIError, MastodonNotFoundError
from tests.journeys.company import Company
from tests.journeys.errands_posts import ids, picture


def bonds(they: Company) -> None:
    """Follow, mute, block, and everything between."""
    ada, ben, cat = they.ada, they.ben, they.cat
    assert ada.account_verify_credentials().id == ada.me().id
    assert ada.account(ben.me()).username == "ben"
    assert ids(ada.accounts([ben.me(), cat.me()])) == ids([ben.me(), cat.me()])
    assert ada.account_follow(ben.me(), notify=True).notifying
    assert ids(ada.account_following(ada.me())) == [ben.me().id]
    assert ada.account_relationships([ben.me()])[0].following
    assert ada.account_endorse(ben.me()).endorsed
    assert ids(ada.endorsements()) == [ben.me().id]
    assert not ada.account_unendorse(ben.me()).endorsed
    assert ada.account_pin(ben.me()).endorsed
    assert not ada.account_unpin(ben.me()).endorsed
    assert ada.account_note_set(ben.me(), "from the fair").note == "from the fair"
    assert ada.account_mute(ben.me(), duration=60).muting
    assert ids(ada.mutes()) == [ben.me().id]
    assert not ada.account_unmute(ben.me()).muting
    assert not ada.account_unfollow(ben.me()).following
    assert ada.follows("ben").following
    assert not ben.account_remove_from_followers(ada.me()).followed_by
    assert ada.account_block(cat.me()).blocking
    assert ids(ada.blocks()) == [cat.me().id]
    assert not ada.account_unblock(cat.me()).blocking
    ada.domain_block("far.example")
    assert list(ada.domain_blocks()) == ["far.example"]
    ada.domain_unblock("far.example")
    assert list(ada.domain_blocks()) == []


def asking_to_follow(they: Company) -> None:
    """A locked door."""
    ada, ben, cat = they.ada, they.ben, they.cat
    assert cat.account_update_credentials(locked=True).locked
    assert ada.account_follow(cat.me()).requested
    assert ben.account_follow(cat.me()).requested
    assert sorted(ids(cat.follow_requests())) == sorted(ids([ada.me(), ben.me()]))
    assert cat.follow_request_authorize(ada.me()).followed_by
    assert not cat.follow_request_reject(ben.me()).followed_by
    assert not cat.account_update_credentials(locked=False).locked


def faces(they: Company) -> None:
    """One's profile."""
    ada = they.ada
    before = ada.profile()
    changed = ada.profile_update(
        display_name="Ada L.", note="Counts.", avatar=picture(), avatar_mime_type="image/png", fields=[("Likes", "tea")]
    )
    assert (changed.display_name, changed.fields[0].name, before.display_name) == ("Ada L.", "Likes", "")
    assert "/media/" in ada.profile().avatar
    assert "/faces/" in ada.account_delete_avatar().avatar
    assert "/faces/" in ada.account_delete_header().header
    assert ada.preferences()["posting:default:visibility"] == "public"
    assert ada.app_verify_credentials().name == "Everything"
    assert ada.account_update_credentials(default_privacy="unlisted").source.privacy == "unlisted"
    assert ada.status_post("Quietly").visibility == "unlisted"
    ada.account_update_credentials(default_privacy="public")


def company(they: Company) -> None:
    """Whom one may like."""
    ada, ben, cat = they.ada, they.ben, they.cat
    ada.account_follow(ben.me())
    ben.account_follow(cat.me())
    ada.account_unfollow(cat.me())
    assert cat.me().id in ids(ada.suggestions())
    assert cat.me().id in ids(ada.suggestions_v1())
    assert cat.me().id in [one.account.id for one in ada.suggestions_v2()]
    ada.suggestion_delete(cat.me())
    assert cat.me().id not in ids(ada.suggestions())
    assert ids(ada.account_familiar_followers(cat.me())[0].accounts) == [ben.me().id]
    assert ben.me().id not in ids(ada.directory(order="active", local=True, limit=10, offset=10))


def gathering(they: Company) -> None:
    """Collections of accounts."""
    ada, ben, cat = they.ada, they.ben, they.cat
    ben.profile_update(discoverable=True)
    cat.profile_update(discoverable=True)
    made = ada.collection_create("Birders", description="Who watch birds", discoverable=True, account_ids=[ben.me()])
    made = made.collection if "collection" in made else made
    assert ada.collection_update(made, name="Bird people").collection.name == "Bird people"
    added = ada.collection_item_add(made, cat.me()).collection_item
    read = ben.collection(made)
    assert sorted(item.account_id for item in read.collection["items"]) == sorted(ids([ben.me(), cat.me()]))
    assert ids(ben.account_collections(ada.me()).collections) == [made.id]
    assert ids(ben.account_in_collections(ben.me()).collections) == [made.id]
    mine = next(item for item in read.collection["items"] if item.account_id == ben.me().id)
    ben.collection_item_revoke(made, mine)
    ada.collection_item_delete(made, added)
    assert ben.collection(made).collection.item_count == 0
    ada.collection_delete(made)
    with pytest.raises(MastodonNotFoundError):
        ada.collection(made)


def hearing(they: Company) -> None:
    """Notifications, one by one and in groups, and whose one will not have."""
    ada, ben, cat = they.ada, they.ben, they.cat
    they.settle()
    ada.notifications_clear()
    assert (list(ada.notifications()), ada.notifications_unread_count().count) == ([], 0)
    said = ada.status_post("Like this")
    for one in (ben, cat):
        one.status_favourite(said)
        they.settle()
    ben.status_post("@ada hello")
    they.settle()
    told = ada.notifications()
    assert [one.type for one in told] == ["mention", "favourite", "favourite"]
    assert ada.notifications(told[0]).id == told[0].id
    assert ids(ada.notifications(mentions_only=True)) == [told[0].id]
    assert ada.notifications_unread_count().count == 3
    assert ada.unread_grouped_notifications_count() == 2
    grouped = ada.grouped_notifications(expand_accounts="full")
    assert [(group.type, group.notifications_count) for group in grouped.notification_groups] == [
        ("mention", 1),
        ("favourite", 2),
    ]
    likes = grouped.notification_groups[1].group_key
    assert ids(ada.grouped_notification_accounts(likes)) == ids([cat.me(), ben.me()])
    assert ada.grouped_notification(likes).notification_groups[0].group_key == likes
    ada.dismiss_grouped_notification(likes)
    assert [one.type for one in ada.notifications()] == ["mention"]
    ada.notifications_dismiss(told[0])
    assert list(ada.notifications()) == []


def minding(they: Company) -> None:
    """Requests of those whom one does not follow."""
    ada, cat, dan = they.ada, they.cat, they.dan
    ada.account_unfollow(cat.me())
    assert ada.notifications_policy().for_not_following == "accept"
    assert ada.update_notifications_policy(for_not_following="filter").for_not_following == "filter"
    for one in (cat, dan):
        one.status_post("@ada may I?")
    they.settle()
    waiting = ada.notification_requests()
    assert ada.notifications_policy().summary.pending_requests_count == len(waiting) == 2
    first = next(one for one in waiting if one.account.id == cat.me().id)
    assert ada.notification_request(first).last_status.content.endswith("may I?</p>")
    ada.accept_notification_request(first)
    they.settle()
    assert ada.notifications_merged()
    assert [one.account.id for one in ada.notifications(mentions_only=True)] == [cat.me().id]
    ada.dismiss_notification_request(ada.notification_requests()[0])
    assert list(ada.notification_requests()) == []
    dan.status_post("@ada please")
    they.settle()
    ada.accept_multiple_notification_requests([ada.notification_requests()[0]])
    they.settle()
    assert len(ada.notifications(mentions_only=True)) > 1
    they.ben.account_unfollow(ada.me())
    ada.account_unfollow(they.ben.me())
    they.ben.status_post("@ada and me?")
    they.settle()
    ada.dismiss_multiple_notification_requests([ada.notification_requests()[0]])
    assert list(ada.notification_requests()) == []
    ada.update_notifications_policy(for_not_following="accept")


def whispering(they: Company) -> None:
    """Conversations."""
    ada, ben = they.ada, they.ben
    said = ada.status_post("@ben between us", visibility="direct")
    they.settle()
    talk = ben.conversations()[0]
    assert (talk.unread, talk.last_status.id, ids(talk.accounts)) == (True, said.id, [ada.me().id])
    assert not ben.conversations_read(talk).unread
    with pytest.raises(MastodonAPIError):
        they.cat.status(said)


ERRANDS = (bonds, asking_to_follow, faces, company, gathering, hearing, minding, whispering)
