"""Mails that people of the desk cause: an answer to all who report one failure, and alarms to the supervisors."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from callbacks.ports import Services
from callbacks.store import mail_facts, outbox
from callbacks.store.alarms import Reader, Shown
from callbacks.store.transitions import Cause
from callbacks.workflows import letter_paper
from callbacks.workflows.letter_paper import Sheet, Words
from models.vocabulary import MailKind

LISTED = 20
"""Alarms that one mail names; how many more there are is said in a line."""


def write_answer(session: Session, services: Services, ticket_id: int, text: str, copy: int, now: datetime) -> bool:
    """Write a supervisor's answer to the customer of a ticket; False without an address, or where `copy` is written."""
    facts = mail_facts.of_ticket(session, ticket_id)
    words = Words(services, facts.language)
    return letter_paper.write(session, words, facts, MailKind.ANSWER, copy, {"answer": text}, now)


def write_alarms(session: Session, services: Services, reader: Reader, alarms: Sequence[Shown], now: datetime) -> None:
    """Write to one supervisor of all these alarms, in one mail."""
    words = Words(services, reader.language)
    one = len(alarms) == 1
    kind = words.text(f"alarm_{alarms[0].kind}")
    lines = [(words.text(f"alarm_{each.kind}"), _line(words, each)) for each in alarms[:LISTED]]
    if len(alarms) > LISTED:
        lines.append((words.text("label_more"), str(len(alarms) - LISTED)))
    sheet = Sheet(
        recipient=reader.email,
        name=reader.name,
        subject=words.text("alarm_subject_one", kind=kind) if one else words.text("alarm_subject", count=len(alarms)),
        intro=words.text("alarm_intro", house=services.rules.service_name),
        lines=lines,
        next=words.text("alarm_next", address=f"{services.webhooks.public_base_url.rstrip('/')}/schedule"),
    )
    outbox.write(session, sheet.letter(words, MailKind.ALARM), Cause(now, "mail", f"{len(alarms)} alarms"))


def _line(words: Words, alarm: Shown) -> str:
    since = words.text("alarm_since", day=words.day(alarm.since), time=words.time(alarm.since))
    if alarm.ticket is None:
        return since
    whom = alarm.company or alarm.number or words.text("alarm_unknown")
    return words.text("alarm_line", ticket=alarm.ticket, company=whom, since=since)
