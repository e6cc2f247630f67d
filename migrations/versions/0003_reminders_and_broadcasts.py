"""Lead times of subscriptions; consents, followers, Broadcasts, Deliveries, rides and the calendar that was told."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DEFAULT = " 30d 7d 1d 0d "
CHAT = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _subscriptions()
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("chat", CHAT, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("wording_version", sa.Integer, nullable=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
        sa.UniqueConstraint("chat", "kind", name="uq_consents_chat_kind"),
    )
    op.create_table(
        "followers",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("chat", CHAT, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_followers"),
        sa.UniqueConstraint("chat", name="uq_followers_chat"),
    )
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("messages", sa.JSON, nullable=False),
        sa.Column("audience", sa.JSON, nullable=False),
        sa.Column("urgency", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("send_at", MOMENT),
        sa.Column("expires_at", MOMENT),
        sa.Column("at_night", sa.Boolean, nullable=False),
        sa.Column("cursor", CHAT, nullable=False),
        sa.Column("upto", sa.Integer),
        sa.Column("planned_at", MOMENT),
        sa.Column("done_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_broadcasts"),
        sa.UniqueConstraint("key", name="uq_broadcasts_key"),
    )
    op.create_index("ix_broadcasts_state_send_at", "broadcasts", ["state", "send_at"])
    op.create_table(
        "broadcast_dates",
        sa.Column("broadcast", sa.Integer, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("milestone", sa.String(120), nullable=False),
        sa.Column("day", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("broadcast", "round", "milestone", name="pk_broadcast_dates"),
        sa.ForeignKeyConstraint(
            ["broadcast"], ["broadcasts.id"], name="fk_broadcast_dates_broadcast", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_broadcast_dates_milestone", "broadcast_dates", ["round", "milestone", "day"])
    _deliveries()
    op.create_table(
        "rides",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("chat", CHAT, nullable=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rides"),
        sa.UniqueConstraint("key", "chat", name="uq_rides_key_chat"),
    )
    op.create_index("ix_rides_chat", "rides", ["chat"])
    op.create_index("ix_rides_event_id", "rides", ["event_id"])
    op.create_table(
        "known_dates",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("milestone", sa.String(120), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("day", sa.String(64), nullable=False),
        sa.Column("cancelled", sa.Boolean, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_known_dates"),
        sa.UniqueConstraint("round", "milestone", name="uq_known_dates_round_milestone"),
    )
    op.create_table(
        "planner",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("planned_until", MOMENT, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_planner"),
    )


def _subscriptions() -> None:
    """A list of days becomes a text of lead times; an empty list the default ones."""
    op.add_column("subscriptions", sa.Column("leads", sa.String(200), nullable=False, server_default=DEFAULT))
    connection = op.get_bind()
    for (days,) in connection.execute(sa.text("SELECT DISTINCT CAST(lead_days AS TEXT) FROM subscriptions")).all():
        leads = "".join(f" {day}d" for day in sorted(set(json.loads(days)), reverse=True)) + " "
        connection.execute(
            sa.text("UPDATE subscriptions SET leads = :leads WHERE CAST(lead_days AS TEXT) = :days"),
            {"leads": leads if leads.strip() else DEFAULT, "days": days},
        )
    with op.batch_alter_table("subscriptions") as table:
        table.drop_column("lead_days")
        table.alter_column("leads", existing_type=sa.String(200), existing_nullable=False, server_default=None)
    if connection.dialect.name == "postgresql":
        op.execute('ALTER TABLE subscriptions ALTER COLUMN chat TYPE VARCHAR(64) COLLATE "C"')
    op.create_index("ix_subscriptions_planning", "subscriptions", ["chat", "subject", "leads"])


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("broadcast", sa.Integer, nullable=False),
        sa.Column("call", sa.String(9), nullable=False),
        sa.Column("retry_key", sa.String(36), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("first_chat", CHAT, nullable=False),
        sa.Column("last_chat", CHAT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("first_attempt_at", MOMENT),
        sa.Column("unsure", sa.Boolean, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("retry_at", MOMENT),
        sa.Column("lease", sa.String(32)),
        sa.Column("lease_until", MOMENT),
        sa.Column("problem", sa.String(200), nullable=False),
        sa.Column("erase", sa.Text, nullable=False),
        sa.Column("done_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("retry_key", name="uq_deliveries_retry_key"),
        sa.ForeignKeyConstraint(["broadcast"], ["broadcasts.id"], name="fk_deliveries_broadcast", ondelete="CASCADE"),
    )
    op.create_index("ix_deliveries_broadcast_state_count", "deliveries", ["broadcast", "state", "count"])
    op.create_index("ix_deliveries_broadcast_first_chat", "deliveries", ["broadcast", "first_chat", "last_chat"])
    op.create_index("ix_deliveries_done_at", "deliveries", ["done_at"])
    op.create_table(
        "delivery_recipients",
        sa.Column("retry_key", sa.String(36), nullable=False),
        sa.Column("chats", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("retry_key", name="pk_delivery_recipients"),
        sa.ForeignKeyConstraint(
            ["retry_key"],
            ["deliveries.retry_key"],
            name="fk_delivery_recipients_retry_key",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    for table in ("planner", "known_dates", "rides", "delivery_recipients", "deliveries", "broadcast_dates"):
        op.drop_table(table)
    for table in ("broadcasts", "followers", "consents"):
        op.drop_table(table)
    op.drop_index("ix_subscriptions_planning", "subscriptions")
    with op.batch_alter_table("subscriptions") as table:
        table.add_column(sa.Column("lead_days", sa.JSON, nullable=False, server_default="[]"))
        table.drop_column("leads")
