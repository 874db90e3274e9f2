"""Between which two steps of docs/protocol.md a process may die: one table, a sentence for each point.

A function alone names four points: it begins, its first transaction is about to commit, that has committed, it
returns. `holds` is what the dead process had claimed, which decides how long it may take (docs/protocol.md, Targets).
`agent_rings` and `customer_rings` are the most often each telephone may ring until the customer was talked to: more
than once only where somebody picked up and no process was there to say anything to him.
"""

from dataclasses import dataclass
from enum import StrEnum


class Moment(StrEnum):
    """Where in a function."""

    BEGINS = "begins"
    BEFORE_COMMIT = "before commit"
    AFTER_COMMIT = "after commit"
    RETURNS = "returns"


class Deed(StrEnum):
    """What happens there: to the process itself, to the one that started it, or to both."""

    ITSELF = "itself"
    PARENT = "parent"
    BOTH = "both"
    STANDS_STILL = "stands still"


class Process(StrEnum):
    """Which process runs it; its parent is gunicorn's master, the worker, or the supervisor."""

    WEB = "web"
    HORSE = "work-horse"
    CLOCK = "clock"


class Claim(StrEnum):
    """What a dead process had claimed, as far as anybody can know."""

    NOTHING = "no claim"
    RESERVED = "reserved"
    SENDING = "sending"
    LEG = "a leg that goes on"


class Story(StrEnum):
    """How the scene must begin so that the point is come to at all."""

    PLAIN = "he calls and is called back"
    HANGS_UP_EARLY = "he hangs up right after the key"
    RESTS = "his line is engaged the first time"
    WINDOW = "he calls before the desk opens"
    TALKS = "armed while they talk"
    SAYS_OUTCOME = "armed before the agent says how it ended"


DEEDS = {
    Process.WEB: (Deed.ITSELF, Deed.BOTH),
    Process.HORSE: (Deed.ITSELF, Deed.PARENT, Deed.BOTH),
    # The clock's parent is the supervisor of everything: with it the whole service ends, by design.
    Process.CLOCK: (Deed.ITSELF,),
}


@dataclass(frozen=True)
class Point:
    """One gap between two steps. `first` is another point that must have been fired before this one is reached."""

    function: str
    moment: Moment
    process: Process
    sentence: str
    holds: Claim = Claim.NOTHING
    story: Story = Story.PLAIN
    first: "Point | None" = None
    agent_rings: int = 1
    customer_rings: int = 1
    waits_for_the_horizon: bool = False
    """Takes eight empty listings at least fifteen seconds apart by monotonic time: two real minutes."""

    broken: str = ""
    """What goes wrong here, where it is known and not mended yet."""

    @property
    def name(self) -> str:
        """Return the point as the files of the hook are called."""
        return f"{self.function} {self.moment}"

    @property
    def label(self) -> str:
        """Return a short name for a list of tests."""
        module, _, function = self.function.partition(":")
        story = "" if self.story is Story.PLAIN else f"-{self.story.name.lower()}"
        return f"{module.rpartition('.')[2]}.{function}-{self.moment.replace(' ', '_')}{story}"


WORK = "callbacks.workflows."
BEGINS, BEFORE, AFTER, RETURNS = Moment
WEB, HORSE, CLOCK = Process


RINGS_AFTER_THE_TALK = (
    "the agent's leg falls back to its first document, he accepts again, and the document that rings the customer is "
    "given out a second time (bridging._again)"
)


def _both_sides(function: str, process: Process, before: str, after: str, **facts: object) -> tuple[Point, Point]:
    """Return the points on both sides of one commit."""
    told = ((BEFORE, before), (AFTER, after))
    first, second = (Point(function, moment, process, sentence, **facts) for moment, sentence in told)  # type: ignore[arg-type]
    return first, second


