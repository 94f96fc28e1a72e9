"""Which page of a timeline: see `parvis.posts.page`, where notifications find it too."""

from parvis.posts.page import FIRST, Page

__all__ = ["FIRST", "Page"]
