"""Where a sample stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sayso.skills import read_skill
from sayso.skills.places import Place, place_of

OWLS = """\
name: Owls
invocation: owl house
locale: [en-US, en-GB]
intents:
  Hoot: [hoot for me, let me hear an owl]
  Look:
    samples:
      - which owl is that
      # a remark
      - what flies there
languages:
  fr-FR:
    invocation: maison
    intents:
      Hoot: [ulule]
"""
GERMAN = "invocation: eulenhaus\nintents:\n  Hoot:\n    samples:\n    - rufe\n"


@pytest.fixture
def owls(tmp_path: Path) -> Path:
    folder = tmp_path / "owls"
    folder.mkdir()
    (folder / "skill.yaml").write_text(OWLS)
    (folder / "de-DE.yaml").write_text(GERMAN)
    return folder


@pytest.mark.parametrize(
    ("locale", "intent", "sample", "place"),
    [
        ("en-US", "", "owl house", "skill.yaml:2"),
        ("en-US", "Hoot", "let me hear an owl", "skill.yaml:5"),
        ("en-GB", "Look", "what flies there", "skill.yaml:10"),
        ("fr-FR", "", "maison", "skill.yaml:13"),
        ("fr-FR", "Hoot", "ulule", "skill.yaml:15"),
        ("de-DE", "", "eulenhaus", "de-DE.yaml:1"),
        ("de-DE", "Hoot", "rufe", "de-DE.yaml:5"),
    ],
)
def test_the_line_of_a_sample(
    owls: Path, locale: str, intent: str, sample: str, place: str
) -> None:
    assert str(place_of(read_skill(owls), locale, intent, sample)) == f"{owls}/{place}"


def test_a_file_that_changed_is_read_again(owls: Path) -> None:
    place_of(read_skill(owls), "en-US", "", "owl house")
    (owls / "skill.yaml").write_text(f"# about owls\n{OWLS}")
    assert place_of(read_skill(owls), "en-US", "", "owl house").line == 3


def test_an_alexa_model_is_searched_after_the_intents_name(tmp_path: Path) -> None:
    intents = [
        {"name": name, "slots": [], "samples": ["hoot", "say é"]} for name in ("Call", "Hoot")
    ]
    model = {"interactionModel": {"languageModel": {"invocationName": "owls", "intents": intents}}}
    file = tmp_path / "models" / "en-US.json"
    file.parent.mkdir()
    file.write_text(json.dumps(model, ensure_ascii=False, indent=1))
    lines = file.read_text().splitlines()
    place = place_of(read_skill(tmp_path), "en-US", "Hoot", "say é")
    assert place.file == str(file)
    assert lines[place.line - 1].strip() == '"say é"'
    assert '"Hoot"' in "".join(lines[: place.line])
    assert place_of(read_skill(tmp_path), "en-US", "Hoot", "never said") == Place(str(tmp_path))
