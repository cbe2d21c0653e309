from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from sayso.errors import SkillError
from sayso.skills import export_alexa, from_json, import_model, to_json
from sayso.skills.accounting import Accounting, leaves
from sayso.skills.alexa import export_model
from sayso.skills.restore import same
from sayso.types.skills import Check, Intent, Language, Rule, Skill, Slot, SlotType, TypeValue
from tests.skills.files import PAINTER


def _read(model: Any) -> tuple[Language, Accounting]:
    language, account = import_model(model, id="x", name="The X", locale="en-US")
    assert account.adds_up
    assert same(export_model(language), model)
    skill = Skill("x", "The X", languages=(language,))
    assert from_json(to_json(skill)) == skill
    return language, account


def _bare(*samples: Any, slots: Any = (), types: Any = (), **more: Any) -> dict[str, Any]:
    """A model of one intent without wrappers."""
    intent = {"name": "A", "samples": list(samples), "slots": list(slots)}
    return {"intents": [intent], "types": list(types), "invocationName": "x", **more}


def _slot(name: str = "s", type: str = "AMAZON.NUMBER", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": type, **more}


def test_a_model_becomes_a_language() -> None:
    language, _ = _read(PAINTER)
    assert language.invocation_name == "wall painter"
    assert [intent.name for intent in language.intents] == ["AMAZON.StopIntent", "Paint", "Undo"]
    kind = language.type("COLOR")
    assert kind
    assert [(value.value, value.id, tuple(value.synonyms)) for value in kind.values] == [
        ("red", "r", ("crimson",)),
        ("sea green", None, ()),
        ("blue", None, ()),
    ]


def test_the_dialog_says_what_to_ask_and_to_confirm() -> None:
    paint = _read(PAINTER)[0].intent("Paint")
    assert paint
    assert paint.confirm == ("Paint it?",)
    color, coats = paint.slots
    assert (color.required, color.ask) == (True, ("Which color?",))
    assert (coats.required, coats.ask) == (False, ())


def test_every_line_is_accounted_for() -> None:
    _, account = _read(PAINTER)
    assert account.total == sum(1 for _ in leaves(PAINTER))
    assert account.read["samples"] == 3
    assert account.read["values"] == 3
    assert {line.what for line in account.mapped if line.note == "the slot is required"} == {"True"}
    skipped = {line.where: line.note for line in account.skipped}
    assert "prompts[2].id" not in skipped
    mapped = {line.where: line.note for line in account.mapped}
    assert mapped["dialog.delegationStrategy"] == "who asks: Sayso, or the back-end"
    place = "dialog.intents[0].slots[0].validations[0].type"
    assert mapped[place] == "rule known"
    assert "every line accounted for" in account.table()


def test_validations_and_slot_confirmations_are_rules_of_ours_and_come_back() -> None:
    language, _ = _read(PAINTER)
    before = language.intent("Paint")
    assert before is not None
    color = before.slots[0]
    assert [rule.check for rule in color.valid] == [Check.KNOWN]
    rules = (
        Rule(Check.ONE_OF, ("red", "blue"), ("Red or blue?",)),
        Rule(Check.WITHIN, ("P0D", "P60D"), ("Within two months.",)),
        Rule(Check.AT_MOST, ("12",), ("Twelve at most.",)),
    )
    edited = replace(color, valid=rules, confirm=("In {color}?",))
    changed = replace(before, slots=(edited, *before.slots[1:]))
    intents = [changed if x.name == "Paint" else x for x in language.intents]
    again, account = import_model(
        export_model(replace(language, intents=tuple(intents))),
        id="x",
        name="The X",
        locale="en-US",
    )
    assert account.adds_up
    paint = again.intent("Paint")
    assert paint is not None
    assert paint.slots[0].valid == rules
    assert paint.slots[0].confirm == ("In {color}?",)


def test_a_validation_that_no_rule_says_is_kept_and_told() -> None:
    model = copy.deepcopy(PAINTER)
    rule = model["interactionModel"]["dialog"]["intents"][0]["slots"][0]
    rule["validations"] = [
        {"type": "isSomethingNew", "prompt": "Validate.1"},
        {"type": "isInDuration", "prompt": "Validate.1", "start": "soon", "end": "P1D"},
    ]
    language, account = _read(model)
    paint = language.intent("Paint")
    assert paint is not None
    assert paint.slots[0].valid == ()
    assert any("validations[1]" in line.where for line in account.skipped)


def test_accounts_add_up_over_locales() -> None:
    _, account = _read(PAINTER)
    both = account + account
    assert both.adds_up
    assert both.total == 2 * account.total


@pytest.mark.parametrize(
    "model",
    [
        PAINTER,
        PAINTER["interactionModel"],
        PAINTER["interactionModel"]["languageModel"],
        {"interactionModel": PAINTER["interactionModel"]["languageModel"], "version": 1},
        {"intents": [{"intent": "A", "samples": ["a"]}]},
        {"languageModel": {"intents": [{"name": "A"}], "dialog": 1, "prompts": 2}, "x": [1]},
        {"languageModel": {}},
        {"languageModel": {"invocationName": None, "intents": None, "types": "none"}},
        _bare(
            "a", types=[{"name": "T", "values": ["plain", {"value": "flat", "synonyms": ["f"]}]}]
        ),
        _bare("a", types=[{"name": "T", "values": [{"name": "text"}, {"name": {"value": 5}}]}]),
        _bare("a", types=[{"name": "T", "values": [{"id": 1, "name": {"value": "one"}}]}]),
        _bare("a", types=[{"name": "T", "values": [{"id": None, "name": {"value": "one"}}]}]),
        _bare("a", types=[{"name": "T", "valueSupplier": {"type": "CatalogValueSupplier"}}]),
        _bare("a", types=[{"name": "T"}, {"name": "T"}, {"values": []}, 3, None]),
        _bare("{s}", slots=[{"name": "s", "slotTypeReference": {"id": "x"}}]),
        _bare("{s}", slots=[_slot(multipleValues={"enabled": False}, isArray=True)]),
        _bare("{s}", slots=[_slot(), _slot(), {"name": "not a name", "type": "T"}, "{s}"]),
        _bare("a", None, 5, "", "  ", ["a"], "a"),
        {"intents": [{"name": "A", "samples": ["a"], "slots": None}]},
        {"intents": [{"name": "A", "samples": "a"}, {"name": "A"}, {"samples": []}, "B", None]},
        _bare("a", dialog={"intents": [{"name": "B"}, {"name": "A"}, {"name": "A"}, 1]}),
        _bare("a", dialog="none", prompts={}),
        _bare("a", dialog={"intents": [{"name": "A", "slots": 1, "prompts": 2}]}, prompts=[1]),
    ],
)
def test_no_model_loses_anything(model: Any) -> None:
    _read(model)


def test_values_inside_braces_are_remembered() -> None:
    model = _bare("call me {bob|s}", "call me { ann | s }", slots=[_slot(type="LITERAL")])
    language, account = _read(model)
    intent = language.intents[0]
    assert intent.samples == ("call me {s}",)
    assert intent.slots[0].type == "AMAZON.LITERAL"
    assert intent.slots[0].extra["$"]["said"] == ["bob", "ann"]
    assert len(account.mapped) == 3


@pytest.mark.parametrize(
    ("sample", "read"),
    [
        ("wake me at {s|AMAZON.TIME}", "wake me at {s}"),
        ("wake me at {S}", "wake me at {s}"),
        ("wake me at { s }", "wake me at { s }"),
        ("wake me at {s}}", "wake me at {s}"),
        ("wake {me at {s}", "wake  me at {s}"),
    ],
)
def test_odd_braces_are_mended(sample: str, read: str) -> None:
    assert _read(_bare(sample, slots=[_slot()]))[0].intents[0].samples == (read,)


@pytest.mark.parametrize("sample", ["at {t}", "at {{theme.en}}", "at {}", "at {a|b}", "{", "{}"])
def test_a_sample_that_cannot_work_is_skipped_with_the_reason(sample: str) -> None:
    language, account = _read(_bare(sample, "ok {s}", slots=[_slot()]))
    assert language.intents[0].samples == ("ok {s}",)
    assert [line.what for line in account.skipped] == [sample]


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        ("DATE", "AMAZON.DATE"),
        ("AMAZON.Number", "AMAZON.NUMBER"),
        ("AMAZON.SomethingNew", "AMAZON.SomethingNew"),
        ("regex:/[0-9]+/", "AMAZON.SearchQuery"),
        ("GARAGE", "AMAZON.SearchQuery"),
    ],
)
def test_slot_types_that_nobody_defines_become_known_ones(kind: str, read: str) -> None:
    assert _read(_bare("{s}", slots=[_slot(type=kind)]))[0].intents[0].slots[0].type == read


