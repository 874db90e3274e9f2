"""What nobody does on purpose: time, the network's moods, news late or twice, power cuts, and when workers look."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from models.vocabulary import LegKind, LegStatus
from tests.stories.clocks import next_time
from tests.stories.network import Answer, Letter, Trouble
from tests.stories.people import OPEN
from tests.stories.phonebook import AGENTS, CUSTOMERS
from tests.stories.power import Death, Moment, Process, Stall
from tests.stories.story import Story, rule_for

SECONDS = (1, 4, 8, 12, 16, 21, 31, 46, 95, 125, 310, 1900)
BEFORE = (121, 119, 26, 24, 9, 1, 0, -1)
JUMPS = {
    "an hour back": timedelta(hours=-1),
    "ten minutes back": timedelta(minutes=-10),
    "a day back": timedelta(days=-1),
    "ten minutes on": timedelta(minutes=10),
    "three hours on": timedelta(hours=3),
    "a day on": timedelta(days=1),
}
MEANWHILE = (
    "everybody else works",
    "all news arrive",
    "the supervisor cancels everything",
    "the supervisor stops dialling",
    "all agents go off duty",
    "An rings the hotline",
)


class Luck(Story):
    """Rules of luck."""

    # ---- Time

    @rule(seconds=st.sampled_from(SECONDS))
    def time_passes(self, seconds: int) -> None:
        """On both clocks."""
        with self.happens(f"{seconds} seconds pass") as desk:
            desk.time_passes(seconds)

    @rule(edge=st.sampled_from(["closing", "opening"]), seconds_before=st.sampled_from(BEFORE))
    def time_passes_until(self, edge: str, seconds_before: int) -> None:
        """Shortly before, or a second after, an edge of the desk's hours."""
        with self.happens(f"time passes until {seconds_before} s before {edge}") as desk:
            instant = next_time(desk.clock.at, (12, 17) if edge == "closing" else (9, 13))
            left = (instant - desk.clock.at).total_seconds() - seconds_before
            desk.time_passes(max(0.0, left))

    @rule(how=st.sampled_from(list(JUMPS)))
    def wall_clock_is_set(self, how: str) -> None:
        """While everything runs."""
        with self.happens(f"the wall clock is set {how}") as desk:
            desk.clock.is_set(JUMPS[how])

    # ---- The network

    @rule_for(
        lambda story: story.desk.network.letters[:8], how=st.sampled_from(["once", "and may come again", "never arrive"])
    )
    def news_arrive_of(self, who: Letter, how: str) -> None:
        """One of what is on its way, whichever was sent first."""
        with self.happens(f"news ({who}): {how}") as desk:
            if how != "and may come again":
                desk.network.letters.remove(who)
            if how != "never arrive":
                desk.talks.told(who)

    @rule_for(lambda story: story.desk.network.letters[:1])
    def all_news_arrive(self, who: Letter) -> None:
        """In order, `who` first."""
        with self.happens(f"all news arrive, {who} first"):
            self.news_arrive()

    @rule(how=st.sampled_from(list(Trouble)), lists=st.sampled_from(["are up to date", "lag behind"]))
    def network_fares(self, how: Trouble, lists: str) -> None:
        """When it is asked about legs."""
        with self.happens(f"asked about calls, the network {how}; its lists {lists}") as desk:
            desk.network.trouble = how
            desk.network.lags = lists == "lag behind"

    @rule(answer=st.sampled_from(list(Answer)))
    def next_request_gets(self, answer: Answer) -> None:
        """The next request to place a call."""
        with self.happens(f"the next request for an agent's phone: {answer}") as desk:
            desk.network.answer = answer

    @rule_for(lambda story: story.called(LegKind.AGENT, LegStatus.QUEUED))
    def network_rings_at_last(self, who: str) -> None:
        """For a call that stood in its queue."""
        with self.happens(f"the network rings {who} at last") as desk:
            desk.network.leaves_the_queue(self.leg_of(LegKind.AGENT, who))

    # ---- Processes

    @rule(process=st.sampled_from(list(Process)), commit=st.integers(1, 4), moment=st.sampled_from(list(Moment)))
    def next_process_dies(self, process: Process, commit: int, moment: Moment) -> None:
        """At one of its commits; the network has acted by then, or not."""
        with self.happens(f"the next {process} will be killed {moment} its commit number {commit}") as desk:
            desk.database.fates[process] = Death(commit, moment)

    @rule(again=st.booleans())
    def network_asks_again(self, again: bool) -> None:
        """Whether it asks the fallback address where a handler dies, or ends the line."""
        with self.happens(f"where nobody answers the network, it asks {'again' if again else 'no more'}") as desk:
            desk.talks.asks_again = again

    @rule(
        process=st.sampled_from([Process.DIAL, Process.DISPATCH, Process.TELEPHONE, Process.UPKEEP, Process.DESK]),
        transaction=st.integers(1, 6),
        meanwhile=st.sampled_from(MEANWHILE),
    )
    def next_process_stands_still(self, process: Process, transaction: int, meanwhile: str) -> None:
        """Between two transactions, for two seconds in which something else happens."""
        words = f"the next {process} will stand still before its transaction number {transaction}, and {meanwhile}"
        with self.happens(words) as desk:
            desk.database.fates[process] = Stall(transaction, lambda: self._happens_meanwhile(meanwhile))

    # ---- Workers who look of themselves, bell or no bell

    @precondition(lambda story: not story.diligent)
    @rule()
    def clock_looks(self) -> None:
        """The clock process."""
        with self.happens("the clock looks") as desk:
            desk.clock_looks()

    @precondition(lambda story: not story.diligent)
    @rule()
    def dispatch_worker_looks(self) -> None:
        """A bell for dispatch, rung by whom it may."""
        with self.happens("the dispatch worker looks") as desk:
            desk.dispatch_worker_looks()

    @precondition(lambda story: not story.diligent)
    @rule()
    def dial_worker_looks(self) -> None:
        """A bell for dial."""
        with self.happens("a dial worker looks") as desk:
            desk.dial_worker_looks()

    @rule()
    def upkeep_worker_looks(self) -> None:
        """A bell for upkeep."""
        with self.happens("the upkeep worker looks") as desk:
            desk.upkeep_worker_looks()

    @rule(times=st.integers(2, 10))
    def everybody_works_on(self, times: int) -> None:
        """Sixteen seconds a round."""
        with self.happens(f"everybody looks {times} times, sixteen seconds apart") as desk:
            for _ in range(times):
                desk.everybody_looks()
                desk.time_passes(16)

    def _happens_meanwhile(self, what: str) -> None:
        desk = self.desk
        desk.teller.tells(f"… meanwhile {what}")
        before = desk.clock.up
        desk.clock.passes(2)
        if what == "everybody else works":
            desk.everybody_looks()
        elif what == "all news arrive":
            self.news_arrive()
        elif what == "the supervisor cancels everything":
            for ticket in desk.tickets(*OPEN):
                desk.cancels(ticket)
        elif what == "the supervisor stops dialling":
            desk.switches_dialling(on=False)
        elif what == "all agents go off duty":
            for name in AGENTS:
                desk.duty(name, on=False)
        elif "An" in self.can_ring():
            desk.talks.rings_the_hotline(CUSTOMERS["An"], CUSTOMERS["An"])
        desk.clock.stalled += desk.clock.up - before
