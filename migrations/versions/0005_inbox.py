"""The inbox: to which Entry a question was attached."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("unanswered", sa.Column("entry", sa.String(200)))
    op.create_index("ix_unanswered_state_id", "unanswered", ["state", "id"])


def downgrade() -> None:
    op.drop_index("ix_unanswered_state_id", "unanswered")
    with op.batch_alter_table("unanswered") as table:
        table.drop_column("entry")
