"""Each check of legs and attempts can fail: the journal of a true journey is forged, one lie at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.callback import Attempt, CallLeg
from models.history import History
from models.vocabulary import AttemptState, LegKind, LegStatus, Subject
from tests.journeys.desk import Desk
from tests.journeys.kinds import on
from tests.journeys.legs_and_attempts import Entry, _one_call_a_telephone, check_legs
from tests.journeys.phones import Person
from tests.journeys.stories import asks_to_be_called, talk_and_solve

FOREIGN = f"CA{'f' * 32}"


@dataclass
class Truth:
    """What a journey with one lost answer left; what is written in the session is taken back."""

    session: Session
    entries: list[Entry]
    agent: Person
    agent_sid: str
    customer_sid: str

    def of(self, kind: str) -> Entry:
        """Return the first entry of that kind."""
        return next(entry for entry in self.entries if entry["kind"] == kind)

    def with_another(self, kind: str, **lies: object) -> list[Entry]:
        """Return the journal with a copy of an entry behind the true one; an inner value is copied with it."""
        place = self.entries.index(self.of(kind))
        return [*self.entries[: place + 1], {**self.of(kind), **lies}, *self.entries[place + 1 :]]

    def agents_leg_is(self, sid: str) -> list[Entry]:
        """Return the journal with another leg on the agent's telephone."""
        theirs = [entry for entry in self.entries if entry.get("parent_sid") is None]
        return [{**entry, "sid": sid} if entry.get("sid") == self.agent_sid else entry for entry in theirs]

    def rings_meanwhile(self, **facts: object) -> list[Entry]:
        """Return the journal with a leg that begins while agent and customer talk, and never ends."""
        talk = next(entry for entry in self.entries if entry.get("bridged_to"))
        leg = {**talk, "sid": FOREIGN, "status": "ringing", "bridged_to": None, **facts}
        place = self.entries.index(talk)
        return [*self.entries[:place], leg, *self.entries[place:]]

    def ends(self, status: str) -> list[Entry]:
        """Return the journal with another end of every leg of ours."""
        last = {"status": status}
        return [{**entry, **(last if entry.get("status") == "completed" else {})} for entry in self.entries]

    def writes_down(self, kind: LegKind, status: LegStatus) -> None:
        """Let our tables know of the foreign leg."""
        self.session.add(
            CallLeg(call_sid=FOREIGN, kind=kind, status=status, started_at=datetime(2026, 11, 24, tzinfo=UTC))
        )
        self.session.flush()


@pytest.fixture
def truth(desk: Desk) -> Iterator[Truth]:
    desk.goes_wrong("create", "lose-answer", times=1)
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    talk_and_solve(desk, sofie, peeters)
    with desk.stack.services.database.write() as session:
        entries: list[Entry] = desk.entries()
        check_legs(session, entries)
        yield Truth(session, entries, sofie, sofie.claimed[-1], peeters.claimed[-1])
        session.rollback()


@on("sqlite")
def test_each_lie_about_requests_and_legs_is_found_out(truth: Truth) -> None:
    def found(words: str, forged: list[Entry]) -> None:
        with pytest.raises(AssertionError, match=words):
            check_legs(truth.session, forged)

    elsewhere = truth.of("placed")["url"] + "x"
    request = next(entry for entry in truth.entries if str(entry.get("path")).endswith("/Calls.json"))
    again = {**request, "form": {**request["form"], "Url": [elsewhere]}}
    found("rung twice", truth.with_another("placed", sid=FOREIGN))
    found("no attempt asked for", truth.with_another("placed", url=elsewhere))
    found("sent again after None", [*truth.entries, again])
    found("sent again after 503", [*truth.entries, {**again, "status": 503}])
    check_legs(truth.session, [*truth.entries, {**again, "status": 429}])
    found("answered Counter", [entry for entry in truth.entries if entry["kind"] != "fault"])
    found("nobody knows of the leg", truth.agents_leg_is(FOREIGN))
    found("on two calls at once", truth.rings_meanwhile(to=truth.agent.number, direction="outbound-dial"))
    found(
        "2 customers' legs",
        truth.rings_meanwhile(to="+32470999999", direction="outbound-dial", parent_sid=truth.agent_sid),
    )
    found("is completed to us, in truth failed", truth.ends("failed"))
    found("without the one statement", [{**entry, "parent_sid": FOREIGN} for entry in truth.entries])


@on("sqlite")
def test_a_leg_written_down_wrongly_is_found_out(truth: Truth) -> None:
    truth.writes_down(LegKind.CUSTOMER, LegStatus.COMPLETED)
    with pytest.raises(AssertionError, match="taken for the customer leg"):
        check_legs(truth.session, truth.agents_leg_is(FOREIGN))


@on("sqlite")
def test_an_end_that_was_told_but_is_not_known_is_found_out(truth: Truth) -> None:
    truth.session.get_one(CallLeg, truth.customer_sid).status = LegStatus.RINGING
    truth.session.flush()
    with pytest.raises(AssertionError, match=r"the customer leg .* is ringing to us, in truth completed"):
        check_legs(truth.session, truth.entries)


@on("sqlite")
def test_an_extra_leg_may_share_the_agents_telephone_but_must_have_ended(truth: Truth) -> None:
    meanwhile = truth.rings_meanwhile(to=truth.agent.number, direction="outbound-api")
    with pytest.raises(AssertionError, match="on two calls at once"):
        check_legs(truth.session, meanwhile)
    _one_call_a_telephone(meanwhile, {FOREIGN})
    truth.writes_down(LegKind.EXTRA, LegStatus.RINGING)
    with pytest.raises(AssertionError, match="nobody asked for the leg"):
        check_legs(truth.session, meanwhile)
    with pytest.raises(AssertionError, match="is ringing to us"):
        check_legs(truth.session, truth.agents_leg_is(FOREIGN))
    with pytest.raises(AssertionError, match="on two calls at once"):
        check_legs(truth.session, truth.rings_meanwhile(to=truth.agent.number, direction="outbound-dial"))


@on("sqlite")
def test_a_second_statement_that_dials_is_found_out(truth: Truth) -> None:
    attempt = truth.session.scalars(select(Attempt)).one()
    dialled = select(History).where(
        History.subject == Subject.ATTEMPT,
        History.new_state == str(AttemptState.CUSTOMER_DIALLING),
    )
    row = truth.session.scalars(dialled).one()
    columns = {name: getattr(row, name) for name in History.__table__.columns.keys() if name != "id"}  # noqa: SIM118 - a collection, no dict
    truth.session.add(History(**columns))
    truth.session.flush()
    assert attempt.dialled_at is not None
    with pytest.raises(AssertionError, match="the one statement that may"):
        check_legs(truth.session, truth.entries)


@on("sqlite")
def test_a_fault_that_never_happened_fails_its_journey(desk: Desk) -> None:
    desk.goes_wrong("list", "hide")
    with pytest.raises(AssertionError, match="this never happened: hide on list"):
        desk.works_again()
