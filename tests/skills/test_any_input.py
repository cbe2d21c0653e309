"""Whatever comes in: a skill or a SkillError, nothing lost, nothing half."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sayso.errors import SkillError
from sayso.skills import from_json, import_alexa, import_model, read_skill, to_json, write_skill
from sayso.skills.alexa import export_model
from sayso.skills.labels import labels
from sayso.skills.restore import same
from sayso.skills.yaml_lines import parse_yaml
from sayso.types.skills import Skill
from tests.skills.files import PAINTER, TIMER, write

ODD = "a b AMAZON.TIME {s} {t} {a|s} {s}} no 12:30 x-1 red é ＡＢ \u0301 \x07 {} $ name"
NAMES = """
    name intent samples slots types values value id synonyms type prompts elicitation
    confirmation confirmationRequired elicitationRequired variations interactionModel
    languageModel intents dialog invocationName multipleValues enabled
"""
WORDS = st.sampled_from(ODD.split())
TEXTS = st.lists(WORDS, max_size=4).map(" ".join) | st.text(max_size=8)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
PRINTED = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co")), max_size=8)
KEYS = st.sampled_from(NAMES.split()) | st.text(max_size=3).filter(lambda key: key != "$")
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=25,
)
SLOTS = st.fixed_dictionaries(
    {"name": WORDS | SCALARS}, optional={"type": SCALARS, "samples": st.lists(TEXTS) | JSON}
)
INTENTS = st.fixed_dictionaries(
    {"name": TEXTS},
    optional={"samples": st.lists(TEXTS) | JSON, "slots": st.lists(SLOTS | JSON) | JSON, "x": JSON},
)
VALUES = st.fixed_dictionaries(
    {"name": st.fixed_dictionaries({"value": SCALARS}, optional={"synonyms": JSON})},
    optional={"id": SCALARS},
)
TYPES = st.fixed_dictionaries({"name": TEXTS}, optional={"values": st.lists(VALUES | JSON) | JSON})
RULES = st.fixed_dictionaries({"name": TEXTS}, optional={"slots": JSON, "prompts": JSON, "x": JSON})
MODELS = st.fixed_dictionaries(
    {"intents": st.lists(INTENTS | JSON)},
    optional={
        "types": st.lists(TYPES | JSON) | JSON,
        "invocationName": SCALARS,
        "dialog": st.fixed_dictionaries({"intents": st.lists(RULES)}) | JSON,
        "prompts": JSON,
    },
)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _problems(file: Path) -> Sequence[str]:
    try:
        read_skill(file)
    except SkillError as error:
        return error.problems
    return ()


@given(MODELS | MODELS.map(lambda model: {"languageModel": model}) | JSON)
@settings(max_examples=60, deadline=None)
@example({"intents": [{"name": "A", "samples": ["{s}"], "slots": [{"name": "s"}]}]})
@example({"intents": [], "languageModel": {"dialog": 1}, "dialog": {"intents": [{"name": "x"}]}})
def test_any_model_is_read_without_loss_or_refused(model: Any) -> None:
    before = copy.deepcopy(model)
    try:
        language, account = import_model(model, id="x", name="x", locale="en-US")
    except SkillError:
        return
    assert model == before
    assert account.adds_up
    assert same(export_model(language), model)
    skill = Skill("x", "x", languages=(language,))
    assert from_json(json.loads(json.dumps(to_json(skill)))) == skill
    with _folder() as folder:
        assert read_skill(write_skill(skill, folder / "x")) == skill
    for label in labels(skill, "en-US"):
        assert not set("{}") & set(label.text)
        assert label.text == " ".join(label.text.split())
        for before_, span in zip((None, *label.spans), label.spans, strict=False):
            assert label.text[span.start : span.end].strip()
            assert before_ is None or before_.end <= span.start


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
@settings(max_examples=60, deadline=None)
@example(b"\xef\xbb\xbfintents: {A: [go]}")
@example(b"intents: {A: [go]}\r\n...\r\n")
@example(b"a: &a [*a]")
def test_any_bytes_are_a_skill_or_an_error(content: bytes) -> None:
    with _folder() as folder:
        for name in ("x/skill.yaml", "en-US.json", "x.zip"):
            with suppress(SkillError):
                assert read_skill(write(folder, name, content)).languages


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_damage_to_a_file_is_a_skill_or_an_error(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([TIMER, json.dumps(PAINTER)]))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 8)))
    damaged = text[:start] + data.draw(st.text("{}[]:-'\"\t\n &*!ax1", max_size=4)) + text[end:]
    with _folder() as folder:
        for name in ("x/skill.yaml", "en-US.json"):
            problems = _problems(write(folder, name, damaged))
            assert all(str(folder) in what or "/en-US: " in what for what in problems)


@given(JSON)
@settings(max_examples=60, deadline=None)
def test_any_json_document_is_a_skill_or_an_error(doc: Any) -> None:
    skill = {"id": "x", "intents": doc, "types": doc, "fulfilment": doc, "locale": doc}
    for candidate in (doc, skill, {"id": "x", "languages": {"en-US": {"intents": {"A": doc}}}}):
        try:
            read = from_json(candidate)
        except SkillError:
            continue
        assert from_json(to_json(read)) == read


@given(JSON)
@settings(max_examples=60, deadline=None)
def test_any_manifest_is_borne(manifest: Any) -> None:
    with _folder() as folder:
        write(folder, "skill.json", {"manifest": {"publishingInformation": {"locales": manifest}}})
        write(folder, "models/en-US.json", PAINTER)
        skill, account = import_alexa(folder)
        assert account.adds_up
        written = read_skill(write_skill(skill, folder / "home" / skill.id))
        assert written == skill


@given(st.recursive(PRINTED, lambda inner: st.lists(inner) | st.dictionaries(PRINTED, inner)))
@settings(max_examples=60, deadline=None)
def test_texts_survive_yaml(node: Any) -> None:
    # JSON is YAML, and its quotes say that everything is a text.
    assert parse_yaml(json.dumps({"x": node}, ensure_ascii=False), "x").data == {"x": node}
