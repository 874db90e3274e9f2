"""What the demo tells the telephones' page, and which port it takes."""

import json
from pathlib import Path

import pytest

from callbacks.cli import demo, sample_scene
from callbacks.cli.sample_people import AGENTS
from callbacks.errors import RefusedInput


def scene(folder: Path) -> dict[str, list[dict[str, str]]]:
    path = sample_scene.write(folder, base_url="http://127.0.0.1:8123", timezone="Europe/Brussels")
    told: dict[str, list[dict[str, str]]] = json.loads(path.read_text(encoding="utf-8"))
    return told


def test_each_person_has_a_link_under_a_host_of_his_own_and_the_supervisor_comes_first(tmp_path: Path) -> None:
    assert [(link["text"], link["href"]) for link in scene(tmp_path)["links"]] == [
        ("Schedule · Mieke Janssens, supervisor", "http://127.0.0.1:8123/demo/enter/mieke@desk.example"),
        ("Desk · Sofie Claes, agent", "http://localhost:8123/demo/enter/sofie@desk.example"),
        ("Desk · Bart Wouters, agent", "http://bart.localhost:8123/demo/enter/bart@desk.example"),
    ]
    assert sample_scene.HOSTS.keys() == {row[0] for row in AGENTS[1:]}


def test_a_telephone_is_told_with_whose_it_is_and_what_he_speaks(tmp_path: Path) -> None:
    telephones = {telephone.pop("number"): telephone for telephone in scene(tmp_path)["telephones"]}
    an = {"about": "Bakkerij Peeters · managed services", "side": "customer", "language": "nl"}
    assert telephones["+32470123456"] == {"name": "An Peeters", **an}
    assert telephones["+3234567890"] == {"name": "An Peeters, another telephone", **an}
    sofie = {"name": "Sofie Claes", "about": "agent · Dutch, French", "side": "agent", "language": "nl"}
    assert telephones["+32471000001"] == sofie
    assert len(telephones) == 7, "five customers' and two agents'"


def test_port_in_the_environment_chooses_the_demos_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORT", raising=False)
    assert demo.wanted_port(0) == 0
    monkeypatch.setenv("PORT", "8123")
    assert demo.wanted_port(0) == 8123
    assert demo.wanted_port(9000) == 9000, "--port wins"


@pytest.mark.parametrize("nonsense", ["eight", "0", "70000"])
def test_a_port_that_is_none_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch, nonsense: str) -> None:
    monkeypatch.setenv("PORT", nonsense)
    with pytest.raises(RefusedInput, match="PORT"):
        demo.wanted_port(0)
