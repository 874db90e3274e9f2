"""Numbers in words, as said in Flanders, French-speaking Belgium (septante, nonante) and Britain."""

from models.vocabulary import Language

_NL = [
    "nul",
    "één",
    "twee",
    "drie",
    "vier",
    "vijf",
    "zes",
    "zeven",
    "acht",
    "negen",
    "tien",
    "elf",
    "twaalf",
    "dertien",
    "veertien",
    "vijftien",
    "zestien",
    "zeventien",
    "achttien",
    "negentien",
]
_NL_TENS = ["twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig"]
_FR = [
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
]
_FR_TENS = ["vingt", "trente", "quarante", "cinquante", "soixante", "septante", "quatre-vingts", "nonante"]
_EN = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_EN_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_FR_EIGHTY = 80
_IN_WORDS = range(100)


def number_words(language: Language, number: int) -> str:
    """Return a number from 0 to 99 in words, masculine in French; larger ones as digits, which a voice reads itself."""
    if number not in _IN_WORDS:
        return str(number)
    if language is Language.NL:
        return _dutch(number)
    return _french(number) if language is Language.FR else _english(number)


def _dutch(number: int) -> str:
    if number < len(_NL):
        return _NL[number]
    tens, unit = divmod(number, 10)
    if not unit:
        return _NL_TENS[tens - 2]
    # Written as one word: eenentwintig (not éénentwintig), tweeëntwintig, drieëndertig.
    stem = "een" if unit == 1 else _NL[unit]
    return stem + ("ën" if stem.endswith("ee") or stem == "drie" else "en") + _NL_TENS[tens - 2]


def _french(number: int) -> str:
    if number < len(_FR):
        return _FR[number]
    tens, unit = divmod(number, 10)
    word = _FR_TENS[tens - 2]
    if not unit:
        return word
    if tens * 10 == _FR_EIGHTY:
        return f"quatre-vingt-{_FR[unit]}"
    return f"{word} et un" if unit == 1 else f"{word}-{_FR[unit]}"


def _english(number: int) -> str:
    if number < len(_EN):
        return _EN[number]
    tens, unit = divmod(number, 10)
    return f"{_EN_TENS[tens - 2]}-{_EN[unit]}" if unit else _EN_TENS[tens - 2]
