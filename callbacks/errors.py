"""Errors that cross rooms. Each carries the one bit that matters: whether trying again can help."""

from enum import StrEnum


class RingbackError(Exception):
    """Anything of ours that goes wrong; `permanent` says that the same call would fail again."""

    permanent = True


class RefusedInput(RingbackError):
    """Input that cannot be taken. The message says what to do, in one sentence a person can act on."""


class Rule(StrEnum):
    """What forbids what a person of the desk asked for: the pages say each in his language (`web_refused_…`)."""

    NO_REASON = "no_reason"
    NO_OPEN_CALLBACK = "no_open_callback"
    BEING_CALLED = "being_called"
    JUST_DECIDED = "just_decided"
    SCREEN_UNNAMED = "screen_unnamed"
    SCREEN_GONE = "screen_gone"


class RuleRefused(RefusedInput):
    """A wish that would break a rule. `field` is the form's field at fault, empty where it is none of them.

    The message is for the command line; the pages say `rule` with `values` filled in.
    """

    def __init__(self, rule: Rule, message: str, field: str = "", **values: object) -> None:
        """Keep which rule it is beside the sentence."""
        super().__init__(message)
        self.rule = rule
        self.field = field
        self.values = values


class NotReady(RingbackError):
    """Something the work needs (database, Redis, migrations) does not answer yet."""

    permanent = False


class PhoneError(RingbackError):
    """The telephone provider did not do what was asked; `code` is its own number, where it gave one."""

    def __init__(self, message: str, code: int | None = None) -> None:
        """Keep the provider's code beside the sentence."""
        super().__init__(message)
        self.code = code


class PhoneRefused(PhoneError):
    """A definite no (4xx): nothing was placed, and the same request would be refused again."""


class PhoneBusy(PhoneError):
    """Too many requests (429): nothing was placed; safe to send again after a pause."""

    permanent = False


class PhoneNotSent(PhoneError):
    """The request never left (connection refused, DNS, TLS): nothing was placed."""

    permanent = False


class PhoneUncertain(PhoneError):
    """Nobody knows (time-out, reset, 5xx, garbled answer): never repeat before asking what exists."""

    permanent = False


class MailRefused(RingbackError):
    """The mail server will never take this mail (5xx, no such address)."""


class MailDelayed(RingbackError):
    """The mail server could not take it now; it is tried again later."""

    permanent = False
