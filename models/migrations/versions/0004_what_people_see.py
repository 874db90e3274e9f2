"""Notes, follow-ups, alarms, incidents, wall screens, and what supervisors decide about a place in the queue."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "incident",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=200), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_table(
        "wall_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_wall_link_digest")),
    )
    op.create_table(
        "follow_up",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body", sa.String(length=500), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_follow_up_agent_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_follow_up_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index(
            "ix_follow_up_open",
            ["agent_id", "due_at"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_follow_up_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "ticket_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_ticket_note_agent_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_note_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_note")),
    )
    with op.batch_alter_table("ticket_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_note_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "alarm",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("callback_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("since_boot", sa.String(length=64), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_by", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["callback_id"], ["callback.id"], name=op.f("fk_alarm_callback_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
        sa.UniqueConstraint("key", name=op.f("uq_alarm_key")),
    )
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alarm_callback_id"), ["callback_id"], unique=False)
        batch_op.create_index(
            "ix_alarm_open",
            ["id"],
            unique=False,
            sqlite_where=sa.text("cleared_at IS NULL"),
            postgresql_where=sa.text("cleared_at IS NULL"),
        )

    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("away_why", sa.String(length=200), nullable=True))

    _decide_places()
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_reserved_at"), ["reserved_at"], unique=False)

    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.create_index(
            "ix_promise_settled",
            ["settled_at", "result", "ends", "told"],
            unique=False,
            sqlite_where=sa.text("settled_at IS NOT NULL"),
            postgresql_where=sa.text("settled_at IS NOT NULL"),
        )

    with op.batch_alter_table("missed_call", schema=None) as batch_op:
        batch_op.add_column(sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("handled_by", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_missed_call_ticket_id"), "ticket", ["ticket_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_missed_call_handled_at"), ["handled_at"], unique=False)

    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("settled_by", sa.String(length=200), nullable=True))
        batch_op.alter_column(
            "ticket_id", existing_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        )
        batch_op.create_index(
            "ix_outbox_mail_dead",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'dead' AND settled_at IS NULL"),
            postgresql_where=sa.text("state = 'dead' AND settled_at IS NULL"),
        )
        batch_op.create_index(
            "ix_outbox_mail_alarm",
            ["written_at"],
            unique=False,
            sqlite_where=sa.text("kind = 'alarm'"),
            postgresql_where=sa.text("kind = 'alarm'"),
        )

    with op.batch_alter_table("switch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("who", sa.String(length=200), nullable=True))

    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("merged_into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_ticket_incident_id"), ["incident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_ticket_incident_id"), "incident", ["incident_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_ticket_merged_into_id"), "ticket", ["merged_into_id"], ["id"])

    with op.batch_alter_table("time_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("measured_seconds", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("why", sa.String(length=200), nullable=True))
        batch_op.create_index("ix_time_entry_agent_id_started_at", ["agent_id", "started_at"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("time_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_time_entry_agent_id_started_at")
        batch_op.drop_column("why")
        batch_op.drop_column("measured_seconds")

    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_ticket_merged_into_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_ticket_incident_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_ticket_merged_into_id"))
        batch_op.drop_index(batch_op.f("ix_ticket_incident_id"))
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("incident_id")

    with op.batch_alter_table("switch", schema=None) as batch_op:
        batch_op.drop_column("who")

    # A mail to the desk itself belongs to no ticket, and before this step there was none.
    op.execute("DELETE FROM outbox_mail WHERE ticket_id IS NULL")
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_mail_alarm",
            sqlite_where=sa.text("kind = 'alarm'"),
            postgresql_where=sa.text("kind = 'alarm'"),
        )
        batch_op.drop_index(
            "ix_outbox_mail_dead",
            sqlite_where=sa.text("state = 'dead' AND settled_at IS NULL"),
            postgresql_where=sa.text("state = 'dead' AND settled_at IS NULL"),
        )
        batch_op.alter_column(
            "ticket_id", existing_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        )
        batch_op.drop_column("settled_by")
        batch_op.drop_column("settled_at")
        batch_op.drop_column("language")

    with op.batch_alter_table("missed_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_missed_call_handled_at"))
        batch_op.drop_constraint(batch_op.f("fk_missed_call_ticket_id"), type_="foreignkey")
        batch_op.drop_column("ticket_id")
        batch_op.drop_column("handled_by")
        batch_op.drop_column("handled_at")

    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_promise_settled",
            sqlite_where=sa.text("settled_at IS NOT NULL"),
            postgresql_where=sa.text("settled_at IS NOT NULL"),
        )

    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_reserved_at"))

    _leave_places()
    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.drop_column("away_why")

    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_alarm_open", sqlite_where=sa.text("cleared_at IS NULL"), postgresql_where=sa.text("cleared_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_alarm_callback_id"))

    op.drop_table("alarm")
    with op.batch_alter_table("ticket_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_note_ticket_id"))

    op.drop_table("ticket_note")
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_up_ticket_id"))
        batch_op.drop_index(
            "ix_follow_up_open", sqlite_where=sa.text("done_at IS NULL"), postgresql_where=sa.text("done_at IS NULL")
        )

    op.drop_table("follow_up")
    op.drop_table("wall_link")
    op.drop_table("incident")


def _decide_places() -> None:
    """Let a supervisor decide about a place in the queue, and find talks and customers that were left."""
    with op.batch_alter_table("callback", schema=None) as batch_op:
        batch_op.add_column(sa.Column("given_head_start", sa.Integer(), server_default=sa.text("0"), nullable=False))
        batch_op.add_column(sa.Column("given_why", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("called_now_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("called_now_why", sa.String(length=200), nullable=True))
        batch_op.create_index(
            "ix_callback_unstated",
            ["ticket_id"],
            unique=False,
            sqlite_where=sa.text("outcome = 'unstated'"),
            postgresql_where=sa.text("outcome = 'unstated'"),
        )
        batch_op.create_index(
            "ix_callback_unreached",
            ["ticket_id"],
            unique=False,
            sqlite_where=sa.text("state = 'unreached'"),
            postgresql_where=sa.text("state = 'unreached'"),
        )


def _leave_places() -> None:
    """Leave places in the queue to their reasons again."""
    with op.batch_alter_table("callback", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_callback_unstated",
            sqlite_where=sa.text("outcome = 'unstated'"),
            postgresql_where=sa.text("outcome = 'unstated'"),
        )
        batch_op.drop_index(
            "ix_callback_unreached",
            sqlite_where=sa.text("state = 'unreached'"),
            postgresql_where=sa.text("state = 'unreached'"),
        )
        batch_op.drop_column("called_now_why")
        batch_op.drop_column("called_now_at")
        batch_op.drop_column("given_why")
        batch_op.drop_column("given_head_start")
