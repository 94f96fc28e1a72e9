"""Errands about what comes by itself, with the client nobody here wrote: streams, and web push that it can open."""

import queue
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from mastodon import StreamListener
from tests.journeys.company import Company

SOON = 20.0


class Ear(StreamListener):
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.heard: queue.Queue[tuple[str, Any]] = queue.Queue()

    def on_update(self, status: Any) -> None:
        self.heard.put(("update", status.id))

    def on_delete(self, status_id: Any) -> None:
        self.heard.put(("delete", status_id))

    def on_status_update(self, status: Any) -> None:
        self.heard.put(("edit", status.id))

    def on_conversation(self, conversation: Any) -> None:
        self.heard.put(("conversation", conversation.last_status.id))

    def on_notification(self, notification: Any) -> None:
        self.heard.put(("notification", notification.type))

    def on_filters_changed(self) -> None:
        self.heard.put(("filters", None))

    def on_unknown_event(self, name: str, unknown_event: Any = None) -> None:
        self.heard.put((name, unknown_event))

    def next(self) -> tuple[str, Any]:
        return self.heard.get(timeout=SOON)


def listening(they: Company) -> None:
    """Every stream tells what belongs there, and nothing else: each is asked for in what order it heard."""
    ada, ben, cat = they.ada, they.ben, they.cat
    ada.account_follow(ben.me())
    close = ada.list_create("Live")
    ada.list_accounts_add(close, [ben.me()])
    opened = {
        "user": ada.stream_user,
        "notifications": ada.stream_user_notifications,
        "direct": ada.stream_direct,
        "public": cat.stream_public,
        "local": cat.stream_local,
        "list": lambda ear, **how: ada.stream_list(close, ear, **how),
        "hashtag": lambda ear, **how: cat.stream_hashtag("now", ear, **how),
    }
    ears = {name: Ear() for name in opened}
    streams = [stream(ears[name], run_async=True) for name, stream in opened.items()]
    they.until_seated(len(streams))
    public = ben.status_post("Hear me #now").id
    for name in ("user", "public", "local", "list", "hashtag"):
        assert ears[name].next() == ("update", public), name
    ben.status_update(public, "Hear me well #now")
    for name in ("user", "public", "local", "list", "hashtag"):
        assert ears[name].next() == ("edit", public), name
    whispered = ben.status_post("@ada psst", visibility="direct").id
    assert ears["direct"].next() == ("conversation", whispered)
    assert ears["notifications"].next() == ("notification", "mention")
    ben.status_delete(public)
    for name in ("public", "local", "list", "hashtag"):
        assert ears[name].next() == ("delete", public), name
    ada.filter_create("dull", ["home"])
    heard = [ears["user"].next() for _ in range(4)]
    assert {("notification", "mention"), ("delete", public), ("filters", None)} <= set(heard)
    assert all(stream.is_alive() for stream in streams)
    with ThreadPoolExecutor(len(streams)) as closing:
        for stream in streams:
            closing.submit(stream.close)  # which waits until the stream has something to say
        ben.status_post("@ada good night #now")
        ben.status_post("@ada sleep well", visibility="direct")
    ada.list_delete(close)


def being_pushed(they: Company) -> None:
    """A push comes to a service outside, sealed; the client opens it with keys of its own making."""
    ada, ben = they.ada, they.ben
    private, public = ada.push_subscription_generate_keys()
    endpoint = they.outside.put("/push", status=201)
    asked = ada.push_subscription_set(endpoint, public, mention_events=True, favourite_events=False)
    assert (asked.endpoint, asked.alerts.mention, asked.alerts.favourite) == (endpoint, True, False)
    assert ada.push_subscription().server_key == asked.server_key
    ben.status_favourite(ada.status_post("Not this"))
    ben.status_post("@ada open this")
    they.settle()
    (came,) = [one for one in they.outside.asked if one.path == "/push"]
    told = ada.push_subscription_decrypt_push(
        came.body, private, came.headers["encryption"], came.headers["crypto-key"]
    )
    assert (told.notification_type, told.access_token) == ("mention", ada.access_token)
    assert ada.notifications(told.notification_id).status.content.endswith("open this</p>")
    changed = ada.push_subscription_update(mention_events=False, favourite_events=True)
    assert (changed.alerts.mention, changed.alerts.favourite) == (False, True)
    ada.push_subscription_delete()
    ben.status_favourite(ada.status_post("Nor this"))
    they.settle()
    assert len(they.outside.asked) == 1


ERRANDS = (listening, being_pushed)
