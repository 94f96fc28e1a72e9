"""What the house looks like, held by tests: short files, one level of folders, owners of tables."""

import ast
import pathlib
import re

import pytest

SOURCE = pathlib.Path(__file__).parents[2] / "src" / "parvis"
FILES = sorted(SOURCE.rglob("*.py"))
DEEPER = ("store/migrations", "web/templates", "web/static")
OWNERS = {
    "people": [
        "accounts",
        "credentials",
        "confirmations",
        "mailbox",
        "preferences",
        "sessions",
        "follows",
        "follow_requests",
        "endorsements",
        "notes",
        "shunned_domains",
        "passed_over",
        "blocks",
        "mutes",
        "apps",
        "grants",
        "tokens",
        "charges",
        "collections",
        "collection_items",
        "second_factors",
        "recovery_codes",
        "passkeys",
        "tallies",
        "barred_addresses",
        "barred_mail_domains",
        "barred_mails",
        "left_handles",
        "name_words",
    ],
    "posts": [
        "posts",
        "heads",
        "post_mentions",
        "post_tags",
        "likes",
        "media",
        "idempotency",
        "emojis",
        "cards",
        "post_links",
        "bookmarks",
        "pins",
        "thread_mutes",
        "versions",
        "polls",
        "votes",
        "quotes",
        "scheduled_posts",
    ],
    "notifications": [
        "notifications",
        "notification_policies",
        "notification_requests",
        "notification_permissions",
        "push_subscriptions",
        "push_keys",
        "markers",
    ],
    "timelines": [
        "lists",
        "list_members",
        "filters",
        "filter_keywords",
        "filter_posts",
        "tag_follows",
        "featured_tags",
        "conversations",
        "conversation_posts",
        "trends",
    ],
    "studio": ["drawings", "translations"],
    "moderation": [
        "reports",
        "strikes",
        "remarks",
        "appeals",
        "audit_log",
        "house_rules",
        "house_texts",
        "announcements",
        "announcement_reactions",
        "dismissals",
        "barred_domains",
        "allowed_domains",
        "verdicts",
    ],
    "assistant": ["answers"],
    "store": ["jobs"],
}
WRITES = {"insert", "update", "delete"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_file_is_over_500_lines(path: pathlib.Path) -> None:
    assert len(path.read_text().splitlines()) <= 500


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_opens_with_what_flows_through_it(path: pathlib.Path) -> None:
    if "migrations/versions" not in str(path):
        assert ast.get_docstring(ast.parse(path.read_text()))


def test_there_is_one_level_of_folders() -> None:
    for path in FILES:
        inside = path.relative_to(SOURCE)
        assert len(inside.parts) <= 2 or str(inside).startswith(DEEPER), inside


def test_every_table_has_one_owner() -> None:
    from parvis.store.tables import metadata

    owned = [table for tables in OWNERS.values() for table in tables]
    assert sorted(owned) == sorted(metadata.tables)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_only_its_owner_writes_a_table(path: pathlib.Path) -> None:
    room = path.relative_to(SOURCE).parts[0]
    if room == "store":
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRITES and node.args:
            table = ast.unparse(node.args[0]).removeprefix("tables.")
            assert table in OWNERS.get(room, []), f"{room} writes {table} at line {node.lineno}"


def test_no_registry_host_is_named() -> None:
    root = SOURCE.parents[1]
    hosts = re.compile(r"pypi\.org|pythonhosted|npmjs|deb\.debian|huggingface\.co")
    for pattern in ("*.lock", "*.toml", "Makefile", ".ci/*", "src/**/*.py", "docs/**/*.md", "README.md"):
        for path in root.glob(pattern):
            assert not hosts.search(path.read_text()), path
