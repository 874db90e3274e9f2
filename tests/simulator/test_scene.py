"""Whose telephones these are is read from a file, and a bad file says where it is bad."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from simulator.__main__ import main
from simulator.scene import Scene, SceneError

if TYPE_CHECKING:
    from pathlib import Path

AN = {"number": "+32470123456", "name": "An", "about": "a bakery", "side": "customer", "language": "nl"}


def file_with(folder: Path, **told: Any) -> Path:
    path = folder / "scene.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    return path


def test_everything_in_the_file_is_kept(tmp_path: Path) -> None:
    link = {"text": "Schedule", "href": "http://127.0.0.1:8000/"}
    story = {"id": "one", "title": "One", "about": "a call", "steps": [{"tell": "Once."}]}
    path = file_with(
        tmp_path, title="Tried", timezone="Europe/Brussels", links=[link], telephones=[AN], stories=[story]
    )
    scene = Scene.load(path)
    assert (scene.title, scene.timezone) == ("Tried", "Europe/Brussels")
    assert (scene.links[0].href, scene.telephones[0].name) == (link["href"], "An")
    assert scene.stories[0].steps == ({"tell": "Once."},)


def test_an_empty_object_is_an_empty_scene(tmp_path: Path) -> None:
    assert Scene.load(file_with(tmp_path)) == Scene()


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"telephones": [AN, {**AN, "number": 5}]}, r"telephones\[1\]: number"),
        ({"telephones": [{**AN, "side": "other"}]}, r"telephones\[0\]: side is one of agent, customer"),
        ({"telephones": [AN, AN]}, r"twice the same number of a telephone: \+32470123456"),
        ({"telephones": "An"}, "telephones: a list"),
        ({"links": [{"text": "x", "href": "javascript:alert(1)"}]}, r"links\[0\]: href"),
        ({"links": ["x"]}, r"links\[0\]: an object"),
        ({"stories": [{"id": "a", "title": "t", "about": "b", "steps": "no"}]}, r"stories\[0\]: steps"),
        ({"timezone": "Europe/Brussel"}, "no time zone"),
        ({"title": ""}, "title is wanted"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, told: dict[str, Any], where: str) -> None:
    with pytest.raises(SceneError, match=where):
        Scene.load(file_with(tmp_path, **told))


@pytest.mark.parametrize("content", ["", "[]", "{"])
def test_what_is_no_object_is_refused_before_anything_starts(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "scene.json"
    path.write_text(content)
    command = ["--account-sid", "A", "--auth-token", "t", "--hotline", "+3234603535", "--voice-url", "http://x/"]
    assert main([*command, "--scene", str(path)]) == 2
    assert str(path) in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SceneError, match="nowhere"):
        Scene.load(tmp_path / "nowhere")
