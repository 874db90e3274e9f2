"""Which PINs an agent may choose for the telephone."""

from callbacks.errors import RefusedInput

SHORTEST, LONGEST = 4, 8
RUNS = ("01234567890", "09876543210")


def check_pin(pin: str, phone: str) -> None:
    """Raise RefusedInput, with a sentence for the person, for what everybody would try first.

    Refused are anything but 4 to 8 digits, one digit again and again, a run (1234, 8765) and a part of the agent's own
    number, which whoever forges his caller ID knows.
    """
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        message = f"a PIN has {SHORTEST} to {LONGEST} digits and nothing else"
    elif len(set(pin)) == 1 or any(pin in run for run in RUNS):
        message = "that PIN is too easy to guess: no run, and not the same digit again and again"
    elif pin in phone:
        message = "that PIN is a part of his own telephone number"
    else:
        return
    raise RefusedInput(message)
