"""Things take their usual course for a while, up to where somebody acts otherwise: it brings a story on."""

from collections.abc import Callable
from functools import partial

from models.vocabulary import LegKind, LegStatus
from tests.stories.legs import Leg, Stage
from tests.stories.people import People
from tests.stories.story import Options, happening

LONGEST_COURSE = 8


class Courses(People):
    """Rules that let several people and workers do what is usual."""

    @happening
    def course(self) -> Options:
        """Let what is usual happen, several times."""
        return {
            f"things take their course, {times} steps on": partial(self._takes_its_course, times)
            for times in range(1, 5)
        }

    @happening
    def turning_point(self) -> Options:
        """Be reached, and things take another course from there."""
        talks = self.desk.talks
        return {
            "an agent is asked, and presses 2": partial(self._until, self._asked_agents, talks.agent_declines),
            "an agent is asked, and hangs up": partial(self._until, self._asked_agents, self.hangs_up),
            "a customer is rung, and does not answer": partial(self._until, self._rung_customers, self._is_missed),
            "two are joined, and the agent hangs up": partial(self._until, self._joined_agents, self.hangs_up),
            "an agent says that he will call again": partial(
                self._until, self._done_agents, partial(talks.agent_states, key="2")
            ),
        }

    # ---- How it is done

    def _takes_its_course(self, times: int) -> None:
        for _ in range(times):
            if not self._next_thing():
                return
            self.desk.network.time_passed()
            self.news_arrive()

    def _next_thing(self) -> bool:
        """Do what comes next on some telephone, else let the workers look; False where they find nothing to do."""
        desk, talks = self.desk, self.desk.talks
        for leg in desk.network.live(LegKind.CUSTOMER):
            if leg.answered is None:
                talks.customer_answers(leg)
            else:
                self.hangs_up(leg, 30)
            return True
        for leg in desk.network.live(LegKind.AGENT):
            if leg.status is LegStatus.RINGING:
                talks.agent_answers(leg)
            elif leg.stage is Stage.WHISPER:
                talks.agent_accepts(leg)
            elif leg.stage is Stage.OUTCOME:
                talks.agent_states(leg, "1")
            else:
                self.hangs_up(leg)
            return True
        if "dial" in desk.bells.rung:
            desk.bells.rung.clear()
            desk.dial_worker_looks()
            return True
        desk.clock_goes_on()
        desk.dispatch_worker_looks()
        return "dial" in desk.bells.rung

    def _until(self, look: Callable[[], list[Leg]], act: Callable[[Leg], None]) -> None:
        """Let things take their course until `look` finds somebody who acts otherwise."""
        for _ in range(LONGEST_COURSE):
            found = look()
            if found:
                act(found[0])
            if found or not self._next_thing():
                return
            self.desk.network.time_passed()
            self.news_arrive()

    def _agents_at(self, stage: Stage) -> list[Leg]:
        return [leg for leg in self.desk.network.live(LegKind.AGENT) if leg.stage is stage]

    def _asked_agents(self) -> list[Leg]:
        return self._agents_at(Stage.WHISPER)

    def _done_agents(self) -> list[Leg]:
        return self._agents_at(Stage.OUTCOME)

    def _joined_agents(self) -> list[Leg]:
        customers = self.desk.network.live(LegKind.CUSTOMER)
        return [leg.parent for leg in customers if leg.answered is not None and leg.parent is not None]

    def _rung_customers(self) -> list[Leg]:
        return [leg for leg in self.desk.network.live(LegKind.CUSTOMER) if leg.answered is None]

    def _is_missed(self, leg: Leg) -> None:
        self.desk.network.ends(leg, LegStatus.NO_ANSWER)
