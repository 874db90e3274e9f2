"""Names and subjects, made fit to be read aloud by a telephone voice."""

import unicodedata

# Control, surrogate, private, unassigned; pictures and emoji (So), their skin tones and bare accents (Sk); line breaks.
# Each parts words. An XML parser refuses most control characters, whatever the escaping, and the caller would hear an
# application error.
_PARTING = frozenset({"Cc", "Cs", "Co", "Cn", "So", "Sk", "Zs", "Zl", "Zp"})
# Cf: bidirectional marks, joiners, soft hyphens; Me: the frames of keycap emoji. Nothing is heard of them.
_SILENT = frozenset({"Cf", "Me"})
_VARIATION = range(0xFE00, 0xFE10)


def speakable(text: str, limit: int = 80, fallback: str = "") -> str:
    """Return `text` on one line of at most `limit` characters, without what cannot be spoken; cut between words.

    Where no letter or digit remains, `fallback` is returned instead, as it stands. Markup such as < stays text: the
    templates escape it.
    """
    # Cutting first bounds the work on hostile input; composing can only shorten what is kept.
    kept = "".join(_spoken(each) for each in unicodedata.normalize("NFC", text[: limit * 20]))
    folded = " ".join(kept.split())
    if len(folded) > limit:
        head, _, rest = folded[: limit + 1].rpartition(" ")
        folded = head if head and len(rest) <= limit // 2 else folded[:limit]
    folded = folded.strip()
    return folded if any(each.isalnum() for each in folded) else fallback


def _spoken(character: str) -> str:
    category = unicodedata.category(character)
    if category in _PARTING:
        return " "
    return "" if category in _SILENT or ord(character) in _VARIATION else character
