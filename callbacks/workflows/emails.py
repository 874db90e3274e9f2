"""Mails to customers: promised in the transaction that decides them, sent afterwards by a worker.

A mail server that hangs or refuses delays mail and nothing else: no transaction is open while it is spoken to.
"""

import logging
import time
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from callbacks.errors import MailRefused
from callbacks.ports import Services
from callbacks.store import outbox
from callbacks.store.outbox import Claimed
from callbacks.workflows import letters

BACK_OFF_MINUTES = (1, 5, 15, 60)
"""After the fourth try in vain it is tried every hour."""

MOST_TRIES = 28
"""27 pauses of the back-off make 24 hours and some minutes. Counted and not measured, since the wall clock may jump."""

BUDGET_SECONDS = 60.0
"""A round ends after this, so that one hanging mail server does not run into the time-out of the job."""

_log = logging.getLogger("ringback.mail")


def queue_confirmation(session: Session, services: Services, ticket_id: int, now: datetime) -> bool:
    """Promise the mail that confirms a ticket, once however often asked; say whether one goes.

    To be called in the transaction that commits the promise; ring the "mail" bell after it. Nobody is promised a mail
    whose address we do not know.
    """
    return letters.write_confirmation(session, services, ticket_id, now)


def queue_closing(session: Session, services: Services, ticket_id: int, now: datetime) -> bool:
    """Promise the mail that closes a ticket, once for each time it is closed; say whether one goes.

    To be called after the ticket was closed and its time written down, in the same transaction. False too for a
    ticket that is not closed.
    """
    return letters.write_closing(session, services, ticket_id, now)


def send_due(services: Services, limit: int = 20) -> int:
    """Send the mails that are due, oldest first, and return how many the mail server took.

    At most `limit` mails and about a minute. Each is claimed alone and sent outside any transaction; one that fails is
    put off by 1, 5, 15 and 60 minutes, then hourly for a day, and never stops the others.
    """
    started, sent = time.monotonic(), 0
    for _ in range(limit):
        if time.monotonic() - started > BUDGET_SECONDS:
            break
        with services.database.write() as session:
            claimed = outbox.claim_next(session, services.clock.now())
        if claimed is None:
            break
        sent += _send(services, claimed)
    return sent


def _send(services: Services, claimed: Claimed) -> bool:
    try:
        services.mailer.send(claimed.mail)
    except MailRefused as refusal:
        _log.warning("mail %d is refused for good: %s", claimed.id, refusal)
        with services.database.write() as session:
            outbox.give_up(session, claimed, str(refusal), services.clock.now())
        return False
    except Exception as trouble:  # noqa: BLE001 - whatever one mail does to the mailer, the next one is still sent
        _put_off(services, claimed, str(trouble) or type(trouble).__name__)
        return False
    with services.database.write() as session:
        outbox.mark_sent(session, claimed, services.clock.now())
    return True


def _put_off(services: Services, claimed: Claimed, why: str) -> None:
    now = services.clock.now()
    with services.database.write() as session:
        if claimed.tries >= MOST_TRIES:
            outbox.give_up(session, claimed, f"given up after {claimed.tries} tries: {why}", now)
            _log.error("mail %d is given up after %d tries: %s", claimed.id, claimed.tries, why)
            return
        pause = BACK_OFF_MINUTES[min(claimed.tries, len(BACK_OFF_MINUTES)) - 1]
        outbox.put_off(session, claimed, now + timedelta(minutes=pause), why, now)
    _log.warning("mail %d is put off for %d minutes: %s", claimed.id, pause, why)
