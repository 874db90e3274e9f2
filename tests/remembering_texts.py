"""Our real texts, watched: so that a text which nobody asks for is found."""

from dataclasses import dataclass, field

from callbacks.texts import CATALOGS, Catalogs, _read_file
from models.vocabulary import Language


@dataclass
class RememberingTexts:
    """Gives the real texts, and remembers which were asked for."""

    real: Catalogs = field(default_factory=Catalogs)
    asked: set[str] = field(default_factory=set)

    def text(self, language: Language, key: str, **values: object) -> str:
        """Return the text, and remember its key."""
        self.asked.add(key)
        return self.real.text(language, key, **values)


def keys_of(*catalogs: str) -> set[str]:
    """Return the keys of some catalogs, such as `mail`; they are the same in every language."""
    return {key for catalog in catalogs for key in _read_file(CATALOGS / Language.NL / f"{catalog}.po")}
