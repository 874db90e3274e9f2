"""What happens while an incident is answered or closed: callers on the line, colleagues, a process that dies."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from callbacks.ports import Services
from callbacks.store import incident_reporters, transitions
from callbacks.workflows import incidents, letters_of_the_desk, releasing, row_by_row
from models.callback import Callback
from models.ticket import Ticket
from models.vocabulary import CallbackState, MailKind, TicketState
from tests.call_desk import CallDesk
from tests.stand_ins import add_callback
from tests.workflows.test_incidents import TEXTS, WHO, failure, mails, mark, number, reports


@pytest.fixture
def incident(desk: CallDesk) -> int:
    """A failure that many report."""
    return incidents.open_incident(desk.services, "Mailserver plat", {}, WHO)


def test_a_caller_on_the_line_keeps_his_ticket_and_his_call_back_until_he_has_hung_up(
    desk: CallDesk, incident: int
) -> None:
    held, waits = reports(desk), reports(desk)
    desk.change(Callback, held, state=CallbackState.HELD)
    mark(desk, incident, held, waits)
    done = incidents.close_all(desk.services, incident, WHO, silence=False)
    assert (done.tickets, done.remaining) == (1, [number(desk, held)])
    assert (desk.state(held), desk.ticket(held).state) == (CallbackState.HELD, TicketState.OPEN)
    assert failure(desk, incident).closed_at is None
    assert releasing.release(desk.services, held, "hotline", "he hung up")
    assert incidents.close_all(desk.services, incident, WHO, silence=False).remaining == []
    assert desk.state(held) is CallbackState.CANCELLED


def test_a_ticket_that_is_marked_while_the_others_are_closed_keeps_the_incident_open(
    desk: CallDesk, incident: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, late = reports(desk), reports(desk)
    mark(desk, incident, first)
    real = row_by_row.each

    def meanwhile(rows: Iterable[int], close: Callable[[int], bool]) -> int:
        closed = real(rows, close)
        mark(desk, incident, late)
        return closed

    monkeypatch.setattr(incidents, "each", meanwhile)
    done = incidents.close_all(desk.services, incident, WHO, silence=False)
    assert (done.tickets, done.remaining) == (1, [number(desk, late)])
    assert failure(desk, incident).closed_at is None
    assert desk.ticket(late).state is TicketState.OPEN


def test_what_the_page_has_no_room_for_is_answered_and_closed_too(
    desk: CallDesk, incident: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = [reports(desk) for _ in range(3)]
    mark(desk, incident, *everybody)
    monkeypatch.setattr(incident_reporters, "MOST_MARKED", 2)
    assert incidents.answer_all(desk.services, incident, TEXTS, 0, WHO).mails == 3
    done = incidents.close_all(desk.services, incident, WHO, silence=False)
    assert (done.tickets, done.remaining) == (3, [])
    assert {desk.ticket(each).state for each in everybody} == {TicketState.CLOSED}


def test_an_answer_whose_process_dies_midway_was_never_given_and_can_be_given_again(
    desk: CallDesk, incident: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = reports(desk), reports(desk)
    mark(desk, incident, first, second)
    real = letters_of_the_desk.write_answer

    def dies(session: Session, services: Services, ticket_id: int, text: str, copy: int, now: datetime) -> bool:
        if ticket_id == desk.ticket(second).id:
            raise KeyboardInterrupt
        return real(session, services, ticket_id, text, copy, now)

    monkeypatch.setattr(incidents, "write_answer", dies)
    with pytest.raises(KeyboardInterrupt):
        incidents.answer_all(desk.services, incident, TEXTS, 0, WHO)
    monkeypatch.setattr(incidents, "write_answer", real)
    assert mails(desk, MailKind.ANSWER) == []
    assert incidents.answer_all(desk.services, incident, TEXTS, 0, WHO).mails == 2
    assert len(mails(desk, MailKind.ANSWER)) == 2


def test_a_ticket_that_got_a_new_call_back_meanwhile_is_not_closed_over_it(
    desk: CallDesk, incident: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = reports(desk)
    mark(desk, incident, waiting)
    real = transitions.move_callback

    def called_anew(session: Session, callback_id: int, *given: Any) -> bool:
        moved = real(session, callback_id, *given)
        add_callback(session, desk.clock.at, session.get_one(Ticket, desk.ticket(waiting).id))
        return moved

    monkeypatch.setattr(incidents, "move_callback", called_anew)
    done = incidents.close_all(desk.services, incident, WHO, silence=False)
    assert (done.tickets, done.remaining) == (0, [number(desk, waiting)])
    assert (desk.state(waiting), desk.ticket(waiting).state) == (CallbackState.WAITING, TicketState.OPEN)
