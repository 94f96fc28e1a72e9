"""Moderation: reports, strikes, the audit log, announcements, rules and texts, blocks; restraints on accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "allowed_domains",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowed_domains")),
        sa.UniqueConstraint("domain", name=op.f("uq_allowed_domains_domain")),
    )
    op.create_table(
        "announcements",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("mentions", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("tags", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("all_day", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
    )
    op.create_table(
        "barred_addresses",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barred_addresses")),
        sa.UniqueConstraint("network", name=op.f("uq_barred_addresses_network")),
    )
    op.create_table(
        "barred_domains",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("reject_media", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reject_reports", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("private_comment", sa.Text(), server_default="", nullable=False),
        sa.Column("public_comment", sa.Text(), server_default="", nullable=False),
        sa.Column("obfuscate", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barred_domains")),
        sa.UniqueConstraint("domain", name=op.f("uq_barred_domains_domain")),
    )
    op.create_table(
        "barred_mail_domains",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("with_approval", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barred_mail_domains")),
        sa.UniqueConstraint("domain", name=op.f("uq_barred_mail_domains_domain")),
    )
    op.create_table(
        "barred_mails",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barred_mails")),
        sa.UniqueConstraint("digest", name=op.f("uq_barred_mails_digest")),
    )
    op.create_table(
        "house_rules",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), server_default="", nullable=False),
        sa.Column("translations", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_rules")),
    )
    op.create_table(
        "house_texts",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "language", "day", name=op.f("pk_house_texts")),
    )
    op.create_table(
        "turned_away",
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("domain", "day", name=op.f("pk_turned_away")),
    )
    op.create_table(
        "verdicts",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("trendable", sa.Boolean(), nullable=True),
        sa.Column("usable", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("listable", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("judged_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_verdicts")),
    )
    op.create_table(
        "announcement_reactions",
        sa.Column("announcement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_announcement_reactions_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcements.id"],
            name=op.f("fk_announcement_reactions_announcement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("announcement_id", "name", "account_id", name=op.f("pk_announcement_reactions")),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["accounts.id"], name=op.f("fk_audit_log_actor_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_subject_id"), "audit_log", ["subject", "id"], unique=False)
    op.create_table(
        "dismissals",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("announcement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_dismissals_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name=op.f("fk_dismissals_announcement_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "announcement_id", name=op.f("pk_dismissals")),
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("forward", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("posts", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("rules", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("assigned_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.Column("resolved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_reports_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["assigned_id"], ["accounts.id"], name=op.f("fk_reports_assigned_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"], ["accounts.id"], name=op.f("fk_reports_resolved_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["target_id"], ["accounts.id"], name=op.f("fk_reports_target_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    op.create_index(op.f("ix_reports_account_id_id"), "reports", ["account_id", "id"], unique=False)
    op.create_index("ix_reports_open", "reports", ["resolved_at", "id"], unique=False)
    op.create_index(op.f("ix_reports_target_id_id"), "reports", ["target_id", "id"], unique=False)
    op.create_table(
        "strikes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("moderator_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("posts", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("overruled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_strikes_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["moderator_id"], ["accounts.id"], name=op.f("fk_strikes_moderator_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_strikes_report_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strikes")),
    )
    op.create_index(op.f("ix_strikes_account_id_id"), "strikes", ["account_id", "id"], unique=False)
    op.create_table(
        "appeals",
        sa.Column("strike_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_appeals_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_appeals_decided_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["strike_id"], ["strikes.id"], name=op.f("fk_appeals_strike_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("strike_id", name=op.f("pk_appeals")),
    )
    op.create_index(op.f("ix_appeals_state_strike_id"), "appeals", ["state", "strike_id"], unique=False)
    op.add_column("accounts", sa.Column("restraints", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("credentials", sa.Column("reason", sa.Text(), server_default="", nullable=False))
    op.add_column("credentials", sa.Column("address", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "credentials", sa.Column("app_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
    op.add_column("sessions", sa.Column("address", sa.Text(), server_default="", nullable=False))
