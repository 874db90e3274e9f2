"""What people do: callers, agents, customers and a supervisor."""

from datetime import timedelta

from models.vocabulary import CallbackState, LegKind, LegStatus, Option
from tests.stories.network import Leg, Stage
from tests.stories.phonebook import ABROAD, AGENTS, CUSTOMERS, HOTLINE, OTHER_PHONE, PREMIUM, whose
from tests.stories.story import Options, Story, happening

C = CallbackState
OPEN = (C.WAITING, C.PREPARING, C.ACTIVE, C.HELD, C.RESTING, C.WRAP_UP, C.NEEDS_HUMAN)
CALLER_IDS = {"his own number": "", "no number": "anonymous", "a number abroad": ABROAD, "Bart's number": AGENTS["Bart"]}
KEYED = {
    "the other phone": OTHER_PHONE,
    "a premium number": PREMIUM,
    "a number abroad": ABROAD,
    "the hotline": HOTLINE,
    "Els's number": AGENTS["Els"],
}
NOT_REACHED = {"does not answer": LegStatus.NO_ANSWER, "is busy": LegStatus.BUSY, "cannot be reached": LegStatus.FAILED}
TALKS = {"after half a minute": 30, "after four seconds": 4, "at once": 0}


class People(Story):
    """Rules of people."""

    @happening
    def customer(self) -> Options:
        """Ring the hotline, with a free telephone in his hand."""
        talks, options = self.desk.talks, Options()
        for name, phone in CUSTOMERS.items():
            if self.desk.network.live_on(phone):
                continue
            for key in Option:
                options[f"{name} rings the hotline, presses {key.value} and hangs up"] = (
                    lambda name=name, key=key: self.asks_to_be_called(name, key)
                )
            for words, number in CALLER_IDS.items():
                options[f"{name} rings the hotline, showing {words}"] = (
                    lambda phone=phone, number=number: talks.rings_the_hotline(phone, number or phone)
                )
        return options

    @happening
    def caller(self) -> Options:
        """Act on the hotline."""
        talks, options = self.desk.talks, Options()
        for leg in self.desk.network.live(LegKind.INBOUND):
            who = whose(leg.phone)
            if leg.stage is Stage.MENU:
                options[f"{who} presses 1 in the menu"] = lambda leg=leg: talks.chooses(leg, Option.OUTAGE)
            if leg.stage in {Stage.NUMBER, Stage.READ_BACK}:
                options[f"{who} says that the number is right"] = lambda leg=leg: talks.concludes(leg, confirmed=True)
                options[f"{who} does not say whether the number is right"] = (
                    lambda leg=leg: talks.concludes(leg, confirmed=False)
                )
                for words, number in KEYED.items():
                    options[f"{who} keys in {words}"] = lambda leg=leg, number=number: talks.keys_in(leg, number)
            if leg.stage is Stage.FAREWELL:
                options[f"{who} hears goodbye"] = lambda leg=leg: talks.hears_goodbye(leg)
            options[f"{who} hangs up"] = lambda leg=leg: self.hangs_up(leg)
        return options

    @happening
    def agent(self) -> Options:
        """Act on a telephone that we rang."""
        talks, options = self.desk.talks, Options()
        for leg in reversed(self.desk.network.live(LegKind.AGENT)):
            # Of two calls on his phone, he answers the first.
            who = whose(leg.phone)
            if leg.status is LegStatus.RINGING:
                options[f"{who} picks up"] = lambda leg=leg: talks.agent_answers(leg)
                options |= self.not_reached(leg)
            if leg.stage is Stage.WHISPER:
                options[f"{who} presses 1"] = lambda leg=leg: talks.agent_accepts(leg)
                options[f"{who} presses 2"] = lambda leg=leg: talks.agent_declines(leg)
            if leg.stage is Stage.OUTCOME:
                for key in "12345":
                    options[f"{who} presses {key} after the talk"] = (
                        lambda leg=leg, key=key: talks.agent_states(leg, key)
                    )
            if leg.answered is not None:
                options[f"{who} hangs up"] = lambda leg=leg: self.hangs_up(leg)
        return options

    @happening
    def called_customer(self) -> Options:
        """Act on a telephone that an agent's call rings."""
        options = Options()
        for leg in self.desk.network.live(LegKind.CUSTOMER):
            who = whose(leg.phone)
            if leg.answered is None:
                options[f"{who} picks up"] = lambda leg=leg: self.desk.talks.customer_answers(leg)
                options |= self.not_reached(leg)
                continue
            for words, seconds in TALKS.items():
                options[f"{who} hangs up {words}"] = lambda leg=leg, seconds=seconds: self.hangs_up(leg, seconds)
        return options

    @happening
    def supervisor(self) -> Options:
        """Decide; whatever was stopped is resumed before anything else is."""
        desk, options = self.desk, Options()
        for ticket in desk.tickets(C.NEEDS_HUMAN):
            it = f"the supervisor decides about ticket {ticket}"
            options[f"{it}: call him"] = lambda ticket=ticket: desk.resolves(ticket, C.WAITING)
            options[f"{it}: call the other phone"] = (
                lambda ticket=ticket: desk.resolves(ticket, C.WAITING, OTHER_PHONE)
            )
            options[f"{it}: done"] = lambda ticket=ticket: desk.resolves(ticket, C.DONE)
        if desk.stopped is not None:
            return options | {"the supervisor resumes dialling": lambda: desk.switches_dialling(on=True)}
        for number in desk.closures:
            return options | {"the supervisor opens the desk again": lambda number=number: desk.opens_again(number)}
        for ticket in desk.tickets(*OPEN):
            options[f"the supervisor cancels ticket {ticket}"] = lambda ticket=ticket: desk.cancels(ticket)
        options["the supervisor stops dialling"] = lambda: desk.switches_dialling(on=False)
        options["the supervisor closes the desk for half an hour"] = lambda: desk.closes(timedelta(minutes=30))
        options["the supervisor closes the desk for two days"] = lambda: desk.closes(timedelta(days=2))
        return options

    @happening
    def duty(self) -> Options:
        """Come and go."""
        options = Options()
        for name in AGENTS:
            options[f"{name} comes on duty"] = lambda name=name: self.desk.duty(name, on=True)
            options[f"{name} sits down at his desk page"] = lambda name=name: self.desk.desk_page_of(name)
            options[f"{name} goes off duty"] = lambda name=name: self.desk.duty(name, on=False)
        return options

    # ---- What several of them do

    def hangs_up(self, leg: Leg, seconds: int = 0) -> None:
        """End somebody's call from his side, after so many seconds more."""
        self.desk.time_passes(seconds)
        self.desk.network.ends(leg, LegStatus.COMPLETED)

    def not_reached(self, leg: Leg) -> Options:
        """Return how a telephone may ring in vain."""
        ends = self.desk.network.ends
        return {f"{whose(leg.phone)} {how}": lambda end=end: ends(leg, end) for how, end in NOT_REACHED.items()}
