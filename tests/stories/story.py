"""The frame of every story: a fresh desk, a step at a time, and what must hold after each."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models.sessions import Database
from models.vocabulary import LegStatus, Option
from tests.stories.desk import Desk
from tests.stories.ending import Ending, all_ends_well
from tests.stories.phonebook import AGENTS, CUSTOMERS
from tests.stories.promises import Promises
from tests.stories.watching import Watch

OPENINGS = {
    "ten o'clock": 0,
    "121 seconds before noon": 7079,
    "a minute before noon": 7140,
    "half past twelve": 9000,
}
"""When a story may begin, in seconds after ten: the edges of a window are where looks that are missing show."""
Options = dict[str, Callable[[], object]]


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
        self._judged = -1
        self._errors = _Errors()
        logging.getLogger("callbacks").addHandler(self._errors)

    @initialize(
        workers=st.sampled_from(["hear every bell", "look when they please"]),
        news=st.sampled_from(["come at once", "come when they please"]),
        waiting=st.sampled_from([["An"], ["An", "Karim"]]),
        on_duty=st.sampled_from([["Bart", "Els"], ["Bart"]]),
        it_is=st.sampled_from(list(OPENINGS)),
        dial_action=st.sampled_from(["says whether they were joined", "leaves that open"]),
        in_the_end=st.sampled_from(list(Ending)),
    )
    def the_desk_opens(
        self,
        workers: str,
        news: str,
        waiting: list[str],
        on_duty: list[str],
        it_is: str,
        dial_action: str,
        in_the_end: Ending,
    ) -> None:
        """Choose how diligent everybody is, when it begins, who is there, and who has called already."""
        for name in AGENTS.keys() - on_duty:
            self.desk.duty(name, on=False)
        self.desk.clock.passes(OPENINGS[it_is])
        self.prompt = news == "come at once"
        self.desk.talks.says_whether_bridged = dial_action == "says whether they were joined"
        self.ending = in_the_end
        for name in waiting:
            with self.happens(f"{name} rings the hotline, presses 1 and hangs up"):
                self.asks_to_be_called(name, Option.OUTAGE)
        self.diligent = workers == "hear every bell"

    def asks_to_be_called(self, name: str, option: Option, other_number: str = "") -> None:
        """Do the usual call to the hotline in one go; `other_number` is keyed in and never confirmed."""
        talks = self.desk.talks
        leg = talks.rings_the_hotline(CUSTOMERS[name], CUSTOMERS[name])
        if leg.lives:
            talks.chooses(leg, option)
        if leg.lives and other_number:
            talks.keys_in(leg, other_number)
        self.desk.network.ends(leg, LegStatus.COMPLETED)

    @contextmanager
    def happens(self, words: str) -> Iterator[None]:
        """Tell one step, do it, and let follow what follows by itself."""
        self.desk.step += 1
        self.desk.teller.tells(words)
        yield
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
        """See promises.py; asked again only where something was committed since."""
        if self._judged == self.desk.database.commits:
            return
        self._judged = self.desk.database.commits
        with self.desk.database.real.read() as session:
            self.promises.hold(session)

    def teardown(self) -> None:
        """Let everything come to its end, and close the desk."""
        try:
            if not self.watch.wrongs:
                all_ends_well(self.desk, self.ending, self._look_again)
                self.watch.talks_are_written_down()
        finally:
            logging.getLogger("callbacks").removeHandler(self._errors)

    def _look_again(self) -> None:
        self.no_telephone_rings_wrongly()
        self.the_promises_hold()


def happening(look: Callable[[Any], Options]) -> Any:
    """Make one rule of everything that somebody may do now, as sentences and what each does.

    A group weighs as much as another in Hypothesis's choice, however many sentences it offers; the first shrinks best.
    """

    def what_happens(story: Any, does: str) -> None:
        with story.happens(does):
            look(story)[does]()

    what_happens.__name__ = what_happens.__qualname__ = look.__name__
    sentences = st.runner().flatmap(lambda story: st.sampled_from(list(look(story))))
    return precondition(lambda story: bool(look(story)))(rule(does=sentences)(what_happens))


class _Errors(logging.Handler):
    """Keeps what the service logs as an error: a sweep goes on after one, and so would a story."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter().format(record))
