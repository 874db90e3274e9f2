"""Between which two steps of docs/protocol.md a process may die: one table, a sentence for each point.

A function alone names four points: it begins, its first transaction is about to commit, that has committed, it
returns. `holds` is what the dead process had claimed, which decides how long it may take (docs/protocol.md, Targets).
`agent_rings` and `customer_rings` are how often each telephone may ring at most until the customer was talked to: more
than once only where somebody picked up and no process, nor the other one behind the fallback address, said anything.
"""

from tests.faults.dying import AFTER, BEFORE, BEGINS, CLOCK, HORSE, RETURNS, WEB, Claim, Moment, Point, Process, Story

WORK = "callbacks.workflows."


def _both_sides(function: str, process: Process, before: str, after: str, **facts: object) -> tuple[Point, Point]:
    """Return the points on both sides of one commit."""
    told = ((BEFORE, before), (AFTER, after))
    first, second = (Point(function, moment, process, sentence, **facts) for moment, sentence in told)  # type: ignore[arg-type]
    return first, second


def _one(points: tuple[Point, ...], function: str, moment: Moment, story: Story = Story.PLAIN) -> Point:
    """Return one point of those; raises ValueError where there is none or more."""
    (found,) = (each for each in points if (each.function, each.moment, each.story) == (WORK + function, moment, story))
    return found


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
        "the agent's document is asked for, `agent_answered` is not committed: the fallback address asks again",
        "`agent_answered` is committed, the whisper never comes: the fallback address asks again",
        holds=Claim.LEG,
        agent_rings=2,
    ),
    Point(
        f"{WORK}bridging:accepted",
        BEFORE,
        WEB,
        "the accepting key, before the compare-and-set is committed: he hears the whisper again",
        Claim.LEG,
        agent_rings=2,
    ),
    Point(
        f"{WORK}bridging:accepted",
        AFTER,
        WEB,
        "the customer may be dialled, the document never leaves: the same leg asks again and gets the same one; where "
        "nobody answers it at all, it is proven after the horizon that nobody was dialled, which is no try",
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

_NEVER_SENT = _one(CLAIMING, "dialing:_begin_sending", AFTER)

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
        first=_one(CLAIMING, "dialing:_dial", BEGINS),
    ),
    *_both_sides(
        f"{WORK}doubting:suspect_overdue",
        CLOCK,
        "a request is past its deadline, `unknown` is not committed",
        "`unknown` is committed, the upkeep bell was not rung",
        first=_NEVER_SENT,
        waits_for_the_horizon=True,
    ),
)

_LOST_END = _one(EVIDENCE, "telling:told", BEFORE, Story.SAYS_OUTCOME)

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
        first=_one(INTAKE, "releasing:hangs_up", BEFORE, Story.HANGS_UP_EARLY),
    ),
    *_both_sides(
        f"{WORK}doubting:_resolve",
        HORSE,
        "an empty listing is had, it is not counted",
        "an empty listing is counted, the sweep does not go on",
        first=_NEVER_SENT,
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
