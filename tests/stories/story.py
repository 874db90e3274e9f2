"""The frame of every story: a fresh desk, a step at a time, and what must hold after each."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models.sessions import Database
from models.vocabulary import LegKind, LegStatus
from tests.stories.desk import Desk
from tests.stories.ending import Ending, all_ends_well
from tests.stories.network import Leg, Stage
from tests.stories.phonebook import CUSTOMERS, whose
from tests.stories.promises import Promises
from tests.stories.watching import Watch

Look = Callable[[Any], list[Any]]


class Story(RuleBasedStateMachine):
    """One story. `diligent` workers hear every bell at once; `prompt` news come at once and in order."""

    def __init__(self, new_database: Callable[[], Database]) -> None:
        """Open the desk."""
        super().__init__()
        self.desk = Desk(new_database())
        self.watch = Watch(self.desk)
        self.desk.network.on_request = self.watch.agent_is_asked_for
        self.desk.network.on_dial = self.watch.customer_is_dialled
        self.desk.network.on_news_first = self.news_arrive
        self.promises = Promises(self.desk.teller)
        self.diligent = self.prompt = False
        self.ending = Ending.EVERYBODY_TALKS
        self._errors = _Errors()
        logging.getLogger("callbacks").addHandler(self._errors)

    @initialize(
        workers=st.sampled_from(["hear every bell", "look when they please"]),
        news=st.sampled_from(["come at once", "come when they please"]),
        dial_action=st.sampled_from(["says whether they were joined", "leaves that open"]),
        in_the_end=st.sampled_from(list(Ending)),
    )
    def the_desk_opens(self, workers: str, news: str, dial_action: str, in_the_end: Ending) -> None:
        """Choose how diligent everybody is."""
        self.diligent = workers == "hear every bell"
        self.prompt = news == "come at once"
        self.desk.talks.says_whether_bridged = dial_action == "says whether they were joined"
        self.ending = in_the_end

    @contextmanager
    def happens(self, words: str) -> Iterator[Desk]:
        """Tell one step, do it, and let follow what follows by itself."""
        self.desk.step += 1
        self.desk.clock.stalled = 0.0
        self.desk.teller.tells(words)
        yield self.desk
        self.desk.network.time_passed()
        if self.prompt:
            self.news_arrive()
        if self.diligent:
            self.desk.workers_follow()

    def news_arrive(self) -> None:
        """Deliver everything that is on its way, in order."""
        letters = self.desk.network.letters
        while letters:
            self.desk.talks.told(letters.pop(0))

    @invariant()
    def no_telephone_rings_wrongly(self) -> None:
        """Whatever the watch has seen since the last step."""
        assert not self.watch.wrongs, "; ".join(self.watch.wrongs)
        assert not self._errors.lines, "\n".join(self._errors.lines)

    @invariant()
    def the_promises_hold(self) -> None:
        """See promises.py."""
        with self.desk.database.real.read() as session:
            self.promises.hold(session)

    def teardown(self) -> None:
        """Let everything come to its end, and close the desk."""
        try:
            if not self.watch.wrongs:
                all_ends_well(self.desk, self.ending, self._look_again)
        finally:
            logging.getLogger("callbacks").removeHandler(self._errors)

    def _look_again(self) -> None:
        self.no_telephone_rings_wrongly()
        self.the_promises_hold()

    # ---- Who is where

    def can_ring(self) -> list[str]:
        """Return who has a free telephone in his hand."""
        return [name for name, phone in CUSTOMERS.items() if not self.desk.network.live_on(phone)]

    def callers(self, *stages: Stage) -> list[str]:
        """Return who is on the hotline and hears one of these."""
        return [whose(leg.phone) for leg in self.desk.network.live(LegKind.INBOUND) if leg.stage in stages]

    def called(self, kind: LegKind, status: LegStatus, *stages: Stage) -> list[str]:
        """Return whose phone of ours stands like this."""
        legs = [leg for leg in self.desk.network.live(kind) if leg.status is status]
        return [whose(leg.phone) for leg in legs if not stages or leg.stage in stages]

    def leg_of(self, kind: LegKind, name: str) -> Leg:
        """Return somebody's latest call that goes on."""
        return [leg for leg in self.desk.network.live(kind) if whose(leg.phone) == name][-1]


def rule_for(look: Look, **strategies: Any) -> Callable[[Any], Any]:
    """Make a rule about `who`, one of those that `look` finds now; where it finds nobody, the rule waits."""
    who = st.runner().flatmap(lambda story: st.sampled_from(look(story)))

    def decorate(function: Any) -> Any:
        return precondition(lambda story: bool(look(story)))(rule(who=who, **strategies)(function))

    return decorate


class _Errors(logging.Handler):
    """Keeps what the service logs as an error: a sweep goes on after one, and so would a story."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter().format(record))
