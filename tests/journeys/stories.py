"""Parts that many journeys begin or end with, told once."""

from tests.journeys.desk import Desk
from tests.journeys.phones import Line, Person


def asks_to_be_called(caller: Person, key: str = "1") -> None:
    """Dial in, choose an option, confirm the number, hear the whole farewell, and want nothing more."""
    caller.dials_in().presses(key).hears("Klopt dat").presses("1").hears("geregistreerd: ticket").stays_silent().ends()


def are_joined(agent: Person, customer: Person) -> tuple[Line, Line]:
    """Let the agent be rung, accept, and be joined with the customer; return both lines."""
    whisper = agent.is_rung().answers().hears("Aannemen").presses("1")
    talk = customer.is_rung().answers()
    talk.is_joined_with(whisper)
    return whisper, talk


def talk_and_solve(desk: Desk, agent: Person, customer: Person, seconds: int = 95) -> None:
    """Let both talk, the customer hang up, and the agent say that it is solved."""
    whisper, talk = are_joined(agent, customer)
    desk.passes(seconds=seconds)
    talk.hangs_up()
    whisper.hears("Hoe is het afgelopen").presses("1").hears("gesloten").ends()


def is_taken_up(agent: Person, company: str, customer: Person) -> None:
    """Let the agent accept and find the customer's telephone engaged: proves who is next without a talk."""
    customer.behaves("busy")
    whisper = agent.is_rung().answers().hears(company).presses("1")
    customer.is_rung().ends("busy")
    whisper.hears("in gesprek").ends()


def silences(line: Line, rounds: int) -> Line:
    """Press nothing for so many rounds."""
    for _ in range(rounds):
        line.stays_silent()
    return line
