from dataclasses import dataclass, replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbacks.rules.call_progress import WHISPER_SECONDS, Conclusion, Facts, conclude, is_news
from models.vocabulary import FINAL_LEGS, AgentOutcome, CustomerOutcome, LegStatus

L = LegStatus
ACCEPTED, DECLINED = AgentOutcome.ACCEPTED, AgentOutcome.DECLINED
ORDER = [L.QUEUED, L.DIALLING, L.RINGING, L.IN_PROGRESS]

NOTHING = Facts(
    agent_leg=None,
    agent_outcome=None,
    dialled=False,
    customer_leg=None,
    customer_seconds=None,
    whispered=False,
    dial_bridged=None,
)
DIALLED = replace(NOTHING, agent_leg=L.IN_PROGRESS, agent_outcome=ACCEPTED, dialled=True)
TALKED = replace(DIALLED, customer_leg=L.COMPLETED, customer_seconds=90, whispered=True)


# ---- One leg


statuses = st.sampled_from(LegStatus)
numbers = st.none() | st.integers(0, 5)


def place(status: LegStatus) -> int:
    return len(ORDER) if status in FINAL_LEGS else ORDER.index(status)


@given(statuses, st.integers(-1, 5), statuses, numbers)
def test_a_leg_never_goes_back(old: LegStatus, old_number: int, new: LegStatus, new_number: int | None) -> None:
    if is_news(old, old_number, new, new_number):
        assert place(new) >= place(old)


@given(statuses, st.integers(-1, 5), statuses, numbers)
def test_the_same_news_told_again_is_no_news(
    old: LegStatus, old_number: int, new: LegStatus, number: int | None
) -> None:
    if is_news(old, old_number, new, number):
        assert not is_news(new, old_number if number is None else number, new, number)


@pytest.mark.parametrize("end", sorted(FINAL_LEGS))
@pytest.mark.parametrize("later", list(LegStatus))
def test_an_end_is_never_undone(end: LegStatus, later: LegStatus) -> None:
    assert not is_news(end, 1, later, 9)
    assert not is_news(end, -1, later, None)


@pytest.mark.parametrize("known", ORDER)
@pytest.mark.parametrize("number", [None, 0, 9])
def test_an_end_beats_whatever_was_known(known: LegStatus, number: int | None) -> None:
    assert is_news(known, 5, L.COMPLETED, number)


def test_a_ringing_told_after_the_document_was_fetched_does_not_undo_the_answer() -> None:
    # "initiated" came with number 0; the fetch of the document, which bears none, proved the answer.
    assert is_news(L.DIALLING, 0, L.IN_PROGRESS, None)
    assert not is_news(L.IN_PROGRESS, 0, L.RINGING, 1)


# ---- One attempt


@pytest.mark.parametrize(
    ("leg", "outcome"),
    [
        (L.BUSY, AgentOutcome.BUSY),
        (L.NO_ANSWER, AgentOutcome.NO_ANSWER),
        (L.FAILED, AgentOutcome.FAILED),
        (L.CANCELED, AgentOutcome.WITHDRAWN),
        (L.COMPLETED, AgentOutcome.NO_ANSWER),
    ],
)
def test_an_agent_s_leg_that_ends_without_a_key_was_missed(leg: LegStatus, outcome: AgentOutcome) -> None:
    assert conclude(replace(NOTHING, agent_leg=leg)) == Conclusion(outcome, None)


@pytest.mark.parametrize("leg", [None, *ORDER])
def test_nothing_is_concluded_while_the_agent_s_leg_goes_on_without_a_key(leg: LegStatus | None) -> None:
    assert conclude(replace(NOTHING, agent_leg=leg)) is None


@pytest.mark.parametrize("leg", [None, *LegStatus])
def test_a_refusal_counts_whether_or_not_his_leg_has_ended(leg: LegStatus | None) -> None:
    assert conclude(replace(NOTHING, agent_leg=leg, agent_outcome=DECLINED)) == Conclusion(DECLINED, None)


def test_an_agent_who_accepted_and_was_gone_before_the_customer_was_dialled_costs_no_try() -> None:
    facts = replace(NOTHING, agent_leg=L.COMPLETED, agent_outcome=ACCEPTED)
    assert conclude(facts) == Conclusion(ACCEPTED, CustomerOutcome.NOT_DIALLED)


