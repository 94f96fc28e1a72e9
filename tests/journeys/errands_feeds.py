"""Errands about feeds, run with the client nobody here wrote: timelines, lists, filters, hashtags, search, trends."""

from typing import Any

import pytest
from mastodon import MastodonNotFoundError
from tests.journeys.company import Company
from tests.journeys.errands_posts import ids

from parvis.store.transaction import Tx
from parvis.timelines import trends


def reading(they: Company) -> None:
    """Every timeline, by both ends."""
    ada, ben, cat = they.ada, they.ben, they.cat
    assert ada.account_follow(ben.me()).following
    said = ids([ben.status_post(f"number {number} #count") for number in range(7)])
    assert ids(ada.timeline()[:7]) == said[::-1]
    page = ada.timeline_home(limit=3)
    older: Any = ada.fetch_next(page)
    assert ids(page) + ids(older) == said[:0:-1]
    back: Any = ada.fetch_previous(older)
    assert ids(back) == ids(page)
    beyond = ada.get_pagination_info(page, "next")
    assert beyond is not None
    assert beyond["max_id"] == int(page[-1].id)
    assert set(said) <= set(ids(ada.fetch_remaining(ada.timeline_home(limit=4))))
    assert ids(ada.pagination_iterator(cat.timeline_hashtag("count", limit=2))) == said[::-1]
    pages = list(ada.pagination_page_iterator(cat.account_statuses(ben.me(), limit=3, tagged="count")))
    assert [ids(one) for one in pages if one] == [said[:3:-1], said[3:0:-1], said[:1]]
    assert said[-1] in ids(cat.timeline_public(limit=5))
    assert said[-1] in ids(cat.timeline_local(limit=5))
    assert ids(ada.timeline_home(min_id=said[2], limit=2)) == [said[4], said[3]]
    assert said[-1] not in ids(cat.timeline_public(remote=True))
    assert ada.timeline_is_available("public", local=True)
    assert ada.markers_set(["home"], [said[3]]).home.last_read_id == said[3]
    assert ada.markers_get(["home"])["home"].version == 1


def listing(they: Company) -> None:
    """Lists."""
    ada, ben = they.ada, they.ben
    ada.account_follow(ben.me())
    made = ada.list_create("Close ones", replies_policy="followed")
    assert ada.list(made).title == "Close ones"
    ada.list_accounts_add(made, [ben.me()])
    assert ids(ada.list_accounts(made)) == [ben.me().id]
    assert ids(ada.account_lists(ben.me())) == [made.id]
    said = ben.status_post("For the list")
    assert said.id in ids(ada.timeline_list(made))
    changed = ada.list_update(made, "Closest", replies_policy="none", exclusive=True)
    assert (changed.title, changed.replies_policy, changed.exclusive) == ("Closest", "none", True)
    assert said.id not in ids(ada.timeline_home())
    ada.list_accounts_delete(made, [ben.me()])
    assert list(ada.list_accounts(made)) == []
    assert ids(ada.lists()) == [made.id]
    ada.list_delete(made)
    assert list(ada.lists()) == []


