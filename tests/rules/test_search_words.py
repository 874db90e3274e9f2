"""What is typed into a search field, taken apart."""

import pytest

from callbacks.rules.search_words import LONGEST, MOST_TERMS, Term, pattern, terms


@pytest.mark.parametrize(
    "typed",
    ["0470 12 34 56", "0470/12.34.56", "0470123456", "+32 470 12 34 56", "+32 (0)470 12 34 56", "0032 470-12-34-56"],
)
def test_a_number_is_found_however_people_write_it(typed: str) -> None:
    assert [term.begins for term in terms(typed)] == ["+32470123456"]


def test_half_a_number_is_what_a_number_begins_with() -> None:
    assert [term.begins for term in terms("0470 12")] == ["+3247012"]


@pytest.mark.parametrize("typed", ["10003", "34 56", "470123456"])
def test_digits_without_a_zero_may_stand_anywhere(typed: str) -> None:
    assert terms(typed) == [Term(typed, digits=typed.replace(" ", ""))]


def test_words_and_numbers_beside_each_other_are_looked_for_each() -> None:
    assert terms("  Peeters  0470 12  lien ") == [Term("Peeters"), Term("0470 12", begins="+3247012"), Term("lien")]
    assert [term.begins for term in terms("0470 +32471")] == ["+32470", "+32471"]


def test_nothing_typed_looks_for_nothing() -> None:
    assert terms("   ") == []


def test_what_nobody_types_by_hand_is_cut_off() -> None:
    assert len(terms("a " * 500)) == MOST_TERMS
    assert len(terms("x" * 5000)[0].text) == LONGEST


def test_signs_that_mean_something_to_the_database_mean_themselves() -> None:
    assert pattern("100%_\\") == r"%100\%\_\\%"


def test_letters_of_other_scripts_match_any_letter_because_the_databases_fold_only_ascii() -> None:
    assert pattern("Éa") == pattern("éA") == "%_a%"
    assert terms("E\u0301lodie") == [Term("Élodie")], "typed as two signs, it is one letter"
