"""Values that a back-end sets for its session, and how Alexa's JSON tells of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sayso.errors import FulfilmentError
from sayso.fulfilment import Backends
from sayso.fulfilment.alexa import describe
from sayso.fulfilment.alexa_response import read_answer
from sayso.fulfilment.answer_checks import MOST_NAMES, MOST_VALUES, check_entities
from sayso.types.calls import Answer
from sayso.types.readings import Candidate, ResolutionStatus, SlotValue
from sayso.types.skills import SlotType, TypeValue
from tests.fulfilment.skills import (
    ENGLISH,
    LAUNCH,
    ask_skill,
    asking,
    city,
    context,
    python_skill,
    skill,
)

HUTS = SlotType("City", (TypeValue("Trefilberg", "t1", ("the hut",)), TypeValue("Ulmerode")))
UPDATE = {
    "type": "Dialog.UpdateDynamicEntities",
    "updateBehavior": "REPLACE",
    "types": [
        {
            "name": "City",
            "values": [
                {"id": "t1", "name": {"value": "Trefilberg", "synonyms": ["the hut"]}},
                {"name": {"value": "Ulmerode"}},
            ],
        }
    ],
}


def read(*directives: Mapping[str, Any]) -> Answer:
    response = {"shouldEndSession": False, "directives": list(directives)}
    return read_answer({"response": response}, skill(), LAUNCH, context())


def test_the_directive_replaces_what_was_set_before() -> None:
    assert read(UPDATE).entities == (HUTS,)


def test_the_directive_clears() -> None:
    clear = {"type": "Dialog.UpdateDynamicEntities", "updateBehavior": "CLEAR"}
    assert read(clear).entities == ()
    assert read(UPDATE, clear).entities == ()


def test_without_the_directive_all_stays_as_it_is() -> None:
    assert read({"type": "Alexa.Presentation.APL.RenderDocument", "types": 5}).entities is None


def test_the_directive_does_not_hold_the_dialogue() -> None:
    answer = read_answer({"response": {"directives": [UPDATE]}}, skill(), LAUNCH, context())
    assert answer.ended


@pytest.mark.parametrize(
    "wrong",
    [
        {**UPDATE, "updateBehavior": "MERGE"},
        {**UPDATE, "types": [{"name": "City", "values": [{"id": "1"}]}]},
        {**UPDATE, "types": "City"},
    ],
)
def test_a_directive_that_makes_no_sense_is_refused(wrong: Mapping[str, Any]) -> None:
    with pytest.raises(FulfilmentError, match="UpdateDynamicEntities"):
        read(wrong)


def authorities(words: SlotValue, *entities: SlotType) -> list[tuple[str, str, list[str]]]:
    """(authority's kind, code, names) of the resolutions of a slot."""
    here = replace(context(), entities=entities)
    slot = describe(skill(), asking(words), here)["request"]["intent"]["slots"][words.name]
    return [
        (
            "dynamic" if ".dynamic." in each["authority"] else "static",
            each["status"]["code"].removeprefix("ER_SUCCESS_"),
            [value["value"]["name"] for value in each.get("values", ())],
        )
        for each in slot["resolutions"]["resolutionsPerAuthority"]
    ]


def test_each_authority_has_its_own_status_and_the_one_that_matched_comes_first() -> None:
    here = Candidate("Trefilberg", "t1", dynamic=True)
    there = Candidate("Trefilberg Old Town", "c9", score=0.9)
    assert authorities(city("the hut", here, there, normalised="Trefilberg"), HUTS) == [
        ("dynamic", "MATCH", ["Trefilberg"]),
        ("static", "NO_MATCH", []),
    ]
    assert authorities(city("berlin", Candidate("Berlin", "1")), HUTS) == [
        ("static", "MATCH", ["Berlin"]),
        ("dynamic", "NO_MATCH", []),
    ]
    assert authorities(city("atlantis"), HUTS) == [
        ("dynamic", "NO_MATCH", []),
        ("static", "NO_MATCH", []),
    ]
    assert authorities(city("berlin", Candidate("Berlin", "1"))) == [
        ("static", "MATCH", ["Berlin"])
    ]


def test_values_that_fit_as_well_are_all_given_and_those_that_only_resemble_are_not() -> None:
    twins = [Candidate("Springfield", "il"), Candidate("Springfield", "ma")]
    doubt = replace(city("springfield"), candidates=(*twins, Candidate("Spring", "s", 0.7)))
    assert doubt.status is ResolutionStatus.NOT_MATCHED
    assert authorities(doubt) == [("static", "MATCH", ["Springfield", "Springfield"])]
    near = city("bern", Candidate("Berne", "b", 0.92), Candidate("Berlin", "c", 0.6))
    assert authorities(near) == [("static", "MATCH", ["Berne"])]


def test_a_built_in_type_gets_an_authority_where_the_session_has_values_for_it() -> None:
    day = SlotValue(
        "day",
        "AMAZON.DATE",
        "hut day",
        normalised="Hut Day",
        status=ResolutionStatus.MATCHED,
        candidates=(Candidate("Hut Day", "h", dynamic=True),),
    )
    assert authorities(day, SlotType("AMAZON.DATE", (TypeValue("Hut Day", "h"),))) == [
        ("dynamic", "MATCH", ["Hut Day"])
    ]


def test_too_many_values_or_ones_of_no_use_are_refused() -> None:
    values = tuple(TypeValue(f"hut {n}") for n in range(MOST_VALUES))
    check_entities((SlotType("City", values),), ENGLISH)
    names = (TypeValue("hut", synonyms=tuple(map(str, range(MOST_NAMES)))),)
    for wrong, said in (
        (SlotType("City", (*values, TypeValue("one more"))), "at most 100"),
        (SlotType("City", names), "1000"),
        (SlotType("City", (TypeValue(" "),)), "without a name"),
        (SlotType("Hut", (TypeValue("x"),)), '"Hut", the type of no slot'),
    ):
        with pytest.raises(FulfilmentError, match=said):
            check_entities((wrong,), ENGLISH)


def test_a_handler_sets_and_clears_values(backends: Backends, tmp_path: Path) -> None:
    source = """
        from sayso.fulfilment.handler import Entity, Response

        def handle(request):
            if request.kind == "launch":
                huts = [Entity("Trefilberg", "t1", ["the hut"]), "Ulmerode"]
                return Response("Where to?", ended=False, entities={"City": huts})
            return {"speech": "Gone.", "entities": {}} if request.slots else "Still there."
        """
    made = python_skill(tmp_path, source)
    assert backends.answer(made, LAUNCH, context()).entities == (HUTS,)
    assert backends.answer(made, asking(), context()).entities is None
    assert backends.answer(made, asking(city("rome")), context()).entities == ()


def test_a_handler_that_sets_nonsense_apologises(backends: Backends, tmp_path: Path) -> None:
    source = "def handle(request): return {'speech': 'x', 'entities': {'Hut': ['a']}}"
    answer = backends.answer(python_skill(tmp_path, source), LAUNCH, context())
    assert answer.failure is not None
    assert "no slot" in answer.failure


def test_an_ask_sdk_skill_sets_values_with_the_sdks_own_directive(
    backends: Backends, tmp_path: Path
) -> None:
    source = """
        from ask_sdk_core.skill_builder import SkillBuilder
        from ask_sdk_core.utils import is_request_type
        from ask_sdk_model.dialog import DynamicEntitiesDirective
        from ask_sdk_model.er.dynamic import (
            Entity, EntityListItem, EntityValueAndSynonyms, UpdateBehavior,
        )

        builder = SkillBuilder()

        @builder.request_handler(can_handle_func=is_request_type("LaunchRequest"))
        def launch(handler_input):
            hut = EntityValueAndSynonyms("Trefilberg", ["the hut"])
            values = [Entity("t1", hut), Entity(name=EntityValueAndSynonyms("Ulmerode"))]
            update = DynamicEntitiesDirective(
                update_behavior=UpdateBehavior.REPLACE, types=[EntityListItem("City", values)]
            )
            handler_input.response_builder.add_directive(update).ask("Where to?")
            return handler_input.response_builder.response

        lambda_handler = builder.lambda_handler()
        """
    answer = backends.answer(ask_skill(tmp_path, source), LAUNCH, context())
    assert answer.failure is None
    assert (answer.speech, answer.ended, answer.entities) == ("", False, (HUTS,))
