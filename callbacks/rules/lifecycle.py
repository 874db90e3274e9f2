"""Which state may follow which: the tables of docs/protocol.md §1, as data. Nothing else decides that."""

from models.vocabulary import AgentState, AttemptState, CallbackState, MailState, TicketState

C = CallbackState
A = AttemptState
G = AgentState

CALLBACK_ARROWS: dict[CallbackState, frozenset[CallbackState]] = {
    # Held: the caller is still on the line, or hung up before we learned it. It rests until a moment he chose.
    C.HELD: frozenset({C.WAITING, C.RESTING, C.NEEDS_HUMAN, C.CANCELLED}),
    # To a person: its number is never to be dialled any more, or has been dialled often enough today.
    C.WAITING: frozenset({C.PREPARING, C.RESTING, C.CANCELLED, C.NEEDS_HUMAN}),
    # To a person: a supervisor put it aside.
    C.RESTING: frozenset({C.WAITING, C.CANCELLED, C.NEEDS_HUMAN}),
    # Back to waiting: lease over, window closed, agent gone, rejected, not placed. A second doubt in a row: a person.
    C.PREPARING: frozenset({C.ACTIVE, C.WAITING, C.CANCELLED, C.NEEDS_HUMAN}),
    # Cancelled only before the customer was dialled; store.transitions' callers hold that condition.
    C.ACTIVE: frozenset({C.WRAP_UP, C.WAITING, C.RESTING, C.UNREACHED, C.CANCELLED, C.NEEDS_HUMAN}),
    # To a person: the agent heard that the number is somebody else's.
    C.WRAP_UP: frozenset({C.DONE, C.RESTING, C.UNREACHED, C.NEEDS_HUMAN}),
    # By a supervisor, with a reason.
    C.NEEDS_HUMAN: frozenset({C.WAITING, C.DONE, C.CANCELLED}),
    C.DONE: frozenset(),
    C.CANCELLED: frozenset(),
    C.UNREACHED: frozenset(),
}

ATTEMPT_ORDER = (
    A.RESERVED,
    A.SENDING,
    A.PLACED,
    A.AGENT_RINGING,
    A.AGENT_ANSWERED,
    A.AGENT_ACCEPTED,
    A.CUSTOMER_DIALLING,
    A.CUSTOMER_RINGING,
    A.CUSTOMER_ANSWERED,
    A.BRIDGED,
    A.ENDED,
)
"""Evidence arrives in any order; an attempt moves right only, and skipping is legal."""

_BESIDE: dict[AttemptState, frozenset[AttemptState]] = {
    A.RESERVED: frozenset({A.WITHDRAWN}),
    # Back to reserved after "too many requests", which placed nothing.
    A.SENDING: frozenset({A.RESERVED, A.REJECTED, A.NOT_PLACED, A.UNKNOWN}),
    # Unknown becomes placed, or anything further right, as soon as a signed webhook or a listing proves it.
    A.UNKNOWN: frozenset({*ATTEMPT_ORDER[2:], A.NOT_PLACED}),
}

ATTEMPT_ARROWS: dict[AttemptState, frozenset[AttemptState]] = {
    state: (frozenset(ATTEMPT_ORDER[ATTEMPT_ORDER.index(state) + 1 :]) if state in ATTEMPT_ORDER else frozenset())
    | _BESIDE.get(state, frozenset())
    for state in AttemptState
}

AGENT_ARROWS: dict[AgentState, frozenset[AgentState]] = {
    G.OFF_DUTY: frozenset({G.FREE}),
    G.FREE: frozenset({G.RESERVED, G.OFF_DUTY, G.BREAK, G.PAUSED}),
    G.RESERVED: frozenset({G.ON_CALL, G.FREE, G.OFF_DUTY, G.PAUSED}),
    # Leaves the call only when his own leg is proven to have ended.
    G.ON_CALL: frozenset({G.WRAP_UP, G.FREE, G.OFF_DUTY, G.PAUSED}),
    G.WRAP_UP: frozenset({G.FREE, G.OFF_DUTY}),
    G.BREAK: frozenset({G.FREE, G.OFF_DUTY}),
    G.PAUSED: frozenset({G.FREE, G.OFF_DUTY}),
}

TICKET_ARROWS: dict[TicketState, frozenset[TicketState]] = {
    TicketState.OPEN: frozenset({TicketState.WAITING_CUSTOMER, TicketState.CLOSED}),
    TicketState.WAITING_CUSTOMER: frozenset({TicketState.OPEN, TicketState.CLOSED}),
    TicketState.CLOSED: frozenset({TicketState.OPEN}),
}

MAIL_ARROWS: dict[MailState, frozenset[MailState]] = {
    MailState.PENDING: frozenset({MailState.SENDING}),
    # Claimed again, when whoever was sending it is gone.
    MailState.SENDING: frozenset({MailState.SENDING, MailState.SENT, MailState.PENDING, MailState.DEAD}),
    MailState.SENT: frozenset(),
    # A person sends it again, to another address perhaps.
    MailState.DEAD: frozenset({MailState.PENDING}),
}


def states_before(state: AttemptState) -> frozenset[AttemptState]:
    """Return every state an attempt may leave for `state`: what evidence of `state` still finds behind it."""
    return frozenset(origin for origin, targets in ATTEMPT_ARROWS.items() if state in targets)


def reached(state: AttemptState, mark: AttemptState) -> bool:
    """Say whether an attempt in `state` has come at least as far as `mark` on the way to the customer."""
    return state in ATTEMPT_ORDER and ATTEMPT_ORDER.index(state) >= ATTEMPT_ORDER.index(mark)
