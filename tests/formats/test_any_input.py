"""Whatever stands in the files of a format: it is read or refused, and every line is counted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.errors import SkillError
from sayso.formats.known import FORMATS, import_skills
from sayso.fulfilment.templates import check_templates
from sayso.skills import read_skill, write_skill
from tests.formats.foreign import put
from tests.formats.test_alexa_tests import FILES as ALEXA
from tests.formats.test_clu import heard, listed, project
from tests.formats.test_dialogflow import BAKERY, FERRY
from tests.formats.test_leon import FILES as LEON
from tests.formats.test_lex import HARBOUR, OLD
from tests.formats.test_mcp import FORECAST
from tests.formats.test_openapi import LIBRARY
from tests.formats.test_rasa_tests import JSON as RASA_JSON

GARDEN = project(
    heard("water the roses", "Water", ("Plant", 10, 5)),
    entities=[listed("Plant", ("rose", "en-us", ["roses"]))],
)
GOOD: Mapping[str, Mapping[str, Any]] = {
    "alexa": {name: doc for name, doc in ALEXA.items() if name != "package.json"},
    "clu": {"garden.json": GARDEN},
    "dialogflow": BAKERY,
    "dialogflow cx": FERRY,
    "leon": LEON,
    "lex": HARBOUR,
    "lex v1": {"bot.json": OLD},
    "mcp": {"sky.json": {"serverInfo": {"name": "sky"}, "tools": [FORECAST]}},
    "rasa json": {"data.json": RASA_JSON},
    "openapi": {"library.yaml": LIBRARY},
}
TEXTS = ["", "x", "{x}", "a}b{", "{{ 7 }}", "{% x", "\u0000", "\u2028", "é" * 300, "#/", "$a.b"]
PARTS: list[Any] = [None, True, -1, 1e300, [], {}, [[]], [None], {"a": {}}, {"": ""}, ["a", "a"]]
ODD = st.sampled_from([*TEXTS, *PARTS, {"name": 1}])


def changed(node: Any, data: st.DataObject) -> Any:
    """The data with one part of it replaced, taken away or doubled."""
    if isinstance(node, dict) and node and data.draw(st.integers(0, 6)):
        key = data.draw(st.sampled_from(sorted(node)))
        fate = data.draw(st.integers(0, 9))
        rest = {x: y for x, y in node.items() if x != key}
        return rest if fate == 0 else {**node, key: changed(node[key], data)}
    if isinstance(node, list) and node and data.draw(st.integers(0, 6)):
        place = data.draw(st.integers(0, len(node) - 1))
        if data.draw(st.integers(0, 9)) == 0:
            return [*node, node[place]]
        return [*node[:place], changed(node[place], data), *node[place + 1 :]]
    return data.draw(ODD)


@pytest.mark.parametrize("kind", GOOD)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_change_of_a_good_file_is_read_or_refused(kind: str, data: st.DataObject) -> None:
    files = dict(GOOD[kind])
    name = data.draw(st.sampled_from(sorted(x for x in files if not x.endswith((".md", ".ts")))))
    if name.endswith(".yaml"):
        lines = files[name].splitlines()
        place = data.draw(st.integers(0, len(lines) - 1))
        lines[place] = data.draw(st.sampled_from(["", lines[place] + " x", "  - a", "x: {}"]))
        files[name] = "\n".join(lines)
    else:
        files[name] = json.dumps(changed(files[name], data))
    with TemporaryDirectory() as folder:
        try:
            _, found = import_skills(put(Path(folder) / "in", files), kind.split()[0])
        except SkillError:
            return
        assert all(account.adds_up for account in found.accounts.values())
        assert {*found.accounts, *found.unused} == set(files)
        for skill in found.skills:
            assert check_templates(skill) == []
            assert read_skill(write_skill(skill, Path(folder) / "out" / skill.id)) == skill


@pytest.mark.parametrize("kind", GOOD)
def test_each_is_told_from_the_others(kind: str, tmp_path: Path) -> None:
    found, _ = import_skills(put(tmp_path / "in", GOOD[kind]))
    assert found.name == kind.split()[0]


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_folder_is_no_skill(format: str, tmp_path: Path) -> None:
    with pytest.raises(SkillError):
        import_skills(tmp_path, format)
