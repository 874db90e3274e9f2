"""What must hold at the end of every journey, whatever its story was: checked against journal, history and tables."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.callback import Attempt, Callback
from models.history import History
from models.outbox import OutboxMail
from models.ticket import TimeEntry
from models.vocabulary import (
    CLOSED_ATTEMPTS,
    OPEN_CALLBACKS,
    CallbackState,
    CustomerOutcome,
    MailState,
    Subject,
)
from tests.journeys.desk import BRUSSELS, Desk
from tests.journeys.discretion import gives_nothing_away, secrets_of
from tests.journeys.documents import mistakes
from tests.journeys.legs_and_attempts import FINAL, Entry, check_legs, new_legs
from tests.journeys.watching import until

HOLIDAYS = frozenset({date(2026, 11, 11), date(2027, 3, 29)})
"""Belgian holidays on which a journey has the clock; written down here, not asked of the calendar that is tested."""
WINDOWS = ((9, 12), (13, 17))
MARGIN = timedelta(seconds=120)
SLACK = timedelta(seconds=0.3)
"""Between a look at the clock and the network's entry, and between two looks of ours."""


def check(desk: Desk) -> None:
    """Raise AssertionError with what is wrong."""
    database = desk.stack.services.database
    desk.works_again()
    _everything_has_ended(desk)
    if any(row.state is CallbackState.WAITING for row in desk.callbacks()):
        desk.nobody_is_rung()
    entries: list[Entry] = desk.entries()
    desk.nothing_unexpected_rang()
    _no_leg_outside_a_window(desk, entries)
    _nothing_invalid_was_answered(desk, entries)
    with database.read() as session:
        check_legs(session, entries, desk.extra_legs)
        _callbacks_are_somewhere(session)
        _history_has_no_gap(session)
        _talks_are_timed(session, entries)
    gives_nothing_away(desk.log(), secrets_of(desk.stack, entries))
    if not desk.was_harmed():
        assert "Traceback" not in desk.log(), f"a process met an exception:\n{desk.log()}"


def _everything_has_ended(desk: Desk) -> None:
    """Wait for the last of what is under way: legs, their reports, attempts, mails."""
    sids = {str(entry["sid"]) for entry in desk.entries() if entry["kind"] == "leg"}
    for sid in sids:
        call = desk.stack.telephones.call(sid, until="reported")
        assert call["met"], f"a call of {call['from_']} to {call['to']} goes on: {call['status']}"

    def quiet() -> bool:
        with desk.stack.services.database.read() as session:
            live = session.scalars(select(Attempt.id).where(Attempt.state.not_in(CLOSED_ATTEMPTS))).first()
            mail = session.scalars(
                select(OutboxMail.id).where(OutboxMail.state.in_((MailState.PENDING, MailState.SENDING))),
            ).first()
            return live is None and mail is None

    until("every attempt has ended and every mail is sent", quiet)


def _no_leg_outside_a_window(desk: Desk, entries: list[Entry]) -> None:
    for leg in new_legs(entries):
        agent = leg["direction"] == "outbound-api"
        moments = _moments(desk, float(leg["real_at"]))
        assert any(_may_ring(desk, moment, agent=agent) for moment in moments), (
            f"{leg['to']} is rung outside a window: {[str(moment.astimezone(BRUSSELS)) for moment in moments]}"
        )


def _moments(desk: Desk, real: float) -> list[datetime]:
    """Return what time it was by the moved clock; two answers for something that happened while it was moved."""
    found = []
    for move, after in zip(desk.moves, [*desk.moves[1:], None], strict=True):
        if move.began <= real and (after is None or real <= after.done):
            found.append(move.instant + timedelta(seconds=max(0.0, real - move.done)))
    return found


