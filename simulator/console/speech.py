"""What can be listened to: words said aloud, and the messages of callers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from simulator.console.wishes import ConsoleError
from simulator.speech import NoSpeechError, spoken

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from simulator.console.parts import Parts


class SpeechConsole:
    """The routes /console/speech and /console/sounds."""

    def __init__(self, parts: Parts) -> None:
        self._sounds = parts.exchange.sounds

    def speech(self) -> ResponseReturnValue:
        """The words of `text` in `language`, aloud."""
        try:
            sound = spoken(request.args.get("text", ""), request.args.get("language", ""))
        except ValueError as trouble:
            raise ConsoleError(400, str(trouble)) from trouble
        except NoSpeechError as trouble:
            raise ConsoleError(404, str(trouble)) from trouble
        return Response(sound, mimetype="audio/wav")

    def sound(self, name: str) -> ResponseReturnValue:
        """What a <Play> played, from the console's own origin, which is all that its page may listen to."""
        sound = self._sounds.find(name)
        if sound is None:
            raise ConsoleError(404, "this sound is not kept any more")
        return Response(sound.content, mimetype=sound.content_type)


def blueprint(parts: Parts) -> Blueprint:
    """The routes."""
    console, routes = SpeechConsole(parts), Blueprint("speech", __name__)
    routes.add_url_rule("/speech", "speech", console.speech)
    routes.add_url_rule("/sounds/<name>", "sound", console.sound)
    return routes
