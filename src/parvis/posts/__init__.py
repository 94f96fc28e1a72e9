"""Posts: said, answered, liked, passed on, deleted, with pictures; and who may see them, decided in one place."""
