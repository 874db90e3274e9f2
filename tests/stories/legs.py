"""The nouns of the telephone network: its calls, the news of them, requests for them, and its moods."""

from dataclasses import dataclass, field
from enum import StrEnum

from callbacks.ports import NewCall
from models.vocabulary import FINAL_LEGS, LegKind, LegStatus
from tests.stories.phonebook import whose


class Answer(StrEnum):
    """What becomes of a request to place a call."""

    RINGS = "it rings"
    QUEUED = "it stands in the provider's queue"
    NEWS_FIRST = "it rings, and the news overtake the answer"
    BAD_NUMBER = "refused: the number is invalid"
    NO_CREDIT = "refused: the account may not call"
    TOO_MANY = "too many requests"
    NOT_SENT = "the request never leaves"
    LOST_RINGS = "no answer, and it rings"
    LOST_TWINS = "no answer, and two calls ring"
    LOST_LATER = "no answer, and it rings later"
    LOST_NOTHING = "no answer, and nothing rings"


DOUBTFUL = frozenset({Answer.LOST_RINGS, Answer.LOST_TWINS, Answer.LOST_LATER, Answer.LOST_NOTHING})


class Stage(StrEnum):
    """What somebody hears who is on a line of ours."""

    MENU = "the menu"
    NUMBER = "the question for the number"
    READ_BACK = "the number he keyed in"
    FAREWELL = "his ticket's number"
    WHISPER = "who waits"
    DIALLING = "the customer's phone ringing"
    OUTCOME = "the question how it ended"
    BYE = "a last sentence"


@dataclass(eq=False, repr=False)
class Leg:
    """One telephone call. Seconds are of the network's own clock, which nobody sets.

    `unanswered` counts questions about it in a row that got no answer; after so many we may give it up (`given_up`),
    whatever goes on in truth (docs/protocol.md §3.4 and §4).
    """

    sid: str
    kind: LegKind
    phone: str
    began: float
    token: str = ""
    parent: "Leg | None" = None
    ring_until: float = float("inf")
    limit: float = 4 * 3600.0
    statuses: list[tuple[float, LegStatus]] = field(default_factory=list)
    answered: float | None = None
    seconds: int | None = None
    stage: Stage | None = None
    stage_since: float = 0.0
    whispered: bool = False
    ticket: int | None = None
    events: int = 0
    unanswered: int = 0
    given_up: bool = False
    told: bool = False

    def __repr__(self) -> str:
        return f"{whose(self.phone)}'s call {self.sid.lstrip('CA0')}"

    @property
    def status(self) -> LegStatus:
        """How it stands in truth."""
        return self.statuses[-1][1]

    @property
    def lives(self) -> bool:
        """Whether it goes on."""
        return self.status not in FINAL_LEGS


@dataclass(frozen=True, eq=False, repr=False)
class Letter:
    """A status callback on its way to us."""

    leg: Leg
    status: LegStatus
    number: int
    seconds: int | None

    def __repr__(self) -> str:
        return f"{self.leg}: {self.status}"


@dataclass(eq=False)
class Request:
    """A request to place a call, and what came of it. `listings` were answered since, for this telephone."""

    call: NewCall
    answer: Answer
    legs: list[Leg] = field(default_factory=list)
    listings: int = 0

    @property
    def token(self) -> str:
        """The secret of its attempt."""
        return self.call.url.rsplit("/", 1)[1]


class Trouble(StrEnum):
    """How the network fares when it is asked about legs, or to end one."""

    NONE = "answers well"
    DEAF = "does not answer"
    MUTE = "does what it is asked, and its answers are lost"
