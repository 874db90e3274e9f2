"""What waits for a person, as the schedule shows it: a line each, with the buttons that settle it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from callbacks.store.needy import DeadMail, Doubt, Needing, Needy
from models.vocabulary import CustomerOutcome
from web.words import Words


@dataclass(frozen=True)
class NeedyLine:
    """One thing that waits: since when, whose it is, and why. `id` and `seen` are what its buttons send along.

    `may_call`: there is a number to call.
    """

    id: int
    seen: str
    at: str
    ticket: int | None
    company: str
    whom: str
    word: str
    may_call: bool = True


@dataclass(frozen=True)
class Group:
    """What waits for the same kind of decision; `kind` picks its name and its buttons."""

    kind: str
    lines: Sequence[NeedyLine]


def groups(needy: Needy, words: Words, now: datetime) -> list[Group]:
    """Return what waits, by kind; what cannot wait stands first."""
    every = [
        Group("doubt", [_doubt(each, words, now) for each in needy.doubts]),
        Group("decision", [_needing(each, words, now, _why(each, words)) for each in needy.decisions]),
        Group("expired", [_needing(each, words, now, _promise(each, words, now)) for each in needy.expired]),
        Group("unreached", [_needing(each, words, now, _tried(each, words)) for each in needy.unreached]),
        Group("mail", [_mail(each, words, now) for each in needy.mails]),
    ]
    return [group for group in every if group.lines]


def _needing(row: Needing, words: Words, now: datetime, word: str) -> NeedyLine:
    whom = " · ".join(filter(None, (row.caller.contact, words.number(row.caller.number))))
    company = row.caller.company or words.say("unknown_caller")
    return NeedyLine(
        row.callback_id,
        row.seen,
        words.moment(row.at, now),
        row.caller.ticket,
        company,
        whom,
        word,
        may_call=row.caller.number is not None,
    )


def _doubt(row: Doubt, words: Words, now: datetime) -> NeedyLine:
    word = words.say("needs_doubt_word", agent=row.agent)
    company = row.caller.company or words.say("unknown_caller")
    number = words.number(row.caller.number)
    return NeedyLine(row.attempt_id, "", words.moment(row.since, now), row.caller.ticket, company, number, word)


def _mail(row: DeadMail, words: Words, now: datetime) -> NeedyLine:
    company = row.company or (words.say("unknown_caller") if row.ticket else words.say("needs_for_the_desk"))
    word = words.say(f"trail_mail_{row.kind}") + (f": {row.why}" if row.why else "")
    return NeedyLine(row.mail_id, "", words.moment(row.at, now), row.ticket, company, row.recipient, word)


def _why(row: Needing, words: Words) -> str:
    if row.caller.number is None:
        return words.say("human_no_number")
    if row.last_outcome is CustomerOutcome.FAILED:
        return words.say("human_number_fails")
    return row.why or words.say("needs_human")


def _promise(row: Needing, words: Words, now: datetime) -> str:
    if row.promised is None:
        return ""
    return words.say("needs_expired_word", starts=words.moment(row.promised[0], now), ends=words.clock(row.promised[1]))


def _tried(row: Needing, words: Words) -> str:
    return words.say(f"customer_{row.last_outcome}") if row.last_outcome else words.say("callback_unreached")
