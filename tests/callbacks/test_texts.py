"""All texts are complete in every language, and a house can change them only in ways that work."""

import shutil
from pathlib import Path

import pytest

from callbacks.errors import RefusedInput
from callbacks.texts import CATALOGS, Catalogs
from models.vocabulary import Language


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small set of catalogs of a test's own."""
    for language in Language:
        (tmp_path / language).mkdir()
        _write(tmp_path, language, 'msgid "greeting"\nmsgstr "Hello {name}"\n')
    return tmp_path


def _write(folder: Path, language: Language, body: str, name: str = "a.po") -> None:
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (folder / language / name).write_text(header + body, encoding="utf-8")


def _house(folder: Path, text: str) -> Path:
    path = folder / "house.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_our_own_catalogs_load_with_the_same_keys_and_placeholders_in_every_language() -> None:
    texts = Catalogs()
    assert "mail_confirmation_subject" in texts.keys()  # noqa: SIM118 - a method of ours, not of a dict
    for language in Language:
        assert texts.text(language, "mail_confirmation_subject", ticket=10001).endswith("10001")


def test_every_language_has_the_same_catalog_files() -> None:
    names = [sorted(path.name for path in (CATALOGS / language).glob("*.po")) for language in Language]
    assert names[0] == names[1] == names[2]


def test_an_unknown_key_or_a_missing_value_is_a_key_error(folder: Path) -> None:
    texts = Catalogs(folder=folder)
    with pytest.raises(KeyError):
        texts.text(Language.NL, "farewell")
    with pytest.raises(KeyError):
        texts.text(Language.NL, "greeting")


def test_braces_in_a_value_stay_what_they_are(folder: Path) -> None:
    assert Catalogs(folder=folder).text(Language.NL, "greeting", name="{name}") == "Hello {name}"


def test_a_house_changes_one_text_in_one_language(folder: Path) -> None:
    texts = Catalogs(_house(folder, '[nl]\ngreeting = "Dag {name}!"'), folder)
    assert texts.text(Language.NL, "greeting", name="An") == "Dag An!"
    assert texts.text(Language.FR, "greeting", name="An") == "Hello An"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[nl]\ngreting = "Dag {name}"', r"house.toml: \[nl\] greting is no text of ours"),
        ('[nl]\ngreeting = "Dag"', r"house.toml: \[nl\] greeting lacks \{name\}"),
        ('[nl]\ngreeting = "Dag {name} {age}"', r"house.toml: \[nl\] greeting does not know \{age\}"),
        ('[nl]\ngreeting = "Dag {name.__class__}"', r"\[nl\] greeting: \{name.__class__\} is not a plain name"),
        ('[nl]\ngreeting = "Dag {name!r}"', "is not a plain name"),
        ('[nl]\ngreeting = "Dag {name:>99999999}"', "is not a plain name"),
        ('[nl]\ngreeting = "Dag {"', "greeting: "),
        ("[nl]\ngreeting = 1", "must be a text in quotes"),
        ('[nl]\ngreeting = ""', "must be a text in quotes"),
        ('[de]\ngreeting = "Tag {name}"', r"\[de\] is no language"),
        ('greeting = "Dag {name}"', r"\[greeting\] is no language"),
        ("[nl", "house.toml: "),
    ],
)
def test_a_house_file_with_a_mistake_is_refused_with_file_and_key(folder: Path, text: str, complaint: str) -> None:
    with pytest.raises(RefusedInput, match=complaint):
        Catalogs(_house(folder, text), folder)


def test_a_house_file_that_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(RefusedInput, match=r"none\.toml"):
        Catalogs(folder / "none.toml", folder)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ('msgid "other"\nmsgstr "x"\n', "is missing"),
        ('msgid "greeting"\nmsgstr "Bonjour"\n', r"greeting lacks \{name\}"),
        ('msgid "greeting"\nmsgstr "Bonjour {nom}"\n', r"greeting (lacks|does not know) \{(name|nom)\}"),
        ('msgid "greeting"\nmsgstr ""\n', "greeting has no finished text"),
        ('#, fuzzy\nmsgid "greeting"\nmsgstr "Bonjour {name}"\n', "greeting has no finished text"),
        (2 * 'msgid "greeting"\nmsgstr "Bonjour {name}"\n', "greeting is there twice"),
    ],
)
def test_a_catalog_that_differs_from_the_others_is_refused(folder: Path, body: str, complaint: str) -> None:
    _write(folder, Language.FR, body)
    with pytest.raises(RefusedInput, match=complaint):
        Catalogs(folder=folder)


def test_a_key_in_two_catalogs_of_a_language_is_refused(folder: Path) -> None:
    shutil.copy(folder / "nl" / "a.po", folder / "nl" / "b.po")
    with pytest.raises(RefusedInput, match="greeting is in another catalog"):
        Catalogs(folder=folder)


def test_a_language_without_catalogs_is_refused(folder: Path) -> None:
    (folder / "en" / "a.po").unlink()
    with pytest.raises(RefusedInput, match="there are no catalogs"):
        Catalogs(folder=folder)
