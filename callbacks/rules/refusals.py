"""Whose fault a refused call is, by the provider's code. One table; the reasons stand beside it."""

from enum import StrEnum


class Fault(StrEnum):
    """Who has to mend it."""

    AGENT = "agent"
    ACCOUNT = "account"


_AGENTS_NUMBER = frozenset(
    {
        13223,  # the number is not in a form that can be dialled
        13224,  # the number cannot be dialled, or its carrier is out
        13225,  # blocked by the provider's list
        13226,  # no such country code
        21201,  # no number was given
        21211,  # the number is invalid, or equals the caller's
        21214,  # the number cannot be reached
        21216,  # blocked: fraud or regulation
        21217,  # the number does not look valid
        21219,  # a trial account may not call this number
    },
)


def fault_of(code: int | None) -> Fault:
    """Say whose fault a refusal is.

    Twilio's error dictionary (https://www.twilio.com/docs/api/errors) names the number for some codes; everything
    else, known or not (credentials, funds, permissions, our own caller ID), would refuse every other call as well.
    """
    return Fault.AGENT if code in _AGENTS_NUMBER else Fault.ACCOUNT
