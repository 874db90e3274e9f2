"""How a mail of ours is put together: its words in one language, its templates, and the way to another moment."""

import re
import secrets
from collections.abc import Sequence
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
from callbacks.rules.speakable import speakable
from callbacks.store import hours, outbox
from callbacks.store.mail_facts import Promise, TicketFacts
from callbacks.store.transitions import Cause
from callbacks.workflows.linking import link_of_ticket
from callbacks.workflows.written_times import written_day, written_range, written_time
from models.vocabulary import Language, MailKind

TEMPLATES = Path(__file__).parent.parent / "email_templates"
LINE_LIMIT = 200
WITH_A_CHOICE = frozenset({MailKind.CONFIRMATION, MailKind.RENEWAL, MailKind.BOOKING, MailKind.NOT_REACHED})
"""Mails that name a moment to come, and lead to the page where another may be chosen."""
FACT_HTML = Template('<dt>$label</dt>\n<dd style="margin: 0 0 12px; font-weight: bold">$value</dd>')
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


def write(
    session: Session,
    words: Words,
    facts: TicketFacts,
    kind: MailKind,
    copy: int,
    values: dict[str, str],
    now: datetime,
    *,
    intro: str = "",
) -> bool:
    """Put the mail into the outbox; False where it is there already.

    `values` are its facts after the ticket's number, in the order in which they stand, by the name of their label.
    `intro` is the key of another first sentence than that of its kind.
    """
    if facts.email is None or outbox.is_written(session, facts.id, kind, copy):
        return False
    house = words.services.rules.service_name
    lines = [(words.text(f"label_{name}"), value) for name, value in {"ticket": str(facts.number), **values}.items()]
    sheet = Sheet(
        recipient=facts.email,
        name=facts.name,
        subject=words.text(f"{kind}_subject", ticket=facts.number),
        intro=words.text(intro or f"{kind}_intro", house=house),
        lines=lines,
        next=words.text(f"{kind}_next", hotline=as_written(words.services.rules.hotline)),
        choice=_choice(session, words, facts.id, kind),
    )
    letter = sheet.letter(words, kind, facts.id, copy)
    return outbox.write(session, letter, Cause(now, "mail", f"{kind} of ticket {facts.number}"))


@dataclass(frozen=True)
class Sheet:
    """What stands on one mail, in its order; `choice` is a last paragraph as text and as HTML."""

    recipient: str
    name: str
    subject: str
    intro: str
    lines: Sequence[tuple[str, str]]
    next: str
    choice: tuple[str, str] = ("", "")

    def letter(self, words: Words, kind: MailKind, ticket_id: int | None = None, copy: int = 0) -> outbox.Letter:
        """Return it as it goes into the outbox; without a ticket it is a mail to the desk itself."""
        filled = {
            "language": str(words.language),
            "title": self.subject,
            "greeting": words.text("greeting", name=speakable(self.name, LINE_LIMIT, fallback="")),
            "intro": self.intro,
            "next": self.next,
            "regards": words.text("regards"),
            "signature": words.text("signature", house=words.services.rules.service_name),
            "automatic": words.text("automatic"),
        }
        choice_text, choice_html = self.choice
        return outbox.Letter(
            ticket_id=ticket_id,
            kind=kind,
            copy=copy,
            recipient=self.recipient,
            message_id=_message_id(words.services),
            subject=self.subject,
            body_text=_sheet("body.txt").substitute(
                filled,
                facts="\n".join(words.text("fact", label=label, value=value) for label, value in self.lines),
                choice=choice_text,
            ),
            body_html=_sheet("body.html").substitute(
                {name: escape(value) for name, value in filled.items()},
                facts="\n".join(
                    FACT_HTML.substitute(label=escape(label), value=escape(value).replace("\n", "<br>"))
                    for label, value in self.lines
                ),
                choice=choice_html,
            ),
            language=words.language if ticket_id is None else None,
        )


def _choice(session: Session, words: Words, ticket_id: int, kind: MailKind) -> tuple[str, str]:
    """Return the paragraph that leads to the page of other moments, as text and as HTML; empty where there is none."""
    link = link_of_ticket(session, words.services, ticket_id) if kind in WITH_A_CHOICE else ""
    if not link:
        return "", ""
    question, button = words.text("choice_question"), words.text("choice_button")
    html = CHOICE_HTML.substitute(question=escape(question), button=escape(button), link=escape(link))
    return "\n\n" + words.text("choice", question=question, link=link), html


def when_called(session: Session, words: Words, promise: Promise, now: datetime) -> str:
    """Return when the customer is called, as a mail says it: the promised range, else from when."""
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
def _sheet(name: str) -> Template:
    return Template((TEMPLATES / name).read_text(encoding="utf-8"))


def _message_id(services: Services) -> str:
    host = urlsplit(services.webhooks.public_base_url).hostname or ""
    # RFC 5322 wants a dot-atom there; an IPv6 address is none.
    return f"<{secrets.token_hex(16)}@{host if re.fullmatch(r'[a-z0-9.-]+', host) else 'ringback.invalid'}>"


def as_written(number: str) -> str:
    """Return a number in the groups in which people write it."""
    return " ".join(grouped(number))


def capital(text: str) -> str:
    """Return a text that begins a line."""
    return text[:1].upper() + text[1:]