def sifting(they: Company) -> None:
    """Filters, in both versions."""
    ada, ben = they.ada, they.ben
    ada.account_follow(ben.me())
    made = ada.create_filter_v2("Sweets", ["home"], "warn", keywords_attributes=[{"keyword": "toffee"}])
    said = ben.status_post("Toffee, caramel")
    assert ada.status(said).filtered[0].keyword_matches == ["Toffee"]
    assert ada.filter_v2(made).title == "Sweets"
    assert ids(ada.filters_v2()) == [made.id]
    assert ada.update_filter_v2(made, title="Candy", filter_action="hide").filter_action == "hide"
    assert said.id not in ids(ada.timeline_home())
    word = ada.add_filter_keyword_v2(made, "caramel", whole_word=True)
    assert [one.keyword for one in ada.filter_keywords_v2(made)] == ["toffee", "caramel"]
    ada.delete_filter_keyword_v2(word)
    assert [one.keyword for one in ada.filter_keywords_v2(made)] == ["toffee"]
    held = ada.add_filter_status_v2(made, said)
    assert ada.filter_status_v2(held).status_id == said.id
    assert ids(ada.filter_statuses_v2(made)) == [held.id]
    ada.delete_filter_status_v2(held)
    assert list(ada.filter_statuses_v2(made)) == []
    ada.delete_filter_v2(made)
    with pytest.raises(MastodonNotFoundError):
        ada.filter_v2(made)

    old = ada.filter_create("toffee", ["home", "public"], whole_word=True)
    assert ada.filter(old).phrase == "toffee"
    assert ids(ada.filters_apply([said, ben.status_post("Bread")], ada.filters(), "home")) != [said.id]
    assert ada.filter_update(old, phrase="caramel", context=["home"], whole_word=False).phrase == "caramel"
    assert ids(ada.filters()) == [old.id]
    ada.filter_delete(old)
    assert list(ada.filters()) == []


def tagging(they: Company) -> None:
    """Hashtags: followed, and on one's profile."""
    ada, ben = they.ada, they.ben
    ada.account_unfollow(ben.me())
    said = ben.status_post("Look #herons")
    assert ada.tag("herons").name == "herons"
    assert ada.tag_follow("herons").following
    assert [tag.name for tag in ada.followed_tags()] == ["herons"]
    assert said.id in ids(ada.timeline_home())
    assert not ada.tag_unfollow("herons").following
    assert "herons" in [tag.name for tag in ben.featured_tag_suggestions()]
    shown = ben.featured_tag_create("herons")
    assert [(tag.name, int(tag.statuses_count)) for tag in ben.featured_tags()] == [("herons", 1)]
    assert [tag.name for tag in ada.account_featured_tags(ben.me())] == ["herons"]
    ben.featured_tag_delete(shown)
    assert list(ben.featured_tags()) == []
    assert ben.tag_feature("herons").featuring
    assert not ben.tag_unfeature("herons").featuring


def finding(they: Company) -> None:
    """Search, in what words soever."""
    ada, ben = they.ada, they.ben
    ben.account_update_credentials(indexable=True)
    said = ben.status_post("A kingfisher over the weir #riverside")
    they.settle()
    found = ada.search("kingfisher")
    assert ids(found.statuses) == [said.id]
    assert [tag.name for tag in ada.search_v2("riverside", result_type="hashtags").hashtags] == ["riverside"]
    assert ids(ada.search_v2("ben", result_type="accounts", limit=1).accounts) == [ben.me().id]
    assert ids(ada.account_search("ben", limit=1)) == [ben.me().id]
    assert ada.account_lookup("ben").id == ben.me().id


def trending(they: Company) -> None:
    """What three people take up trends, until a moderator says no."""
    link = "https://weirs.example/news"
    said = [one.status_post(f"The #weir broke {link}") for one in (they.ada, they.ben, they.cat)][-1]
    for one in (they.ada, they.ben, they.boss):
        one.status_favourite(said)

    async def measure(tx: Tx) -> None:
        await trends.keep(tx, await trends.measured(tx))

    they.act(measure)
    ada, boss = they.ada, they.boss
    assert [tag.name for tag in ada.trending_tags(limit=5)] == ["weir"]
    assert [tag.name for tag in ada.trends(limit=5)] == ["weir"]
    assert said.id in ids(ada.trending_statuses())
    tag = next(tag for tag in boss.admin_trending_tags() if tag.name == "weir")
    assert boss.admin_reject_trending_tag(tag).trendable is False
    assert boss.admin_approve_trending_tag(tag).trendable is True
    assert said.id in ids(boss.admin_trending_statuses())
    assert boss.admin_reject_trending_status(said).id == said.id
    they.act(measure)
    assert said.id not in ids(ada.trending_statuses())
    assert boss.admin_approve_trending_status(said).id == said.id
    they.act(measure)
    assert said.id in ids(ada.trending_statuses())


ERRANDS = (reading, listing, sifting, tagging, finding, trending)
