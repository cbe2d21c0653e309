"""Skills -> Rasa projects, and the way there and back."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sayso.cli.demo import example_home
from sayso.errors import SkillError
from sayso.formats.known import export_skill
from sayso.formats.rasa.spans import Part, Span, parse, write
from sayso.skills import from_json, read_skill, read_skills, to_json, write_skill
from sayso.types.skills import (
    Fulfilment,
    Intent,
    Language,
    Skill,
    Slot,
    SlotType,
    TypeValue,
)
from tests.formats.rasa_projects import PROJECT, imported, written

LAMP = Skill(
    "lamp",
    "Lamp",
    languages=(
        Language(
            "en-US",
            "lamp",
            intents=(
                Intent(
                    "Shine",
                    ("shine {shade}", "light [soft](x)"),
                    (Slot("shade", "Colour", required=True, ask=("Which colour?",)),),
                    confirm=("Sure?",),
                ),
                Intent("Wait", ("wait until {when}", "no"), (Slot("when", "AMAZON.TIME"),)),
                Intent("AMAZON.StopIntent"),
            ),
            types=(SlotType("Colour", (TypeValue("red", synonyms=("scarlet",)),)),),
        ),
    ),
    fulfilment=Fulfilment(
        replies={"Shine": ("It is {{ slots.shade }}.",), "Wait": ("{{ now.hour }}",)}
    ),
)


def blocks(text: str, kind: str) -> dict[str, list[str]]:
    """What nlu.yml holds of a kind, read by PyYAML alone."""
    return {
        item[kind]: [line[2:] for line in item["examples"].split("\n") if line]
        for item in yaml.safe_load(text)["nlu"] or ()
        if kind in item
    }


def test_a_project_comes_back_as_it_was(tmp_path: Path) -> None:
    bistro = imported(tmp_path / "bistro", PROJECT)
    files = export_skill(bistro, "rasa").files
    for name in ("domain.yml", "config.yml", "data/rules.yml", "tests/test_stories.yml"):
        assert files[name] == PROJECT[name]
    assert blocks(files["data/nlu.yml"], "intent")["travel"] == [
        'from [Rome]{"entity": "city", "role": "from"} to [Oslo]{"entity": "city", "role": "to"}',
        "a [red](colour) or a [blue](colour) bus",
    ]
    assert imported(tmp_path / "again" / "bistro", files) == bistro


def test_what_was_edited_since_is_exported_and_the_rest_as_it_was(tmp_path: Path) -> None:
    bistro = imported(tmp_path / "bistro", PROJECT)
    edited = to_json(bistro)
    intents = edited["languages"]["de-DE"]["intents"]
    intents["book_table"]["samples"] = ["a table for {people} in {city} please", "dinner in {city}"]
    intents["farewell"] = {"samples": ["bye"]}
    files = export_skill(from_json(edited), "rasa").files
    found = blocks(files["data/nlu.yml"], "intent")
    assert found["book_table"] == [
        "a table for [four](number) in [Rome](city) please",
        "a table for [two](number) in [Oslo](city) please",
        "dinner in [Rome](city)",
        "dinner in [Bergen](city)",
        "dinner in [Oslo](city)",
    ]
    assert found["farewell"] == ["bye"]
    domain = yaml.safe_load(files["domain.yml"])
    assert "farewell" in domain["intents"]
    assert domain["forms"] == yaml.safe_load(PROJECT["domain.yml"])["forms"]


def test_a_skill_of_ours_becomes_a_whole_project(tmp_path: Path) -> None:
    made = export_skill(LAMP, "rasa")
    found = blocks(made.files["data/nlu.yml"], "intent")
    colour = '{"entity": "Colour", "role": "shade"}'
    assert found["Shine"] == [f"shine [red]{colour}", "light (soft)(x)"]
    assert [parse(text)[1] for text in found["Wait"][:-1]] == [
        Span("noon", "when"),
        Span("midnight", "when"),
        Span("one o'clock", "when"),
    ]
    assert found["Wait"][-1] == "no"
    domain = yaml.safe_load(made.files["domain.yml"])
    assert domain["forms"] == {"Shine_form": {"required_slots": ["shade"]}}
    assert domain["responses"]["utter_Shine"] == [{"text": "It is {shade}."}]
    assert list(made.left_out[:3]) == [
        "Shine: the question whether it shall be done",
        "Wait: replies that do more than speak slots",
        "AMAZON.StopIntent: Rasa has no such intents",
    ]
    again = imported(tmp_path / "lamp", made.files)
    shine = again.languages[0].intent("Shine")
    assert shine is not None
    assert [(x.name, x.required, list(x.ask)) for x in shine.slots] == [
        ("shade", True, ["Which colour?"])
    ]
    assert list(again.fulfilment.replies["Shine"]) == ["It is {{ slots.shade }}."]


def test_a_skill_in_several_languages_is_a_project_for_each() -> None:
    german = dataclasses.replace(LAMP.languages[0], locale="de-DE")
    both = dataclasses.replace(LAMP, languages=(*LAMP.languages, german))
    files = export_skill(both, "rasa").files
    assert {name.split("/")[0] for name in files} == {"en-US", "de-DE"}
    assert yaml.safe_load(files["de-DE/config.yml"])["language"] == "de"


def test_every_skill_of_the_example_home_goes_there_and_back(tmp_path: Path) -> None:
    for skill in read_skills(example_home() / "skills"):
        language = skill.languages[0]
        one = dataclasses.replace(skill, languages=(language,))
        again = imported(tmp_path / skill.id, export_skill(one, "rasa").files)
        assert {x.name for x in again.languages[0].intents} == {
            x.name for x in language.intents if x.samples and not x.builtin
        }


def test_kept_files_cannot_lead_out_of_the_project() -> None:
    files = {"../up.yml": "x: 1", "/etc/abs.yml": "x: 1", "a\\..\\b.yml": "", "ok.yml": "x: 1"}
    bad = dataclasses.replace(LAMP, extra={"rasa": {"files": files, "regexes": 3}})
    names = {*export_skill(bad, "rasa").files}
    assert names == {"ok.yml", "domain.yml", "config.yml", "data/nlu.yml", "data/rules.yml"}


def test_alexa_packages_leave_out_what_is_rasas_own(tmp_path: Path) -> None:
    bistro = imported(tmp_path / "bistro", PROJECT)
    files = export_skill(bistro, "alexa").files
    assert {*files} == {"skill-package/interactionModels/custom/de-DE.json"}
    assert "rasa" not in "".join(files.values())
    with pytest.raises(SkillError, match="choose one of: alexa, rasa"):
        export_skill(bistro, "morse")


letters = st.sampled_from("abcxyzéß天 '?!#-0")
texts = (
    st.text(letters, min_size=1, max_size=8)
    .map(str.strip)
    .filter(lambda text: any(map(str.isalnum, text)))
)
named = st.text("abcdé_/ 天", min_size=1, max_size=5).map(str.strip).filter(bool)
entities = st.sampled_from(["city", "number", "größe", "a b", "synonyms"])
spans = st.builds(Span, texts, entities, st.none() | named, st.none() | named, st.none() | texts)
spans = spans.filter(lambda span: span.value != span.text)
examples = st.lists(texts | spans, min_size=1, max_size=4)
catalogues = st.lists(texts, min_size=1, max_size=4, unique=True)


@given(
    intents=st.dictionaries(named, st.lists(examples, min_size=1, max_size=4), min_size=1),
    lookups=st.dictionaries(entities, catalogues),
    synonyms=st.dictionaries(texts, catalogues),
    regexes=st.dictionaries(named, catalogues),
)
def test_what_goes_from_rasa_through_sayso_to_rasa_is_the_same(
    intents: Mapping[str, Sequence[Sequence[Part]]],
    lookups: Mapping[str, Sequence[str]],
    synonyms: Mapping[str, Sequence[str]],
    regexes: Mapping[str, Sequence[str]],
) -> None:
    said = {name: [spaced(parts) for parts in some] for name, some in intents.items()}
    nlu = [
        {kind: name, "examples": "".join(f"- {text}\n" for text in some)}
        for kind, group in (
            *(("intent", said), ("lookup", lookups), ("synonym", synonyms), ("regex", regexes)),
        )
        for name, some in group.items()
    ]
    text = yaml.safe_dump({"nlu": nlu}, allow_unicode=True, sort_keys=False)
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), {"nlu.yml": text})
        skill = imported(path)
        skill = read_skill(write_skill(skill, path / "skills" / skill.id))
        back = export_skill(skill, "rasa").files["data/nlu.yml"]
    assert blocks(back, "intent") == said
    for kind, group in (("lookup", lookups), ("synonym", synonyms)):
        found = {name: sorted(some) for name, some in blocks(back, kind).items()}
        assert found == {name: sorted(some) for name, some in group.items()}
    assert blocks(back, "regex") == {name: list(some) for name, some in regexes.items()}


def spaced(parts: Sequence[Part]) -> str:
    """The parts as one example, a space between them."""
    with_spaces = [x for part in parts for x in (" ", part)][1:]
    return write(with_spaces)
