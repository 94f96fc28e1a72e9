"""Parvis: a social network in which AI is a native part and which its own community can run."""

__version__ = "0.1.0"
