"""Mastodon's client API and Parvis's own additions: endpoints by noun, entities by noun, OAuth, streaming."""

from parvis.api.map import routes

__all__ = ["routes"]
