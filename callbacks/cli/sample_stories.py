"""The stories that can be played on the demo's telephones, with the sample people.

Their steps are words of `simulator.stories.steps`: what people do, and what must be seen to happen. Each leaves nobody
waiting, so that they can be played in any order, and as often as one likes.
"""

from typing import Any

from callbacks.cli.sample_people import AGENTS, CUSTOMERS

Step = dict[str, Any]
AN, JEF, CLAIRE, TOM = (row[3].split(";")[0] for row in CUSTOMERS[1:])
SOFIE, BART = (row[1] for row in AGENTS[1:3])
MAIL = {row[3].split(";")[0]: row[4] for row in CUSTOMERS[1:]}
WORDS = {
    "nl": ("Welkom", "geregistreerd", "afgesloten"),
    "fr": ("bonjour", "enregistré", "clôturé"),
    "en": ("Welcome", "registered", "closed"),
}
"""What a customer hears first, and reads in the subjects of the first mail and of the last, by his language."""
WELCOME, REGISTERED, CLOSED = (
    {row[3].split(";")[0]: WORDS[row[5]][which] for row in CUSTOMERS[1:]} for which in range(len(WORDS["nl"]))
)
COMPANY = {row[3].split(";")[0]: row[0] for row in CUSTOMERS[1:]}
DESK = [SOFIE, BART]

OUTAGE, QUESTION = "1", "2"
HIS_OWN_NUMBER = "1"
ACCEPT, DECLINE, SOLVED = "1", "2", "1"
TALK_SECONDS = 247
BUSY_SECONDS = 310
"""A little more than `RETRY_BUSY`."""
PREPARED_SECONDS = 60.0
"""Until an agent is rung, real ones: whoever has his desk page open gets half a minute to read first."""
ADVICE = "See on the schedule whether both agents are on duty and who else waits; then play the story again."

CLEAR_THE_LINES: Step = {
    "clear": {"agent": f"answers_and_presses:{ACCEPT}{SOLVED}", "customer": "hangs_up:3"},
    "at": "next_opening",
    "again_after": 1900,
}


def stories() -> list[dict[str, object]]:
    """Return the stories as a scene file holds them."""
    return [
        {
            "id": "lunch",
            "title": "An outage in the lunch break",
            "about": "A bakery stands still at ten past twelve; at one o'clock its phone rings.",
            "steps": _lunch(),
        },
        {
            "id": "overtakes",
            "title": "A managed customer goes first",
            "about": "Three call before the desk opens. An outage and a managed customer are called before a question.",
            "steps": _overtakes(),
        },
        {
            "id": "declines",
            "title": "An agent declines",
            "about": "One agent cannot take the call; the other one's phone rings at once.",
            "steps": _declines(),
        },
        {
            "id": "busy",
            "title": "The customer is on the phone",
            "about": "His line is busy. Five minutes later he is tried again, and reached.",
            "steps": _busy(),
        },
        {
            "id": "weekend",
            "title": "Friday evening to Monday",
            "about": "Who calls after closing is called at the next opening; nobody rings at the weekend.",
            "steps": _weekend(),
        },
    ]


def _lunch() -> list[Step]:
    return [
        CLEAR_THE_LINES,
        {"clock": "lunch_break"},
        {"tell": "The desk has its lunch break. At Bakkerij Peeters, a managed customer, nothing works any more."},
        *_asks(AN, OUTAGE, "middagpauze"),
        {"silent": DESK, "for": 1.5},
        {"tell": "The desk opens again, and the first thing that happens is the call-back."},
        {"clock": "next_opening"},
        *_is_called_back(AN),
    ]


def _overtakes() -> list[Step]:
    return [
        CLEAR_THE_LINES,
        {"clock": {"to": "next_working_day", "plus": -1800}},
        {"tell": "Half an hour before the desk opens. Drukkerij Maes, with a bundle of hours, has a question."},
        *_asks(JEF, QUESTION),
        {"advance": 300},
        {"tell": "Bakkerij Peeters, a managed customer, has a question as well."},
        *_asks(AN, QUESTION),
        {"advance": 300},
        {"tell": "And at Harbour Freight, managed too, nothing works any more."},
        *_asks(TOM, OUTAGE),
        {"silent": DESK, "for": 1.5},
        {"clock": "next_opening"},
        {"tell": "Two agents are there, and whoever called last is called first."},
        *_rings("english", [BART]),
        *_rings("dutch", [SOFIE]),
        {"answer": "english"},
        {"answer": "dutch"},
        *_hears_about("english", TOM),
        *_hears_about("dutch", AN),
        {"press": ["english", ACCEPT], "for": "accepts"},
        {"press": ["dutch", ACCEPT], "for": "accepts"},
        {"rings": [TOM], "as": "tom"},
        {"answer": "tom"},
        {"rings": [AN], "as": "an"},
        {"answer": "an"},
        {"joined": "tom"},
        {"joined": "an"},
        {"silent": [JEF]},
        *_is_solved("dutch", AN, "an"),
        {"tell": "Jef called first of all, and is called last: his moment has come."},
        *_is_rung_about(JEF, "dutch", [SOFIE]),
        *_talk("dutch", JEF, "jef"),
        *_is_solved("english", TOM, "tom"),
        *_is_solved("dutch", JEF, "jef"),
    ]


