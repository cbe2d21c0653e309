"""Whatever a Rasa project holds: an error in words, or every line accounted for."""

from __future__ import annotations

import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path
from time import process_time
from typing import Any

import pytest
import yaml
from hypothesis import event, given, settings
from hypothesis import strategies as st

from sayso.errors import SkillError
from sayso.formats.known import export_skill, import_skills
from sayso.formats.rasa.spans import parse
from sayso.skills import from_json, to_json
from tests.formats.rasa_projects import PROJECT, imported, written

WORDS = """greet book faq/x city utter_greet utter_ask_city form true null - # [a](city) {city} en
[b]{"entity":"city","role":"to"} from_entity from_text from_intent categorical 3.1 | *"""
words = st.sampled_from([*WORDS.split(), "", "- hi\n- [a](city)\n\n# no", "two words", "a\nb"])
scalars = st.none() | st.booleans() | st.integers(-2, 9) | words
keys = st.sampled_from(
    "intent synonym lookup regex examples text metadata steps action active_loop or condition"
    " required_slots mappings type entity role value values user rule story city form utter_greet"
    " utter_ask_city name dimensions pipeline".split()
)
nodes = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=14,
)
tops = st.sampled_from(
    "version nlu intents entities slots forms responses templates actions rules stories flows"
    " pipeline policies language session_config e2e_actions".split()
)
blocks = st.fixed_dictionaries({"intent": words, "examples": nodes}) | st.dictionaries(keys, nodes)
files = st.dictionaries(tops, nodes | st.lists(blocks, max_size=3), max_size=6)


@settings(deadline=None)
@given(st.lists(files, min_size=1, max_size=3))
def test_any_shape_is_accounted_for_or_refused(some: list[dict[str, Any]]) -> None:
    sure = {"nlu": [{"intent": "greet", "examples": "- hello\n"}]}
    texts = {f"data/f{n}.yml": yaml.safe_dump({**sure, **file}) for n, file in enumerate(some)}
    texts["domain.yml"] = yaml.safe_dump({"session_config": {}, **some[0]})
    with tempfile.TemporaryDirectory() as folder:
        try:
            _, found = import_skills(written(Path(folder), texts), "rasa")
        except SkillError as error:
            refused = str(error)
            event("refused")
        else:
            refused = ""
            event("read")
    if refused:
        assert "yml:" in refused or "nothing that people can say" in refused
        return
    assert all(account.adds_up for account in found.accounts.values())
    for skill in found.skills:
        assert from_json(to_json(skill)) == skill
        export_skill(skill, "rasa")
        export_skill(skill, "alexa")


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "## intent:a",
                "- x [b](c)",
                "##",
                "## lookup:c",
                "l.txt",
                "-",
                "<!-- a",
                "b -->",
                "## synonym:b",
                '* hi{"a":1}',
                "- utter_x",
                "text",
                "",
                "## intent:",
            ]
        )
    )
)
def test_any_markdown_is_accounted_for_or_refused(lines: list[str]) -> None:
    texts = {"nlu.md": "\n".join(["## intent:greet", "- hi", *lines]), "l.txt": "one\n\ntwo"}
    texts["stories.md"] = "\n".join(["## s", "* greet", "- utter_x", *lines])
    with tempfile.TemporaryDirectory() as folder:
        try:
            _, found = import_skills(written(Path(folder), texts), "rasa")
        except SkillError as error:
            refused = str(error)
        else:
            refused = ""
    if refused:
        assert "without a name" in refused
        return
    assert all(account.adds_up for account in found.accounts.values())


def test_a_zip_with_marks_and_carriage_returns_reads_as_the_folder_does(tmp_path: Path) -> None:
    packed = tmp_path / "bistro.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in PROJECT.items():
            archive.writestr(name, "\ufeff" + text.replace("\n", "\r\n"))
    whole = imported(tmp_path / "bistro", PROJECT)
    _, found = import_skills(packed)
    assert found.accounting.adds_up
    assert found.skills[0].languages == whole.languages
    assert found.skills[0].fulfilment == whole.fulfilment


@pytest.mark.parametrize(
    "text",
    ["[" * 5000, "[a]{" * 1250, "[a](" * 1250, "[a][" * 1250, "[" * 2500 + "]" * 2500, "]" * 5000],
)
def test_brackets_take_no_longer_than_words(text: str) -> None:
    began = process_time()
    for _ in range(20):
        with suppress(ValueError):
            parse(text)
    assert process_time() - began < 2


def test_an_endless_example_is_skipped(tmp_path: Path) -> None:
    text = f"nlu:\n- intent: x\n  examples: |\n    - hi\n    - {'long ' * 2000}\n"
    _, found = import_skills(written(tmp_path, {"nlu.yml": text}))
    assert [line.note for line in found.accounting.skipped] == [
        "an example of more than 5000 characters"
    ]


@pytest.mark.parametrize("head", ["nlu:", "flows:", "pipeline:", "rules:", "responses:"])
def test_to_know_a_file_takes_no_longer_for_its_blank_lines(tmp_path: Path, head: str) -> None:
    written(tmp_path, {"nlu.yml": "nlu:\n- intent: x\n  examples: |\n    - hi\n"})
    written(tmp_path, {"odd.yml": f"{head}\n" * 3000 + "\n" * 100_000 + " " * 100_000})
    began = process_time()
    import_skills(tmp_path)
    assert process_time() - began < 2
