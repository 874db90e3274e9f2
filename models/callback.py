"""Our promise to phone one customer about one ticket, and every try at keeping it."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identity, Number, UtcDateTime, Word, one_of, only_where
from models.vocabulary import (
    CLOSED_ATTEMPTS,
    AgentOutcome,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    Language,
    LegKind,
    LegStatus,
    Option,
    PromiseResult,
    TalkOutcome,
)

LIVE = f"state NOT IN ({one_of(CLOSED_ATTEMPTS)})"


class Callback(Base):
    """A promise. `rank` orders the queue, smaller is next; `fence` grows with every claim.

    `tries` counts tries at the customer only: an agent who declines is none. `why` is the reason of the last move,
    in words for a person. `inbound_sid` is the hotline call it came from, while that call may still be going on.
    `promise_from` and `promise_to` are the range in force; every range ever given stands in `Promise`. `booked_from`
    and `booked_to` are the moment the customer chose; `rang_back_at` is when he rang us after missing our call.
    `extension` is keyed by the provider once a switchboard answers; `link` is the secret of the page where he may
    choose another moment. `given_head_start`, in open seconds, is what a supervisor lets it count earlier than its
    reason does (less than nothing: later), and `given_why` is his reason with his name. Since `called_now_at` a
    supervisor wants it called before everybody else, for `called_now_why`; what he had given stands beside it.
    """

    __tablename__ = "callback"
    __table_args__ = (
        # With all that the planner wants of thousands of rows while a caller waits: the table itself is not read.
        only_where(
            "ix_callback_queue", "rank", "id", "option", "pinned_agent_id", "state", condition="state = 'waiting'"
        ),
        only_where("ix_callback_resting", "not_before", condition="state = 'resting'"),
        only_where("ix_callback_open", "state", condition="closed_at IS NULL"),
        only_where("ix_callback_unstated", "ticket_id", condition="outcome = 'unstated'"),
        only_where("ix_callback_unreached", "ticket_id", condition="state = 'unreached'"),
        only_where("ix_callback_booked", "booked_from", condition="booked_from IS NOT NULL AND closed_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    state: Mapped[CallbackState] = mapped_column(Word(CallbackState))
    option: Mapped[Option] = mapped_column(Number(Option))
    language: Mapped[Language] = mapped_column(Word(Language))
    number: Mapped[str | None] = mapped_column(String(16), index=True)
    number_confirmed: Mapped[bool] = mapped_column(default=False)
    inbound_sid: Mapped[str | None] = mapped_column(String(34), unique=True)
    arrived_at: Mapped[datetime] = mapped_column(UtcDateTime)
    rank: Mapped[int]
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fence: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    pinned_agent_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    promise_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    promise_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
    booked_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    booked_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rang_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    extension: Mapped[str | None] = mapped_column(String(16))
    link: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    given_head_start: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    given_why: Mapped[str | None] = mapped_column(String(200))
    called_now_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    called_now_why: Mapped[str | None] = mapped_column(String(200))
    outcome: Mapped[TalkOutcome | None] = mapped_column(Word(TalkOutcome))
    why: Mapped[str | None] = mapped_column(String(200))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Promise(Base):
    """One from-to range given for a call-back, and what became of it. `told` says that the customer heard or read it.

    At most one a call-back is without a result: the one in force. A range that could not hold has the result
    `renewed`, one of a call-back that was cancelled or needs a person `lapsed`. `doubted_boot` and `doubted_ms` are the
    machine and its monotonic milliseconds since which it seems that it cannot hold: the wall clock may be wrong.
    """

    __tablename__ = "promise"
    __table_args__ = (
        only_where("uq_promise_in_force", "callback_id", condition="result IS NULL", unique=True),
        only_where("ix_promise_due", "ends", condition="result IS NULL"),
        # With all that the figures of a month ask of each: the table itself is not read.
        only_where("ix_promise_settled", "settled_at", "result", "ends", "told", condition="settled_at IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    callback_id: Mapped[int] = mapped_column(ForeignKey("callback.id"), index=True)
    starts: Mapped[datetime] = mapped_column(UtcDateTime)
    ends: Mapped[datetime] = mapped_column(UtcDateTime)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told: Mapped[bool]
    doubted_boot: Mapped[str | None] = mapped_column(String(64))
    doubted_ms: Mapped[int | None] = mapped_column(BigInteger)
    result: Mapped[PromiseResult | None] = mapped_column(Word(PromiseResult))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Attempt(Base):
    """One try: an agent leg and, once he accepts, a customer leg.

    Three partial unique indexes hold even if the code is wrong: one live attempt a call-back, one an agent's phone,
    one a customer's number. `answered_with` keeps the document that dialled the customer, so that a repeated
    request for the same leg gets the same answer and never a second call. `handled_seconds` is how long a talk took its
    agent, from the claim until he was free again. `counted_boot` and `counted_ms` are the machine and its monotonic
    milliseconds at which an empty listing was last counted: the wall clock may jump.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("callback_id", "n"),
        only_where("uq_attempt_live_callback", "callback_id", condition=LIVE, unique=True),
        only_where("uq_attempt_live_agent", "agent_phone", condition=LIVE, unique=True),
        only_where("uq_attempt_live_customer", "customer_number", condition=LIVE, unique=True),
        # With all that the daily limits ask before each claim: the table itself is not read.
        only_where(
            "ix_attempt_dialled", "dialled_at", "customer_number", "talk_seconds", condition="dialled_at IS NOT NULL"
        ),
        only_where("ix_attempt_live", "state", condition=LIVE),
        only_where("ix_attempt_handled", "id", "callback_id", condition="handled_seconds IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    callback_id: Mapped[int] = mapped_column(ForeignKey("callback.id"), index=True)
    n: Mapped[int]
    fence: Mapped[int]
    state: Mapped[AttemptState] = mapped_column(Word(AttemptState))
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), index=True)
    agent_phone: Mapped[str] = mapped_column(String(16))
    customer_number: Mapped[str] = mapped_column(String(16))
    token_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    reserved_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ring_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime] = mapped_column(UtcDateTime)
    slot_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sending_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_times: Mapped[int] = mapped_column(default=0)
    call_sid: Mapped[str | None] = mapped_column(String(34), unique=True)
    dialled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_with: Mapped[str | None] = mapped_column(Text)
    whispered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    empty_listings: Mapped[int] = mapped_column(default=0)
    counted_boot: Mapped[str | None] = mapped_column(String(64))
    counted_ms: Mapped[int | None] = mapped_column(BigInteger)
    dial_bridged: Mapped[bool | None]
    key_pressed: Mapped[bool | None]
    voicemail_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agent_outcome: Mapped[AgentOutcome | None] = mapped_column(Word(AgentOutcome))
    customer_outcome: Mapped[CustomerOutcome | None] = mapped_column(Word(CustomerOutcome))
    talk_seconds: Mapped[int] = mapped_column(default=0)
    handled_seconds: Mapped[int | None]
    error_code: Mapped[int | None]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    why: Mapped[str | None] = mapped_column(String(200))


class CallLeg(Base):
    """One telephone call of the provider's, bound to what it was for. `sequence` is the highest event number seen.

    `about_id` is the open call-back a caller rings about, where this call made none of its own. `agent_id` is the agent
    who has proven himself on this call to the hotline, by his PIN. `unanswered` counts questions about it in a row that
    the provider could not answer.
    """

    __tablename__ = "call_leg"
    # The latest call of a number is found without reading the thousands a switchboard made before.
    __table_args__ = (Index("ix_call_leg_number_started_at", "number", "started_at"),)

    call_sid: Mapped[str] = mapped_column(String(34), primary_key=True)
    kind: Mapped[LegKind] = mapped_column(Word(LegKind))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"), index=True)
    about_id: Mapped[int | None] = mapped_column(ForeignKey("callback.id"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    parent_sid: Mapped[str | None] = mapped_column(String(34))
    number: Mapped[str | None] = mapped_column(String(16))
    language: Mapped[Language | None] = mapped_column(Word(Language))
    status: Mapped[LegStatus] = mapped_column(Word(LegStatus), index=True)
    sequence: Mapped[int] = mapped_column(default=-1)
    seconds: Mapped[int | None]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unanswered: Mapped[int] = mapped_column(default=0)
