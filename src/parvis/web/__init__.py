"""The pages: what a member sees in a browser. Requests flow in, HTML, JSON and a stream of fragments flow out."""

from parvis.web.addresses import routes
from parvis.web.visit import mishap

__all__ = ["mishap", "routes"]
