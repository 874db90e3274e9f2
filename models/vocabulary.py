"""The words of the house: every state and kind that is stored, spoken about or printed as JSON.

Only the standard library is imported here, so that the pure rules can use the words without loading a database.
The members are the words of the call protocol (docs/protocol.md) and of the JSON that `ringback callbacks` prints.
"""

from enum import IntEnum, StrEnum


class Option(IntEnum):
    """What the caller pressed in the menu."""

    OUTAGE = 1
    QUESTION = 2


class Language(StrEnum):
    """A language we speak; the first is the house's own."""

    NL = "nl"
    FR = "fr"
    EN = "en"


class Agreement(StrEnum):
    """The customer's contract; decides priority and billing."""

    MANAGED = "managed"
    HOURS_BUNDLE = "hours_bundle"
    TIME_AND_MATERIALS = "time_and_materials"


class Role(StrEnum):
    """What a person of the desk may do."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"


class Channel(StrEnum):
    """How a ticket came in."""

    HOTLINE = "hotline"
    PORTAL = "portal"
    EMAIL = "email"
    DESK = "desk"


class TicketState(StrEnum):
    """Where a ticket stands."""

    OPEN = "open"
    WAITING_CUSTOMER = "waiting_customer"
    CLOSED = "closed"


class CallbackState(StrEnum):
    """Life of a call-back; the arrows stand in callbacks/rules/lifecycle.py."""

    HELD = "held"
    WAITING = "waiting"
    RESTING = "resting"
    PREPARING = "preparing"
    ACTIVE = "active"
    WRAP_UP = "wrap_up"
    NEEDS_HUMAN = "needs_human"
    DONE = "done"
    CANCELLED = "cancelled"
    UNREACHED = "unreached"


class AttemptState(StrEnum):
    """Life of one try; it moves right only."""

    RESERVED = "reserved"
    SENDING = "sending"
    UNKNOWN = "unknown"
    PLACED = "placed"
    AGENT_RINGING = "agent_ringing"
    AGENT_ANSWERED = "agent_answered"
    AGENT_ACCEPTED = "agent_accepted"
    CUSTOMER_DIALLING = "customer_dialling"
    CUSTOMER_RINGING = "customer_ringing"
    CUSTOMER_ANSWERED = "customer_answered"
    BRIDGED = "bridged"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    NOT_PLACED = "not_placed"


class AgentState(StrEnum):
    """What an agent is doing; dispatch takes only FREE."""

    OFF_DUTY = "off_duty"
    FREE = "free"
    RESERVED = "reserved"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    BREAK = "break"
    PAUSED = "paused"


class AgentOutcome(StrEnum):
    """What became of the agent's leg."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class CustomerOutcome(StrEnum):
    """What became of the customer's leg."""

    BRIDGED = "bridged"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    MACHINE = "machine"
    FAILED = "failed"
    NOT_DIALLED = "not_dialled"


class TalkOutcome(StrEnum):
    """What the agent said of the talk, by key or on the desk.

    WRONG_PERSON: whoever or whatever picked up, he himself was not reached, and it is tried again. WRONG_NUMBER: nobody
    is ever to be reached there.
    """

    SOLVED = "solved"
    CALL_AGAIN = "call_again"
    VISIT = "visit"
    WRONG_PERSON = "wrong_person"
    WRONG_NUMBER = "wrong_number"
    UNSTATED = "unstated"


class LegKind(StrEnum):
    """Whose telephone a leg rings."""

    INBOUND = "inbound"
    AGENT = "agent"
    CUSTOMER = "customer"
    EXTRA = "extra"


class LegStatus(StrEnum):
    """State of one telephone call, in our words; the telephone provider's own words stop at the door."""

    QUEUED = "queued"
    DIALLING = "dialling"
    RINGING = "ringing"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    CANCELED = "canceled"


class MailKind(StrEnum):
    """Why a mail is sent; `copy` tells several of a kind for one ticket apart."""

    CONFIRMATION = "confirmation"
    RENEWAL = "renewal"
    BOOKING = "booking"
    NOT_REACHED = "not_reached"
    UNREACHED = "unreached"
    CANCELLATION = "cancellation"
    CLOSING = "closing"
    ANSWER = "answer"
    ALARM = "alarm"


class AlarmKind(StrEnum):
    """What people of the desk are told loudly, once each."""

    PROMISE_PAST = "promise_past"
    OUTAGE_WAITING = "outage_waiting"
    OUTAGE_CLOSED = "outage_closed"
    ALL_PAUSED = "all_paused"


class MailState(StrEnum):
    """Where a mail in the outbox stands."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"


class PromiseResult(StrEnum):
    """What became of a promised from-to range: judged when the customer's phone first rings for it."""

    EARLY = "early"
    KEPT = "kept"
    LATE = "late"
    RENEWED = "renewed"
    LAPSED = "lapsed"


class WorkKind(StrEnum):
    """What the time of a time entry was spent on."""

    TALK = "talk"
    WORK = "work"


class CustomerKey(StrEnum):
    """Whether the customer who answers is asked for a key, and what its absence means."""

    OFF = "off"
    LABEL = "label"
    REQUIRED = "required"


class OverrideKind(StrEnum):
    """A supervisor's exception to the opening hours."""

    CLOSURE = "closure"
    OPENING = "opening"


class NumberRule(StrEnum):
    """What was decided about a number that is never to be dialled."""

    BLOCKED = "blocked"
    ALLOWED = "allowed"


class WallState(StrEnum):
    """Whether the link of a screen on the wall opens anything, for the history."""

    OPEN = "open"
    REVOKED = "revoked"


class Subject(StrEnum):
    """What a history row is about."""

    TICKET = "ticket"
    CALLBACK = "callback"
    ATTEMPT = "attempt"
    AGENT = "agent"
    MAIL = "mail"
    CALENDAR = "calendar"
    NUMBER = "number"
    ANNOUNCEMENT = "announcement"
    SWITCH = "switch"
    INCIDENT = "incident"
    ALARM = "alarm"
    TIME_ENTRY = "time_entry"
    WALL_LINK = "wall_link"
    MISSED_CALL = "missed_call"


OPEN_CALLBACKS = frozenset(
    {
        CallbackState.HELD,
        CallbackState.WAITING,
        CallbackState.RESTING,
        CallbackState.PREPARING,
        CallbackState.ACTIVE,
        CallbackState.WRAP_UP,
        CallbackState.NEEDS_HUMAN,
    },
)
OPEN_TICKETS = frozenset({TicketState.OPEN, TicketState.WAITING_CUSTOMER})
CLOSED_ATTEMPTS = frozenset(
    {AttemptState.ENDED, AttemptState.WITHDRAWN, AttemptState.REJECTED, AttemptState.NOT_PLACED},
)
LIVE_ATTEMPTS = frozenset(AttemptState) - CLOSED_ATTEMPTS
FINAL_LEGS = frozenset(
    {LegStatus.COMPLETED, LegStatus.BUSY, LegStatus.NO_ANSWER, LegStatus.FAILED, LegStatus.CANCELED},
)