def test_slots_may_be_listed_by_name_alone() -> None:
    language, _ = _read(_bare("go to {city}", slots=["city", "a whole sentence"]))
    assert language.intents[0].slots == (Slot("city", "AMAZON.SearchQuery"),)


def test_a_slot_sample_may_name_the_other_slots() -> None:
    slots = [_slot("a", samples=["{a} and {b}"]), _slot("b")]
    assert _read(_bare("go", slots=slots))[0].intents[0].slots[0].samples == ("{a} and {b}",)


def test_the_name_stands_in_for_an_absent_invocation_name() -> None:
    assert _read({"intents": []})[0].invocation_name == "the x"


@pytest.mark.parametrize("model", [[], "text", None, {}, {"intents": {}}, {"languageModel": "x"}])
def test_what_is_no_model_is_refused(model: Any) -> None:
    with pytest.raises(SkillError, match="x/en-US: "):
        import_model(model, id="x", name="x", locale="en-US")


def test_a_model_nested_without_end_is_refused() -> None:
    model: dict[str, Any] = {}
    for _ in range(10_000):
        model = {"languageModel": model}
    with pytest.raises(SkillError, match="nested deeper than 64"):
        import_model(model, id="x", name="x", locale="en-US")


def test_edits_win_over_what_was_imported() -> None:
    language, _ = _read(PAINTER)
    stop, paint, undo = language.intents
    color, coats = paint.slots
    paint = replace(paint, slots=(color, replace(coats, required=True, ask=("How many?",))))
    undo = replace(undo, samples=(*undo.samples, "go back"))
    kind = replace(language.types[0], values=(*language.types[0].values, TypeValue("pink")))
    edited = replace(language, intents=(stop, paint, undo), types=(kind,))
    model = export_model(edited)
    again, account = import_model(model, id="x", name="x", locale="en-US")
    assert account.adds_up
    assert again.intents[1].slots[1].ask == ("How many?",)
    assert again.intents[1].slots[0].ask == ("Which color?",)
    assert again.intents[2].samples == ("undo that", "go back")
    assert again.types[0].values[-1].value == "pink"
    assert model["version"] == "3"
    assert model["interactionModel"]["dialog"]["delegationStrategy"] == "ALWAYS"


