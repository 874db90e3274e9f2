"""The scene: whose telephones these are, read from a file that somebody may have got wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from simulator.__main__ import main
from simulator.scene import Scene, SceneError

if TYPE_CHECKING:
    from pathlib import Path

WHOLE: dict[str, Any] = {
    "title": "Tried out",
    "timezone": "Europe/Brussels",
    "links": [{"text": "Schedule", "href": "http://127.0.0.1:8000/schedule"}],
    "telephones": [
        {"number": "+32470123456", "name": "An", "about": "", "side": "customer", "language": "nl"},
        {"number": "+32471000001", "name": "Sofie", "about": "agent", "side": "agent", "language": "fr"},
    ],
    "stories": [{"id": "lunch", "title": "Lunch", "about": "One sentence.", "steps": [{"wait": 3}]}],
}


def file(folder: Path, content: str) -> Path:
    path = folder / "scene.json"
    path.write_text(content, encoding="utf-8")
    return path


def test_a_scene_is_read_whole(tmp_path: Path) -> None:
    scene = Scene.load(file(tmp_path, json.dumps(WHOLE)))
    assert (scene.title, scene.timezone, scene.links[0].href) == (
        "Tried out",
        "Europe/Brussels",
        "http://127.0.0.1:8000/schedule",
    )
    assert [(each.number, each.side, each.language) for each in scene.telephones] == [
        ("+32470123456", "customer", "nl"),
        ("+32471000001", "agent", "fr"),
    ]
    assert (scene.stories[0].id, scene.stories[0].steps) == ("lunch", ({"wait": 3},))


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"title": ""}, r"title is wanted"),
        ({"timezone": "Europe/Bruges"}, r"timezone is 'Europe/Bruges'"),
        ({"links": {}}, r"links is a list"),
        ({"links": [{"text": "x", "href": "javascript:alert(1)"}]}, r"links\[0\]\.href"),
        ({"telephones": [WHOLE["telephones"][0], 7]}, r"telephones\[1\] is an object"),
        ({"telephones": [{**WHOLE["telephones"][0], "side": "both"}]}, r"telephones\[0\]\.side is 'both'"),
        ({"telephones": [{**WHOLE["telephones"][0], "name": None}]}, r"telephones\[0\]\.name is wanted"),
        ({"telephones": [WHOLE["telephones"][0]] * 2}, r"telephones\[1\]\.number .* telephones\[0\]"),
        ({"stories": [{**WHOLE["stories"][0], "steps": ["dial"]}]}, r"stories\[0\]\.steps\[0\] is an object"),
        ({"stories": [{**WHOLE["stories"][0], "id": "a/b"}]}, r"stories\[0\]\.id"),
        ({"stories": WHOLE["stories"] * 2}, r"stories\[1\]\.id"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, wrong: dict[str, Any], place: str) -> None:
    path = file(tmp_path, json.dumps({**WHOLE, **wrong}))
    with pytest.raises(SceneError, match=place) as error:
        Scene.load(path)
    assert str(path) in str(error.value)


def test_a_file_that_is_no_json_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SceneError, match="line 2"):
        Scene.load(file(tmp_path, '{"title": "x",\n oops}'))


def test_a_missing_file_stops_the_start_with_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--account-sid", "AC" + "5" * 32, "--auth-token", "t", "--hotline", "+3234603535"]
    words += ["--voice-url", "http://127.0.0.1:9/", "--scene", str(tmp_path / "none.json")]
    assert main(words) == 2
    told = capsys.readouterr().err
    assert (told.count("\n"), "none.json cannot be read: No such file" in told) == (1, True)
