"""What callers hear of numbers, days and times, in three languages."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from callbacks.rules.number_words import number_words
from callbacks.rules.phone_numbers import NumberRefused
from callbacks.rules.spoken import day, digits, duration_minutes, moment, phone_number, span, time_of_day
from models.vocabulary import Language

NL, FR, EN = Language.NL, Language.FR, Language.EN
BRUSSELS = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)  # a Tuesday, half past nine in Brussels


def wall(text: str) -> datetime:
    """Return a wall time of Brussels, in UTC; without a date it is that Tuesday's."""
    full = text if "T" in text else f"2026-11-24T{text}"
    return datetime.fromisoformat(full).replace(tzinfo=BRUSSELS).astimezone(UTC)


@pytest.mark.parametrize("language", list(Language))
def test_every_minute_of_a_day_is_said_in_words_and_each_differently(language: Language) -> None:
    start = wall("00:00")
    said = [time_of_day(language, start + timedelta(minutes=n), BRUSSELS) for n in range(24 * 60)]
    assert all(re.fullmatch(r"[a-zéèëïàêA-Z' -]+", words) for words in said)
    assert not any("over" in words.split() for words in said)
    assert len(set(said)) == 24 * 60


@pytest.mark.parametrize(
    ("clock", "dutch", "french", "english"),
    [
        ("09:00", "negen uur", "neuf heures", "nine"),
        ("13:00", "één uur", "treize heures", "one"),
        ("12:00", "twaalf uur", "midi", "noon"),
        ("00:00", "middernacht", "minuit", "midnight"),
        ("14:05", "vijf na twee", "quatorze heures cinq", "five past two"),
        ("14:10", "tien na twee", "quatorze heures dix", "ten past two"),
        ("14:15", "kwart na twee", "quatorze heures quinze", "quarter past two"),
        ("14:20", "twintig na twee", "quatorze heures vingt", "twenty past two"),
        ("14:25", "vijf voor half drie", "quatorze heures vingt-cinq", "twenty-five past two"),
        ("14:30", "half drie", "quatorze heures trente", "half past two"),
        ("14:35", "vijf na half drie", "quatorze heures trente-cinq", "twenty-five to three"),
        ("14:40", "twintig voor drie", "quatorze heures quarante", "twenty to three"),
        ("14:45", "kwart voor drie", "quatorze heures quarante-cinq", "quarter to three"),
        ("14:50", "tien voor drie", "quatorze heures cinquante", "ten to three"),
        ("14:55", "vijf voor drie", "quatorze heures cinquante-cinq", "five to three"),
        ("12:30", "half één", "douze heures trente", "half past twelve"),
        ("11:45", "kwart voor twaalf", "onze heures quarante-cinq", "quarter to twelve"),
        ("12:45", "kwart voor één", "douze heures quarante-cinq", "quarter to one"),
        ("13:01", "één uur één", "treize heures une", "one minute past one"),
        ("14:21", "twee uur eenentwintig", "quatorze heures vingt et une", "twenty-one minutes past two"),
        ("14:37", "twee uur zevenendertig", "quatorze heures trente-sept", "twenty-three minutes to three"),
        ("14:59", "twee uur negenenvijftig", "quatorze heures cinquante-neuf", "one minute to three"),
        ("01:15", "kwart na één 's nachts", "une heure quinze", "quarter past one at night"),
        ("06:30", "half zeven 's ochtends", "six heures trente", "half past six in the morning"),
        ("20:00", "acht uur 's avonds", "vingt heures", "eight in the evening"),
        ("21:30", "half tien 's avonds", "vingt et une heures trente", "half past nine in the evening"),
        ("00:30", "half één 's nachts", "zéro heure trente", "half past twelve at night"),
    ],
)
def test_times_are_said_as_people_say_them(clock: str, dutch: str, french: str, english: str) -> None:
    assert [time_of_day(language, wall(clock), BRUSSELS) for language in (NL, FR, EN)] == [dutch, french, english]


@pytest.mark.parametrize(
    ("at", "dutch", "french", "english"),
    [
        ("10:00", "deze voormiddag vanaf tien uur", "aujourd'hui à partir de dix heures", "this morning from ten"),
        ("13:00", "deze namiddag vanaf één uur", "aujourd'hui à partir de treize heures", "this afternoon from one"),
        ("12:00", "deze middag vanaf twaalf uur", "aujourd'hui à partir de midi", "today from noon"),
        ("20:00", "deze avond vanaf acht uur", "aujourd'hui à partir de vingt heures", "this evening from eight"),
        ("2026-11-25T09:00", "morgen vanaf negen uur", "demain à partir de neuf heures", "tomorrow from nine"),
        (
            "2026-11-25T20:00",
            "morgen vanaf acht uur 's avonds",
            "demain à partir de vingt heures",
            "tomorrow from eight in the evening",
        ),
        ("2026-11-26T09:00", "donderdag vanaf negen uur", "jeudi à partir de neuf heures", "on Thursday from nine"),
        ("2026-11-30T09:00", "maandag vanaf negen uur", "lundi à partir de neuf heures", "on Monday from nine"),
        (
            "2026-12-01T09:00",
            "dinsdag 1 december vanaf negen uur",
            "le mardi premier décembre à partir de neuf heures",
            "on Tuesday 1 December from nine",
        ),
        (
            "2027-01-04T09:00",
            "maandag 4 januari vanaf negen uur",
            "le lundi 4 janvier à partir de neuf heures",
            "on Monday 4 January from nine",
        ),
        (
            "2026-11-23T09:00",
            "maandag 23 november vanaf negen uur",
            "le lundi 23 novembre à partir de neuf heures",
            "on Monday 23 November from nine",
        ),
    ],
)
def test_the_moment_from_which_we_call_is_said_as_seen_from_now(
    at: str,
    dutch: str,
    french: str,
    english: str,
) -> None:
    assert [moment(language, wall(at), NOW, BRUSSELS) for language in (NL, FR, EN)] == [dutch, french, english]