def _declines() -> list[Step]:
    return [
        CLEAR_THE_LINES,
        {"clock": {"to": "next_opening", "plus": 1800}},
        {"tell": "Claire of Imprimerie Dubois speaks French, and so does Sofie: she is asked first."},
        *_asks(CLAIRE, QUESTION),
        *_is_rung_about(CLAIRE, "first", [SOFIE]),
        {"press": ["first", DECLINE], "for": "she declines"},
        {"ended": "first"},
        {"tell": "Nothing is lost by that: the call-back keeps its place, and goes to the other agent."},
        *_is_called_back(CLAIRE, [BART]),
    ]


def _busy() -> list[Step]:
    return [
        CLEAR_THE_LINES,
        {"clock": {"to": "next_opening", "plus": 1800}},
        {"tell": "Harbour Freight reports an outage. Tom speaks English, and so does Bart."},
        *_asks(TOM, OUTAGE),
        {"tell": "Somebody else calls Tom: his line is busy when the desk tries to reach him."},
        {"behave": {TOM: "busy"}},
        *_is_rung_about(TOM, "agent"),
        {"press": ["agent", ACCEPT], "for": "accepts"},
        {"hears": ["agent", "in gesprek"]},
        {"ended": "agent"},
        {"mail": MAIL[TOM]},
        {"silent": DESK, "for": 1.5},
        {"tell": "He is tried again after five minutes, and is free by then."},
        {"behave": {TOM: "manual"}},
        {"advance": BUSY_SECONDS},
        *_is_called_back(TOM),
    ]


def _weekend() -> list[Step]:
    return [
        CLEAR_THE_LINES,
        {"clock": {"to": "end_of_week", "plus": 1200}},
        {"tell": "The week is over: the desk closed ten minutes ago. Drukkerij Maes reports an outage."},
        *_asks(JEF, OUTAGE, "gesloten"),
        {"silent": DESK, "for": 1.5},
        {"advance": 18 * 3600},
        {"tell": "A day that is not worked."},
        {"silent": [*DESK, JEF], "for": 2},
        {"clock": {"to": "next_opening", "plus": -60}},
        {"tell": "One minute before the next opening."},
        {"silent": [*DESK, JEF], "for": 2},
        {"clock": "next_opening"},
        *_is_called_back(JEF),
    ]


def _asks(number: str, option: str, hears: str = "") -> list[Step]:
    """Return a call to the hotline: the option, his own number, the farewell; and the confirmation by mail."""
    return [
        {"call": number, "as": "caller"},
        {"hears": ["caller", hears or WELCOME[number]]},
        {"press": ["caller", option], "for": "an outage" if option == OUTAGE else "a question"},
        {"press": ["caller", HIS_OWN_NUMBER], "for": "call me on this number"},
        {"listen": "caller"},
        {"hang_up": "caller"},
        {"mail": MAIL[number], "subject": REGISTERED[number]},
    ]


def _is_called_back(number: str, agents: list[str] = DESK) -> list[Step]:
    return [
        *_is_rung_about(number, "agent", agents),
        *_talk("agent", number, "customer"),
        *_is_solved("agent", number, "customer"),
    ]


def _is_rung_about(number: str, agent: str, agents: list[str] = DESK) -> list[Step]:
    return [
        *_rings(agent, agents),
        {"answer": agent},
        *_hears_about(agent, number),
    ]


def _rings(agent: str, agents: list[str]) -> list[Step]:
    return [{"rings": agents, "as": agent, "deadline": PREPARED_SECONDS, "advice": ADVICE}]


def _hears_about(agent: str, number: str) -> list[Step]:
    return [{"hears": [agent, COMPANY[number]], "advice": ADVICE}]


def _talk(agent: str, number: str, customer: str) -> list[Step]:
    return [
        {"press": [agent, ACCEPT], "for": "accepts"},
        {"rings": [number], "as": customer},
        {"answer": customer},
        {"joined": customer},
    ]


def _is_solved(agent: str, number: str, customer: str) -> list[Step]:
    return [
        {"advance": TALK_SECONDS},
        {"hang_up": customer},
        {"press": [agent, SOLVED], "for": "solved"},
        {"ended": agent},
        {"mail": MAIL[number], "subject": CLOSED[number]},
    ]
