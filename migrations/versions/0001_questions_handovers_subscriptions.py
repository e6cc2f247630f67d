"""Unanswered questions, hand-overs and subscriptions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

UNCLOSED = sa.text("state <> 'closed'")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "unanswered",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("question_hash", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("subjects", sa.JSON, nullable=False),
        sa.Column("attribute", sa.String(32), nullable=False),
        sa.Column("round", sa.Integer),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("message_hash", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_unanswered"),
        sa.UniqueConstraint("event_id", "question_hash", name="uq_unanswered_event_id_question_hash"),
    )
    op.create_index("ix_unanswered_asked_at", "unanswered", ["asked_at"])
    op.create_index("ix_unanswered_message_hash", "unanswered", ["message_hash"])

    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("chat", sa.String(64), nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("user", sa.String(64)),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("closed_at", moment),
        sa.Column("message_hash", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_handovers"),
        sa.UniqueConstraint("event_id", name="uq_handovers_event_id"),
    )
    op.create_index("ix_handovers_closed_at", "handovers", ["closed_at"])
    op.create_index("ix_handovers_message_hash", "handovers", ["message_hash"])
    op.create_index(
        "uq_handovers_unclosed_chat",
        "handovers",
        ["chat"],
        unique=True,
        sqlite_where=UNCLOSED,
        postgresql_where=UNCLOSED,
    )

    op.create_table(
        "handover_messages",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("handover", sa.Integer, nullable=False),
        sa.Column("event_id", sa.String(64)),
        sa.Column("author", sa.String(8), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("written_at", moment, nullable=False),
        sa.Column("message_hash", sa.String(32)),
        sa.Column("retry_key", sa.String(36)),
        sa.Column("sent_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_handover_messages"),
        sa.UniqueConstraint("event_id", name="uq_handover_messages_event_id"),
        sa.ForeignKeyConstraint(
            ["handover"], ["handovers.id"], name="fk_handover_messages_handover", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_handover_messages_handover", "handover_messages", ["handover"])
    op.create_index("ix_handover_messages_message_hash", "handover_messages", ["message_hash"])

    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("chat", sa.String(64), nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("lead_days", sa.JSON, nullable=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint("chat", "subject", name="uq_subscriptions_chat_subject"),
    )


def downgrade() -> None:
    for table in ("handover_messages", "handovers", "unanswered", "subscriptions"):
        op.drop_table(table)
