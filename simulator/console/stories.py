"""Stories that are played on the telephones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, jsonify

from simulator.console.wishes import ConsoleError
from simulator.stories.steps import StoryError
from simulator.stories.storyteller import NoSuchStoryError, StoryRunsError

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from simulator.console.parts import Parts


class StoriesConsole:
    """The routes below /console/stories."""

    def __init__(self, parts: Parts) -> None:
        self._storyteller = parts.storyteller

    def play(self, story: str) -> ResponseReturnValue:
        """Begin a story; how it goes is part of /console/state."""
        try:
            self._storyteller.play(story)
        except NoSuchStoryError as trouble:
            raise ConsoleError(404, str(trouble)) from trouble
        except StoryRunsError as trouble:
            raise ConsoleError(409, str(trouble)) from trouble
        except StoryError as trouble:
            raise ConsoleError(400, f"that story cannot be played; {trouble}") from trouble
        return jsonify({"story": self._storyteller.told()}), 202

    def stop(self) -> ResponseReturnValue:
        """Stop the one that is played."""
        self._storyteller.stop()
        return jsonify({"story": self._storyteller.told()})


def blueprint(parts: Parts) -> Blueprint:
    """The routes."""
    console, routes = StoriesConsole(parts), Blueprint("stories", __name__)
    routes.add_url_rule("/stories/<story>/play", "play", console.play, methods=["POST"])
    routes.add_url_rule("/stories/stop", "stop", console.stop, methods=["POST"])
    return routes