@pytest.mark.parametrize("agent_leg", [L.IN_PROGRESS, L.COMPLETED])
@pytest.mark.parametrize(
    ("leg", "outcome"),
    [
        (L.BUSY, CustomerOutcome.BUSY),
        (L.NO_ANSWER, CustomerOutcome.NO_ANSWER),
        (L.FAILED, CustomerOutcome.FAILED),
        (L.CANCELED, CustomerOutcome.NO_ANSWER),
    ],
)
def test_the_end_of_the_customer_s_leg_says_why_he_was_not_reached(
    agent_leg: LegStatus,
    leg: LegStatus,
    outcome: CustomerOutcome,
) -> None:
    assert conclude(replace(DIALLED, agent_leg=agent_leg, customer_leg=leg)) == Conclusion(ACCEPTED, outcome)


@pytest.mark.parametrize("agent_leg", [None, *LegStatus])
@pytest.mark.parametrize("leg", [None, *ORDER])
def test_nothing_is_concluded_before_the_customer_s_leg_has_ended(
    agent_leg: LegStatus | None, leg: LegStatus | None
) -> None:
    assert conclude(replace(DIALLED, agent_leg=agent_leg, customer_leg=leg)) is None


def test_the_provider_s_word_that_the_legs_were_joined_counts_even_for_a_short_talk() -> None:
    facts = replace(TALKED, customer_seconds=2, dial_bridged=True)
    assert conclude(facts) == Conclusion(ACCEPTED, CustomerOutcome.BRIDGED, 2)


def test_the_provider_s_word_that_they_were_not_joined_counts_even_for_a_long_leg() -> None:
    assert conclude(replace(TALKED, dial_bridged=False)) == Conclusion(ACCEPTED, CustomerOutcome.NO_ANSWER)


def test_while_the_agent_is_on_the_line_the_dial_action_is_waited_for() -> None:
    assert conclude(TALKED) is None


def test_without_the_provider_s_word_a_leg_that_outlived_its_whisper_was_joined() -> None:
    facts = replace(TALKED, agent_leg=L.COMPLETED)
    assert conclude(facts) == Conclusion(ACCEPTED, CustomerOutcome.BRIDGED, 90)


def test_without_the_provider_s_word_a_leg_that_ended_in_its_whisper_was_not_joined() -> None:
    facts = replace(TALKED, agent_leg=L.COMPLETED, customer_seconds=WHISPER_SECONDS - 1)
    assert conclude(facts) == Conclusion(ACCEPTED, CustomerOutcome.NO_ANSWER)


def test_without_the_provider_s_word_a_leg_that_never_heard_its_whisper_was_not_joined() -> None:
    facts = replace(TALKED, agent_leg=L.COMPLETED, whispered=False)
    assert conclude(facts) == Conclusion(ACCEPTED, CustomerOutcome.NO_ANSWER)


@pytest.mark.parametrize("agent_leg", [L.IN_PROGRESS, L.COMPLETED])
@pytest.mark.parametrize("bridged", [None, False])
@pytest.mark.parametrize("end", [L.COMPLETED, L.FAILED, L.CANCELED])
def test_who_was_given_for_a_machine_stays_one_whatever_is_told_of_the_end(
    agent_leg: LegStatus, bridged: bool | None, end: LegStatus
) -> None:
    facts = replace(
        TALKED, agent_leg=agent_leg, customer_leg=end, dial_bridged=bridged, whispered=False, voicemail=True
    )
    assert conclude(facts) == Conclusion(ACCEPTED, CustomerOutcome.MACHINE)


def test_a_machine_that_is_still_listening_has_ended_nothing() -> None:
    assert conclude(replace(TALKED, customer_leg=L.IN_PROGRESS, voicemail=True)) is None


@pytest.mark.parametrize("seconds", [0, 5, 12, 600])
def test_who_never_got_past_the_question_for_a_key_was_not_talked_to_however_long_he_listened(seconds: int) -> None:
    facts = replace(TALKED, agent_leg=L.COMPLETED, customer_seconds=seconds, whispered=False)
    assert conclude(facts) == Conclusion(ACCEPTED, CustomerOutcome.NO_ANSWER)


