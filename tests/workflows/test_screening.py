"""Whether a person picked up: he is asked for a key, and a machine hears when we call again."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from callbacks.workflows.screening import Step
from models.callback import Callback
from models.history import History
from models.outbox import OutboxMail
from models.vocabulary import AgentState, CallbackState, CustomerKey, CustomerOutcome, LegStatus, MailKind
from tests.call_desk import CallDesk, brussels
from tests.stand_ins import add_callback, add_contact, add_ticket

TUESDAY = "2026-11-24"


def rung(desk: CallDesk, key: CustomerKey) -> int:
    """Let the customer's telephone ring, in a house that asks like this."""
    desk.rules(customer_key=key)
    desk.agent()
    with desk.services.database.write() as session:
        ticket = add_ticket(session, desk.clock.at, number=10500, contact=add_contact(session, email="an@peeters.test"))
        customer = add_callback(session, desk.clock.at, ticket).id
    desk.ring()
    desk.connects()
    return customer


def steps(desk: CallDesk, *keys: bool) -> list[Step]:
    """Let the customer pick up and press, or not, time after time; return what he hears."""
    heard = [desk.customer_answers(), *(desk.customer_presses(key, n) for n, key in enumerate(keys, 1))]
    return [each.step for each in heard if each is not None]


def mails(desk: CallDesk) -> list[OutboxMail]:
    with desk._look() as session:
        return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def test_a_house_that_does_not_ask_joins_him_after_one_sentence(desk: CallDesk) -> None:
    customer = rung(desk, CustomerKey.OFF)
    assert steps(desk) == [Step.GREET]
    assert (desk.attempt(customer).key_pressed, desk.attempt(customer).voicemail_at) == (None, None)
    assert desk.attempt(customer).whispered_at == desk.clock.at


@pytest.mark.parametrize("key", [True, False])
def test_where_the_key_is_a_label_he_is_joined_either_way_and_it_is_kept(desk: CallDesk, key: bool) -> None:
    customer = rung(desk, CustomerKey.LABEL)
    assert steps(desk, key) == [Step.ASK, Step.JOIN]
    assert desk.attempt(customer).key_pressed is key
    desk.clock.move(seconds=60)
    desk.customer_leg(LegStatus.COMPLETED, seconds=72)
    desk.dial_action(LegStatus.COMPLETED, seconds=72, bridged=True)
    assert desk.attempt(customer).customer_outcome is CustomerOutcome.BRIDGED
    assert desk.attempt(customer).talk_seconds == 72, "what the provider counts"


def test_where_a_key_is_required_the_second_asking_is_soon_enough(desk: CallDesk) -> None:
    customer = rung(desk, CustomerKey.REQUIRED)
    assert steps(desk, False, True) == [Step.ASK, Step.ASK, Step.JOIN]
    assert desk.attempt(customer).key_pressed is True


@pytest.mark.parametrize("key", CustomerKey)
def test_behind_an_extension_nobody_is_asked_for_a_key(desk: CallDesk, key: CustomerKey) -> None:
    customer = rung(desk, key)
    desk.change(Callback, customer, extension="123")
    assert steps(desk) == [Step.GREET]
    # Where the extension came while he was being asked, silence joins him too.
    assert steps(desk, False)[1:] == [Step.JOIN]
    assert desk.attempt(customer).voicemail_at is None


def test_a_machine_hears_when_we_call_again_and_that_is_when_we_do(desk: CallDesk) -> None:
    customer = rung(desk, CustomerKey.REQUIRED)
    desk.clock.at = brussels(TUESDAY, "10:59:50")
    assert steps(desk, False) == [Step.ASK, Step.ASK]
    heard = desk.customer_presses(False, 2)
    assert heard is not None
    assert (heard.step, heard.again) == (Step.VOICEMAIL, brussels(TUESDAY, "11:55:00"))
    # The message takes its time: counted from its end, the rest would end after lunch.
    desk.clock.move(seconds=15)
    desk.customer_leg(LegStatus.COMPLETED, seconds=40)
    desk.dial_action(LegStatus.COMPLETED, seconds=40, bridged=False)
    attempt = desk.attempt(customer)
    assert (attempt.customer_outcome, attempt.key_pressed, attempt.talk_seconds) == (CustomerOutcome.MACHINE, False, 0)
    row = desk.callback(customer)
    assert (row.state, row.not_before) == (CallbackState.RESTING, brussels(TUESDAY, "11:59:50"))
    (mail,) = mails(desk)
    assert mail.kind is MailKind.NOT_REACHED
    assert "Een antwoordapparaat" in mail.body_text