def test_a_skill_of_our_own_exports_as_a_model_of_today() -> None:
    slot = Slot("n", "N", ("{n}",), required=True, ask=("Which?", "Which one?"), multiple=True)
    intent = Intent("A", ("take {n}",), (slot,), confirm=("Sure?",))
    kind = SlotType("N", (TypeValue("one", "1", ("a",)),))
    language = Language("en-US", "taker", intents=(intent,), types=(kind,))
    model = export_alexa(Skill("t", "T", languages=(language,)), "en-US")
    again, account = import_model(copy.deepcopy(model), id="t", name="T", locale="en-US")
    assert account.adds_up
    assert not account.skipped
    assert (again.intents, again.types) == (
        (replace(intent, slots=(replace(slot, extra=again.intents[0].slots[0].extra),)),),
        (kind,),
    )


def test_a_mark_of_side_effects_leaves_the_model_as_it_came() -> None:
    model = _bare("take it", invocationName="taker", version=3)
    language, _ = import_model(copy.deepcopy(model), id="t", name="T", locale="en-US")
    intents = tuple(replace(intent, side_effects=True) for intent in language.intents)
    marked = Skill("t", "T", languages=(replace(language, intents=intents),))
    assert export_alexa(marked, "en-US") == model


def test_no_mark_of_ours_changes_the_model() -> None:
    model = _bare("take it", invocationName="taker", version=3)
    language, _ = import_model(copy.deepcopy(model), id="t", name="T", locale="en-US")
    for marks in ({"undo": ""}, {"in_session": True}):
        intents = tuple(replace(intent, **marks) for intent in language.intents)
        marked = Skill("t", "T", languages=(replace(language, intents=intents),))
        assert export_alexa(marked, "en-US") == model


def test_exporting_a_locale_that_is_not_spoken_is_refused() -> None:
    with pytest.raises(SkillError, match="t: does not speak fr-FR; choose one of: none"):
        export_alexa(Skill("t", "T"), "fr-FR")
