"""What people do: callers, agents, customers and a supervisor."""

from datetime import timedelta

from hypothesis import strategies as st

from models.vocabulary import CallbackState, LegKind, LegStatus, Option
from tests.stories.network import Stage
from tests.stories.phonebook import ABROAD, AGENTS, CUSTOMERS, HOTLINE, OTHER_PHONE, PREMIUM
from tests.stories.story import Story, rule_for

C = CallbackState
OPEN = (C.HELD, C.WAITING, C.RESTING, C.PREPARING, C.ACTIVE, C.WRAP_UP, C.NEEDS_HUMAN)
SHOWN = {"withheld": "anonymous", "a number abroad": ABROAD, "Bart's number": AGENTS["Bart"]}
KEYED = {
    "the other phone": OTHER_PHONE,
    "a premium number": PREMIUM,
    "a number abroad": ABROAD,
    "the hotline": HOTLINE,
    "Els's number": AGENTS["Els"],
}
NOT_REACHED = {"is busy": LegStatus.BUSY, "does not answer": LegStatus.NO_ANSWER, "cannot be reached": LegStatus.FAILED}
SPANS = {"half an hour": timedelta(minutes=30), "two days": timedelta(days=2)}


class People(Story):
    """Rules of people."""

    # ---- Callers

    @rule_for(lambda story: story.can_ring(), key=st.sampled_from(list(Option)))
    def customer_asks_to_be_called_back(self, who: str, key: Option) -> None:
        """The usual call to the hotline, in one go."""
        with self.happens(f"{who} rings the hotline, presses {key.value} and hangs up") as desk:
            leg = desk.talks.rings_the_hotline(CUSTOMERS[who], CUSTOMERS[who])
            if leg.lives:
                desk.talks.chooses(leg, key)
            desk.network.ends(leg, LegStatus.COMPLETED)

    @rule_for(lambda story: story.can_ring(), showing=st.sampled_from(["his own number", *SHOWN]))
    def customer_rings_the_hotline(self, who: str, showing: str) -> None:
        """Somebody hears the menu."""
        with self.happens(f"{who} rings the hotline, showing {showing}") as desk:
            desk.talks.rings_the_hotline(CUSTOMERS[who], SHOWN.get(showing, CUSTOMERS[who]))

    @rule_for(lambda story: story.callers(Stage.MENU), key=st.sampled_from(list(Option)))
    def caller_presses(self, who: str, key: Option) -> None:
        """A key that makes a ticket."""
        with self.happens(f"{who} presses {key.value} in the menu") as desk:
            desk.talks.chooses(self.leg_of(LegKind.INBOUND, who), key)

    @rule_for(lambda story: story.callers(Stage.NUMBER, Stage.READ_BACK), number=st.sampled_from(list(KEYED)))
    def caller_keys_in(self, who: str, number: str) -> None:
        """Another number than his own."""
        with self.happens(f"{who} keys in {number}") as desk:
            desk.talks.keys_in(self.leg_of(LegKind.INBOUND, who), KEYED[number])

    @rule_for(lambda story: story.callers(Stage.NUMBER, Stage.READ_BACK), says=st.sampled_from(["yes", "nothing"]))
    def caller_is_asked_whether_the_number_is_right(self, who: str, says: str) -> None:
        """He confirms it, or is silent three times."""
        with self.happens(f"{who} is asked whether the number is right, and says {says}") as desk:
            desk.talks.concludes(self.leg_of(LegKind.INBOUND, who), confirmed=says == "yes")

    @rule_for(lambda story: story.callers(Stage.FAREWELL))
    def caller_hears_goodbye(self, who: str) -> None:
        """Our last document hangs up."""
        with self.happens(f"{who} hears goodbye") as desk:
            desk.talks.hears_goodbye(self.leg_of(LegKind.INBOUND, who))

    @rule_for(lambda story: story.callers(*Stage))
    def caller_hangs_up(self, who: str) -> None:
        """At whatever he hears."""
        with self.happens(f"{who} hangs up the hotline") as desk:
            desk.network.ends(self.leg_of(LegKind.INBOUND, who), LegStatus.COMPLETED)

    # ---- Agents

    @rule_for(lambda story: story.called(LegKind.AGENT, LegStatus.RINGING))
    def agent_answers(self, who: str) -> None:
        """He hears who waits."""
        with self.happens(f"{who} picks up") as desk:
            desk.talks.agent_answers(self.leg_of(LegKind.AGENT, who))

    @rule_for(lambda story: story.called(LegKind.AGENT, LegStatus.RINGING), how=st.sampled_from(list(NOT_REACHED)))
    def agent_is_missed(self, who: str, how: str) -> None:
        """His phone rings for nothing."""
        with self.happens(f"{who} {how}") as desk:
            desk.network.ends(self.leg_of(LegKind.AGENT, who), NOT_REACHED[how])

    @rule_for(lambda story: story.called(LegKind.AGENT, LegStatus.IN_PROGRESS, Stage.WHISPER))
    def agent_accepts(self, who: str) -> None:
        """Key 1: the customer's phone may ring."""
        with self.happens(f"{who} presses 1") as desk:
            desk.talks.agent_accepts(self.leg_of(LegKind.AGENT, who))

    @rule_for(lambda story: story.called(LegKind.AGENT, LegStatus.IN_PROGRESS, Stage.WHISPER))
    def agent_declines(self, who: str) -> None:
        """Key 2."""
        with self.happens(f"{who} presses 2") as desk:
            desk.talks.agent_declines(self.leg_of(LegKind.AGENT, who))

    @rule_for(
        lambda story: story.called(LegKind.AGENT, LegStatus.IN_PROGRESS, Stage.OUTCOME), key=st.sampled_from("12345")
    )
    def agent_says_how_it_ended(self, who: str, key: str) -> None:
        """Solved, call again, visit, wrong person; 5 is "it was (not) an outage"."""
        with self.happens(f"{who} presses {key} after the talk") as desk:
            desk.talks.agent_states(self.leg_of(LegKind.AGENT, who), key)

    @rule_for(lambda story: story.called(LegKind.AGENT, LegStatus.IN_PROGRESS))
    def agent_hangs_up(self, who: str) -> None:
        """At whatever he hears, or in the middle of a talk."""
        with self.happens(f"{who} hangs up") as desk:
            desk.network.ends(self.leg_of(LegKind.AGENT, who), LegStatus.COMPLETED)

    # ---- Customers who are called back

    @rule_for(lambda story: story.called(LegKind.CUSTOMER, LegStatus.RINGING))
    def customer_answers(self, who: str) -> None:
        """He hears who calls, and is joined to the agent."""
        with self.happens(f"{who} picks up") as desk:
            desk.talks.customer_answers(self.leg_of(LegKind.CUSTOMER, who))

    @rule_for(lambda story: story.called(LegKind.CUSTOMER, LegStatus.RINGING), how=st.sampled_from(list(NOT_REACHED)))
    def customer_is_not_reached(self, who: str, how: str) -> None:
        """His phone rings for nothing."""
        with self.happens(f"{who} {how}") as desk:
            desk.network.ends(self.leg_of(LegKind.CUSTOMER, who), NOT_REACHED[how])

    @rule_for(
        lambda story: story.called(LegKind.CUSTOMER, LegStatus.IN_PROGRESS), seconds=st.sampled_from([0, 4, 30, 200])
    )
    def customer_hangs_up(self, who: str, seconds: int) -> None:
        """In the whisper, or after a talk."""
        with self.happens(f"{who} hangs up {seconds} seconds later") as desk:
            leg = self.leg_of(LegKind.CUSTOMER, who)
            desk.time_passes(seconds)
            desk.network.ends(leg, LegStatus.COMPLETED)

    # ---- A supervisor

    @rule_for(lambda story: story.desk.tickets(*OPEN))
    def supervisor_cancels(self, who: int) -> None:
        """The call-back of ticket `who`."""
        with self.happens(f"the supervisor cancels ticket {who}") as desk:
            desk.cancels(who)

    @rule_for(
        lambda story: story.desk.tickets(C.NEEDS_HUMAN),
        how=st.sampled_from(["call him", "call the other phone", "done", "cancelled"]),
    )
    def supervisor_decides(self, who: int, how: str) -> None:
        """About ticket `who`, which needs a person."""
        with self.happens(f"the supervisor decides about ticket {who}: {how}") as desk:
            number = OTHER_PHONE if how == "call the other phone" else ""
            desk.resolves(who, C(how) if how in {C.DONE, C.CANCELLED} else C.WAITING, number)

    @rule_for(lambda story: list(AGENTS), duty=st.sampled_from(["off duty", "on duty", "in front of his desk page"]))
    def agent_goes(self, who: str, duty: str) -> None:
        """Off and on duty; or he looks at his desk's page, so that his phone waits a while."""
        with self.happens(f"{who} goes {duty}") as desk:
            if duty == "in front of his desk page":
                desk.desk_page_of(who)
            else:
                desk.duty(who, on=duty == "on duty")

    @rule_for(lambda story: ["resumes"] if story.desk.stopped else ["stops"])
    def supervisor_switches(self, who: str) -> None:
        """All dialling, at once."""
        with self.happens(f"the supervisor {who} dialling") as desk:
            desk.switches_dialling(on=who == "resumes")

    @rule_for(lambda story: [] if story.desk.closures else list(SPANS))
    def supervisor_closes_the_desk(self, who: str) -> None:
        """For a span of time, from now."""
        with self.happens(f"the supervisor closes the desk for {who}") as desk:
            desk.closes(SPANS[who])

    @rule_for(lambda story: list(story.desk.closures))
    def supervisor_opens_the_desk_again(self, who: int) -> None:
        """By taking closure `who` back."""
        with self.happens(f"the supervisor takes closure {who} back") as desk:
            desk.opens_again(who)
