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
    STANDS_SO = "stands_so"
    NOT_AS_SHOWN = "not_as_shown"
    ENTERED_ALREADY = "entered_already"
    SAME_INCIDENT = "same_incident"
    SAME_SCREEN = "same_screen"
    NO_SUCH_DAY = "no_such_day"
    MISSED_HANDLED = "missed_handled"
    MISSED_GONE = "missed_gone"
    NO_SUBJECT = "no_subject"
    NO_NUMBER = "no_number"
    NO_NUMBER_TO_CALL = "no_number_to_call"
    NO_SUCH_CONTACT = "no_such_contact"
    MOMENT_TAKEN = "moment_taken"
    ALREADY_SENT = "already_sent"
    NUMBER_LINKED = "number_linked"
    CHANGED_MEANWHILE = "changed_meanwhile"
    ON_THE_LINE = "on_the_line"
    DECIDE_FIRST = "decide_first"
    NEEDS_NOBODY = "needs_nobody"
    NUMBER_REFUSED = "number_refused"
    PAST = "past"
    NO_MOMENT = "no_moment"
    OUTSIDE_HOURS = "outside_hours"
    SLOT_TAKEN = "slot_taken"
    TAKES_NO_CALLS = "takes_no_calls"
    TOO_MUCH = "too_much"
    NO_DIALLING = "no_dialling"
    NOBODY_FREE = "nobody_free"
    NOTHING_TO_MERGE = "nothing_to_merge"
    OTHER_NUMBER = "other_number"
    OTHER_MOMENT = "other_moment"
    STILL_PROMISED = "still_promised"
    CALLBACK_OPEN = "callback_open"
    NOT_AN_ADDRESS = "not_an_address"
    MAIL_SETTLED = "mail_settled"
    NOT_IN_DOUBT = "not_in_doubt"
    NO_HOURS = "no_hours"
    SAME_HOURS = "same_hours"
    NO_SHIFTS_FOR_HIM = "no_shifts_for_him"
    NOTHING_WRITTEN = "nothing_written"
    TEXT_TOO_LONG = "text_too_long"
    NOT_YOURS = "not_yours"
    STILL_TALKING = "still_talking"
    OUTCOME_STANDS = "outcome_stands"
    MOMENT_UNREADABLE = "moment_unreadable"
    MOMENT_PAST = "moment_past"
    MOMENT_TOO_FAR = "moment_too_far"
    MOMENT_OUTSIDE_HOURS = "moment_outside_hours"
    NOBODY_FREE_THEN = "nobody_free_then"
    CALLED_ALREADY = "called_already"
    NO_DURATION = "no_duration"
    TICKET_CLOSED = "ticket_closed"
    TICKET_OPEN = "ticket_open"
    OFFER_GONE = "offer_gone"
    NO_RINGING_NOW = "no_ringing_now"
    RINGING_STOPPED = "ringing_stopped"
    ALARM_OVER = "alarm_over"
    NO_TITLE = "no_title"
    NO_TEXT = "no_text"
    NOT_SPOKEN = "not_spoken"
    NO_SUCH_TICKET = "no_such_ticket"
    OTHER_INCIDENT = "other_incident"
    NOTHING_MARKED = "nothing_marked"
    INCIDENT_OVER = "incident_over"
    JUST_ANSWERED = "just_answered"
    ENDS_BEFORE_START = "ends_before_start"
    NO_TIME = "no_time"
    TOO_FAR = "too_far"
    CLOCKS_SKIP_IT = "clocks_skip_it"
    OUTSIDE_ENVELOPE = "outside_envelope"
    GONE_ALREADY = "gone_already"
    NO_SUCH_PERSON = "no_such_person"
    NO_TELEPHONE = "no_telephone"
    NO_DAYS = "no_days"
    SAME_SHIFT = "same_shift"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NOT_PROVEN = "not_proven"
    NOT_TWICE = "not_twice"
    LAST_SUPERVISOR = "last_supervisor"
    IN_A_CALL = "in_a_call"
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
