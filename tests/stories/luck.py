"""What nobody does on purpose: time, the network's moods, news late or twice, power cuts, and when workers look."""

from datetime import timedelta
from functools import cached_property, partial
from itertools import product

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from models.vocabulary import LegKind, LegStatus
from tests.stories.clocks import next_time
from tests.stories.courses import Courses
from tests.stories.legs import DOUBTFUL, Answer, Letter, Trouble
from tests.stories.people import OPEN
from tests.stories.phonebook import AGENTS, CUSTOMERS
from tests.stories.power import Death, Moment, Process, Stall
from tests.stories.story import Options, happening

SECONDS = (1, 4, 12, 31, 46, 95, 310, 1900)
EDGES = {"closing": (12, 17), "opening": (9, 13)}
BEFORE = {"closing": (121, 27, 9, 0), "opening": (0,)}
JUMPS = {
    "an hour back": timedelta(hours=-1),
    "ten minutes back": timedelta(minutes=-10),
    "ten minutes on": timedelta(minutes=10),
    "a day back": timedelta(days=-1),
    "a day on": timedelta(days=1),
}
DIAL_DEATHS = {
    "the worker is killed once it has taken what is due": Death(1, Moment.AFTER),
    "the worker is killed before it is sent": Death(2, Moment.AFTER),
    "the worker is killed once it is sent": Death(3, Moment.BEFORE),
}
"""A dial worker's commits in their order: the slot, `sending`, the answer."""
FIRST_REQUEST = [str(Answer.RINGS), *(str(answer) for answer in Answer if answer in DOUBTFUL), *DIAL_DEATHS]
STALLED = (Process.DIAL, Process.TELEPHONE, Process.DISPATCH, Process.UPKEEP, Process.DESK)
MOST_LETTERS = 6


