"""The words of a death: where in a function, what is done there, to which process, and what it had claimed."""

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


BEGINS, BEFORE, AFTER, RETURNS = Moment
WEB, HORSE, CLOCK = Process
