"""The sounds that <Play> names: fetched with a plain GET, as whoever has the address may."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import requests

from simulator.sounds import Sound

if TYPE_CHECKING:
    from simulator.journal import Journal

LONGEST = 15.0  # seconds
LARGEST = 40 * 1024 * 1024  # bytes; far more than anybody listens to
RETRIEVAL_FAILED, NO_SOUND = 11200, 13420


def retrieve(journal: Journal, sid: str, url: str) -> Sound | None:
    """Fetch a sound; None for one that cannot be played, which is a warning, and the call goes on without it.

    Error 11200: the file could not be retrieved. Error 13420: <Play> wants an audio content type. Nothing is signed:
    no page says that these requests are, and a service must not find out later that they are not.
    """
    status, kind, content, trouble = _get(url)
    journal.add("media", sid=sid, url=url, status=status, content_type=kind, bytes=len(content))
    if trouble:
        journal.add("warning", sid=sid, code=RETRIEVAL_FAILED, text=f"<Play>: {trouble}")
        return None
    if not kind.startswith("audio/"):
        journal.add("warning", sid=sid, code=NO_SOUND, text=f"<Play>: content type {kind or '(none)'}")
        return None
    return Sound(kind, bytes(content))


def _get(url: str) -> tuple[int | None, str, bytearray, str]:
    """Return status, content type, content and what went wrong."""
    session = requests.Session()
    session.trust_env = False  # a proxy of the environment must not see, or break, loopback traffic
    ends, content = time.monotonic() + LONGEST, bytearray()
    try:
        with session.get(url, stream=True, timeout=LONGEST, headers={"User-Agent": "TwilioProxy/1.1"}) as answer:
            kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            for piece in answer.iter_content(64 * 1024):
                content += piece
                if len(content) > LARGEST or time.monotonic() > ends:
                    return answer.status_code, kind, content, "the sound does not end"
            return answer.status_code, kind, content, "" if answer.ok else f"HTTP {answer.status_code}"
    except requests.RequestException as error:
        return None, "", content, type(error).__name__
    finally:
        session.close()
