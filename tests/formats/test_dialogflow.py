"""Dialogflow ES exports and CX packages become skills, every line accounted for."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.errors import SkillError
from sayso.formats.dialogflow.phrases import Slots, read_es
from sayso.formats.foreign import Marks
from sayso.formats.known import import_skills
from sayso.skills.restore import OURS
from sayso.skills.templates import stray_brace
from sayso.types.readings import LAUNCH
from tests.formats.foreign import check_page, imported, only, put


def part(text: str, alias: str = "", meta: str = "") -> dict[str, Any]:
    marked = {"alias": alias, "meta": meta} if meta else {}
    return {"text": text, **marked, "userDefined": bool(meta)}


def says(*phrases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": str(n), "data": x, "isTemplate": False} for n, x in enumerate(phrases)]


def parameter(name: str, entity: str, **more: Any) -> dict[str, Any]:
    return {"id": "p", "name": name, "dataType": entity, "value": f"${name}", **more}


def intent(name: str, *parameters: Any, speech: Any = (), **more: Any) -> dict[str, Any]:
    messages = [{"type": "0", "lang": lang, "speech": list(texts)} for lang, texts in speech]
    response = {"action": "", "parameters": list(parameters), "messages": messages}
    return {"id": "i", "name": name, "responses": [response], "fallbackIntent": False, **more}


def ask(lang: str, text: str) -> dict[str, str]:
    return {"lang": lang, "value": text}


BAKERY: dict[str, Any] = {
    "agent.json": {
        "displayName": "Corner Bakery",
        "description": "Orders bread.",
        "language": "en",
        "supportedLanguages": ["de"],
        "webhook": {"url": "https://bread.example", "password": "crumbs"},
    },
    "package.json": {"version": "1.0.0"},
    "intents/Order bread.json": intent(
        "Order bread",
        parameter(
            "bread",
            "@loaf",
            required=True,
            prompts=[ask("en", "Which bread?"), ask("de", "Welches Brot?")],
        ),
        parameter("how many", "@sys.number", isList=True),
        {"name": "shop", "dataType": "@sys.any", "value": "#visit.shop"},
        speech=[("en", ["$bread it is, {{ done }}", "For #visit.shop"]), ("de", ["Gern, $bread"])],
    ),
    "intents/Order bread_usersays_en.json": says(
        [
            part("give me "),
            part("two", "how many", "@sys.number"),
            part(" "),
            part("ryes", "bread", "@loaf"),
        ],
        [part("i need {some} bread "), part("please", "", "@sys.ignore")],
        [part("i need  some bread please")],
    ),
    "intents/Order bread_usersays_de.json": says(
        [part("ein "), part("Roggenbrot", "bread", "@loaf")]
    ),
    "intents/Hello.json": intent(
        "Hello", speech=[("en", ["Good morning."])], events=[{"name": "WELCOME"}]
    ),
    "intents/Not understood.json": intent(
        "Not understood", speech=[("en", ["Pardon?"])], fallbackIntent=True
    ),
    "intents/Not understood_usersays_en.json": says([part("mend my shoes")]),
    "entities/loaf.json": {"id": "e", "name": "loaf", "isEnum": False, "isRegexp": False},
    "entities/loaf_entries_en.json": [
        {"value": "rye", "synonyms": ["rye", "rye bread"]},
        {"value": "LOAF-7", "synonyms": ["spelt", "spelt bread"]},
        {"value": "mixed", "synonyms": ["@loaf:one and @loaf:other"]},
    ],
    "entities/loaf_entries_de.json": [{"value": "rye", "synonyms": ["Roggenbrot"]}],
    "README.md": "An agent.",
}


def test_an_es_agent_becomes_a_skill_in_each_of_its_languages(tmp_path: Path) -> None:
    found = imported(put(tmp_path / "bakery", BAKERY), "dialogflow")
    skill = only(found)
    assert (skill.id, skill.name, skill.locales) == (
        "corner-bakery",
        "Corner Bakery",
        ("en-US", "de-DE"),
    )
    assert skill.description == "Orders bread."
    english, german = skill.languages
    (order,) = english.intents
    assert order.name == "Order_bread"
    assert order.samples == ("give me {how_many} {bread}", "i need some bread please")
    assert german.intents[0].samples == ("ein {bread}",)
    assert found.unused == {"README.md": "no part of a Dialogflow agent"}


def test_parameters_become_slots_with_types_and_questions(tmp_path: Path) -> None:
    skill = only(imported(put(tmp_path / "bakery", BAKERY), "dialogflow"))
    bread, how_many = skill.languages[0].intents[0].slots
    assert (bread.type, bread.required, bread.ask) == ("loaf", True, ("Which bread?",))
    assert (how_many.type, how_many.multiple, how_many.required) == ("AMAZON.NUMBER", True, False)
    assert how_many.extra[OURS]["said"] == ["two"]
    assert skill.languages[1].intents[0].slots[0].ask == ("Welches Brot?",)


def test_a_name_that_nobody_says_becomes_the_id_of_its_value(tmp_path: Path) -> None:
    skill = only(imported(put(tmp_path / "bakery", BAKERY), "dialogflow"))
    rye, spelt = skill.languages[0].types[0].values
    assert (rye.value, rye.synonyms, rye.id) == ("rye", ("rye bread",), None)
    assert (spelt.value, spelt.synonyms, spelt.id) == ("spelt", ("spelt bread",), "LOAF-7")


def test_replies_speak_slots_and_run_nothing_else(tmp_path: Path) -> None:
    skill = only(imported(put(tmp_path / "bakery", BAKERY), "dialogflow"))
    replies = skill.fulfilment.replies
    assert replies["Order_bread"] == (
        '{% if locale == "de-DE" %}Gern, {{ slots.bread }}{% else %}'
        "{{ slots.bread }} it is, {{ '{' }}{ done }}{% endif %}",
    )
    assert replies[LAUNCH] == ("Good morning.",)
    assert replies["AMAZON.FallbackIntent"] == ("Pardon?",)


def test_the_account_says_what_was_not_taken(tmp_path: Path) -> None:
    account = imported(put(tmp_path / "bakery", BAKERY), "dialogflow").accounting
    reasons = {line.note for line in account.skipped}
    assert "a value from a context or a constant, nothing that a person says" in reasons
    assert "an example of what the agent does not do" in reasons
    assert "a reply that speaks a value which is no slot of the intent" in reasons
    assert "a value made of other entities" in reasons
    assert "crumbs" not in {line.what for line in account.skipped}


def test_training_phrases_alone_will_do_in_any_script(tmp_path: Path) -> None:
    phrases = says([part("明日の"), part("天気", "何", "@sys.any")])
    files = {"天気/intents/天気を聞く_usersays_ja.json": phrases}
    found = imported(put(tmp_path / "weather", files), "dialogflow")
    (language,) = only(found).languages
    (asked,) = language.intents
    assert (language.locale, asked.samples) == ("ja-JP", ("明日の{何}",))
    assert asked.extra[OURS]["name"] == "天気を聞く"


def test_two_agents_are_two_skills_though_they_bear_one_name(tmp_path: Path) -> None:
    files = {f"{n}/agent/intents/Go_usersays_en-GB.json": says([part(f"go {n}")]) for n in "ab"}
    found = imported(put(tmp_path / "both", files), "dialogflow")
    assert [skill.id for skill in found.skills] == ["agent", "agent_2"]
    assert found.skills[0].locales == ("en-GB",)


def test_an_old_export_keeps_phrases_in_the_intents_own_file(tmp_path: Path) -> None:
    files = {
        "agent.json": {"language": "en"},
        "intents/Go.json": {**intent("Go"), "userSays": says([part("go on")])},
    }
    skill = only(imported(put(tmp_path / "old", files), "dialogflow"))
    assert skill.languages[0].intents[0].samples == ("go on",)


def test_a_zip_with_marks_of_windows_and_of_a_mac_is_read(tmp_path: Path) -> None:
    path = tmp_path / "bread.zip"
    with zipfile.ZipFile(path, "w") as archive:
        text = '\ufeff[\r\n{"data": [{"text": "bake"}]}\r\n]'
        archive.writestr("intents/Bake_usersays_en.json", text)
        archive.writestr("__MACOSX/intents/._Bake_usersays_en.json", b"\x00\x05\x16")
    found = imported(path, "dialogflow")
    assert only(found).languages[0].intents[0].samples == ("bake",)
    assert list(found.unused) == ["__MACOSX/intents/._Bake_usersays_en.json"]


def test_a_mistake_is_told_with_file_and_line(tmp_path: Path) -> None:
    files = {"intents/Go_usersays_en.json": '[\n{"data": [}\n]'}
    with pytest.raises(SkillError, match=r"Go_usersays_en.json:2: .*mend the JSON"):
        import_skills(put(tmp_path / "bad", files))


def test_an_agent_that_nobody_can_talk_to_is_told_so(tmp_path: Path) -> None:
    files: dict[str, Any] = {"intents/Go_usersays_en.json": []}
    with pytest.raises(SkillError, match="holds nothing that people can say"):
        import_skills(put(tmp_path / "mute", files))
    with pytest.raises(SkillError, match="no Dialogflow agent in it; expected intents/"):
        import_skills(put(tmp_path / "none", {"x.json": {}}), "dialogflow")


PARTS = st.lists(
    st.tuples(
        st.text(max_size=8),
        st.sampled_from(["", "a b", "天", "{"]),
        st.sampled_from(["", "@x", "@sys.date"]),
    ),
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PARTS, max_size=3))
def test_any_phrases_become_samples_without_stray_braces(phrases: list[Any]) -> None:
    marks = Marks(says(*[[part(*each) for each in phrase] for phrase in phrases]))
    slots = Slots(["x"])
    samples = read_es(marks.root.items(), slots)
    assert not any(stray_brace(sample) for sample in samples)
    assert marks.close().adds_up


def text(*texts: str, lang: str = "en") -> dict[str, Any]:
    return {"messages": [{"text": {"text": list(texts)}, "languageCode": lang}]}


def cx_says(lang: str, *phrases: list[dict[str, str]]) -> dict[str, Any]:
    found = [{"id": "t", "parts": x, "repeatCount": 1, "languageCode": lang} for x in phrases]
    return {"trainingPhrases": found}


FERRY: dict[str, Any] = {
    "agent.json": {
        "displayName": "Ferry Desk",
        "defaultLanguageCode": "en",
        "supportedLanguageCodes": ["fr"],
    },
    "intents/book/book.json": {
        "name": "b1",
        "displayName": "book.crossing",
        "parameters": [
            {"id": "port", "entityType": "@port"},
            {"id": "day", "entityType": "projects/-/locations/-/agents/-/entityTypes/sys.date"},
        ],
    },
    "intents/book/trainingPhrases/en.json": cx_says(
        "en",
        [{"text": "a ferry to "}, {"text": "calais", "parameterId": "port"}],
        [{"text": "ferry on "}, {"text": "friday", "parameterId": "day"}],
    ),
    "intents/book/trainingPhrases/fr.json": cx_says("fr", [{"text": "un bateau"}]),
    "intents/hello/hello.json": {
        "name": "00000000-0000-0000-0000-000000000000",
        "displayName": "Default Welcome Intent",
    },
    "intents/hello/trainingPhrases/en.json": cx_says("en", [{"text": "hello"}]),
    "intents/no/no.json": {"displayName": "Negative", "isFallback": True},
    "intents/no/trainingPhrases/en.json": cx_says("en", [{"text": "mend my shoes"}]),
    "entityTypes/port/port.json": {"displayName": "port", "kind": "KIND_MAP"},
    "entityTypes/port/entities/en.json": {
        "entities": [{"value": "Calais", "synonyms": ["Calais"], "languageCode": "en"}]
    },
    "flows/Start/Start.json": {
        "displayName": "Default Start Flow",
        "transitionRoutes": [
            {
                "intent": "book.crossing",
                "targetPage": "Details",
                "triggerFulfillment": text("Sure."),
            },
            {"intent": "Default Welcome Intent", "triggerFulfillment": text("Ahoy!", "Hello.")},
            {"condition": "$session.params.a = 1", "triggerFulfillment": text("Odd.")},
        ],
    },
    "flows/Start/pages/Details.json": {
        "displayName": "Details",
        "form": {
            "parameters": [
                {
                    "displayName": "day",
                    "required": True,
                    "entityType": "@sys.date",
                    "fillBehavior": {"initialPromptFulfillment": text("Which day?")},
                },
                {"displayName": "cars", "required": True, "entityType": "@sys.number"},
            ]
        },
        "transitionRoutes": [
            {
                "condition": '$page.params.status = "FINAL"',
                "triggerFulfillment": text("Booked for $session.params.day."),
            }
        ],
    },
    "testCases/one.json": {"displayName": "a test"},
}


def test_a_cx_agent_becomes_a_skill_with_what_its_pages_ask_for(tmp_path: Path) -> None:
    found = imported(put(tmp_path / "ferry", FERRY), "dialogflow")
    skill = only(found)
    assert (skill.id, skill.locales) == ("ferry-desk", ("en-US", "fr-FR"))
    book = skill.languages[0].intents[0]
    assert book.name == "book.crossing"
    assert book.samples == ("a ferry to {port}", "ferry on {day}")
    assert {slot.name: (slot.type, slot.required, slot.ask) for slot in book.slots} == {
        "port": ("port", False, ()),
        "day": ("AMAZON.DATE", True, ("Which day?",)),
        "cars": ("AMAZON.NUMBER", True, ()),
    }
    assert [value.value for value in skill.languages[0].types[0].values] == ["Calais"]
    assert found.unused == {"testCases/one.json": "no part of a Dialogflow agent"}


def test_a_cx_agents_answers_come_along(tmp_path: Path) -> None:
    replies = only(imported(put(tmp_path / "ferry", FERRY), "dialogflow")).fulfilment.replies
    assert replies["book.crossing"] == ("Booked for {{ slots.day }}.",)
    assert replies["Default_Welcome_Intent"] == replies[LAUNCH] == ("Ahoy!", "Hello.")


def test_the_page_about_it_shows_what_is_done(tmp_path: Path) -> None:
    check_page("dialogflow", tmp_path)
