"""The project's pages, and what writes the reference ones."""
