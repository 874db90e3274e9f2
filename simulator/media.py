"""The sounds that <Play> names: fetched with a plain GET, as whoever has the address may."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import requests

if TYPE_CHECKING:
    from simulator.journal import Journal

LONGEST = 15.0  # seconds
LARGEST = 40 * 1024 * 1024  # bytes; far more than anybody listens to
RETRIEVAL_FAILED, NO_SOUND = 11200, 13420


def retrieve(journal: Journal, sid: str, url: str) -> bool:
    """Fetch a sound and say whether it can be played; what cannot is a warning, and the call goes on without it.

    Error 11200: the file could not be retrieved. Error 13420: <Play> wants an audio content type. Nothing is signed:
    no page says that these requests are, and a service must not find out later that they are not.
    """
    status, kind, size, trouble = _get(url)
    journal.add("media", sid=sid, url=url, status=status, content_type=kind, bytes=size)
    if trouble:
        journal.add("warning", sid=sid, code=RETRIEVAL_FAILED, text=f"<Play>: {trouble}")
        return False
    if not kind.startswith("audio/"):
        journal.add("warning", sid=sid, code=NO_SOUND, text=f"<Play>: content type {kind or '(none)'}")
        return False
    return True


def _get(url: str) -> tuple[int | None, str, int, str]:
    """Return status, content type, bytes and what went wrong."""
    session = requests.Session()
    session.trust_env = False  # a proxy of the environment must not see, or break, loopback traffic
    ends, size = time.monotonic() + LONGEST, 0
    try:
        with session.get(url, stream=True, timeout=LONGEST, headers={"User-Agent": "TwilioProxy/1.1"}) as answer:
            kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            for piece in answer.iter_content(64 * 1024):
                size += len(piece)
                if size > LARGEST or time.monotonic() > ends:
                    return answer.status_code, kind, size, "the sound does not end"
            return answer.status_code, kind, size, "" if answer.ok else f"HTTP {answer.status_code}"
    except requests.RequestException as error:
        return None, "", size, type(error).__name__
    finally:
        session.close()
