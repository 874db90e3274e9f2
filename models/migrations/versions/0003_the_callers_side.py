"""Moments chosen, numbers refused, messages after the tone, announcements, and agents who work by telephone."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "announcement",
        sa.Column("language", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("entered_by", sa.String(length=200), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("language", name=op.f("pk_announcement")),
    )
    op.create_table(
        "number_guard",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("entered_by", sa.String(length=200), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_guard")),
    )
    with op.batch_alter_table("number_guard", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_number_guard_prefix"), ["prefix"], unique=False)

    op.create_table(
        "voice_message",
        sa.Column("recording_sid", sa.String(length=34), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_sid", sa.String(length=34), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_voice_message_ticket_id")),
        sa.PrimaryKeyConstraint("recording_sid", name=op.f("pk_voice_message")),
    )
    with op.batch_alter_table("voice_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_voice_message_call_sid"), ["call_sid"], unique=False)
        batch_op.create_index(batch_op.f("ix_voice_message_left_at"), ["left_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_voice_message_ticket_id"), ["ticket_id"], unique=False)

    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pin_hash", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("pin_failures", sa.Integer(), nullable=False, server_default=sa.text("0")))
        batch_op.add_column(sa.Column("pin_locked_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key_pressed", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("voicemail_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_attempt_dialled",
            ["dialled_at", "customer_number", "talk_seconds"],
            unique=False,
            sqlite_where=sa.text("dialled_at IS NOT NULL"),
            postgresql_where=sa.text("dialled_at IS NOT NULL"),
        )

    with op.batch_alter_table("call_leg", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_call_leg_about_id"), "callback", ["about_id"], ["id"])
        batch_op.add_column(sa.Column("agent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_call_leg_agent_id"), "agent", ["agent_id"], ["id"])
        batch_op.drop_index(batch_op.f("ix_call_leg_number"))
        batch_op.create_index("ix_call_leg_number_started_at", ["number", "started_at"], unique=False)

    with op.batch_alter_table("callback", schema=None) as batch_op:
        batch_op.add_column(sa.Column("booked_from", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("booked_to", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("rang_back_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("extension", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("link", sa.String(length=64), nullable=True))
        batch_op.create_index(
            "ix_callback_booked",
            ["booked_from"],
            unique=False,
            sqlite_where=sa.text("booked_from IS NOT NULL AND closed_at IS NULL"),
            postgresql_where=sa.text("booked_from IS NOT NULL AND closed_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_callback_link"), ["link"], unique=True)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("callback", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_callback_link"))
        batch_op.drop_index(
            "ix_callback_booked",
            sqlite_where=sa.text("booked_from IS NOT NULL AND closed_at IS NULL"),
            postgresql_where=sa.text("booked_from IS NOT NULL AND closed_at IS NULL"),
        )
        batch_op.drop_column("link")
        batch_op.drop_column("extension")
        batch_op.drop_column("rang_back_at")
        batch_op.drop_column("booked_to")
        batch_op.drop_column("booked_from")

    with op.batch_alter_table("call_leg", schema=None) as batch_op:
        batch_op.drop_index("ix_call_leg_number_started_at")
        batch_op.create_index(batch_op.f("ix_call_leg_number"), ["number"], unique=False)
        batch_op.drop_constraint(batch_op.f("fk_call_leg_agent_id"), type_="foreignkey")
        batch_op.drop_column("agent_id")
        batch_op.drop_constraint(batch_op.f("fk_call_leg_about_id"), type_="foreignkey")
        batch_op.drop_column("about_id")

    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_attempt_dialled",
            sqlite_where=sa.text("dialled_at IS NOT NULL"),
            postgresql_where=sa.text("dialled_at IS NOT NULL"),
        )
        batch_op.drop_column("voicemail_at")
        batch_op.drop_column("key_pressed")

    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.drop_column("pin_locked_at")
        batch_op.drop_column("pin_failures")
        batch_op.drop_column("pin_hash")

    with op.batch_alter_table("voice_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_voice_message_ticket_id"))
        batch_op.drop_index(batch_op.f("ix_voice_message_left_at"))
        batch_op.drop_index(batch_op.f("ix_voice_message_call_sid"))

    op.drop_table("voice_message")
    with op.batch_alter_table("number_guard", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_number_guard_prefix"))

    op.drop_table("number_guard")
    op.drop_table("announcement")
