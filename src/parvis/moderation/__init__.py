"""Moderation: reports, what follows from them, and what the house tells everyone: rules, texts, announcements."""