@given(
    st.builds(
        Facts,
        agent_leg=st.none() | statuses,
        agent_outcome=st.none() | st.sampled_from([ACCEPTED, DECLINED]),
        dialled=st.booleans(),
        customer_leg=st.none() | statuses,
        customer_seconds=st.none() | st.integers(0, 7200),
        whispered=st.booleans(),
        dial_bridged=st.none() | st.booleans(),
        voicemail=st.booleans(),
    ),
)
def test_only_a_joined_talk_has_seconds(facts: Facts) -> None:
    conclusion = conclude(facts)
    if conclusion is not None and conclusion.customer is not CustomerOutcome.BRIDGED:
        assert conclusion.talk_seconds == 0


# ---- Any order, twice, or not at all


@dataclass(frozen=True)
class Told:
    """One thing the provider says: of the agent's leg, of the customer's, or the Dial action."""

    about: str
    status: LegStatus
    number: int | None = None
    seconds: int | None = None
    bridged: bool | None = None


@dataclass
class Memory:
    """What is kept of a story that has come as far as the dialled customer."""

    facts: Facts
    agent_number: int = -1
    customer_number: int = -1

    def hears(self, told: Told) -> None:
        if told.about == "agent":
            if is_news(self.facts.agent_leg or L.QUEUED, self.agent_number, told.status, told.number):
                self.facts = replace(self.facts, agent_leg=told.status)
                self.agent_number = self.agent_number if told.number is None else told.number
            return
        if told.bridged is not None:
            self.facts = replace(self.facts, dial_bridged=told.bridged)
        if is_news(self.facts.customer_leg or L.QUEUED, self.customer_number, told.status, told.number):
            self.facts = replace(self.facts, customer_leg=told.status)
            self.customer_number = self.customer_number if told.number is None else told.number
        if told.seconds is not None:
            self.facts = replace(self.facts, customer_seconds=told.seconds)


AGENT_STORY = [
    Told("agent", L.DIALLING, 0),
    Told("agent", L.RINGING, 1),
    Told("agent", L.IN_PROGRESS, 2),
    Told("agent", L.COMPLETED, 3),
]
TALK = [
    *AGENT_STORY,
    Told("customer", L.RINGING, 1),
    Told("customer", L.IN_PROGRESS, 2),
    Told("customer", L.COMPLETED, 3, seconds=90),
    Told("customer", L.COMPLETED, bridged=True, seconds=90),
]
UNANSWERED = [
    *AGENT_STORY,
    Told("customer", L.RINGING, 1),
    Told("customer", L.NO_ANSWER, 2),
    Told("customer", L.NO_ANSWER, bridged=False),
]


def heard(story: list[Told]) -> Facts:
    memory = Memory(replace(DIALLED, agent_leg=None, whispered=True))
    for told in story:
        memory.hears(told)
    return memory.facts


@given(st.permutations(TALK), st.lists(st.sampled_from(TALK), max_size=6))
def test_a_talk_is_the_same_talk_in_whatever_order_and_however_often_it_is_told(
    story: list[Told], again: list[Told]
) -> None:
    assert conclude(heard(story + again)) == Conclusion(ACCEPTED, CustomerOutcome.BRIDGED, 90)


@given(st.permutations(UNANSWERED), st.lists(st.sampled_from(UNANSWERED), max_size=6))
def test_an_unanswered_call_is_the_same_in_whatever_order_it_is_told(story: list[Told], again: list[Told]) -> None:
    assert conclude(heard(story + again)) == Conclusion(ACCEPTED, CustomerOutcome.NO_ANSWER)


@given(st.permutations(TALK), st.sets(st.sampled_from([0, 1, 2, 4, 5, 6])))
def test_a_talk_is_the_same_when_all_but_the_ends_is_lost(story: list[Told], lost: set[int]) -> None:
    kept = [told for told in story if told not in [TALK[n] for n in lost]]
    assert conclude(heard(kept)) == Conclusion(ACCEPTED, CustomerOutcome.BRIDGED, 90)


def test_what_was_concluded_is_not_contradicted_by_what_is_told_later() -> None:
    ends = [
        Told("agent", L.COMPLETED, 3),
        Told("customer", L.COMPLETED, 3, seconds=7),
        Told("customer", L.COMPLETED, bridged=False),
    ]
    for story in permutations(ends):
        # The action is requested while the agent's leg is up, so his end is told after it.
        if story.index(ends[2]) > story.index(ends[0]):
            continue
        drawn = [conclude(heard(list(story[: n + 1]))) for n in range(len(story))]
        assert set(drawn) - {None} == {Conclusion(ACCEPTED, CustomerOutcome.NO_ANSWER)}
