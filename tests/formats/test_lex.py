"""Amazon Lex V2 bots become skills: questions, confirmations and replies come along."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sayso.errors import SkillError
from sayso.formats.known import import_skills
from sayso.skills.restore import OURS
from tests.formats.foreign import check_page, imported, only, put


def group(*texts: str) -> list[dict[str, Any]]:
    first, *more = [{"plainTextMessage": {"value": text}} for text in texts]
    return [{"message": first, "variations": more}]


def slot(name: str, kind: str, *ask: str, required: bool = True, **more: Any) -> dict[str, Any]:
    prompt = {"messageGroupsList": group(*ask), "maxRetries": 4} if ask else None
    value = {
        "slotConstraint": "Required" if required else "Optional",
        "promptSpecification": prompt,
    }
    return {
        "name": name,
        "identifier": "S",
        "slotTypeName": kind,
        "valueElicitationSetting": value,
    } | more


def samples(*texts: str) -> list[dict[str, str]]:
    return [{"utterance": text} for text in texts]


RENT: dict[str, Any] = {
    "name": "RentBoat",
    "identifier": "I",
    "sampleUtterances": samples("rent a {Kind}", "a boat for { Hours } hours", "on {Nowhere}"),
    "slotPriorities": [{"priority": 1, "slotName": "Hours"}, {"priority": 2, "slotName": "Kind"}],
    "intentConfirmationSetting": {
        "isActive": True,
        "promptSpecification": {"messageGroupsList": group("A {Kind} for {Hours} hours?")},
        "declinationResponse": {"messageGroupsList": group("Another day, then.")},
    },
    "intentClosingSetting": {
        "isActive": True,
        "closingResponse": {"messageGroupsList": group("Your {Kind} waits.", "Ahoy, [user]!")},
    },
    "fulfillmentCodeHook": {"enabled": True},
}
HARBOUR: Mapping[str, Any] = {
    "manifest.json": {"metadata": {"schemaVersion": "1", "fileFormat": "LexJson"}},
    "Harbour/Bot.json": {"name": "HarbourDesk", "description": "Rents boats.", "version": "DRAFT"},
    "Harbour/BotLocales/en_US/BotLocale.json": {"name": "English", "identifier": "en_US"},
    "Harbour/BotLocales/en_US/Intents/RentBoat/Intent.json": RENT,
    "Harbour/BotLocales/en_US/Intents/RentBoat/Slots/Kind/Slot.json": slot(
        "Kind",
        "BoatKind",
        "Which boat?",
        "What kind of boat?",
    ),
    "Harbour/BotLocales/en_US/Intents/RentBoat/Slots/Hours/Slot.json": slot(
        "Hours",
        "AMAZON.Number",
        "How long?",
        multipleValuesSetting={"allowMultipleValues": False},
    ),
    "Harbour/BotLocales/en_US/Intents/RentBoat/Slots/Sure/Slot.json": slot(
        "Sure",
        "AMAZON.Confirmation",
        required=False,
    ),
    "Harbour/BotLocales/en_US/Intents/FallbackIntent/Intent.json": {
        "name": "FallbackIntent",
        "parentIntentSignature": "AMAZON.FallbackIntent",
        "intentClosingSetting": {"closingResponse": {"messageGroupsList": group("Pardon?")}},
    },
    "Harbour/BotLocales/en_US/Intents/Support/Intent.json": {
        "name": "Support",
        "parentIntentSignature": "AMAZON.HelpIntent",
        "sampleUtterances": [],
    },
    "Harbour/BotLocales/en_US/SlotTypes/BoatKind/SlotType.json": {
        "name": "BoatKind",
        "slotTypeValues": [
            {"sampleValue": {"value": "canoe"}, "synonyms": [{"value": "kayak"}]},
            {"sampleValue": {"value": "canoe"}, "synonyms": None},
        ],
        "valueSelectionSetting": {"resolutionStrategy": "TOP_RESOLUTION"},
    },
    "Harbour/BotLocales/de_DE/BotLocale.json": {"identifier": "de_DE"},
    "Harbour/BotLocales/de_DE/Intents/RentBoat/Intent.json": {
        "name": "RentBoat",
        "sampleUtterances": samples("ein boot mieten"),
    },
}


def test_a_bot_becomes_a_skill_in_each_of_its_languages(tmp_path: Path) -> None:
    found = imported(put(tmp_path / "bot", {**HARBOUR, "notes.md": "n"}), "lex")
    skill = only(found)
    assert (skill.id, skill.name, skill.locales) == (
        "harbour-desk",
        "HarbourDesk",
        ("en-US", "de-DE"),
    )
    assert [intent.name for intent in skill.languages[0].intents] == [
        "RentBoat",
        "AMAZON.HelpIntent",
    ]
    assert skill.languages[0].intents[0].samples == ("rent a {Kind}", "a boat for {Hours} hours")
    assert skill.languages[1].intents[0].samples == ("ein boot mieten",)
    assert found.unused == {"notes.md": "no part of a Lex bot"}


def test_slots_are_asked_for_in_the_bots_order_and_words(tmp_path: Path) -> None:
    language = only(imported(put(tmp_path / "bot", HARBOUR), "lex")).languages[0]
    hours, kind, sure = language.intents[0].slots
    assert (hours.name, hours.type, hours.required, hours.ask) == (
        "Hours",
        "AMAZON.NUMBER",
        True,
        ("How long?",),
    )
    assert (kind.type, kind.ask) == ("BoatKind", ("Which boat?", "What kind of boat?"))
    assert (sure.type, sure.required) == ("yes_no", False)
    canoe, *others = language.types[0].values
    assert (canoe.value, canoe.synonyms, others) == ("canoe", ("kayak",), [])


def test_the_question_before_and_the_words_after_come_along(tmp_path: Path) -> None:
    skill = only(imported(put(tmp_path / "bot", HARBOUR), "lex"))
    assert skill.languages[0].intents[0].confirm == ("A {Kind} for {Hours} hours?",)
    assert skill.fulfilment.replies["RentBoat"] == ("Your {{ slots.Kind }} waits.",)
    assert skill.fulfilment.replies["AMAZON.FallbackIntent"] == ("Pardon?",)


def test_the_account_says_what_was_not_taken(tmp_path: Path) -> None:
    account = imported(put(tmp_path / "bot", HARBOUR), "lex").accounting
    reasons = {line.note: line.what for line in account.skipped}
    assert reasons["names a slot that its intent does not have"] == "on {Nowhere}"
    assert reasons["says a value which is no slot of the intent"] == "Ahoy, [user]!"
    assert reasons["how often Lex asks, and what it says after a no"] == "Another day, then."
    assert "a Lambda function of Lex's protocol" in reasons


def test_a_zip_as_lex_exports_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "bot.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in HARBOUR.items():
            archive.writestr(name, json.dumps(content))
    assert only(imported(path, "lex")).id == "harbour-desk"


def test_one_language_alone_and_names_in_other_scripts_are_read(tmp_path: Path) -> None:
    intent = {"name": "予約", "sampleUtterances": samples("船を予約")}
    found = imported(put(tmp_path / "bot", {"ja_JP/Intents/予約/Intent.json": intent}), "lex")
    (language,) = only(found).languages
    assert language.locale == "ja-JP"
    assert language.intents[0].extra[OURS]["name"] == "予約"


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        SkillError, match="no Lex bot in it; expected the JSON of a V1 bot, or <Bot>/"
    ):
        import_skills(put(tmp_path / "none", {"a.json": {}}), "lex")
    files = {"B/BotLocales/en_US/Intents/A/Intent.json": "{\n{"}
    with pytest.raises(SkillError, match=r"Intent.json:2: .*mend the JSON"):
        import_skills(put(tmp_path / "bad", files))


@pytest.mark.parametrize("wrong", [None, [], 7, "x", {"a": [{"message": 3}]}])
def test_parts_of_a_wrong_shape_are_skipped_and_counted(tmp_path: Path, wrong: Any) -> None:
    intent = dict.fromkeys(RENT, wrong) | {
        "name": "Odd",
        "sampleUtterances": [*samples("odd"), wrong],
    }
    files = {
        "B/BotLocales/en_US/Intents/Odd/Intent.json": intent,
        "B/BotLocales/en_US/Intents/Odd/Slots/S/Slot.json": dict.fromkeys(
            slot("S", "T", "Which?"), wrong
        ),
        "B/BotLocales/en_US/SlotTypes/T/SlotType.json": json.dumps(wrong),
    }
    skill = only(imported(put(tmp_path / "bot", files), "lex"))
    assert skill.languages[0].intents[0].samples == ("odd",)


def test_the_page_about_it_shows_what_is_done(tmp_path: Path) -> None:
    check_page("lex", tmp_path)


OLD: dict[str, Any] = {
    "metadata": {"schemaVersion": "1.0", "importType": "LEX", "importFormat": "JSON"},
    "resource": {
        "name": "BoatDesk",
        "version": "1",
        "locale": "de-DE",
        "voiceId": "0",
        "intents": [
            {
                "name": "RentBoat",
                "version": "1",
                "fulfillmentActivity": {"type": "ReturnIntent"},
                "sampleUtterances": ["rent a {Kind}", "a boat for { Hours } hours", "on {Nowhere}"],
                "slots": [
                    {
                        "name": "Hours",
                        "slotType": "AMAZON.NUMBER",
                        "slotConstraint": "Optional",
                        "priority": 2,
                        "sampleUtterances": ["for {Hours}"],
                    },
                    {
                        "name": "Kind",
                        "slotType": "BoatKind",
                        "slotTypeVersion": "1",
                        "slotConstraint": "Required",
                        "priority": 1,
                        "valueElicitationPrompt": {
                            "messages": [
                                {"contentType": "PlainText", "content": "Which boat?"},
                                {"contentType": "CustomPayload", "content": "{}"},
                            ],
                            "maxAttempts": 2,
                        },
                    },
                ],
                "confirmationPrompt": {
                    "messages": [{"contentType": "PlainText", "content": "A {Kind}?"}]
                },
                "conclusionStatement": {
                    "messages": [{"contentType": "SSML", "content": "<speak>Ahoy.</speak>"}]
                },
            },
            {"name": "Silent", "sampleUtterances": [], "slots": []},
        ],
        "slotTypes": [
            {
                "name": "BoatKind",
                "valueSelectionStrategy": "TOP_RESOLUTION",
                "enumerationValues": [{"value": "canoe", "synonyms": ["kayak"]}, {"value": ""}],
            }
        ],
    },
}


def test_a_bot_of_v1_is_one_file(tmp_path: Path) -> None:
    skill = only(imported(put(tmp_path / "in", {"bot.json": OLD}), "lex"))
    (language,) = skill.languages
    (rent,) = language.intents
    assert (skill.id, language.locale, rent.confirm) == ("boat-desk", "de-DE", ("A {Kind}?",))
    assert rent.samples == ("rent a {Kind}", "a boat for {Hours} hours")
    kind, hours = rent.slots
    assert (kind.name, kind.type, kind.required, kind.ask) == (
        "Kind",
        "BoatKind",
        True,
        ("Which boat?",),
    )
    assert (hours.type, hours.required, hours.samples) == ("AMAZON.NUMBER", False, ("for {Hours}",))
    assert [(x.value, tuple(x.synonyms)) for x in language.types[0].values] == [
        ("canoe", ("kayak",))
    ]
    assert skill.fulfilment.replies == {"RentBoat": ("Ahoy.",)}


def test_a_bot_of_v1_accounts_for_what_it_leaves(tmp_path: Path) -> None:
    found = imported(put(tmp_path / "in", {"bot.json": OLD, "x.txt": "x"}), "lex")
    why = {line.what: line.note for line in found.accounting.skipped}
    assert why["on {Nowhere}"] == "names a slot that its intent does not have"
    assert why["{}"] == "a payload"
    assert why["ReturnIntent"] == "a Lambda function of Lex's protocol"
    assert found.unused == {"x.txt": "no part of a Lex bot"}
