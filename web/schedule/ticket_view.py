"""One ticket as its page shows it: its facts, how each of its call-backs stands, its mails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from callbacks.rules.queue_order import HeadStarts, explanation
from callbacks.store.ticket_facts import Posted, Promised, Ringable, TicketFacts
from models.vocabulary import AgentState, CallbackState, MailState, TicketState
from web.words import Words

HANDS = ("move", "put_off", "hold", "pin", "prioritise", "call_now", "cancel", "merge", "resolve", "close", "mail")
_TONES = {
    CallbackState.NEEDS_HUMAN: "bad",
    CallbackState.UNREACHED: "bad",
    CallbackState.DONE: "good",
    CallbackState.PREPARING: "busy",
    CallbackState.ACTIVE: "busy",
    CallbackState.WRAP_UP: "busy",
}
_MAIL_TONES = {MailState.SENT: "good", MailState.DEAD: "bad"}
Facts = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Head:
    """What stands on top of the page: whose ticket it is, how it stands, and its facts by name."""

    title: str
    word: str
    tone: str
    facts: Facts


@dataclass(frozen=True)
class Standing:
    """One call-back as it stands."""

    word: str
    tone: str
    facts: Facts


@dataclass(frozen=True)
class MailLine:
    """One mail; `may_act` where it could not be delivered and nobody has dealt with it."""

    id: int
    at: str
    what: str
    recipient: str
    word: str
    tone: str
    why: str
    may_act: bool


def head(facts: TicketFacts, words: Words, now: datetime) -> Head:
    """Return who asked what, how, and who works on it."""
    rows = [
        ("contact", facts.contact or ""),
        ("email", facts.email or ""),
        ("hand_agreement", words.say(f"agreement_{facts.agreement}") if facts.agreement else ""),
        ("kind", words.say(f"option_{facts.option.value}")),
        ("hand_subject", facts.subject),
        ("hand_came_by", words.say(f"trail_channel_{facts.channel}")),
        ("language", words.say(f"language_{facts.language}")),
        ("hand_opened", words.moment(facts.opened_at, now)),
        ("hand_closed", words.moment(facts.closed_at, now) if facts.closed_at else ""),
        ("hand_owner", facts.owner or ""),
        ("hand_outcome", words.say(f"outcome_{facts.outcome}") if facts.outcome else ""),
    ]
    tone = {TicketState.CLOSED: "good", TicketState.WAITING_CUSTOMER: "busy"}.get(facts.state, "quiet")
    word = words.say(f"trail_ticket_{facts.state}")
    return Head(facts.company or words.say("unknown_caller"), word, tone, _named(rows, words))


def standing(row: Promised, words: Words, now: datetime, starts: HeadStarts) -> Standing:
    """Return how a call-back stands, and why it stands there."""
    number = words.number(row.number) + (f" *{row.extension}" if row.extension else "")
    waits = row.state in {CallbackState.WAITING, CallbackState.RESTING}
    rests = row.state is CallbackState.RESTING and row.not_before is not None
    promised = f"{words.moment(row.promised[0], now)}–{words.clock(row.promised[1])}" if row.promised else ""
    rows = [
        ("hand_number", number),
        ("hand_arrived", words.moment(row.arrived_at, now)),
        ("why_here", explanation(row.standing, starts, words.language) if waits else ""),
        ("promised", promised if row.is_open else ""),
        ("hand_rests", words.moment(row.not_before, now) if rests and row.not_before else ""),
        ("hand_pinned", row.pinned or ""),
        ("tries", str(row.tries)),
        ("hand_why", row.why or ""),
        ("hand_outcome", words.say(f"outcome_{row.outcome}") if row.outcome else ""),
        ("hand_closed", words.moment(row.closed_at, now) if row.closed_at else ""),
    ]
    word = words.say(f"trail_callback_{row.state}")
    if row.cancel_requested and row.is_open:
        word = words.say("hand_cancel_wanted")
    return Standing(word, _TONES.get(row.state, "quiet"), _named(rows, words))


def posted(row: Posted, words: Words, now: datetime) -> MailLine:
    """Return a mail with what has become of it."""
    dead = row.state is MailState.DEAD
    word = words.say(f"trail_mail_state_{row.state}")
    if row.settled_by:
        word = words.say("hand_mail_settled", who=row.settled_by)
    return MailLine(
        id=row.id,
        at=words.moment(row.sent_at or row.written_at, now),
        what=words.say(f"trail_mail_{row.kind}"),
        recipient=row.recipient,
        word=word,
        tone="quiet" if row.settled_by else _MAIL_TONES.get(row.state, "quiet"),
        why=row.last_error or "",
        may_act=dead and not row.settled_by,
    )


def agent(row: Ringable, words: Words) -> str:
    """Return an agent's name; with what he is doing, unless he is free."""
    return row.name if row.state is AgentState.FREE else f"{row.name} ({words.say(f'agent_{row.state}')})"


def _named(rows: Sequence[tuple[str, str]], words: Words) -> Facts:
    return [(words.say(key), value) for key, value in rows if value]
