"""The outbox: each mail is claimed by one worker, and none is forgotten, whatever the clock does."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from callbacks.store import outbox
from callbacks.store.transitions import Cause
from models.history import History
from models.outbox import OutboxMail
from models.sessions import Database
from models.vocabulary import MailKind, MailState, Subject
from tests.stand_ins import add_ticket

NOW = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def _write(database: Database, number: int = 10001, at: datetime = NOW) -> None:
    with database.write() as session:
        ticket = add_ticket(session, at, number=number)
        letter = outbox.Letter(ticket.id, MailKind.CONFIRMATION, 0, "an@peeters.test", f"<{number}@x>", "s", "t", "h")
        assert outbox.write(session, letter, Cause(at, "mail", "confirmation"))


def _claim(database: Database, at: datetime) -> outbox.Claimed | None:
    with database.write() as session:
        return outbox.claim_next(session, at)


def test_a_mail_is_claimed_once(database: Database) -> None:
    _write(database)
    first = _claim(database, NOW)
    assert first is not None
    assert first.mail.message_id == "<10001@x>"
    assert _claim(database, NOW + MINUTE) is None


def test_the_same_mail_written_twice_is_one_mail_and_the_transaction_goes_on(database: Database) -> None:
    with database.write() as session:
        ticket = add_ticket(session, NOW)
        letter = outbox.Letter(ticket.id, MailKind.CONFIRMATION, 0, "a@b.test", "<1@x>", "s", "t", "h")
        again = outbox.Letter(ticket.id, MailKind.CONFIRMATION, 0, "a@b.test", "<2@x>", "s", "t", "h")
        assert outbox.write(session, letter, Cause(NOW, "mail", "one"))
        assert not outbox.write(session, again, Cause(NOW, "mail", "two"))
        add_ticket(session, NOW, number=10002)
    with database.read() as session:
        assert len(session.scalars(select(OutboxMail)).all()) == 1


@pytest.mark.parametrize("wait", [5 * MINUTE, timedelta(days=-3)], ids=["lease over", "clock set back"])
def test_a_mail_whose_sender_did_not_come_back_is_claimed_again_under_the_same_message_id(
    database: Database,
    wait: timedelta,
) -> None:
    _write(database)
    first = _claim(database, NOW)
    second = _claim(database, NOW + wait)
    assert first is not None
    assert second is not None
    assert second.mail.message_id == first.mail.message_id
    with database.write() as session:
        assert not outbox.mark_sent(session, first, NOW + wait)
        assert outbox.mark_sent(session, second, NOW + wait)


def test_a_mail_that_is_put_off_waits_for_its_moment_but_not_for_a_clock_set_back(database: Database) -> None:
    _write(database)
    claimed = _claim(database, NOW)
    assert claimed is not None
    with database.write() as session:
        assert outbox.put_off(session, claimed, NOW + 5 * MINUTE, "server away", NOW)
    assert _claim(database, NOW + 4 * MINUTE) is None
    assert _claim(database, NOW - timedelta(days=2)) is not None


def test_a_mail_written_by_a_clock_that_ran_ahead_goes_at_once(database: Database) -> None:
    _write(database, at=NOW + timedelta(days=30))
    assert _claim(database, NOW) is not None


def test_the_oldest_mail_goes_first(database: Database) -> None:
    _write(database, number=10002, at=NOW - MINUTE)
    _write(database, number=10001, at=NOW)
    claimed = _claim(database, NOW)
    assert claimed is not None
    assert claimed.mail.message_id == "<10002@x>"


def test_every_change_of_a_mail_is_in_the_history(database: Database) -> None:
    _write(database)
    claimed = _claim(database, NOW)
    assert claimed is not None
    with database.write() as session:
        outbox.give_up(session, claimed, "550 no such user", NOW)
    with database.read() as session:
        rows = session.scalars(select(History).where(History.subject == Subject.MAIL).order_by(History.id)).all()
        assert [row.new_state for row in rows] == [MailState.PENDING, MailState.SENDING, MailState.DEAD]
        assert rows[-1].why == "550 no such user"
