"""Numbers as somebody types them on the command line."""

from argparse import ArgumentTypeError

LONGEST = 9
"""Digits: more than any ticket or row will ever have, and no more than every database takes."""


def row_number(text: str) -> int:
    """Return the number of a ticket or a row. Raises ArgumentTypeError, which argparse says in one line."""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST):
        message = f"{text!r} is no number; write it as the list shows it"
        raise ArgumentTypeError(message)
    return int(text)
