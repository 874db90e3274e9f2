"""What stands in our mails, in the language of the ticket, as text and as HTML."""

from datetime import datetime

from sqlalchemy.orm import Session

from callbacks.ports import Services
from callbacks.rules.promise import Range
from callbacks.rules.speakable import speakable
from callbacks.store import mail_facts, outbox
from callbacks.store.mail_facts import Promise
from callbacks.workflows.letter_paper import LINE_LIMIT, Words, capital, when_called, write
from models.vocabulary import CustomerOutcome, Language, MailKind, Option, TalkOutcome


def write_confirmation(session: Session, services: Services, ticket_id: int, now: datetime) -> bool:
    """Write the confirmation of a ticket into the outbox, unless it is there; say whether one goes."""
    facts = mail_facts.of_ticket(session, ticket_id)
    if facts.email is None:
        return False
    words = Words(services, facts.language)
    understood = "understood_outage" if facts.option is Option.OUTAGE else "understood_question"
    values = {
        "understood": words.text(understood),
        "when": capital(when_called(session, words, mail_facts.latest_promise(session, ticket_id), now)),
    }
    write(session, words, facts, MailKind.CONFIRMATION, 0, values, now)
    return True


def write_closing(session: Session, services: Services, ticket_id: int, now: datetime) -> bool:
    """Write the closing mail of a closed ticket into the outbox, unless it is there; say whether one goes."""
    facts = mail_facts.of_ticket(session, ticket_id)
    times_closed = mail_facts.times_closed(session, ticket_id)
    if facts.email is None or not facts.is_closed or not times_closed:
        return False
    words = Words(services, facts.language)
    minutes = -(-mail_facts.seconds_worked(session, ticket_id) // 60)
    # French counts nothing as one: 0 minute.
    one = minutes == 1 or (minutes == 0 and words.language is Language.FR)
    understood = "understood_outage" if facts.option is Option.OUTAGE else "understood_question"
    opened = words.text("moment", day=words.day(facts.opened_at), time=words.time(facts.opened_at))
    values = {
        "subject": speakable(facts.subject, LINE_LIMIT, fallback=words.text(understood)),
        "opened": capital(opened),
        "outcome": words.text(f"outcome_{facts.outcome or TalkOutcome.UNSTATED}"),
        "minutes": words.text("minutes_one" if one else "minutes", minutes=minutes),
    }
    write(session, words, facts, MailKind.CLOSING, times_closed - 1, values, now)
    return True


def write_renewal(session: Session, services: Services, ticket_id: int, given: Range, now: datetime) -> bool:
    """Write to a customer whose promise cannot hold when we call instead; say whether a mail goes.

    To be called in the transaction that puts the new promise in force, once for each.
    """
    facts = mail_facts.of_ticket(session, ticket_id)
    if facts.email is None:
        return False
    words = Words(services, facts.language)
    values = {"when": capital(when_called(session, words, Promise(given.starts, given.ends, None), now))}
    return write(
        session, words, facts, MailKind.RENEWAL, outbox.count(session, ticket_id, MailKind.RENEWAL), values, now
    )


def write_booking(session: Session, services: Services, ticket_id: int, given: Range, now: datetime) -> bool:
    """Write to a customer when we call, at the moment he chose; say whether a mail goes.

    To be called in the transaction that keeps his choice, once for each.
    """
    facts = mail_facts.of_ticket(session, ticket_id)
    if facts.email is None:
        return False
    words = Words(services, facts.language)
    values = {"when": capital(when_called(session, words, Promise(given.starts, given.ends, None), now))}
    copy = outbox.count(session, ticket_id, MailKind.BOOKING)
    return write(session, words, facts, MailKind.BOOKING, copy, values, now)


def write_unreached(session: Session, services: Services, ticket_id: int, tries: int, now: datetime) -> bool:
    """Write to a customer whom we could not reach, after the last of `tries`; say whether a mail goes.

    To be called in the transaction that gives up, once for each time.
    """
    facts = mail_facts.of_ticket(session, ticket_id)
    if facts.email is None:
        return False
    words = Words(services, facts.language)
    understood = "understood_outage" if facts.option is Option.OUTAGE else "understood_question"
    values = {
        "understood": words.text(understood),
        "tried": words.text("tried_once" if tries == 1 else "tried", tries=tries),
    }
    copy = outbox.count(session, ticket_id, MailKind.UNREACHED)
    return write(session, words, facts, MailKind.UNREACHED, copy, values, now)


def write_not_reached(
    session: Session, services: Services, ticket_id: int, outcome: CustomerOutcome, now: datetime
) -> bool:
    """Write to a customer whom one try did not reach why, and when we try again; say whether a mail goes.

    To be called in the transaction that decides what follows, once a try; the promise that follows is in force by then.
    Where his number failed for good, nothing is tried again and he is asked for another one: the number itself stays
    out of the mail.
    """
    facts = mail_facts.of_ticket(session, ticket_id)
    if facts.email is None:
        return False
    words = Words(services, facts.language)
    promise = mail_facts.latest_promise(session, ticket_id)
    hopeless = promise.starts is None and promise.not_before is None
    when = words.text("when_other_number") if hopeless else when_called(session, words, promise, now)
    values = {
        "reason": words.text(f"reason_{outcome}"),
        "when": capital(when),
    }
    copy = outbox.count(session, ticket_id, MailKind.NOT_REACHED)
    return write(session, words, facts, MailKind.NOT_REACHED, copy, values, now)


def write_cancellation(
    session: Session, services: Services, ticket_id: int, now: datetime, *, by_desk: bool = False
) -> bool:
    """Write to a customer that his request was cancelled, from his telephone or by the desk; say whether a mail goes.

    To be called in the transaction that cancels, once for each time.
    """
    facts = mail_facts.of_ticket(session, ticket_id)
    if facts.email is None:
        return False
    words = Words(services, facts.language)
    understood = "understood_outage" if facts.option is Option.OUTAGE else "understood_question"
    copy = outbox.count(session, ticket_id, MailKind.CANCELLATION)
    values = {"understood": words.text(understood)}
    intro = "cancellation_by_desk_intro" if by_desk else ""
    return write(session, words, facts, MailKind.CANCELLATION, copy, values, now, intro=intro)
