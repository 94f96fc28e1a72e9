"""Notifications: what concerns a member, told once, taken back when it no longer holds."""
