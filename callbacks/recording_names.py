"""How the provider names a recording. Whatever else comes as one never becomes part of an address or a file's name."""

import re

_SID = re.compile(r"RE[0-9a-fA-F]{32}")


def is_recording(sid: str) -> bool:
    """Say whether this is the name of a recording, and nothing besides."""
    return _SID.fullmatch(sid) is not None