INTAKE = (
    *_both_sides(
        f"{WORK}registering:chooses",
        WEB,
        "the hotline's key is pressed, ticket and held call-back are not committed: he hears an error and calls again",
        "ticket and held call-back are committed, nothing was said of them: the line dies, the key is kept",
    ),
    *_both_sides(
        f"{WORK}registering:concludes",
        WEB,
        "the number is confirmed, not committed: his own caller ID stands",
        "the number is confirmed and committed, the farewell is never said",
    ),
    *_both_sides(
        f"{WORK}releasing:says_goodbye",
        WEB,
        "/voice/bye is asked for, the release is not committed: the end of the line releases",
        "the call-back waits, the bell was not rung: the clock finds it",
    ),
    *_both_sides(
        f"{WORK}releasing:hangs_up",
        WEB,
        "the inbound status is told, and is told once only: the sweep of dead lines asks",
        "the inbound status is committed, the bell was not rung",
        story=Story.HANGS_UP_EARLY,
    ),
    Point(f"{WORK}releasing:_announce", BEGINS, WEB, "released and committed, before the bell"),
)

CLAIMING = (
    Point(f"{WORK}dispatching:_decide", RETURNS, HORSE, "the plan is made, nobody is claimed"),
    Point(f"{WORK}dispatching:_claim", BEFORE, HORSE, "call-back, agent and attempt are written, not committed"),
    Point(f"{WORK}dispatching:_claim", AFTER, HORSE, "the claim is committed, the dial bell was not rung"),
    Point(f"{WORK}dialing:_dial", BEGINS, HORSE, "a slot of the pace is taken, `sending` is not begun", Claim.RESERVED),
    Point(
        f"{WORK}dialing:_begin_sending", BEFORE, HORSE, "`reserved → sending` is written, not committed", Claim.RESERVED
    ),
    Point(
        f"{WORK}dialing:_begin_sending",
        AFTER,
        HORSE,
        "`sending` is committed, the request has not left: nobody can know, so it is asked",
        Claim.SENDING,
        waits_for_the_horizon=True,
    ),
    Point(
        "callbacks.providers.twilio_phone:TwilioPhone.place",
        BEGINS,
        HORSE,
        "right before the write of the request",
        Claim.SENDING,
        waits_for_the_horizon=True,
    ),
    Point(
        "callbacks.providers.twilio_phone:TwilioPhone.place",
        RETURNS,
        HORSE,
        "the request is answered 201, the SID is not stored: any webhook with the token proves the leg",
        Claim.SENDING,
    ),
    *_both_sides(
        f"{WORK}dialing:_placed",
        HORSE,
        "the SID is written, not committed",
        "the SID is stored, the dial worker does not come back",
        holds=Claim.LEG,
    ),
)

AGENTS_LEG = (
    *_both_sides(
        f"{WORK}bridging:answered",
        WEB,
        "the agent's document is asked for, `agent_answered` is not committed: he hears an error",
        "`agent_answered` is committed, the whisper never comes",
        holds=Claim.LEG,
        agent_rings=2,
    ),
    Point(
        f"{WORK}bridging:accepted",
        BEFORE,
        WEB,
        "the accepting key, before the compare-and-set is committed: the customer's phone never rang",
        Claim.LEG,
        agent_rings=2,
    ),
    Point(
        f"{WORK}bridging:accepted",
        AFTER,
        WEB,
        "the customer may be dialled, the document never leaves: proven not dialled after the horizon, no try",
        Claim.LEG,
        agent_rings=2,
    ),
)

CUSTOMERS_LEG = (
    *_both_sides(
        f"{WORK}bridging:customer_answered",
        WEB,
        "the customer picked up, it is not committed: he hears an error, which is a try",
        "`customer_answered` is committed, his whisper never comes: a try, and he is called again",
        holds=Claim.LEG,
        agent_rings=2,
        customer_rings=2,
    ),
)