class Luck(Courses):
    """Rules of luck."""

    @initialize(becomes_of_the_first_request=st.sampled_from(FIRST_REQUEST))
    def something_may_be_wrong(self, becomes_of_the_first_request: str) -> None:
        """Begin with one trouble: nobody could wait for it in a short story."""
        if becomes_of_the_first_request in DIAL_DEATHS:
            self.desk.database.befalls(Process.DIAL, DIAL_DEATHS[becomes_of_the_first_request])
        else:
            self.desk.network.answer = Answer(becomes_of_the_first_request)

    @happening
    def time(self) -> Options:
        """Pass, on both clocks."""
        options: Options = {f"{n} seconds pass": partial(self.desk.time_passes, n) for n in SECONDS}
        for edge, before in BEFORE.items():
            for seconds in before:
                words = f"time passes until {seconds} seconds before {edge}"
                options[words] = partial(self._passes_until, edge, seconds)
        return options

    @happening
    def wall_clock(self) -> Options:
        """Be set, while everything runs."""
        return {
            f"the wall clock is set {words}": partial(self.desk.clock.is_set, span) for words, span in JUMPS.items()
        }

    @happening
    def news(self) -> Options:
        """Arrive in any order, again, or never."""
        options: Options = {}
        for letter in self.desk.network.letters[:MOST_LETTERS]:
            options["all news arrive"] = self.news_arrive
            options[f"news arrives of {letter}"] = partial(self._arrives, letter)
            options[f"news arrives of {letter}, and may come again"] = partial(self._arrives, letter, again=True)
            options[f"news of {letter} is lost"] = partial(self.desk.network.letters.remove, letter)
        return options

    @happening
    def next_request(self) -> Options:
        """Get a plain answer, or a refusal."""
        return self._next_answers(frozenset(Answer) - DOUBTFUL)

    @happening
    def next_answer(self) -> Options:
        """Be lost on its way, or with the worker who waits for it: nobody knows whether a telephone rings."""
        lost = self._next_answers(DOUBTFUL)
        return {} if self.desk.database.is_fated or not lost else lost | self._all_dial_deaths

    @happening
    def network(self) -> Options:
        """Fare well or badly when it is asked about calls."""
        network, talks = self.desk.network, self.desk.talks
        options: Options = {
            f"{leg} leaves the provider's queue": partial(network.leaves_the_queue, leg)
            for leg in network.live(LegKind.AGENT)
            if leg.status is LegStatus.QUEUED
        }
        if network.trouble is not Trouble.NONE or network.lags:
            words = f"asked about calls, the network {Trouble.NONE} again"
            return options | {words: partial(self._fares, Trouble.NONE, lags=False)}
        for trouble, lags in product(Trouble, (True, False)):
            if lags or trouble is not Trouble.NONE:
                words = f"asked about calls, the network {trouble}{', and its lists lag behind' if lags else ''}"
                options[words] = partial(self._fares, trouble, lags=lags)
        more = "no more" if talks.asks_again else "once more"
        options[f"where nobody answers the network, it asks {more}"] = self._asks_otherwise
        return options

    @happening
    def death(self) -> Options:
        """Come to a process at one of its commits."""
        return {} if self.desk.database.is_fated else self._all_deaths

    @happening
    def standstill(self) -> Options:
        """Hold a process up between two transactions, while something else happens."""
        return {} if self.desk.database.is_fated else self._all_stalls

    @happening
    def worker(self) -> Options:
        """Look for work, bell or no bell."""
        desk = self.desk
        return {
            "the workers hear their bells": desk.workers_follow,
            "the upkeep worker looks": desk.upkeep_worker_looks,
            "the clock looks": desk.clock_looks,
            "the dispatch worker looks": desk.dispatch_worker_looks,
            "a dial worker looks": desk.dial_worker_looks,
            "everybody looks every sixteen seconds, three times": self._looks_on,
        }

    # ---- How it is done

    @cached_property
    def _all_dial_deaths(self) -> Options:
        return {
            f"of the next request for an agent's phone: {words}": partial(
                self.desk.database.befalls, Process.DIAL, death
            )
            for words, death in DIAL_DEATHS.items()
        }

    @cached_property
    def _all_deaths(self) -> Options:
        return {
            f"the next {process} will be killed {moment} its commit number {commit}": partial(
                self.desk.database.befalls, process, Death(commit, moment)
            )
            for process, commit, moment in product(Process, (1, 2), Moment)
            if process is not Process.DIAL
        }

    @cached_property
    def _all_stalls(self) -> Options:
        return {
            f"the next {process} will stand still before its transaction number {n}, while {what}": partial(
                self.desk.database.befalls, process, Stall(n, partial(self._happens_meanwhile, what))
            )
            for process, n, what in product(STALLED, (1, 2, 3, 4), self._meanwhile())
        }

    def _looks_on(self) -> None:
        for _ in range(3):
            self.desk.everybody_looks()
            self.desk.time_passes(16)

    def _passes_until(self, edge: str, seconds: int) -> None:
        instant = next_time(self.desk.clock.at, EDGES[edge])
        self.desk.time_passes(max(0.0, (instant - self.desk.clock.at).total_seconds() - seconds))

    def _arrives(self, letter: Letter, *, again: bool = False) -> None:
        if not again:
            self.desk.network.letters.remove(letter)
        self.desk.talks.told(letter)

    def _next_answers(self, answers: frozenset[Answer]) -> Options:
        if self.desk.network.answer is not Answer.RINGS:
            return {}
        return {
            f"of the next request for an agent's phone: {answer}": partial(self._answers, answer)
            for answer in Answer
            if answer in answers and answer is not Answer.RINGS
        }

    def _answers(self, answer: Answer) -> None:
        self.desk.network.answer = answer

    def _fares(self, trouble: Trouble, *, lags: bool) -> None:
        self.desk.network.trouble, self.desk.network.lags = trouble, lags

    def _asks_otherwise(self) -> None:
        self.desk.talks.asks_again = not self.desk.talks.asks_again

    def _happens_meanwhile(self, what: str) -> None:
        self.desk.teller.tells(f"… meanwhile {what}")
        self.desk.clock.passes(2)
        self._meanwhile()[what]()

    def _meanwhile(self) -> Options:
        return {
            "everybody else works": self.desk.everybody_looks,
            "all news arrive": self.news_arrive,
            "the supervisor cancels everything": self._cancels_everything,
            "the supervisor stops dialling": partial(self.desk.switches_dialling, on=False),
            "all agents go off duty": self._go_home,
            "An rings the hotline": self._an_rings,
        }

    def _cancels_everything(self) -> None:
        for ticket in self.desk.tickets(*OPEN):
            self.desk.cancels(ticket)

    def _go_home(self) -> None:
        for name in AGENTS:
            self.desk.duty(name, on=False)

    def _an_rings(self) -> None:
        if not self.desk.network.live_on(CUSTOMERS["An"]):
            self.desk.talks.rings_the_hotline(CUSTOMERS["An"], CUSTOMERS["An"])
