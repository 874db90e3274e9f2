"""A missed call is dealt with once."""

import pytest

from callbacks.errors import Rule, RuleRefused
from callbacks.store import callers, missed_calls
from callbacks.store.revision import revision
from callbacks.workflows import handling_missed
from models.ticket import MissedCall
from models.vocabulary import Language
from tests.call_desk import CallDesk

CALL = "CA" + "5" * 32


def missed(desk: CallDesk) -> None:
    with desk.services.database.write() as session:
        session.add(MissedCall(call_sid=CALL, number="+32470998877", language=Language.NL, at=desk.clock.at))


def test_of_two_at_once_one_deals_with_it_and_the_other_is_told_who(desk: CallDesk) -> None:
    missed(desk)
    handling_missed.deal_with(desk.services, CALL, "Els")
    with pytest.raises(RuleRefused) as refused:
        handling_missed.deal_with(desk.services, CALL, "Tom")
    assert (refused.value.rule, refused.value.values) == (Rule.MISSED_HANDLED, {"who": "Els"})
    with desk.services.database.read() as session:
        assert session.get_one(MissedCall, CALL).handled_by == "Els"


def test_one_whose_caller_rang_through_after_all_is_gone(desk: CallDesk) -> None:
    with pytest.raises(RuleRefused) as refused:
        handling_missed.deal_with(desk.services, CALL, "Els")
    assert refused.value.rule is Rule.MISSED_GONE


def test_the_pages_notice_it_though_the_wall_clock_was_set_back(desk: CallDesk) -> None:
    missed(desk)
    seen = set()
    for _ in range(2):
        with desk.services.database.read() as session:
            seen.add(revision(session))
        desk.clock.move(hours=-5)
        if len(seen) == 1:
            handling_missed.deal_with(desk.services, CALL, "Els")
    assert len(seen) == 2
    with desk.services.database.read() as session:
        assert (missed_calls.count(session), missed_calls.waiting(session)) == (0, [])


def test_a_caller_who_has_reached_us_since_is_shown_with_his_ticket(desk: CallDesk) -> None:
    desk.waits(number="+32470998877")
    desk.clock.move(minutes=5)
    missed(desk)
    with desk.services.database.read() as session:
        assert missed_calls.waiting(session)[0].ticket is None, "he asked for that one before he rang in vain"
    desk.clock.move(minutes=5)
    later = desk.ticket(desk.waits(number="+32470998877")).number
    with desk.services.database.read() as session:
        assert missed_calls.waiting(session)[0].ticket == later


def test_the_pages_notice_a_missed_call_and_one_that_was_none_though_the_clock_goes_back(desk: CallDesk) -> None:
    def seen() -> str:
        with desk.services.database.read() as session:
            return revision(session)

    words = [seen()]
    with desk.services.database.write() as session:
        leg = callers.open_line(session, CALL, "+32470998877", Language.NL, desk.clock.at)
        callers.miss(session, leg, desk.clock.at)
    words.append(seen())
    desk.clock.move(hours=-5)
    with desk.services.database.write() as session:
        callers.unmiss(session, CALL, desk.clock.at)
    words.append(seen())
    with desk.services.database.write() as session:
        callers.unmiss(session, CALL, desk.clock.at)
    assert (len(set(words)), seen()) == (3, words[-1]), "what changes nothing draws no page again"
