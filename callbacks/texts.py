"""Everything that is said and mailed, by key and language: the catalogs, and what a house changes in them.

Catalogs are gettext files under `callbacks/catalogs/<language>/`, read as they are; each file is one domain, and all
domains share one set of keys. Every language has the same keys with the same `{placeholders}`, or nothing is loaded.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

from babel.messages.pofile import PoFileError, read_po

from callbacks.errors import RefusedInput
from models.vocabulary import Language

CATALOGS = Path(__file__).parent / "catalogs"

_KEY_LINE = re.compile(r'^msgid "(.+)"$', re.MULTILINE)

Entries = dict[str, str]


class Catalogs:
    """All texts of the house, checked when they are loaded. The real `callbacks.ports.Texts`."""

    def __init__(self, house_file: Path | None = None, folder: Path = CATALOGS) -> None:
        """Load the catalogs in `folder`, and over them the TOML file of the house.

        Raises RefusedInput, naming file and key, for a key that is unknown, missing, given twice or without text,
        and for placeholders that differ.
        """
        self._texts = {language: _read_language(folder / language) for language in Language}
        _check_alike(self._texts)
        if house_file is not None:
            _apply_house_file(self._texts, house_file)

    def text(self, language: Language, key: str, **values: object) -> str:
        """Return the text under `key` with `{names}` filled in; raises KeyError for an unknown key or name."""
        return self._texts[language][key].format_map(values)

    def keys(self) -> frozenset[str]:
        """Return every key there is."""
        return frozenset(self._texts[Language.NL])


def placeholders(text: str) -> frozenset[str]:
    """Return the names in braces; raises ValueError for anything but plain names, such as `{a.b}` or `{0}`."""
    names: set[str] = set()
    for _, name, form, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or form or conversion:
            message = f"{{{name}}} is not a plain name"
            raise ValueError(message)
        names.add(name)
    return frozenset(names)


def _read_language(folder: Path) -> Entries:
    entries: Entries = {}
    files = sorted(folder.glob("*.po"))
    if not files:
        message = f"{folder}: there are no catalogs here"
        raise RefusedInput(message)
    for path in files:
        for key, text in _read_file(path).items():
            if key in entries:
                message = f"{path}: {key} is in another catalog of the same language already"
                raise RefusedInput(message)
            entries[key] = text
    return entries


def _read_file(path: Path) -> Entries:
    try:
        with path.open("rb") as file:
            messages = [message for message in read_po(file, abort_invalid=True) if message.id]
    except (PoFileError, UnicodeDecodeError) as trouble:
        message = f"{path}: {trouble}"
        raise RefusedInput(message) from None
    # Babel merges a key that comes twice without a word, and the first text is lost.
    keys = _KEY_LINE.findall(path.read_text(encoding="utf-8"))
    for key in keys:
        if keys.count(key) > 1:
            message = f"{path}: {key} is there twice"
            raise RefusedInput(message)
    for entry in messages:
        if not entry.string or entry.fuzzy:
            message = f"{path}: {entry.id} has no finished text"
            raise RefusedInput(message)
        _names(str(entry.string), path, str(entry.id))
    return {str(entry.id): str(entry.string) for entry in messages}


def _check_alike(texts: Mapping[Language, Entries]) -> None:
    model = texts[Language.NL]
    for language, entries in texts.items():
        for key in sorted(model.keys() ^ entries.keys()):
            lacking = language if key in model else Language.NL
            message = f"catalogs/{lacking}: {key} is missing"
            raise RefusedInput(message)
        for key, text in entries.items():
            _check_names(text, model[key], f"catalogs/{language}", key)


def _apply_house_file(texts: Mapping[Language, Entries], path: Path) -> None:
    try:
        changes = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as trouble:
        message = f"{path}: {trouble}"
        raise RefusedInput(message) from None
    for language, entries in changes.items():
        if language not in set(Language) or not isinstance(entries, dict):
            message = f"{path}: [{language}] is no language; write [nl], [fr] or [en]"
            raise RefusedInput(message)
        known = texts[Language(language)]
        for key, text in entries.items():
            if key not in known:
                message = f"{path}: [{language}] {key} is no text of ours"
                raise RefusedInput(message)
            if not isinstance(text, str) or not text.strip():
                message = f"{path}: [{language}] {key} must be a text in quotes"
                raise RefusedInput(message)
            _check_names(text, known[key], path, f"[{language}] {key}")
            known[key] = text


def _check_names(text: str, model: str, path: Path | str, key: str) -> None:
    wanted, found = _names(model, path, key), _names(text, path, key)
    for name in sorted(wanted ^ found):
        message = f"{path}: {key} {'lacks' if name in wanted else 'does not know'} {{{name}}}"
        raise RefusedInput(message)


def _names(text: str, path: Path | str, key: str) -> frozenset[str]:
    try:
        return placeholders(text)
    except ValueError as trouble:
        message = f"{path}: {key}: {trouble}"
        raise RefusedInput(message) from None
