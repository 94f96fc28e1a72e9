"""The pages: what a member sees in a browser. Requests flow in, HTML, JSON and a stream of fragments flow out."""

from parvis.web.addresses import routes

__all__ = ["routes"]
