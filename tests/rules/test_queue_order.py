"""The order of the queue: arrival within a reason, priority across reasons, and an end to every wait."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbacks.rules.calendar import Calendar
from callbacks.rules.queue_order import (
    MOST_GIVEN,
    HeadStarts,
    Standing,
    explanation,
    head_start,
    place,
    rank,
)
from models.vocabulary import Agreement, Language, Option

STARTS = HeadStarts()
HOUR = 3600
DESK = Calendar(
    "Mo-Fr 09:00-12:00,13:00-17:00; PH off",
    "Mo-Fr 09:00-12:00,13:00-17:00",
    ZoneInfo("Europe/Brussels"),
)
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
exactly = settings(deadline=None, derandomize=True, max_examples=200)
arrivals = st.integers(0, 1000 * 86_400).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=n))
options = st.sampled_from(list(Option))
agreements = st.sampled_from([None, *Agreement])


def rank_of(option: Option, agreement: Agreement | None, at: datetime) -> int:
    return rank(DESK.open_seconds_at(at), head_start(option, agreement, STARTS))


@pytest.mark.parametrize(
    ("option", "agreement", "hours"),
    [
        (Option.OUTAGE, Agreement.MANAGED, 21),
        (Option.OUTAGE, Agreement.HOURS_BUNDLE, 14),
        (Option.OUTAGE, Agreement.TIME_AND_MATERIALS, 14),
        (Option.OUTAGE, None, 14),
        (Option.QUESTION, Agreement.MANAGED, 7),
        (Option.QUESTION, Agreement.HOURS_BUNDLE, 0),
        (Option.QUESTION, Agreement.TIME_AND_MATERIALS, 0),
        (Option.QUESTION, None, 0),
    ],
)
def test_each_reason_has_its_head_start(option: Option, agreement: Agreement | None, hours: int) -> None:
    assert head_start(option, agreement, STARTS) == hours * HOUR


@exactly
@given(options, agreements, arrivals, arrivals)
def test_within_a_reason_nobody_who_came_later_is_called_earlier(
    option: Option,
    agreement: Agreement | None,
    one: datetime,
    other: datetime,
) -> None:
    first, last = sorted((one, other))
    assert rank_of(option, agreement, first) <= rank_of(option, agreement, last)


@exactly
@given(arrivals, agreements)
def test_at_the_same_moment_an_outage_comes_before_a_question_of_anybody(
    at: datetime,
    agreement: Agreement | None,
) -> None:
    assert rank_of(Option.OUTAGE, agreement, at) < rank_of(Option.QUESTION, Agreement.MANAGED, at)
    assert rank_of(Option.OUTAGE, Agreement.MANAGED, at) < rank_of(Option.OUTAGE, None, at)
    assert rank_of(Option.QUESTION, Agreement.MANAGED, at) < rank_of(Option.QUESTION, None, at)


@exactly
@given(arrivals, st.sampled_from([(None, 14), (Agreement.MANAGED, 21)]))
def test_a_question_passes_a_fresh_outage_once_it_has_waited_its_open_hours_and_not_before(
    at: datetime,
    case: tuple[Agreement | None, int],
) -> None:
    agreement, hours = case
    question = rank_of(Option.QUESTION, None, at)
    waited = DESK.add_open_time(at, hours * HOUR)
    # A tie goes by arrival, and the question came first.
    assert question <= rank_of(Option.OUTAGE, agreement, waited)
    earlier = DESK.add_open_time(at, hours * HOUR - 2)
    assert rank_of(Option.OUTAGE, agreement, earlier) < question


def test_two_working_days_of_waiting_are_enough_to_pass_an_outage() -> None:
    brussels = ZoneInfo("Europe/Brussels")
    question = rank_of(Option.QUESTION, None, datetime(2026, 12, 24, 9, tzinfo=brussels))
    # Thursday and Monday; Christmas and the weekend do not count.
    assert question <= rank_of(Option.OUTAGE, None, datetime(2026, 12, 29, 9, tzinfo=brussels))
    assert question > rank_of(Option.OUTAGE, None, datetime(2026, 12, 28, 16, 59, tzinfo=brussels))


def stands(option: Option, agreement: Agreement | None, booked_from: datetime | None = None) -> Standing:
    return Standing(NOON, option, agreement, booked_from)


@pytest.mark.parametrize(
    ("language", "option", "agreement", "sentence"),
    [
        (Language.NL, Option.OUTAGE, None, "telt als 14 uur vroeger: storing"),
        (Language.NL, Option.OUTAGE, Agreement.MANAGED, "telt als 21 uur vroeger: storing bij een managed klant"),
        (Language.NL, Option.QUESTION, Agreement.MANAGED, "telt als 7 uur vroeger: managed klant"),
        (Language.NL, Option.QUESTION, None, "in volgorde van aankomst"),
        (Language.FR, Option.OUTAGE, Agreement.HOURS_BUNDLE, "compte comme 14 heures plus tôt : panne"),
        (Language.FR, Option.QUESTION, None, "dans l'ordre d'arrivée"),
        (Language.EN, Option.OUTAGE, None, "counts as 14 hours earlier: outage"),
        (Language.EN, Option.OUTAGE, Agreement.MANAGED, "counts as 21 hours earlier: outage at a managed customer"),
        (Language.EN, Option.QUESTION, Agreement.TIME_AND_MATERIALS, "in order of arrival"),
    ],
)
def test_the_place_in_the_queue_is_explained_in_one_sentence(
    language: Language,
    option: Option,
    agreement: Agreement | None,
    sentence: str,
) -> None:
    assert explanation(stands(option, agreement), STARTS, language) == sentence


def test_the_explanation_tells_the_head_start_of_the_settings() -> None:
    starts = HeadStarts(outage=5400, other=3600, managed=60, outage_managed=0)
    assert (
        explanation(stands(Option.OUTAGE, None), starts, Language.EN) == "counts as 1 hour 30 minutes earlier: outage"
    )
    assert explanation(stands(Option.QUESTION, None), starts, Language.NL) == "telt als 1 uur vroeger: vraag"
    assert (
        explanation(stands(Option.QUESTION, Agreement.MANAGED), starts, Language.FR)
        == "compte comme 1 minute plus tôt : client managed"
    )
    assert explanation(stands(Option.OUTAGE, Agreement.MANAGED), starts, Language.EN) == "in order of arrival"


@pytest.mark.parametrize(
    ("language", "booked", "rang_back"),
    [
        (Language.NL, "op afspraak", "belde terug"),
        (Language.FR, "sur rendez-vous", "a rappelé"),
        (Language.EN, "by appointment", "rang back"),
    ],
)
def test_a_chosen_moment_and_a_customer_who_rang_back_are_explained(
    language: Language, booked: str, rang_back: str
) -> None:
    chosen = stands(Option.OUTAGE, None, booked_from=NOON)
    assert explanation(chosen, STARTS, language).startswith(booked)
    assert explanation(replace(chosen, rang_back_at=NOON), STARTS, language).startswith(rang_back)


@exactly
@given(options, agreements, arrivals, arrivals)
def test_a_chosen_moment_comes_before_everybody_and_an_earlier_one_before_a_later(
    option: Option, agreement: Agreement | None, at: datetime, other: datetime
) -> None:
    ordinary = place(Standing(at, Option.OUTAGE, Agreement.MANAGED), DESK, STARTS)
    booked = place(Standing(other, option, agreement, booked_from=other), DESK, STARTS)
    assert booked < ordinary
    later = place(Standing(at, option, agreement, booked_from=other + timedelta(days=7)), DESK, STARTS)
    assert booked < later
    assert booked > -(2**31)


@exactly
@given(options, agreements, arrivals)
def test_without_a_moment_of_its_own_a_call_back_stands_by_its_arrival(
    option: Option, agreement: Agreement | None, at: datetime
) -> None:
    assert place(Standing(at, option, agreement), DESK, STARTS) == rank_of(option, agreement, at)


@exactly
@given(options, agreements, arrivals, st.integers(-MOST_GIVEN, MOST_GIVEN))
def test_what_a_supervisor_gives_is_added_to_the_head_start_of_the_reason_and_keeps_appointments_first(
    option: Option, agreement: Agreement | None, at: datetime, extra: int
) -> None:
    stands = Standing(at, option, agreement, given_head_start=extra, given_why="Els: VIP")
    assert place(stands, DESK, STARTS) == rank_of(option, agreement, at) - extra
    assert place(stands, DESK, STARTS) > place(Standing(at, option, agreement, booked_from=at), DESK, STARTS)
    moved = replace(stands, booked_from=at)
    assert place(moved, DESK, STARTS) == place(replace(moved, given_head_start=0), DESK, STARTS)


@exactly
@given(options, agreements, arrivals, arrivals)
def test_who_is_called_now_comes_before_every_appointment_and_is_stored_in_32_bits(
    option: Option, agreement: Agreement | None, at: datetime, other: datetime
) -> None:
    now = place(Standing(at, option, agreement, booked_from=at, called_now_at=other), DESK, STARTS)
    assert now < place(Standing(other, option, agreement, rang_back_at=other), DESK, STARTS)
    assert now > -(2**31)


@pytest.mark.parametrize(
    ("extra", "language", "sentence"),
    [
        (7200, Language.NL, "telt als 16 uur vroeger: storing; Els: VIP {x}"),
        (-14 * 3600 - 60, Language.FR, "compte comme 1 minute plus tard : panne ; Els: VIP {x}"),
        (-14 * 3600, Language.EN, "in order of arrival; Els: VIP {x}"),
    ],
)
def test_the_explanation_tells_who_gave_what_and_why(extra: int, language: Language, sentence: str) -> None:
    stands = Standing(NOON, Option.OUTAGE, given_head_start=extra, given_why="Els: VIP {x}")
    assert explanation(stands, STARTS, language) == sentence


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (Language.EN, "to be called now, before everybody else; Jan: angry {x}"),
        (Language.FR, "à appeler tout de suite, avant tous les autres ; Jan: angry {x}"),
    ],
)
def test_who_is_called_now_is_explained_by_that_and_not_by_what_he_was_given(language: Language, sentence: str) -> None:
    given = Standing(NOON, Option.OUTAGE, given_head_start=7200, given_why="Els: VIP")
    now = replace(given, called_now_at=NOON, called_now_why="Jan: angry {x}")
    assert explanation(now, STARTS, language) == sentence
    assert explanation(replace(now, called_now_at=None), STARTS, language) == explanation(given, STARTS, language)