EVIDENCE = (
    *_both_sides(
        f"{WORK}telling:told",
        WEB,
        "a status callback of the agent's leg is lost: the next evidence says more",
        "a status callback of the agent's leg is committed, its answer never leaves",
        holds=Claim.LEG,
    ),
    *_both_sides(
        f"{WORK}telling:told",
        WEB,
        "the end of the customer's leg is lost: the Dial action, or a sweep, says it",
        "the end of the customer's leg is committed, its answer never leaves",
        holds=Claim.LEG,
        story=Story.TALKS,
        broken=RINGS_AFTER_THE_TALK,
    ),
    *_both_sides(
        f"{WORK}telling:told",
        WEB,
        "the end of the agent's leg is lost: he is kept until the sweep of loose legs asks",
        "the end of the agent's leg is committed, its answer never leaves",
        holds=Claim.LEG,
        story=Story.SAYS_OUTCOME,
    ),
    Point(
        f"{WORK}telling:dial_ended",
        BEFORE,
        WEB,
        "the Dial action is lost: legs are asked about, and a talk longer than its whisper was one",
        Claim.LEG,
        broken=RINGS_AFTER_THE_TALK,
    ),
    Point(
        f"{WORK}telling:dial_ended",
        AFTER,
        WEB,
        "the Dial action is committed, nobody asks for the outcome: it stays unstated",
        Claim.LEG,
    ),
    *_both_sides(
        f"{WORK}wrapping_up:outcome_by_key",
        WEB,
        "the outcome's key is lost: wrap-up ends by itself",
        "the outcome is committed, the agent does not hear so",
        holds=Claim.LEG,
    ),
)

CLOCKWORK = (
    *_both_sides(
        f"{WORK}keeping_time:_wake",
        CLOCK,
        "a rest is over, `waiting` is not committed",
        "a rest is over and committed, the bell was not rung",
        story=Story.RESTS,
        agent_rings=2,
    ),
    Point(
        "callbacks.store.moments:look",
        RETURNS,
        CLOCK,
        "the window has opened, the bells were not rung",
        story=Story.WINDOW,
    ),
    *_both_sides(
        f"{WORK}unplaced:withdraw_overdue",
        CLOCK,
        "a lease is over, taking it back is not committed",
        "a lease is taken back and committed, the bell was not rung",
        first=CLAIMING[3],
    ),
    *_both_sides(
        f"{WORK}doubting:suspect_overdue",
        CLOCK,
        "a request is past its deadline, `unknown` is not committed",
        "`unknown` is committed, the upkeep bell was not rung",
        first=CLAIMING[6],
        waits_for_the_horizon=True,
    ),
)

_LOST_END = next(each for each in EVIDENCE if (each.story, each.moment) == (Story.SAYS_OUTCOME, BEFORE))

UPKEEP = (
    Point(
        f"{WORK}silence:_ask",
        BEGINS,
        HORSE,
        "a silent leg is found, before it is asked about",
        story=Story.SAYS_OUTCOME,
        first=_LOST_END,
    ),
    *_both_sides(
        f"{WORK}silence:_ask",
        HORSE,
        "a silent leg is asked about, what was answered is not committed",
        "what was answered of a silent leg is committed, the sweep does not go on",
        story=Story.SAYS_OUTCOME,
        first=_LOST_END,
    ),
    *_both_sides(
        f"{WORK}reconciling:_ask_about_line",
        HORSE,
        "a dead line is asked about, its end is not committed",
        "the end of a dead line is committed, the bell was not rung",
        story=Story.HANGS_UP_EARLY,
        first=INTAKE[6],
    ),
    *_both_sides(
        f"{WORK}doubting:_resolve",
        HORSE,
        "an empty listing is had, it is not counted",
        "an empty listing is counted, the sweep does not go on",
        first=CLAIMING[6],
        waits_for_the_horizon=True,
    ),
)

POST = (
    *_both_sides(
        f"{WORK}emails:send_due",
        HORSE,
        "a mail is claimed, not committed",
        "a mail is claimed and committed, not sent: it goes out when the claim is old",
    ),
    Point(
        "callbacks.providers.smtp_mailer:SmtpMailer.send",
        RETURNS,
        HORSE,
        "the mail server has a mail that is not marked sent: the one place where one goes out twice, under the same "
        "Message-ID",
    ),
)

POINTS = (*INTAKE, *CLAIMING, *AGENTS_LEG, *CUSTOMERS_LEG, *EVIDENCE, *CLOCKWORK, *UPKEEP, *POST)

BELL = "callbacks.providers.rq_bell:RqBell.ring"
"""Rung twice in the stories of doubled bells."""

WATCHED = frozenset({point.function for point in POINTS} | {BELL})
