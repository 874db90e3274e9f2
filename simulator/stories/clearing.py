"""What was left of before a story: whoever is still to be rung would be rung first, and another tale be told.

The stand-in cannot know whether somebody waits in the service. So both sides answer by themselves for as long as
anybody is rung, and once more a while later, when those may be tried again who were not reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.stories.steps import StoryError

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.clocks import Clocks
    from simulator.stories.cast import Cast
    from simulator.stories.stage import Stage
    from simulator.stories.steps import Step

QUIET_SECONDS = 2.0
"""So long, in real seconds, nobody must be rung before the telephones are taken to be idle."""
TALK_SECONDS = 60.0
ROUNDS = 8


def clear(stage: Stage, clock: Clocks, cast: Cast, step: Step, tell: Callable[[str], None]) -> None:
    """Clear the lines, where speaking takes no time. Raises StoryError when calls of before do not come to an end."""
    exchange = stage.exchange
    pace, exchange.speech_rate = exchange.speech_rate, 0.0
    try:
        cast.answer_by_themselves(step["clear"])
        if "at" in step:
            clock.goes_to(step["at"], 0)
        for _ in range(ROUNDS):
            if not _rang(stage, tell):
                break
            clock.advance(float(step.get("again_after", 0)))
        else:
            message = "the calls of before do not come to an end: see who still waits, then play the story again"
            raise StoryError(message)
        cast.rests()
    finally:
        # Who chose another pace meanwhile keeps it, unless that is none.
        exchange.speech_rate = exchange.speech_rate or pace


def _rang(stage: Stage, tell: Callable[[str], None]) -> bool:
    """Whether anybody was rung; all those calls are over then."""
    first = newest = stage.newest()
    while stage.watch(lambda since=newest: stage.newest() > since, QUIET_SECONDS):  # type: ignore[misc]
        if newest == first:
            tell("Somebody is left of before, and is called first.")
        stage.until("the calls of before should come to an end", lambda: not stage.is_busy(), TALK_SECONDS)
        newest = stage.newest()
    return newest > first
