"""Promises with their results, shifts and absences, and what an attempt measures."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "absence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("entered_by", sa.String(length=200), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_absence_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_agent_id"), ["agent_id"], unique=False)

    op.create_table(
        "shift",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.String(length=5), nullable=False),
        sa.Column("ends_at", sa.String(length=5), nullable=False),
        sa.Column("entered_by", sa.String(length=200), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_shift_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    with op.batch_alter_table("shift", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shift_agent_id"), ["agent_id"], unique=False)

    op.create_table(
        "promise",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("callback_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("doubted_boot", sa.String(length=64), nullable=True),
        sa.Column("doubted_ms", sa.BigInteger(), nullable=True),
        sa.Column("result", sa.String(length=32), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["callback_id"], ["callback.id"], name=op.f("fk_promise_callback_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promise_callback_id"), ["callback_id"], unique=False)
        batch_op.create_index(
            "ix_promise_due",
            ["ends"],
            unique=False,
            sqlite_where=sa.text("result IS NULL"),
            postgresql_where=sa.text("result IS NULL"),
        )
        batch_op.create_index(
            "uq_promise_in_force",
            ["callback_id"],
            unique=True,
            sqlite_where=sa.text("result IS NULL"),
            postgresql_where=sa.text("result IS NULL"),
        )

    with op.batch_alter_table("callback", schema=None) as batch_op:
        batch_op.drop_index("ix_callback_queue")
        batch_op.create_index(
            "ix_callback_queue",
            ["rank", "id", "option", "pinned_agent_id", "state"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("duty_edge", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("counted_boot", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("counted_ms", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("handled_seconds", sa.Integer(), nullable=True))
        batch_op.create_index(
            "ix_attempt_handled",
            ["id", "callback_id"],
            unique=False,
            sqlite_where=sa.text("handled_seconds IS NOT NULL"),
            postgresql_where=sa.text("handled_seconds IS NOT NULL"),
        )


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_attempt_handled",
            sqlite_where=sa.text("handled_seconds IS NOT NULL"),
            postgresql_where=sa.text("handled_seconds IS NOT NULL"),
        )
        batch_op.drop_column("handled_seconds")
        batch_op.drop_column("counted_ms")
        batch_op.drop_column("counted_boot")

    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.drop_column("duty_edge")

    with op.batch_alter_table("callback", schema=None) as batch_op:
        batch_op.drop_index("ix_callback_queue")
        batch_op.create_index(
            "ix_callback_queue",
            ["rank", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_promise_in_force", sqlite_where=sa.text("result IS NULL"), postgresql_where=sa.text("result IS NULL")
        )
        batch_op.drop_index(
            "ix_promise_due", sqlite_where=sa.text("result IS NULL"), postgresql_where=sa.text("result IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_promise_callback_id"))

    op.drop_table("promise")
    with op.batch_alter_table("shift", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shift_agent_id"))

    op.drop_table("shift")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absence_agent_id"))

    op.drop_table("absence")
