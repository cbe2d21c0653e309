"""Alexa's NLU evaluation sets, beside the models of a package, become test sets of the skill."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.formats.foreign import check_page, imported, put


def model(*samples: str) -> dict[str, Any]:
    intents = [
        {
            "name": "Wake",
            "samples": list(samples),
            "slots": [{"name": "at", "type": "AMAZON.TIME"}],
        },
        {"name": "AMAZON.StopIntent", "samples": []},
    ]
    spoken = {"invocationName": "early bird", "intents": intents, "types": []}
    return {"interactionModel": {"languageModel": spoken}}


def item(text: str, intent: str, **slots: Any) -> dict[str, Any]:
    inputs = {"utterance": text, "referenceTimestamp": "2026-01-01T00:00:00Z"}
    return {"inputs": inputs, "expected": [{"intent": {"name": intent, "slots": slots}}]}


MODELS = "skill-package/interactionModels/custom"
ROWS = [
    item("wake me at seven", "Wake", at={"slotValue": {"type": "Simple", "value": "seven"}}),
    item("at six", "Wake", at={"value": "six"}),
    item("seven or eight", "Wake", at={"slotValue": {"type": "List", "values": [{"value": "7"}]}}),
    item("stop", "AMAZON.StopIntent"),
    item("dance", "Dance"),
    item("", "Wake"),
]
FILES = {
    f"{MODELS}/en-US.json": model("wake me at {at}"),
    f"{MODELS}/de-DE.json": model("weck mich um {at}"),
    "nlu/en-US/first.json": {"data": ROWS},
    "nlu/de-DE.json": {"data": [item("weck mich um neun", "Wake")]},
    "other.json": {"data": [{"inputs": 3}], "expected": 1},
    "package.json": {"name": "x"},
}


def test_evaluation_sets_become_rows_in_their_locale(tmp_path: Path) -> None:
    found = imported(put(tmp_path / "in", FILES), "alexa")
    sets = found.tests["early-bird"]
    told = [(row["text"], row["intent"], row["slots"]) for row in sets["first"]]
    assert told == [
        ("wake me at seven", "Wake", {"at": "seven"}),
        ("at six", "Wake", {"at": "six"}),
        ("seven or eight", "Wake", {"at": "7"}),
        ("stop", "AMAZON.StopIntent", {}),
    ]
    assert {row["locale"] for row in sets["first"]} == {"en-US"}
    assert [row["locale"] for row in sets["de-DE"]] == ["de-DE"]


def test_every_line_of_a_set_is_accounted_for(tmp_path: Path) -> None:
    found = imported(put(tmp_path / "in", FILES), "alexa")
    account = found.accounts["nlu/en-US/first.json"]
    assert account.adds_up
    why = {line.what: line.note for line in account.skipped}
    assert why["dance"] == "a test of an intent that is not here"
    assert found.unused["package.json"] == "no interaction model"


def test_a_manifest_and_code_are_not_called_unread(tmp_path: Path) -> None:
    manifest = {"manifest": {"publishingInformation": {"locales": {"en-US": {"name": "Early"}}}}}
    code = "def lambda_handler(event, context): ..."
    more = {"skill-package/skill.json": manifest, "lambda/lambda_function.py": code}
    found = imported(put(tmp_path / "in", {**FILES, **more}), "alexa")
    assert found.unused["skill-package/skill.json"] == "the manifest, kept as it is"
    assert found.unused["lambda/lambda_function.py"] == "code, copied as it is"
    assert "other          1  files: code, copied as it is" in found.table()


def test_every_model_of_a_package_is_read(tmp_path: Path) -> None:
    found = imported(put(tmp_path / "in", FILES), "alexa")
    assert found.skills[0].locales == ("en-US", "de-DE")


def test_a_second_model_of_a_locale_is_told(tmp_path: Path) -> None:
    found = imported(put(tmp_path / "in", {**FILES, "models/en-US.json": model("up")}), "alexa")
    why = found.unused["models/en-US.json"]
    assert why == "a second model of a locale; the one of skill-package counts"


def test_the_page_about_alexa_shows_what_is_done(tmp_path: Path) -> None:
    check_page("alexa", tmp_path)
