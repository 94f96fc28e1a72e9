"""RSS 2.0: what an account said in public, or what carries a hashtag, for readers of feeds (https://www.rssboard.org).

The same reads as the pages, as somebody who is not signed in sees them; nothing of what is for fewer flows out.
"""

import datetime as dt
import html
from collections.abc import Sequence
from email.utils import format_datetime
from urllib.parse import quote
from xml.etree import ElementTree as ET

from starlette.responses import Response

from parvis.core import clock
from parvis.posts.post import Post
from parvis.posts.text import fold_tag
from parvis.store.transaction import Tx
from parvis.timelines.page import Page
from parvis.timelines.profiles import posts_of
from parvis.timelines.tags import tagged
from parvis.web import page
from parvis.web.gate import HEADERS
from parvis.web.profiles import account_of
from parvis.web.visit import Visit

SIZE = 20
KEPT = 300  # seconds
MEDIA = "http://search.yahoo.com/mrss/"


async def read_account_feed(visit: Visit, tx: Tx) -> Response:
    """What somebody says in public."""
    account = await account_of(visit, tx)
    posts = await posts_of(tx, None, account, Page(limit=SIZE), replies=False, reposts=False)
    return _feed(visit, account.name, page.account_path(account), account.bio, posts)


async def read_tag_feed(visit: Visit, tx: Tx) -> Response:
    """What carries a hashtag."""
    tag = fold_tag(str(visit.request.path_params["tag"]))
    posts = await tagged(tx, None, tag, Page(limit=SIZE))
    return _feed(visit, f"#{tag}", f"/tags/{quote(tag)}", f"#{tag}", posts)


def _feed(visit: Visit, title: str, path: str, description: str, posts: Sequence[Post]) -> Response:
    ET.register_namespace("media", MEDIA)
    url = visit.door.settings.url
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    for name, text in (("title", title), ("link", url + path), ("description", html.escape(description))):
        ET.SubElement(channel, name).text = text
    for post in posts:
        _item(channel, post, url)
    body = b'<?xml version="1.0" encoding="UTF-8"?>' + ET.tostring(root, encoding="utf-8")
    headers = HEADERS | {"Cache-Control": f"public, max-age={KEPT}"}
    return Response(body, media_type="application/rss+xml", headers=headers)


def _item(channel: ET.Element, post: Post, url: str) -> None:
    item = ET.SubElement(channel, "item")
    link = url + page.post_path(post)
    moment = dt.datetime.fromtimestamp(post.created_at / clock.SECOND, dt.UTC)
    told = f"<p>{html.escape(post.warning)}</p>" if post.warning else _outward(post.html, url)
    for name, text in (("guid", link), ("link", link), ("pubDate", format_datetime(moment)), ("description", told)):
        ET.SubElement(item, name).text = text
    for tag in post.tags:
        ET.SubElement(item, "category").text = tag
    for media in () if post.warning or post.sensitive else post.media:
        shown = ET.SubElement(item, f"{{{MEDIA}}}content", url=f"{url}/media/{media.blob}")
        ET.SubElement(shown, f"{{{MEDIA}}}description").text = media.alt


def _outward(rendered: str, url: str) -> str:
    """A post's HTML whose links to this instance are whole: it is read elsewhere."""
    return rendered.replace('href="/', f'href="{url}/')
