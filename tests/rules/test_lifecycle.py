from enum import StrEnum
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbacks.rules.lifecycle import (
    AGENT_ARROWS,
    ATTEMPT_ARROWS,
    ATTEMPT_ORDER,
    CALLBACK_ARROWS,
    TICKET_ARROWS,
    reached,
    states_before,
)
from models.vocabulary import CLOSED_ATTEMPTS, OPEN_CALLBACKS, AgentState, AttemptState, CallbackState, TicketState

C, A = CallbackState, AttemptState

PROTOCOL = {
    "held": "waiting resting needs_human cancelled",
    "waiting": "preparing resting cancelled needs_human",
    "resting": "waiting cancelled needs_human",
    "preparing": "active waiting cancelled needs_human",
    "active": "wrap_up waiting resting unreached cancelled needs_human",
    "wrap_up": "done resting unreached needs_human",
    "needs_human": "waiting done cancelled",
    "done": "",
    "cancelled": "",
    "unreached": "",
}


def test_a_call_back_goes_exactly_the_ways_the_protocol_names() -> None:
    ours = {str(state): {str(target) for target in targets} for state, targets in CALLBACK_ARROWS.items()}
    assert ours == {state: set(targets.split()) for state, targets in PROTOCOL.items()}


@pytest.mark.parametrize(
    ("words", "arrows"),
    [
        (CallbackState, CALLBACK_ARROWS),
        (AttemptState, ATTEMPT_ARROWS),
        (AgentState, AGENT_ARROWS),
        (TicketState, TICKET_ARROWS),
    ],
)
def test_every_state_stands_in_its_table(words: type[StrEnum], arrows: dict[object, object]) -> None:
    assert set(arrows) == set(words)


@pytest.mark.parametrize("state", sorted(OPEN_CALLBACKS))
def test_every_open_call_back_can_still_come_to_an_end(state: CallbackState) -> None:
    seen, edge = {state}, {state}
    while edge:
        edge = {target for origin in edge for target in CALLBACK_ARROWS[origin]} - seen
        seen |= edge
    assert C.DONE in seen
    assert C.CANCELLED in seen


@pytest.mark.parametrize("state", sorted(set(CallbackState) - OPEN_CALLBACKS))
def test_a_closed_call_back_stays_closed(state: CallbackState) -> None:
    assert CALLBACK_ARROWS[state] == frozenset()


@pytest.mark.parametrize("state", sorted(CLOSED_ATTEMPTS))
def test_a_finished_attempt_never_moves_again(state: AttemptState) -> None:
    assert ATTEMPT_ARROWS[state] == frozenset()


@pytest.mark.parametrize("state", sorted(set(AttemptState) - CLOSED_ATTEMPTS))
def test_every_live_attempt_can_come_to_an_end(state: AttemptState) -> None:
    assert ATTEMPT_ARROWS[state] & CLOSED_ATTEMPTS


@pytest.mark.parametrize("state", sorted(set(AgentState) - {AgentState.FREE}))
def test_every_agent_can_come_free_again(state: AgentState) -> None:
    assert AgentState.FREE in AGENT_ARROWS[state]


def test_only_a_free_agent_is_ever_reserved() -> None:
    assert [state for state, targets in AGENT_ARROWS.items() if AgentState.RESERVED in targets] == [AgentState.FREE]


def test_only_an_attempt_that_was_being_sent_goes_back_to_reserved() -> None:
    assert states_before(A.RESERVED) == {A.SENDING}


def test_what_is_in_doubt_is_never_sent_again() -> None:
    seen, edge = {A.UNKNOWN}, {A.UNKNOWN}
    while edge:
        edge = {target for origin in edge for target in ATTEMPT_ARROWS[origin]} - seen
        seen |= edge
    assert A.SENDING not in seen
    assert A.RESERVED not in seen


@given(st.data())
def test_an_attempt_moves_right_only(data: st.DataObject) -> None:
    state, walk = A.PLACED, [A.PLACED]
    while ATTEMPT_ARROWS[state]:
        state = data.draw(st.sampled_from(sorted(ATTEMPT_ARROWS[state])))
        walk.append(state)
    assert all(ATTEMPT_ORDER.index(left) < ATTEMPT_ORDER.index(right) for left, right in pairwise(walk))
    assert walk[-1] is A.ENDED


@pytest.mark.parametrize("mark", ATTEMPT_ORDER[2:])
def test_evidence_of_a_state_moves_exactly_the_attempts_that_have_not_come_so_far(mark: AttemptState) -> None:
    assert {state for state in ATTEMPT_ORDER if state in states_before(mark)} == {
        state for state in ATTEMPT_ORDER if not reached(state, mark)
    }
    assert A.UNKNOWN in states_before(mark)


@pytest.mark.parametrize("state", [A.UNKNOWN, A.WITHDRAWN, A.REJECTED, A.NOT_PLACED])
def test_an_attempt_of_which_nothing_is_proven_has_come_nowhere(state: AttemptState) -> None:
    assert not reached(state, A.RESERVED)
