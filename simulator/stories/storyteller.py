"""Plays a story: steps on the telephones, one after another, told as they happen."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

from simulator.service_clock import ClockError
from simulator.stories.cast import Cast
from simulator.stories.inbox import Inbox
from simulator.stories.play import Play
from simulator.stories.stage import Stage, StoppedError
from simulator.stories.steps import StoryError, check

if TYPE_CHECKING:
    from simulator.clocks import Clocks
    from simulator.exchange import Exchange
    from simulator.lines import Lines
    from simulator.mailbox import Mailbox
    from simulator.scene import Scene, Story

STOP_SECONDS = 5.0
log = logging.getLogger(__name__)


class NoSuchStoryError(Exception):
    """The scene has no story of that name."""


class StoryRunsError(Exception):
    """One story at a time."""


class Storyteller:
    """One story at a time, in a thread of its own."""

    def __init__(self, exchange: Exchange, lines: Lines, mailbox: Mailbox, scene: Scene, clocks: Clocks) -> None:
        self._exchange = exchange
        self._lines = lines
        self._mailbox = mailbox
        self._scene = scene
        self._clocks = clocks
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._told: dict[str, Any] | None = None
        self._over: set[str] = set()
        """The calls of stories that came to their end: they left nothing."""

    def play(self, story_id: str) -> None:
        """Begin. Raises NoSuchStoryError, StoryRunsError, and StoryError for steps that nobody could play."""
        story = next((each for each in self._scene.stories if each.id == story_id), None)
        if story is None:
            message = f"there is no story {story_id!r}, only {', '.join(each.id for each in self._scene.stories)}"
            raise NoSuchStoryError(message)
        check(story.steps)
        with self._exchange.changed:
            if self._told is not None and self._told["status"] == "running":
                message = f"“{self._told['title']}” is being played: stop it first, or wait for its end"
                raise StoryRunsError(message)
            # Of its own: the thread of a story that was stopped may still be hanging up.
            self._stopped = threading.Event()
            self._told = {"id": story.id, "title": story.title, "status": "running", "trouble": "", "told": []}
            self._thread = threading.Thread(
                target=self._plays, args=(story, self._stopped, self._told), daemon=True, name=f"story-{story.id}"
            )
            self._thread.start()
        self._exchange.journal.add("console", deed="story", story=story.id)

    def stop(self) -> None:
        """Stop what is played, at once, and wait until its calls are hung up; nothing where nothing is played."""
        thread = self._thread
        self._stopped.set()
        self._exchange.changed_now()
        if thread is not None and thread is not threading.current_thread():
            thread.join(STOP_SECONDS)

    def told(self) -> dict[str, Any] | None:
        """The story that is or was played last, and what was told of it so far; None before the first."""
        with self._exchange.changed:
            return self._told and {**self._told, "told": list(self._told["told"])}

    def _plays(self, story: Story, stopped: threading.Event, told: dict[str, Any]) -> None:
        def tell(text: str) -> None:
            with self._exchange.changed:
                told["told"].append({"at": self._exchange.clock.now().isoformat(), "text": text})
                self._exchange.changed_now()

        stage = Stage(self._exchange, self._lines, stopped)
        cast = Cast(self._exchange, self._scene)
        play = Play(stage, self._clocks, Inbox(self._mailbox), cast, tell, before=self._may_have_left_something())
        status, trouble = "failed", ""
        try:
            play.run(story.steps)
            status = "ended"
        except StoppedError:
            status = "stopped"
        except (StoryError, ClockError) as error:
            trouble = _sentence(str(error))
        except Exception as error:  # whatever it is: who plays a story must not wait for ever for its end
            log.exception("the story %s broke off", story.id)
            trouble = f"The storyteller itself stumbled over {error!r}; its process wrote more."
        finally:
            try:
                play.tidy()
            finally:
                with self._exchange.changed:
                    if status == "ended":
                        self._over.update(play.family())
                    told["status"], told["trouble"] = status, trouble
                    self._exchange.changed_now()

    def _may_have_left_something(self) -> bool:
        with self._exchange.changed:
            return not self._over.issuperset(self._exchange.legs)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?")) else ".")