def test_after_the_last_try_a_machine_is_told_that_it_was_the_last(desk: CallDesk) -> None:
    desk.rules(max_tries=1)
    customer = rung(desk, CustomerKey.REQUIRED)
    steps(desk, False)
    heard = desk.customer_presses(False, 2)
    assert heard is not None
    assert (heard.step, heard.again) == (Step.VOICEMAIL, None)
    desk.customer_leg(LegStatus.COMPLETED, seconds=40)
    assert desk.state(customer) is CallbackState.UNREACHED
    assert [mail.kind for mail in mails(desk)] == [MailKind.UNREACHED]


def test_a_key_that_comes_while_the_message_for_a_machine_is_spoken_comes_too_late(desk: CallDesk) -> None:
    customer = rung(desk, CustomerKey.REQUIRED)
    steps(desk, False)
    first = desk.customer_presses(False, 2)
    desk.clock.move(minutes=4)
    assert desk.customer_presses(True, 2) == first
    assert desk.customer_answers() == first, "at the fallback address too"
    assert desk.attempt(customer).key_pressed is False


@pytest.mark.parametrize(
    ("keys", "says"), [((True,), "pressed a key"), ((False, False), "taken for a machine")], ids=["key", "machine"]
)
def test_a_repeated_request_hears_the_same_and_is_written_down_once(
    desk: CallDesk, keys: tuple[bool, ...], says: str
) -> None:
    customer = rung(desk, CustomerKey.REQUIRED)
    steps(desk, *keys)
    first = desk.customer_presses(keys[-1], len(keys))
    again = desk.customer_presses(keys[-1], len(keys))
    assert first == again
    with desk._look() as session:
        written = select(func.count()).select_from(History).where(History.why.contains(says))
        assert session.scalar(written) == 1
    assert desk.attempt(customer).customer_outcome is None


def test_who_hangs_up_while_he_is_asked_did_not_answer(desk: CallDesk) -> None:
    customer = rung(desk, CustomerKey.REQUIRED)
    steps(desk, False)
    desk.customer_leg(LegStatus.COMPLETED, seconds=12)
    desk.dial_action(LegStatus.COMPLETED, seconds=12, bridged=False)
    assert desk.attempt(customer).customer_outcome is CustomerOutcome.NO_ANSWER
    assert desk.callback(customer).not_before == desk.clock.at + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("key", "keys", "outcome"),
    [
        (CustomerKey.REQUIRED, (), CustomerOutcome.NO_ANSWER),
        (CustomerKey.REQUIRED, (False, False), CustomerOutcome.MACHINE),
        (CustomerKey.REQUIRED, (True,), CustomerOutcome.BRIDGED),
        (CustomerKey.LABEL, (), CustomerOutcome.NO_ANSWER),
        (CustomerKey.LABEL, (False,), CustomerOutcome.BRIDGED),
    ],
)
@pytest.mark.parametrize("action", [True, False], ids=["with a Dial action", "agent gone"])
def test_where_nobody_says_whether_they_were_joined_the_questions_length_is_no_talk(
    desk: CallDesk, key: CustomerKey, keys: tuple[bool, ...], outcome: CustomerOutcome, action: bool
) -> None:
    customer = rung(desk, key)
    steps(desk, *keys)
    desk.clock.move(seconds=14)
    desk.customer_leg(LegStatus.COMPLETED, seconds=14)
    if action:
        desk.dial_action(LegStatus.COMPLETED, seconds=14)
    desk.hangs_up()
    assert desk.attempt(customer).customer_outcome is outcome
    assert desk.attempt(customer).talk_seconds == (14 if outcome is CustomerOutcome.BRIDGED else 0)


def test_a_strangers_key_is_hung_up_and_changes_nothing(desk: CallDesk) -> None:
    customer = rung(desk, CustomerKey.REQUIRED)
    steps(desk)
    desk.customer_leg(LegStatus.COMPLETED, seconds=3)
    desk.dial_action(LegStatus.COMPLETED, seconds=3, bridged=False)
    assert desk.customer_presses(True) is None, "the attempt is over"
    assert desk.attempt(customer).key_pressed is None


def test_the_agent_is_free_after_a_machine(desk: CallDesk) -> None:
    customer = rung(desk, CustomerKey.REQUIRED)
    steps(desk, False, False)
    desk.customer_leg(LegStatus.COMPLETED, seconds=40)
    after = desk.dial_action(LegStatus.COMPLETED, seconds=40, bridged=False)
    assert after is not None
    assert after.customer is CustomerOutcome.MACHINE
    desk.hangs_up()
    assert desk.doing(desk.attempt(customer).agent_id) is AgentState.FREE