def _may_ring(desk: Desk, moment: datetime, *, agent: bool) -> bool:
    local = moment.astimezone(BRUSSELS)
    if local.weekday() > 4 or local.date() in HOLIDAYS:
        return False
    if any(start <= moment < end for start, end in desk.closures):
        return False
    for opens, closes in WINDOWS:
        start = datetime(local.year, local.month, local.day, opens, tzinfo=BRUSSELS).astimezone(UTC)
        end = datetime(local.year, local.month, local.day, closes, tzinfo=BRUSSELS).astimezone(UTC)
        if start - SLACK <= moment < end - (MARGIN if agent else timedelta()) + SLACK:
            return True
    return False


def _nothing_invalid_was_answered(desk: Desk, entries: list[Entry]) -> None:
    for entry in entries:
        if entry["kind"] == "warning":
            assert desk.trouble_expected, f"the network warns: {entry['code']} {entry['text']}"
        if entry["kind"] != "webhook":
            continue
        ok = entry["status"] == 200 and entry["error"] is None
        assert ok or desk.trouble_expected, f"{entry['purpose']} was answered {entry['status']} {entry['error_text']}"
        if ok:
            assert not mistakes(str(entry["answer"])), f"{mistakes(str(entry['answer']))} in {entry['answer']}"
    for sid in {str(entry["sid"]) for entry in entries if entry["kind"] == "leg"}:
        call = desk.stack.telephones.call(sid, wait=0)
        errors = [line for line in call["transcript"] if line["verb"] == "Error"]
        # Where the service was away on purpose, nobody but the network itself can say anything.
        assert not errors or desk.trouble_expected, f"somebody hears an application error: {errors}"


def _callbacks_are_somewhere(session: Session) -> None:
    """Every call-back is closed, due, or shown to a person."""
    for callback in session.scalars(select(Callback)):
        where = f"call-back {callback.id} is {callback.state} ({callback.why})"
        if callback.state not in OPEN_CALLBACKS:
            assert callback.closed_at is not None, where
        elif callback.state is CallbackState.RESTING:
            assert callback.not_before is not None, where
        elif callback.state is CallbackState.WAITING:
            assert callback.number is not None, where
        else:
            # What somebody keys after a talk ends the rest; the clock ends it too.
            shown = {CallbackState.NEEDS_HUMAN, CallbackState.WRAP_UP}
            assert callback.state in shown, where


def _history_has_no_gap(session: Session) -> None:
    told: dict[tuple[str, int], list[History]] = defaultdict(list)
    for row in session.scalars(select(History).order_by(History.id)):
        told[str(row.subject), row.subject_id].append(row)
    states = [(Subject.CALLBACK, row.id, row.state) for row in session.scalars(select(Callback))]
    attempts = [(Subject.ATTEMPT, row.id, row.state) for row in session.scalars(select(Attempt))]
    for subject, row_id, state in [*states, *attempts]:
        rows = told[str(subject), row_id]
        assert rows, f"nothing is told of {subject} {row_id}"
        for before, after in pairwise(rows):
            assert after.old_state == before.new_state, f"{subject} {row_id}: {before.new_state} → {after.old_state}"
        assert rows[-1].new_state == str(state), f"{subject} {row_id} is {state}"


def _talks_are_timed(session: Session, entries: list[Entry]) -> None:
    lengths = {
        str(entry["parent_sid"]): int(entry["duration"])
        for entry in entries
        if entry["kind"] == "leg" and entry["direction"] == "outbound-dial" and entry["status"] in FINAL
    }
    for attempt in session.scalars(select(Attempt)):
        entry = session.scalars(select(TimeEntry).where(TimeEntry.attempt_id == attempt.id)).all()
        bridged = attempt.customer_outcome is CustomerOutcome.BRIDGED
        assert len(entry) == bridged, f"attempt {attempt.id} ({attempt.customer_outcome}) has {len(entry)} time entries"
        if bridged:
            assert entry[0].seconds == attempt.talk_seconds == lengths[str(attempt.call_sid)]
