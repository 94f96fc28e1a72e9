"""What a notification says in one sentence, in the language of who is told: for pushes and letters."""

from typing import Final

from parvis.core.words import N_, words_of
from parvis.notifications.inbox import Notification
from parvis.people.accounts import Account

LONGEST: Final = 140  # characters of what is told of

SENTENCES: Final = {
    "mention": N_("{name} mentioned you"),
    "quote": N_("{name} quoted your post"),
    "post": N_("{name} just posted"),
    "repost": N_("{name} reposted your post"),
    "like": N_("{name} liked your post"),
    "follow": N_("{name} follows you now"),
    "follow_request": N_("{name} asks to follow you"),
    "poll": N_("A poll by {name} has ended"),
    "edit": N_("{name} edited a post that you reposted"),
    "quoted_edit": N_("{name} edited a post that you quoted"),
    "sign_up": N_("{name} signed up"),
    "report": N_("{name} sent a report"),
    "severance": N_("You lost some of your follows"),
    "warning": N_("The moderators wrote to you"),
    "collected": N_("{name} put you into a collection"),
    "collection_edit": N_("{name} changed a collection that you are in"),
}


def headline(kind: str, actor: Account, language: str) -> str:
    """Who did what."""
    sentence = words_of(language).gettext(SENTENCES[kind])
    return sentence.format(name=actor.name or f"@{actor.acct}")


def gist(notification: Notification) -> str:
    """What it is about: the post's warning or its words, or what the actor says of themselves; cut where it is long."""
    post = notification.post
    words = (post.warning or post.text) if post is not None else notification.actor.bio
    line = " ".join(words.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"
