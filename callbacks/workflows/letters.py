"""What stands in our mails, in the language of the ticket, as text and as HTML."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from callbacks.ports import Services
from callbacks.rules.calendar import NeverOpen, OutOfReach
from callbacks.rules.phone_numbers import grouped
from callbacks.rules.promise import Range
from callbacks.rules.speakable import speakable
from callbacks.store import hours, mail_facts, outbox
from callbacks.store.mail_facts import Promise, TicketFacts
from callbacks.store.transitions import Cause
from callbacks.workflows.linking import link_of_ticket
from callbacks.workflows.written_times import written_day, written_range, written_time
from models.vocabulary import CustomerOutcome, Language, MailKind, Option, TalkOutcome

TEMPLATES = Path(__file__).parent.parent / "email_templates"
LINE_LIMIT = 200
WITH_A_CHOICE = frozenset({MailKind.CONFIRMATION, MailKind.RENEWAL, MailKind.BOOKING, MailKind.NOT_REACHED})
"""Mails that name a moment to come, and lead to the page where another may be chosen."""
CHOICE_HTML = Template(
    '\n<p>$question</p>\n<p><a href="$link" style="display: inline-block; padding: 10px 16px; border-radius: 8px; '
    'background: #0b5f6b; color: #ffffff; text-decoration: none">$button</a></p>',
)


@dataclass(frozen=True)
class Words:
    """The texts of one language, with the zone their times are written in."""

    services: Services
    language: Language

    def text(self, key: str, **values: object) -> str:
        """Return the mail text under `mail_<key>`."""
        return self.services.texts.text(self.language, f"mail_{key}", **values)

    def day(self, at: datetime) -> str:
        """Return a day as it is written."""
        return written_day(self.language, at, self.services.rules.zone)

    def time(self, at: datetime) -> str:
        """Return a time of day as it is written."""
        return written_time(self.language, at, self.services.rules.zone)


def write_confirmation(session: Session, services: Services, ticket_id: int, now: datetime) -> bool:
    """Write the confirmation of a ticket into the outbox, unless it is there; say whether one goes."""
    facts = mail_facts.of_ticket(session, ticket_id)
    if facts.email is None:
        return False
    words = Words(services, facts.language)
    understood = "understood_outage" if facts.option is Option.OUTAGE else "understood_question"
    values = {
        "understood": words.text(understood),
        "when": _capital(_when(session, words, mail_facts.latest_promise(session, ticket_id), now)),
    }
    _write(session, words, facts, MailKind.CONFIRMATION, 0, values, now)
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
        "opened": _capital(opened),
        "outcome": words.text(f"outcome_{facts.outcome or TalkOutcome.UNSTATED}"),
        "minutes": words.text("minutes_one" if one else "minutes", minutes=minutes),
    }
    _write(session, words, facts, MailKind.CLOSING, times_closed - 1, values, now)
    return True


def write_renewal(session: Session, services: Services, ticket_id: int, given: Range, now: datetime) -> bool:
    """Write to a customer whose promise cannot hold when we call instead; say whether a mail goes.

    To be called in the transaction that puts the new promise in force, once for each.
    """
    facts = mail_facts.of_ticket(session, ticket_id)
    if facts.email is None:
        return False
    words = Words(services, facts.language)
    values = {"when": _capital(_when(session, words, Promise(given.starts, given.ends, None), now))}
    return _write(
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
    values = {"when": _capital(_when(session, words, Promise(given.starts, given.ends, None), now))}
    copy = outbox.count(session, ticket_id, MailKind.BOOKING)
    return _write(session, words, facts, MailKind.BOOKING, copy, values, now)


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
    return _write(session, words, facts, MailKind.UNREACHED, copy, values, now)


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
    when = words.text("when_other_number") if hopeless else _when(session, words, promise, now)
    values = {
        "reason": words.text(f"reason_{outcome}"),
        "when": _capital(when),
    }
    copy = outbox.count(session, ticket_id, MailKind.NOT_REACHED)
    return _write(session, words, facts, MailKind.NOT_REACHED, copy, values, now)


def write_cancellation(session: Session, services: Services, ticket_id: int, now: datetime) -> bool:
    """Write to a customer from whose telephone his request was cancelled; say whether a mail goes.

    To be called in the transaction that cancels, once for each time.
    """
    facts = mail_facts.of_ticket(session, ticket_id)
    if facts.email is None:
        return False
    words = Words(services, facts.language)
    understood = "understood_outage" if facts.option is Option.OUTAGE else "understood_question"
    copy = outbox.count(session, ticket_id, MailKind.CANCELLATION)
    return _write(session, words, facts, MailKind.CANCELLATION, copy, {"understood": words.text(understood)}, now)


def _write(
    session: Session,
    words: Words,
    facts: TicketFacts,
    kind: MailKind,
    copy: int,
    values: dict[str, str],
    now: datetime,
) -> bool:
    """Put the mail into the outbox; False where it is there already."""
    if facts.email is None or outbox.is_written(session, facts.id, kind, copy):
        return False
    house = words.services.rules.service_name
    subject = words.text(f"{kind}_subject", ticket=facts.number)
    labels = {name: words.text(f"label_{name}") for name in ("ticket", *values)}
    values = {"ticket": str(facts.number), **values}
    choice_text, choice_html = _choice(session, words, facts.id, kind)
    filled = {
        "language": str(words.language),
        "title": subject,
        "greeting": words.text("greeting", name=speakable(facts.name, LINE_LIMIT, fallback="")),
        "intro": words.text(f"{kind}_intro", house=house),
        "next": words.text(f"{kind}_next", hotline=_as_written(words.services.rules.hotline)),
        "regards": words.text("regards"),
        "signature": words.text("signature", house=house),
        "automatic": words.text("automatic"),
        **{f"label_{name}": label for name, label in labels.items()},
        **{f"line_{name}": words.text("fact", label=label, value=values[name]) for name, label in labels.items()},
        **values,
    }
    letter = outbox.Letter(
        ticket_id=facts.id,
        kind=kind,
        copy=copy,
        recipient=facts.email,
        message_id=_message_id(words.services),
        subject=subject,
        body_text=_template(kind, "body.txt").substitute(filled, choice=choice_text),
        body_html=_template(kind, "body.html").substitute(
            {name: escape(value) for name, value in filled.items()},
            choice=choice_html,
        ),
    )
    return outbox.write(session, letter, Cause(now, "mail", f"{kind} of ticket {facts.number}"))


def _choice(session: Session, words: Words, ticket_id: int, kind: MailKind) -> tuple[str, str]:
    """Return the paragraph that leads to the page of other moments, as text and as HTML; empty where there is none."""
    link = link_of_ticket(session, words.services, ticket_id) if kind in WITH_A_CHOICE else ""
    if not link:
        return "", ""
    question, button = words.text("choice_question"), words.text("choice_button")
    html = CHOICE_HTML.substitute(question=escape(question), button=escape(button), link=escape(link))
    return "\n\n" + words.text("choice", question=question, link=link), html


def _when(session: Session, words: Words, promise: Promise, now: datetime) -> str:
    if promise.starts is None or promise.ends is None:
        return _from_when(session, words, promise, now)
    services = words.services
    return written_range(services.texts, words.language, promise.starts, promise.ends, services.rules.zone)


def _from_when(session: Session, words: Words, promise: Promise, now: datetime) -> str:
    try:
        opening = hours.calendar(session, words.services.rules).next_open(max(now, promise.not_before or now))
    except (NeverOpen, OutOfReach):
        opening = now
    if opening <= now:
        return words.text("when_soon")
    return words.text("when_opening", day=words.day(opening), start=words.time(opening))


@cache
def _template(kind: MailKind, name: str) -> Template:
    return Template((TEMPLATES / kind / name).read_text(encoding="utf-8"))


def _message_id(services: Services) -> str:
    host = urlsplit(services.webhooks.public_base_url).hostname or ""
    # RFC 5322 wants a dot-atom there; an IPv6 address is none.
    return f"<{secrets.token_hex(16)}@{host if re.fullmatch(r'[a-z0-9.-]+', host) else 'ringback.invalid'}>"


def _as_written(number: str) -> str:
    return " ".join(grouped(number))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
