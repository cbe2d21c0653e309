"""Every set that pretraining reads, in a few rows of our own writing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="pyarrow is not installed: sayso[evaluation]")

import pyarrow as pa
from pyarrow import parquet

THINGS = ("alarm", "timer", "lamp", "radio", "oven", "heater")
VERBS = ("start", "stop", "move", "show", "rename", "share")
ARTISTS = ("nina", "bob", "the band", "aretha")


def write(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """A Parquet file of these rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: [row.get(name) for row in rows] for name in names}
    parquet.write_table(pa.table(columns), path)


def utterances(set_: str) -> list[dict[str, Any]]:
    """Six intents of six texts each, as sets of intents have them."""
    return [
        {"text": f"{verb} the {thing} of {set_}", "intent": f"{verb}_thing", "slots": "[]"}
        for verb in VERBS
        for thing in THINGS
    ]


def tagged(number: int) -> list[dict[str, Any]]:
    """Texts with a slot by its characters, as snips has them."""
    rows = []
    for i in range(number):
        artist = ARTISTS[i % len(ARTISTS)]
        slot = {"slot": "artist", "value": artist, "start": 5, "end": 5 + len(artist)}
        text = f"play {artist} song {i}"
        rows.append({"text": text, "intent": f"play{i % 5}", "slots": json.dumps([slot])})
    return rows


def by_tokens() -> list[dict[str, Any]]:
    """A text with a slot by its tokens' tags alone, as slurp has them."""
    return [
        {
            "text": "wake me at seven thirty",
            "intent": "alarm_set",
            "slots": '[{"slot": "time", "value": "seven thirty"}]',
            "tokens": ["wake", "me", "at", "seven", "thirty"],
            "tags": ["O", "O", "O", "B-time", "I-time"],
        }
    ]


def skill_row(text: str, **changes: object) -> dict[str, Any]:
    """A row of a collection of skills, free to be read unless changed."""
    row = {
        "skill": "clock",
        "intent": "TellTime",
        "text": text,
        "plain": None,
        "kind": "utterance",
        "lang": "en",
        "licence": "Apache-2.0",
    }
    return row | changes


def write_sets(folder: Path) -> Path:
    """All of them."""
    for name in ("clinc150", "banking77", "hwu64", "nlupp"):
        write(folder / "nlu" / name / "train.parquet", utterances(name))
    write(folder / "nlu/clinc150/validation.parquet", [{"text": "what does clinc150 keep back"}])
    write(folder / "nlu/slurp/train.parquet", [*utterances("slurp"), *by_tokens()])
    write(folder / "nlu/snips/train.parquet", tagged(320))
    write(folder / "nlu/restaurants8k/train.parquet", [{"text": "a table for two", "slots": "[]"}])
    massive = [{"text_en": row["text"], "intent": row["intent"]} for row in utterances("massive")]
    write(
        folder / "nlu/massive_th/validation.parquet", [*massive, {"text_en": None, "intent": "x"}]
    )
    write(folder / "home_assistant/tests/en.parquet", utterances("house"))
    for name in ("ovos", "thingpedia", "rasa", "leon", "dialogflow"):
        rows = [skill_row(f"tell {name} the {thing}") for thing in THINGS]
        write(folder / "skills" / name / "utterances.parquet", rows)
    fluent = [{"source": f"no i mean the {x}", "text": f"where is the {x}"} for x in THINGS]
    write(folder / "rewrites/disfl_qa/train.parquet", fluent)
    alone = [{"text": "how far is the bank", "crowd_rewrites": ["the way to the bank"]}]
    write(folder / "rewrites/contextual_query_rewrite/train.parquet", alone)
    for name in ("evi", "dstc10_track2"):
        heard = [{"nbest": [f"call {x} {name}", f"tall {x} {name}"]} for x in ARTISTS]
        write(folder / "asr" / name / "train.parquet", [*heard, {"nbest": ["one guess"]}])
    for name in ("iard", "ab_redial"):
        said = [{"text": f"i liked the film about a {x} in {name}"} for x in THINGS]
        write(folder / "dialogues" / name / "train.parquet", said)
    things = [{"label": x, "description": f"something like a {x}"} for x in THINGS]
    write(folder / "kg/fb15k_237/entities.parquet", [*things, {"label": "bare", "description": ""}])
    return folder