def test_days_follow_the_wall_and_not_utc() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)  # already Wednesday in Brussels
    assert day(NL, wall("2026-11-25T09:00"), late, BRUSSELS) == "deze voormiddag"
    assert day(NL, wall("2026-11-26T09:00"), late, BRUSSELS) == "morgen"
    assert day(NL, wall("2026-11-25T00:30"), NOW, BRUSSELS) == "morgen"


def test_summer_time_is_spoken_in_summer() -> None:
    assert time_of_day(NL, datetime(2026, 7, 1, 7, tzinfo=UTC), BRUSSELS) == "negen uur"
    assert time_of_day(NL, datetime(2026, 12, 1, 8, tzinfo=UTC), BRUSSELS) == "negen uur"


@pytest.mark.parametrize(
    ("start", "end", "dutch", "french", "english"),
    [
        (
            "14:15",
            "14:45",
            "deze namiddag, tussen kwart na twee en kwart voor drie",
            "aujourd'hui, entre quatorze heures quinze et quatorze heures quarante-cinq",
            "this afternoon, between quarter past two and quarter to three",
        ),
        (
            "11:30",
            "12:00",
            "deze voormiddag, tussen half twaalf en twaalf uur",
            "aujourd'hui, entre onze heures trente et midi",
            "this morning, between half past eleven and noon",
        ),
        (
            "11:30",
            "13:20",
            "vandaag, tussen half twaalf en twintig na één",
            "aujourd'hui, entre onze heures trente et treize heures vingt",
            "today, between half past eleven and twenty past one",
        ),
        (
            "2026-11-30T09:00",
            "2026-11-30T09:30",
            "maandag, tussen negen uur en half tien",
            "lundi, entre neuf heures et neuf heures trente",
            "on Monday, between nine and half past nine",
        ),
        (
            "16:30",
            "2026-11-25T09:20",
            "tussen vandaag half vijf en morgen twintig na negen",
            "entre aujourd'hui seize heures trente et demain neuf heures vingt",
            "between half past four today and twenty past nine tomorrow",
        ),
        (
            "20:00",
            "2026-11-25T00:00",
            "deze avond, tussen acht uur en middernacht",
            "aujourd'hui, entre vingt heures et minuit",
            "this evening, between eight and midnight",
        ),
        ("16:30", "16:30", "deze namiddag, rond half vijf", "aujourd'hui, vers seize heures trente", None),
    ],
)
def test_a_promise_is_said_as_a_range(start: str, end: str, dutch: str, french: str, english: str | None) -> None:
    for language, expected in ((NL, dutch), (FR, french), (EN, english)):
        if expected:
            assert span(language, wall(start), wall(end), NOW, BRUSSELS) == expected


def test_a_range_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        span(NL, wall("14:00"), wall("13:59"), NOW, BRUSSELS)


def test_naive_times_are_never_spoken() -> None:
    with pytest.raises(TypeError, match="naive"):
        time_of_day(NL, datetime(2026, 11, 24, 9), BRUSSELS)  # noqa: DTZ001


def test_ticket_numbers_are_said_digit_by_digit() -> None:
    assert digits(NL, "14027") == "1 4 0 2 7"
    assert digits(FR, "*3#") == "étoile 3 dièse"
    assert digits(EN, "#") == "hash"


def test_phone_numbers_are_said_in_their_groups() -> None:
    assert phone_number(NL, "+32470123456") == "0 4 7 0, 1 2, 3 4, 5 6"
    assert phone_number(NL, "+3234603535") == "0 3, 4 6 0, 3 5, 3 5"
    assert phone_number(EN, "+33612345678") == "plus 3 3, 6, 1 2, 3 4, 5 6, 7 8"
    with pytest.raises(NumberRefused):
        phone_number(NL, "anonymous")


@pytest.mark.parametrize(
    ("minutes", "dutch", "french", "english"),
    [
        (0, "minder dan één minuut", "moins d'une minute", "less than a minute"),
        (1, "één minuut", "une minute", "one minute"),
        (21, "eenentwintig minuten", "vingt et une minutes", "twenty-one minutes"),
        (60, "één uur", "une heure", "one hour"),
        (61, "één uur en één minuut", "une heure et une minute", "one hour and one minute"),
        (
            145,
            "twee uur en vijfentwintig minuten",
            "deux heures et vingt-cinq minutes",
            "two hours and twenty-five minutes",
        ),
    ],
)
def test_lengths_of_time_are_said_in_words(minutes: int, dutch: str, french: str, english: str) -> None:
    assert [duration_minutes(language, minutes) for language in (NL, FR, EN)] == [dutch, french, english]


@pytest.mark.parametrize(
    ("number", "dutch", "french", "english"),
    [
        (0, "nul", "zéro", "zero"),
        (22, "tweeëntwintig", "vingt-deux", "twenty-two"),
        (33, "drieëndertig", "trente-trois", "thirty-three"),
        (70, "zeventig", "septante", "seventy"),
        (71, "eenenzeventig", "septante et un", "seventy-one"),
        (80, "tachtig", "quatre-vingts", "eighty"),
        (81, "eenentachtig", "quatre-vingt-un", "eighty-one"),
        (95, "vijfennegentig", "nonante-cinq", "ninety-five"),
        (100, "100", "100", "100"),
    ],
)
def test_numbers_are_those_of_belgium(number: int, dutch: str, french: str, english: str) -> None:
    assert [number_words(language, number) for language in (NL, FR, EN)] == [dutch, french, english]
