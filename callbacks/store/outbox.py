"""Mails that are promised, and the small guarded updates that move them: pending, sending, sent or dead.

A mail is sent at least once: a worker that dies between the mail server's yes and our commit leaves it `sending`, and
after SENDING_LEASE it goes out again under the same Message-ID, which mail programs show once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from callbacks.ports import Mail
from callbacks.store.transitions import Cause, move_mail, record_birth
from models.outbox import OutboxMail
from models.ticket import Ticket
from models.vocabulary import Language, MailKind, MailState, Subject

SENDING_LEASE = timedelta(minutes=5)
SUBJECT_LIMIT = 200
ERROR_LIMIT = 200


@dataclass(frozen=True)
class Letter:
    """One mail as it is written into the outbox; `copy` counts the times its ticket came to this point, from 0.

    A mail to the desk itself is about no ticket of its own; `language` says then in what it is written.
    """

    ticket_id: int | None
    kind: MailKind
    copy: int
    recipient: str
    message_id: str
    subject: str
    body_text: str
    body_html: str
    language: Language | None = None


@dataclass(frozen=True)
class Claimed:
    """A mail one worker may now send, and the how-manieth try this is, from 1."""

    id: int
    tries: int
    mail: Mail


def is_written(session: Session, ticket_id: int, kind: MailKind, copy: int) -> bool:
    """Say whether this mail is in the outbox, whatever its state."""
    return (
        session.scalar(
            select(OutboxMail.id).where(
                OutboxMail.ticket_id == ticket_id,
                OutboxMail.kind == kind,
                OutboxMail.copy == copy,
            ),
        )
        is not None
    )


def count(session: Session, ticket_id: int, kind: MailKind) -> int:
    """Return how many mails of a kind were written for a ticket: the number of the next copy."""
    rows = select(func.count()).select_from(OutboxMail)
    return session.scalar(rows.where(OutboxMail.ticket_id == ticket_id, OutboxMail.kind == kind)) or 0


def write(session: Session, letter: Letter, cause: Cause) -> bool:
    """Put a mail into the outbox, due at once. False where somebody else wrote the same one first."""
    row = OutboxMail(
        ticket_id=letter.ticket_id,
        language=letter.language,
        kind=letter.kind,
        copy=letter.copy,
        recipient=letter.recipient,
        message_id=letter.message_id,
        subject=letter.subject[:SUBJECT_LIMIT],
        body_text=letter.body_text,
        body_html=letter.body_html,
        state=MailState.PENDING,
        tries=0,
        written_at=cause.at,
        due_at=cause.at,
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        if letter.ticket_id is None or not is_written(session, letter.ticket_id, letter.kind, letter.copy):
            raise
        return False
    record_birth(session, Subject.MAIL, row.id, MailState.PENDING, cause)
    return True


def claim_next(session: Session, now: datetime) -> Claimed | None:
    """Take the mail that has been due longest, for one worker alone; None where nothing is due.

    The wall clock may be set back: a mail that says it was written, tried or claimed in the future is due at once.
    """
    due = and_(
        OutboxMail.state == MailState.PENDING,
        or_(OutboxMail.due_at <= now, OutboxMail.written_at > now, OutboxMail.lease_from > now),
    )
    forsaken = and_(
        OutboxMail.state == MailState.SENDING,
        or_(
            OutboxMail.lease_from.is_(None),
            OutboxMail.lease_from <= now - SENDING_LEASE,
            OutboxMail.lease_from > now,
        ),
    )
    found = session.execute(
        select(OutboxMail.id, OutboxMail.state, OutboxMail.tries)
        .where(or_(due, forsaken))
        .order_by(OutboxMail.due_at, OutboxMail.id)
        .limit(1)
        .with_for_update(skip_locked=True),
    ).first()
    if found is None:
        return None
    why = "sending" if found.state is MailState.PENDING else "sending again: its sender did not come back"
    cause = Cause(now, "mail", why)
    columns = {"lease_from": now, "tries": found.tries + 1}
    if not _move(session, found.id, found.state, found.tries, MailState.SENDING, cause, **columns):
        return None
    row = session.execute(
        select(OutboxMail, Ticket.language)
        .outerjoin(Ticket, Ticket.id == OutboxMail.ticket_id)
        .where(OutboxMail.id == found.id),
    ).one()
    letter: OutboxMail = row.OutboxMail
    language = letter.language or row.language
    return Claimed(
        letter.id,
        letter.tries,
        Mail(letter.recipient, letter.message_id, letter.subject, letter.body_text, letter.body_html, language),
    )


def mark_sent(session: Session, claimed: Claimed, now: datetime) -> bool:
    """Write down that the mail server has it. False where another worker has claimed the mail meanwhile."""
    cause = Cause(now, "mail", "taken by the mail server")
    return _move(
        session, claimed.id, MailState.SENDING, claimed.tries, MailState.SENT, cause, sent_at=now, last_error=None
    )


def put_off(session: Session, claimed: Claimed, until: datetime, why: str, now: datetime) -> bool:
    """Try again at `until`. False where another worker has claimed the mail meanwhile."""
    cause = Cause(now, "mail", why)
    columns = {"due_at": until, "lease_from": now, "last_error": why[:ERROR_LIMIT]}
    return _move(session, claimed.id, MailState.SENDING, claimed.tries, MailState.PENDING, cause, **columns)


def give_up(session: Session, claimed: Claimed, why: str, now: datetime) -> bool:
    """Never try again; the mail stays for a person to see. False where another worker has it meanwhile."""
    cause = Cause(now, "mail", why)
    return _move(
        session, claimed.id, MailState.SENDING, claimed.tries, MailState.DEAD, cause, last_error=why[:ERROR_LIMIT]
    )


def _move(
    session: Session,
    mail_id: int,
    origin: MailState,
    fence: int,
    target: MailState,
    cause: Cause,
    **columns: Any,  # noqa: ANN401 - columns of the row, of their own types
) -> bool:
    """Move a mail; its number of tries is the fence, since every claim raises it."""
    return move_mail(session, mail_id, {origin}, target, cause, OutboxMail.tries == fence, **columns)
