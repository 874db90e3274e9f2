"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915 - a schema is a long list
    """Take the step."""
    op.create_table(
        "agent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("languages", sa.String(length=32), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wants_off_duty", sa.Boolean(), nullable=False),
        sa.Column("missed_in_a_row", sa.Integer(), nullable=False),
        sa.Column("desk_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent")),
        sa.UniqueConstraint("email", name=op.f("uq_agent_email")),
        sa.UniqueConstraint("name", name=op.f("uq_agent_name")),
        sa.UniqueConstraint("phone", name=op.f("uq_agent_phone")),
    )
    op.create_index(op.f("ix_agent_state"), "agent", ["state"], unique=False)
    op.create_table(
        "calendar_override",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("entered_by", sa.String(length=200), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_override")),
    )
    op.create_table(
        "calendar_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("hours", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_state")),
    )
    op.create_table(
        "customer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("agreement", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("name", name=op.f("uq_customer_name")),
    )
    op.create_table(
        "demo_clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ahead_seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_clock")),
    )
    op.create_table(
        "dial_pace",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("next_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dial_pace")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("host", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
    )
    op.create_index(op.f("ix_heartbeat_kind"), "heartbeat", ["kind"], unique=False)
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "missed_call",
        sa.Column("call_sid", sa.String(length=34), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=True),
        sa.Column("language", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("call_sid", name=op.f("pk_missed_call")),
    )
    op.create_index(op.f("ix_missed_call_at"), "missed_call", ["at"], unique=False)
    op.create_table(
        "switch",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_switch")),
    )
    op.create_table(
        "webhook_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_event")),
        sa.UniqueConstraint("key", name=op.f("uq_webhook_event_key")),
    )
    op.create_index(op.f("ix_webhook_event_at"), "webhook_event", ["at"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_contact_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("customer_id", "name", name=op.f("uq_contact_customer_id_name")),
    )
    op.create_index(op.f("ix_contact_customer_id"), "contact", ["customer_id"], unique=False)
    op.create_table(
        "signin_session",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("agent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_signin_session_agent_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_signin_session")),
    )
    op.create_index(op.f("ix_signin_session_agent_id"), "signin_session", ["agent_id"], unique=False)
    op.create_table(
        "contact_number",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_number_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_number")),
        sa.UniqueConstraint("contact_id", "number", name=op.f("uq_contact_number_contact_id_number")),
    )
    op.create_index(op.f("ix_contact_number_number"), "contact_number", ["number"], unique=False)
    op.create_table(
        "ticket",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("option", sa.SmallInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("language", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_ticket_contact_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_ticket_customer_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["agent.id"], name=op.f("fk_ticket_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("number", name=op.f("uq_ticket_number")),
    )
    op.create_index(op.f("ix_ticket_contact_id"), "ticket", ["contact_id"], unique=False)
    op.create_index(op.f("ix_ticket_customer_id"), "ticket", ["customer_id"], unique=False)
    op.create_index(op.f("ix_ticket_state"), "ticket", ["state"], unique=False)
    op.create_table(
        "callback",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("option", sa.SmallInteger(), nullable=False),
        sa.Column("language", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=True),
        sa.Column("number_confirmed", sa.Boolean(), nullable=False),
        sa.Column("inbound_sid", sa.String(length=34), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("pinned_agent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("promise_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promise_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["pinned_agent_id"], ["agent.id"], name=op.f("fk_callback_pinned_agent_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_callback_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback")),
        sa.UniqueConstraint("inbound_sid", name=op.f("uq_callback_inbound_sid")),
    )
    op.create_index(op.f("ix_callback_number"), "callback", ["number"], unique=False)
    op.create_index(
        "ix_callback_open",
        "callback",
        ["state"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_callback_queue",
        "callback",
        ["rank", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_callback_resting",
        "callback",
        ["not_before"],
        unique=False,
        sqlite_where=sa.text("state = 'resting'"),
        postgresql_where=sa.text("state = 'resting'"),
    )
    op.create_index(op.f("ix_callback_ticket_id"), "callback", ["ticket_id"], unique=False)
    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("copy", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body_text", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_outbox_mail_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_mail_message_id")),
        sa.UniqueConstraint("ticket_id", "kind", "copy", name=op.f("uq_outbox_mail_ticket_id_kind_copy")),
    )
    op.create_index(
        "ix_outbox_mail_due",
        "outbox_mail",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('pending', 'sending')"),
        postgresql_where=sa.text("state IN ('pending', 'sending')"),
    )
    op.create_index(op.f("ix_outbox_mail_ticket_id"), "outbox_mail", ["ticket_id"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("callback_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agent_phone", sa.String(length=16), nullable=False),
        sa.Column("customer_number", sa.String(length=16), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=True),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ring_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("slot_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sending_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_times", sa.Integer(), nullable=False),
        sa.Column("call_sid", sa.String(length=34), nullable=True),
        sa.Column("dialled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_with", sa.Text(), nullable=True),
        sa.Column("whispered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("empty_listings", sa.Integer(), nullable=False),
        sa.Column("dial_bridged", sa.Boolean(), nullable=True),
        sa.Column("agent_outcome", sa.String(length=32), nullable=True),
        sa.Column("customer_outcome", sa.String(length=32), nullable=True),
        sa.Column("talk_seconds", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_attempt_agent_id")),
        sa.ForeignKeyConstraint(["callback_id"], ["callback.id"], name=op.f("fk_attempt_callback_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("call_sid", name=op.f("uq_attempt_call_sid")),
        sa.UniqueConstraint("callback_id", "n", name=op.f("uq_attempt_callback_id_n")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_attempt_token_digest")),
    )
    op.create_index(op.f("ix_attempt_agent_id"), "attempt", ["agent_id"], unique=False)
    op.create_index(op.f("ix_attempt_callback_id"), "attempt", ["callback_id"], unique=False)
    op.create_index(
        "ix_attempt_live",
        "attempt",
        ["state"],
        unique=False,
        sqlite_where=sa.text("state NOT IN ('ended', 'not_placed', 'rejected', 'withdrawn')"),
        postgresql_where=sa.text("state NOT IN ('ended', 'not_placed', 'rejected', 'withdrawn')"),
    )
    op.create_index(
        "uq_attempt_live_agent",
        "attempt",
        ["agent_phone"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('ended', 'not_placed', 'rejected', 'withdrawn')"),
        postgresql_where=sa.text("state NOT IN ('ended', 'not_placed', 'rejected', 'withdrawn')"),
    )
    op.create_index(
        "uq_attempt_live_callback",
        "attempt",
        ["callback_id"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('ended', 'not_placed', 'rejected', 'withdrawn')"),
        postgresql_where=sa.text("state NOT IN ('ended', 'not_placed', 'rejected', 'withdrawn')"),
    )
    op.create_index(
        "uq_attempt_live_customer",
        "attempt",
        ["customer_number"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('ended', 'not_placed', 'rejected', 'withdrawn')"),
        postgresql_where=sa.text("state NOT IN ('ended', 'not_placed', 'rejected', 'withdrawn')"),
    )
    op.create_table(
        "history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("callback_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("old_state", sa.String(length=32), nullable=True),
        sa.Column("new_state", sa.String(length=32), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["callback_id"], ["callback.id"], name=op.f("fk_history_callback_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
    )
    op.create_index(op.f("ix_history_at"), "history", ["at"], unique=False)
    op.create_index(op.f("ix_history_callback_id"), "history", ["callback_id"], unique=False)
    op.create_index("ix_history_subject", "history", ["subject", "subject_id"], unique=False)
    op.create_table(
        "call_leg",
        sa.Column("call_sid", sa.String(length=34), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("parent_sid", sa.String(length=34), nullable=True),
        sa.Column("number", sa.String(length=16), nullable=True),
        sa.Column("language", sa.String(length=32), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_call_leg_attempt_id")),
        sa.PrimaryKeyConstraint("call_sid", name=op.f("pk_call_leg")),
    )
    op.create_index(op.f("ix_call_leg_attempt_id"), "call_leg", ["attempt_id"], unique=False)
    op.create_index(op.f("ix_call_leg_number"), "call_leg", ["number"], unique=False)
    op.create_index(op.f("ix_call_leg_status"), "call_leg", ["status"], unique=False)
    op.create_table(
        "time_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("agent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_time_entry_agent_id")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_time_entry_attempt_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_time_entry_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_entry")),
        sa.UniqueConstraint("attempt_id", "kind", name=op.f("uq_time_entry_attempt_id_kind")),
    )
    op.create_index(op.f("ix_time_entry_ticket_id"), "time_entry", ["ticket_id"], unique=False)


def downgrade() -> None:  # noqa: PLR0915 - a schema is a long list
    """Take it back."""
    op.drop_index(op.f("ix_time_entry_ticket_id"), table_name="time_entry")
    op.drop_table("time_entry")
    op.drop_index(op.f("ix_call_leg_status"), table_name="call_leg")
    op.drop_index(op.f("ix_call_leg_number"), table_name="call_leg")
    op.drop_index(op.f("ix_call_leg_attempt_id"), table_name="call_leg")
    op.drop_table("call_leg")
    op.drop_index("ix_history_subject", table_name="history")
    op.drop_index(op.f("ix_history_callback_id"), table_name="history")
    op.drop_index(op.f("ix_history_at"), table_name="history")
    op.drop_table("history")
    op.drop_index(
        "uq_attempt_live_customer",
        table_name="attempt",
        sqlite_where=sa.text("state NOT IN ('ended', 'not_placed', 'rejected', 'withdrawn')"),
        postgresql_where=sa.text("state NOT IN ('ended', 'not_placed', 'rejected', 'withdrawn')"),
    )
    op.drop_index(
        "uq_attempt_live_callback",
        table_name="attempt",
        sqlite_where=sa.text("state NOT IN ('ended', 'not_placed', 'rejected', 'withdrawn')"),
        postgresql_where=sa.text("state NOT IN ('ended', 'not_placed', 'rejected', 'withdrawn')"),
    )
    op.drop_index(
        "uq_attempt_live_agent",
        table_name="attempt",
        sqlite_where=sa.text("state NOT IN ('ended', 'not_placed', 'rejected', 'withdrawn')"),
        postgresql_where=sa.text("state NOT IN ('ended', 'not_placed', 'rejected', 'withdrawn')"),
    )
    op.drop_index(
        "ix_attempt_live",
        table_name="attempt",
        sqlite_where=sa.text("state NOT IN ('ended', 'not_placed', 'rejected', 'withdrawn')"),
        postgresql_where=sa.text("state NOT IN ('ended', 'not_placed', 'rejected', 'withdrawn')"),
    )
    op.drop_index(op.f("ix_attempt_callback_id"), table_name="attempt")
    op.drop_index(op.f("ix_attempt_agent_id"), table_name="attempt")
    op.drop_table("attempt")
    op.drop_index(op.f("ix_outbox_mail_ticket_id"), table_name="outbox_mail")
    op.drop_index(
        "ix_outbox_mail_due",
        table_name="outbox_mail",
        sqlite_where=sa.text("state IN ('pending', 'sending')"),
        postgresql_where=sa.text("state IN ('pending', 'sending')"),
    )
    op.drop_table("outbox_mail")
    op.drop_index(op.f("ix_callback_ticket_id"), table_name="callback")
    op.drop_index(
        "ix_callback_resting",
        table_name="callback",
        sqlite_where=sa.text("state = 'resting'"),
        postgresql_where=sa.text("state = 'resting'"),
    )
    op.drop_index(
        "ix_callback_queue",
        table_name="callback",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_index(
        "ix_callback_open",
        table_name="callback",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(op.f("ix_callback_number"), table_name="callback")
    op.drop_table("callback")
    op.drop_index(op.f("ix_ticket_state"), table_name="ticket")
    op.drop_index(op.f("ix_ticket_customer_id"), table_name="ticket")
    op.drop_index(op.f("ix_ticket_contact_id"), table_name="ticket")
    op.drop_table("ticket")
    op.drop_index(op.f("ix_contact_number_number"), table_name="contact_number")
    op.drop_table("contact_number")
    op.drop_index(op.f("ix_signin_session_agent_id"), table_name="signin_session")
    op.drop_table("signin_session")
    op.drop_index(op.f("ix_contact_customer_id"), table_name="contact")
    op.drop_table("contact")
    op.drop_index(op.f("ix_webhook_event_at"), table_name="webhook_event")
    op.drop_table("webhook_event")
    op.drop_table("switch")
    op.drop_index(op.f("ix_missed_call_at"), table_name="missed_call")
    op.drop_table("missed_call")
    op.drop_table("lease")
    op.drop_index(op.f("ix_heartbeat_kind"), table_name="heartbeat")
    op.drop_table("heartbeat")
    op.drop_table("dial_pace")
    op.drop_table("demo_clock")
    op.drop_table("customer")
    op.drop_table("calendar_state")
    op.drop_table("calendar_override")
    op.drop_index(op.f("ix_agent_state"), table_name="agent")
    op.drop_table("agent")
