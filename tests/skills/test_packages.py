from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sayso.errors import SkillError
from sayso.skills import export_alexa, import_alexa, read_skill, write_skill
from sayso.skills.restore import same
from sayso.types.skills import FulfilmentKind
from tests.skills.files import PAINTER, write

MODELS = "skill-package/interactionModels/custom"
CODE = "def lambda_handler(event, context):\n    return {}\n"


def _manifest(**apis: Any) -> dict[str, Any]:
    about = {
        "name": "Wall Painter!",
        "summary": "Paints.",
        "description": "Paints walls in any color.",
        "examplePhrases": ["Alexa, open wall painter", 5],
    }
    locales = {"en-US": about, "de-DE": {"summary": "Malt."}}
    information = {"locales": locales}
    return {"manifest": {"publishingInformation": information, "apis": apis}}


def _package(folder: Path, **apis: Any) -> Path:
    root = folder / "package"
    write(root, "ask-resources.json", {"profiles": {}})
    write(root, "skill-package/skill.json", _manifest(**apis))
    for locale in ("de-DE", "en-US"):
        write(root, f"{MODELS}/{locale}.json", PAINTER)
    return root


def test_a_package_becomes_a_skill(tmp_path: Path) -> None:
    skill, account = import_alexa(_package(tmp_path))
    assert (skill.id, skill.name) == ("wall-painter", "Wall Painter!")
    assert skill.description == "Paints walls in any color."
    assert skill.locales == ("en-US", "de-DE")
    assert skill.languages[0].examples == ("Alexa, open wall painter",)
    assert skill.languages[1].description == "Malt."
    assert account.adds_up
    assert skill.fulfilment.kind is FulfilmentKind.REPLIES
    assert set(skill.fulfilment.replies) == {"AMAZON.StopIntent", "Paint", "Undo"}


def test_a_skill_that_asks_for_a_screen_suits_one(tmp_path: Path) -> None:
    shown = [{"type": "AUDIO_PLAYER"}, {"type": "ALEXA_PRESENTATION_APL"}]
    skill, _ = import_alexa(_package(tmp_path, custom={"interfaces": shown}))
    assert skill.suits == ("screen",)
    assert read_skill(write_skill(skill, tmp_path / "home" / skill.id)) == skill


def test_a_skill_that_offers_an_opinion_says_so_where_it_has_a_back_end(tmp_path: Path) -> None:
    offered = [{"type": "CAN_FULFILL_INTENT_REQUEST"}]
    endpoint = {"uri": "https://walls.example/paint"}
    about = {"interfaces": offered, "endpoint": endpoint}
    skill, _ = import_alexa(_package(tmp_path / "a", custom=about))
    assert skill.fulfilment.can_fulfill
    assert read_skill(write_skill(skill, tmp_path / "home" / skill.id)) == skill
    silent, _ = import_alexa(_package(tmp_path / "b", custom={"interfaces": offered}))
    assert not silent.fulfilment.can_fulfill


@pytest.mark.parametrize("id", ["amzn1.ask.skill.5f1e", "walls", None])
def test_the_id_that_alexa_gave_the_skill_is_what_its_back_end_is_called_as(
    tmp_path: Path, id: str | None
) -> None:
    package = _package(tmp_path, custom={"endpoint": {"uri": "https://walls.example/paint"}})
    states = {"profiles": {"default": {"skillId": id}}}
    write(package, ".ask/ask-states.json", states)
    skill, _ = import_alexa(package)
    assert skill.fulfilment.application_id == (id if id and id.startswith("amzn1.") else None)
    assert read_skill(write_skill(skill, tmp_path / "home" / skill.id)) == skill


@pytest.mark.parametrize("interfaces", [None, 5, [None, 5, {"type": []}], {"type": "VIDEO_APP"}])
def test_odd_interfaces_suit_nothing(tmp_path: Path, interfaces: Any) -> None:
    skill, _ = import_alexa(_package(tmp_path, custom={"interfaces": interfaces}))
    assert skill.suits == ()


def test_an_imported_skill_survives_its_folder(tmp_path: Path) -> None:
    skill, _ = import_alexa(_package(tmp_path))
    again = read_skill(write_skill(skill, tmp_path / "home" / skill.id))
    assert again == skill
    assert same(export_alexa(again, "de-DE"), PAINTER)


def test_an_older_package_has_models_beside_its_manifest(tmp_path: Path) -> None:
    write(tmp_path, "old/skill.json", _manifest())
    write(tmp_path, "old/models/en-GB.json", PAINTER)
    assert import_alexa(tmp_path / "old")[0].locales == ("en-GB",)


def test_a_zip_is_read_like_its_folder(tmp_path: Path) -> None:
    root = _package(tmp_path)
    with zipfile.ZipFile(tmp_path / "package.zip", "w") as archive:
        for file in sorted(root.rglob("*.json")):
            archive.write(file, f"top/{file.relative_to(root)}")
    skill, account = import_alexa(tmp_path / "package.zip")
    assert skill == import_alexa(root)[0]
    assert account == import_alexa(root)[1]


