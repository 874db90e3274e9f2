"""What people do: callers, agents, customers and a supervisor."""

from datetime import timedelta
from functools import partial

from models.vocabulary import CallbackState, LegKind, LegStatus, Option
from tests.stories.legs import Leg, Stage
from tests.stories.phonebook import ABROAD, AGENTS, CUSTOMERS, OTHER_PHONE, PREMIUM, whose
from tests.stories.story import Options, Story, happening

C = CallbackState
OPEN = (C.WAITING, C.PREPARING, C.ACTIVE, C.HELD, C.RESTING, C.WRAP_UP, C.NEEDS_HUMAN)
CANCELLED = (C.PREPARING, C.ACTIVE, C.RESTING)
"""Where a supervisor cancels. While they wait, they are cancelled whenever he cancels everything (luck.py)."""
HABITS = {"An": Option.OUTAGE, "Karim": Option.QUESTION}
"""What each of them presses when he is in a hurry."""
DISGUISES = {"no number": "anonymous", "a number abroad": ABROAD, "Bart's number": AGENTS["Bart"]}
KEYED = {
    "the other phone": OTHER_PHONE,
    "a premium number": PREMIUM,
    "Els's number": AGENTS["Els"],
}
NOT_REACHED = {"does not answer": LegStatus.NO_ANSWER, "is busy": LegStatus.BUSY, "cannot be reached": LegStatus.FAILED}
TALKS = {"after half a minute": 30, "after four seconds": 4, "at once": 0}


class People(Story):
    """Rules of people."""

    @happening
    def customer(self) -> Options:
        """Ring the hotline, with a free telephone in his hand."""
        talks = self.desk.talks
        options: Options = {}
        for name, key in HABITS.items():
            phone = CUSTOMERS[name]
            if self.desk.network.live_on(phone):
                continue
            options[f"{name} rings the hotline"] = partial(talks.rings_the_hotline, phone, phone)
            words = f"{name} rings the hotline, presses {key.value} and hangs up"
            options[words] = partial(self.asks_to_be_called, name, key)
            words = f"{name} rings the hotline, presses {key.value}, keys in the other phone and hangs up"
            options[words] = partial(self.asks_to_be_called, name, key, OTHER_PHONE)
        return options

    @happening
    def stranger(self) -> Options:
        """Ring the hotline with a caller ID that may not be dialled."""
        if self.desk.network.live_on(CUSTOMERS["Karim"]):
            return {}
        rings = self.desk.talks.rings_the_hotline
        return {
            f"Karim rings the hotline, showing {words}": partial(rings, CUSTOMERS["Karim"], number)
            for words, number in DISGUISES.items()
        }

    @happening
    def caller(self) -> Options:
        """Act on the hotline."""
        talks = self.desk.talks
        options: Options = {}
        for leg in self.desk.network.live(LegKind.INBOUND):
            who = whose(leg.phone)
            if leg.stage is Stage.MENU:
                options[f"{who} presses 1 in the menu"] = partial(talks.chooses, leg, Option.OUTAGE)
            if leg.stage in {Stage.NUMBER, Stage.READ_BACK}:
                options[f"{who} says that the number is right"] = partial(talks.concludes, leg, confirmed=True)
                options[f"{who} does not say whether the number is right"] = partial(
                    talks.concludes, leg, confirmed=False
                )
                for words, number in KEYED.items():
                    options[f"{who} keys in {words}"] = partial(talks.keys_in, leg, number)
            if leg.stage is Stage.FAREWELL:
                options[f"{who} hears goodbye"] = partial(talks.hears_goodbye, leg)
            options[f"{who} hangs up"] = partial(self.hangs_up, leg)
        return options

    @happening
    def agent(self) -> Options:
        """Act on a telephone that we rang."""
        talks = self.desk.talks
        options: Options = {}
        for leg in reversed(self.desk.network.live(LegKind.AGENT)):
            # Of two calls on his phone, he answers the first.
            who = whose(leg.phone)
            if leg.status is LegStatus.RINGING:
                options[f"{who} picks up"] = partial(talks.agent_answers, leg)
                options |= self.not_reached(leg)
            if leg.stage is Stage.WHISPER:
                options[f"{who} presses 1"] = partial(talks.agent_accepts, leg)
                options[f"{who} presses 2"] = partial(talks.agent_declines, leg)
            if leg.stage is Stage.OUTCOME:
                for key in "12345":
                    options[f"{who} presses {key} after the talk"] = partial(talks.agent_states, leg, key)
            if leg.answered is not None:
                options[f"{who} hangs up"] = partial(self.hangs_up, leg)
        return options

    @happening
    def called_customer(self) -> Options:
        """Act on a telephone that an agent's call rings."""
        options: Options = {}
        for leg in self.desk.network.live(LegKind.CUSTOMER):
            who = whose(leg.phone)
            if leg.answered is None:
                options[f"{who} picks up"] = partial(self.desk.talks.customer_answers, leg)
                options |= self.not_reached(leg)
                continue
            for words, seconds in TALKS.items():
                options[f"{who} hangs up {words}"] = partial(self.hangs_up, leg, seconds)
        return options

    @happening
    def decision(self) -> Options:
        """Be taken by a supervisor about a call-back that needs a person, or is no longer needed."""
        desk = self.desk
        options: Options = {}
        for ticket in desk.tickets(C.NEEDS_HUMAN):
            it = f"the supervisor decides about ticket {ticket}"
            options[f"{it}: call him"] = partial(desk.resolves, ticket, C.WAITING)
            options[f"{it}: call the other phone"] = partial(desk.resolves, ticket, C.WAITING, OTHER_PHONE)
            options[f"{it}: done"] = partial(desk.resolves, ticket, C.DONE)
        for ticket in desk.tickets(*CANCELLED):
            options[f"the supervisor cancels ticket {ticket}"] = partial(desk.cancels, ticket)
        return options

    @happening
    def desk_hours(self) -> Options:
        """Be changed; whatever was stopped or closed is resumed before anything else is."""
        desk = self.desk
        if desk.stopped is not None:
            return {"the supervisor resumes dialling": partial(desk.switches_dialling, on=True)}
        for number in desk.closures:
            return {"the supervisor opens the desk again": partial(desk.opens_again, number)}
        return {
            "the supervisor stops dialling": partial(desk.switches_dialling, on=False),
            "the supervisor closes the desk for half an hour": partial(desk.closes, timedelta(minutes=30)),
            "the supervisor closes the desk for two days": partial(desk.closes, timedelta(days=2)),
        }

    @happening
    def duty(self) -> Options:
        """Begin and end for an agent; or he sits down at his desk page, so that his phone waits until he has read."""
        options: Options = {}
        for name in AGENTS:
            options[f"{name} comes on duty"] = partial(self.desk.duty, name, on=True)
            options[f"{name} sits down at his desk page"] = partial(self.desk.desk_page_of, name)
            options[f"{name} goes off duty"] = partial(self.desk.duty, name, on=False)
        return options

    # ---- What several of them do

    def hangs_up(self, leg: Leg, seconds: int = 0) -> None:
        """End somebody's call from his side, after so many seconds more."""
        self.desk.time_passes(seconds)
        self.desk.network.ends(leg, LegStatus.COMPLETED)

    def not_reached(self, leg: Leg) -> Options:
        """Return how a telephone may ring in vain."""
        ends = self.desk.network.ends
        return {f"{whose(leg.phone)} {how}": partial(ends, leg, end) for how, end in NOT_REACHED.items()}
