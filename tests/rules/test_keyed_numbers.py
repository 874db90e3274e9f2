"""Numbers as callers key them in: what is taken survives every way it goes, and what is refused stays refused."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from callbacks.rules.keyed_numbers import KeyedNumber, parse_keyed, tones
from callbacks.rules.phone_numbers import SENTINELS, NumberRefused, Refusal, check_dialable, grouped
from callbacks.rules.spoken import digits, phone_number
from models.vocabulary import Language

COUNTRIES = ("BE", "NL", "FR", "LU", "DE")
HOTLINE = "+3234603535"
AGENT = "+32475998877"
exactly = settings(deadline=None, derandomize=True, max_examples=300)
keys = st.text("0123456789*", max_size=32)
plausible = st.builds(
    lambda lead, rest, more: lead + rest + more,
    st.sampled_from(["0", "04", "047", "02", "03", "0031", "0033", "0032", "00352", "0049", "32", "31", "33", ""]),
    st.text("0123456789", min_size=5, max_size=10),
    st.sampled_from(["", "*", "*1", "*123456", "*1234567", "*1*2"]),
)


def taken(keyed: str) -> KeyedNumber | Refusal:
    try:
        return parse_keyed(keyed, COUNTRIES)
    except NumberRefused as refused:
        return refused.reason


def why_not_dialled(number: str) -> Refusal | None:
    try:
        check_dialable(number, COUNTRIES, {HOTLINE}, {AGENT})
    except NumberRefused as refused:
        return refused.reason
    return None


@pytest.mark.parametrize(
    ("keyed", "number", "extension"),
    [
        ("0470123456", "+32470123456", None),
        ("034603536", "+3234603536", None),
        ("0032470123456", "+32470123456", None),
        ("0031612345678", "+31612345678", None),
        ("32470123456", "+32470123456", None),
        ("31612345678", "+31612345678", None),
        ("33612345678", "+33612345678", None),
        ("033445566*123", "+3233445566", "123"),
        ("033445566*1", "+3233445566", "1"),
        ("033445566*007000", "+3233445566", "007000"),
        ("0031201234567*42", "+31201234567", "42"),
        ("033445566*", "+3233445566", None),
    ],
)
def test_numbers_are_read_as_callers_key_them_in(keyed: str, number: str, extension: str | None) -> None:
    assert taken(keyed) == KeyedNumber(number, extension)


@pytest.mark.parametrize(
    ("keyed", "reason"),
    [
        ("", Refusal.INVALID),
        ("*", Refusal.INVALID),
        ("*77*", Refusal.INVALID),
        ("0470", Refusal.INVALID),
        ("033445566*1234567", Refusal.EXTENSION),
        ("033445566*1*2", Refusal.EXTENSION),
        ("033445566**2", Refusal.EXTENSION),
        ("112", Refusal.EMERGENCY),
        ("112*1", Refusal.EMERGENCY),
        ("090312345*1", Refusal.PREMIUM),
        ("080012345", Refusal.SPECIAL),
        # Abroad without 00: only where the country is one we call, or a slip of the finger would be called a country.
        ("447911123456", Refusal.INVALID),
        ("14155552671", Refusal.INVALID),
    ],
)
def test_what_is_not_taken_has_its_reason(keyed: str, reason: Refusal) -> None:
    assert taken(keyed) is reason


def test_without_allowed_countries_a_country_without_00_is_no_number() -> None:
    with pytest.raises(NumberRefused):
        parse_keyed("31612345678", ())


def test_a_switchboard_gets_two_seconds_before_the_extension() -> None:
    assert tones("123") == "wwww123"


@exactly
@given(st.one_of(keys, plausible))
@example("266696687")
@example("0034603535")
def test_whatever_is_keyed_in_is_taken_for_a_number_that_survives_all_its_ways_or_refused(keyed: str) -> None:
    read = taken(keyed)
    if isinstance(read, Refusal):
        return
    assert read.number.lstrip("+") not in SENTINELS
    assert read.extension is None or re.fullmatch(r"[0-9]{1,6}", read.extension)
    written = "".join(grouped(read.number))
    assert parse_keyed(written.replace("+", "00"), COUNTRIES).number == read.number
    reason = why_not_dialled(read.number)
    assert reason in {None, Refusal.OWN, Refusal.AGENT, Refusal.NOT_ALLOWED}
    if reason is None:
        assert read.number not in {HOTLINE, AGENT}
        assert read.number.startswith(("+32", "+31", "+33", "+352", "+49"))


@exactly
@given(plausible, st.sampled_from(Language))
def test_reading_a_number_back_loses_no_digit(keyed: str, language: Language) -> None:
    read = taken(keyed)
    if isinstance(read, Refusal):
        return
    said = re.sub(r"\D", "", phone_number(language, read.number))
    assert said == re.sub(r"\D", "", "".join(grouped(read.number)))
    # Every digit of E.164 is said, but for the country's own where a zero is said instead.
    assert said.endswith(read.number.removeprefix("+32").lstrip("+"))
    assert re.sub(r"\D", "", digits(language, read.extension or "")) == (read.extension or "")


@pytest.mark.parametrize("own", [HOTLINE, AGENT])
@pytest.mark.parametrize("lead", ["0", "0032", "32", "+32"])
@pytest.mark.parametrize("more", ["", "*1"])
def test_our_own_and_our_agents_numbers_are_never_dialled_however_they_are_keyed_in(
    own: str, lead: str, more: str
) -> None:
    read = parse_keyed(lead + own.removeprefix("+32") + more, COUNTRIES)
    with pytest.raises(NumberRefused):
        check_dialable(read.number, COUNTRIES, {HOTLINE}, {AGENT})