def test_python_code_answers_and_comes_along(tmp_path: Path) -> None:
    root = _package(tmp_path, custom={"endpoint": {"uri": "https://example.org/painter"}})
    write(root, "lambda/py/lambda_function.py", "lambda_handler = 5")
    write(root, "lambda/py/colors.py", "")
    write(root, "lambda/py/__pycache__/x.pyc", "")
    skill, _ = import_alexa(root)
    assert skill.fulfilment.kind is FulfilmentKind.ALEXA
    assert skill.fulfilment.handler == "lambda/py/lambda_function:lambda_handler"
    folder = write_skill(skill, tmp_path / "home" / "painter")
    copied = sorted(file.name for file in (folder / "lambda/py").iterdir())
    assert copied == ["colors.py", "lambda_function.py"]
    write(folder, "lambda/py/colors.py", "edited = True")
    write_skill(skill, folder)
    assert (folder / "lambda/py/colors.py").read_text() == "edited = True"


def test_code_comes_out_of_a_zip_and_never_beside_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "package.zip", "w") as archive:
        archive.writestr("models/en-US.json", json.dumps(PAINTER))
        archive.writestr("lambda/lambda_function.py", CODE)
        archive.writestr("lambda/../../outside.py", CODE)
    skill, _ = import_alexa(tmp_path / "package.zip")
    folder = write_skill(skill, tmp_path / "home" / "painter")
    assert (folder / "lambda/lambda_function.py").read_text() == CODE
    assert not list(tmp_path.rglob("outside.py"))


def test_code_at_the_root_comes_along_too(tmp_path: Path) -> None:
    root = _package(tmp_path)
    write(root, "lambda_function.py", CODE)
    write(root, "texts/hello.txt", "hi")
    skill, _ = import_alexa(root)
    assert skill.fulfilment.handler == "lambda_function:lambda_handler"
    folder = write_skill(skill, tmp_path / "home" / "painter")
    assert sorted(place.name for place in folder.iterdir()) == [
        "de-DE.yaml",
        "lambda_function.py",
        "skill.yaml",
        "texts",
    ]


def test_an_https_endpoint_answers(tmp_path: Path) -> None:
    root = _package(tmp_path, custom={"endpoint": {"uri": "https://example.org/painter"}})
    fulfilment = import_alexa(root)[0].fulfilment
    assert (fulfilment.kind, fulfilment.url) == (
        FulfilmentKind.HTTPS,
        "https://example.org/painter",
    )


@pytest.mark.parametrize("uri", ["arn:aws:lambda:us-east-1:1:function:x", 5, "http://x.org"])
def test_other_endpoints_give_a_plain_text(tmp_path: Path, uri: Any) -> None:
    root = _package(tmp_path, custom={"endpoint": {"uri": uri}})
    assert import_alexa(root)[0].fulfilment.kind is FulfilmentKind.REPLIES


def test_a_bare_model_is_named_by_its_invocation(tmp_path: Path) -> None:
    skill, account = import_alexa(write(tmp_path, "de-DE.json", PAINTER))
    assert (skill.id, skill.name, skill.locales) == ("wall-painter", "Wall Painter", ("de-DE",))
    assert account.adds_up
    assert import_alexa(write(tmp_path, "x.json", {"intents": []}))[0].id == "x"


def test_a_legacy_schema_is_read_with_its_samples(tmp_path: Path) -> None:
    intents = [
        {"intent": "Wake", "slots": [{"name": "time", "type": "TIME"}]},
        {"intent": "Tea", "slots": [{"name": "kind", "type": "TEA"}]},
        {"intent": "AMAZON.HelpIntent"},
    ]
    root = tmp_path / "early-bird"
    write(root, "speechAssets/IntentSchema.json", {"intents": intents})
    lines = (
        "Wake wake me at {time}\nWake get me up {six o'clock|time}\n\nTea make {kind}\nNo such\n"
    )
    write(root, "speechAssets/SampleUtterances.txt", lines)
    write(root, "speechAssets/customSlotTypes/TEA", "green tea\nblack tea\n")
    skill, account = import_alexa(root)
    assert (skill.id, skill.locales) == ("early-bird", ("en-US",))
    wake, tea, _ = skill.languages[0].intents
    assert wake.samples == ("wake me at {time}", "get me up {time}")
    assert wake.slots[0].type == "AMAZON.TIME"
    assert tea.slots[0].type == "TEA"
    assert account.adds_up
    assert [line.what for line in account.skipped] == ["such"]
    assert read_skill(write_skill(skill, tmp_path / "home" / skill.id)) == skill


def test_conversations_without_a_model_are_reported_not_guessed(tmp_path: Path) -> None:
    write(tmp_path, "skill-package/conversations/main.acdl", "namespace x")
    with pytest.raises(SkillError, match="an Alexa Conversations package"):
        import_alexa(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("en-US.json", '{\n "intents": [,]}', "en-US.json:2: Expecting value"),
        ("en-US.json", b"{\n\xff}", "en-US.json:2: not UTF-8; save the file as UTF-8"),
        ("en-US.json", '{"intents": [NaN]}', "en-US.json:1: NaN is no JSON number"),
        ("en-US.json", "[" * 100_000, "en-US.json:1: nested too deep"),
        ("en-US.json", "[]", "an interaction model is a JSON object, not a list"),
        ("x.zip", "no zip", "not a readable zip"),
    ],
)
def test_damaged_files_are_named(tmp_path: Path, name: str, content: Any, problem: str) -> None:
    with pytest.raises(SkillError, match=problem):
        import_alexa(write(tmp_path, name, content))


def test_an_empty_folder_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(SkillError, match="no interaction model in it; expected"):
        import_alexa(tmp_path)


def test_a_model_with_half_a_character_is_refused(tmp_path: Path) -> None:
    text = json.dumps({"intents": [{"name": "A", "samples": ["\ud800"]}]})
    with pytest.raises(SkillError, match="not valid Unicode"):
        import_alexa(write(tmp_path, "en-US.json", text))
