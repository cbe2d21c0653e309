"""Claim: a request out of the blue fills slots that are only described.

    python -m benchmarks.described_requests DATA --write

The first turn of each service in a dialogue of SGD's validation part, where it says what is wanted.
Every service is a skill with the samples that importers of tools make of names and descriptions,
fitted as any skill; its slots are found by the skill's own model alone, and with descriptions. The
intent is given: what is measured are slots, those of which the turn says something. `unseen`
services' dialogues were learnt from by nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import thread_time
from typing import Any

from benchmarks.hardware import write_result
from benchmarks.sgd.engine import NOW, sampled, values_of
from benchmarks.sgd.heard import hear_texts
from benchmarks.sgd.reading import DONT_CARE, NO_INTENT, Dialogue, dialogues, schema
from benchmarks.sgd.skills import LOCALE
from sayso.encoders.encoder import Encoder
from sayso.types.context import Context
from sayso.understanding.contract import Heard
from sayso.understanding.installed import Installed
from sayso.understanding.installing import fit
from sayso.understanding.slots import slots_of


@dataclass(frozen=True)
class Request:
    """A first turn of a service. said: slot -> the spellings of its value, in lower case."""

    text: str
    service: str
    intent: str
    said: dict[str, set[str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with dialogues/sgd")
    parser.add_argument("--every", type=int, default=1, help="only every n-th dialogue")
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    arguments = parser.parse_args()
    folder = arguments.data / "dialogues" / "sgd"
    if not (folder / "validation.parquet").is_file():
        sys.exit(f"skipped: {folder} lacks validation.parquet")
    result = measure(folder, arguments.every)
    print(json.dumps(result, indent=1))
    if arguments.write:
        write_result("described_requests", result)


def measure(folder: Path, every: int) -> dict[str, Any]:
    """Both ways on the same requests; seen and unseen services apart."""
    encoder = Encoder.load()
    services = schema(folder / "schema_validation.json")
    learnt = schema(folder / "schema_train.json")
    skills = {name: sampled(service) for name, service in services.items()}
    held = {
        name: fit(skill, skill.languages[0], engine="shared", encoder=encoder)
        for name, skill in skills.items()
    }
    asked = requests(dialogues(folder / "validation.parquet", every=every))
    heard = hear_texts((each.text for each in asked), encoder)
    parts = {
        "seen": [each for each in asked if each.service in learnt],
        "unseen": [each for each in asked if each.service not in learnt],
    }
    alone = {name: replace(each, descriptions=None) for name, each in held.items()}
    ways = {"own model": alone, "descriptions": held}
    return {
        name: {part: _figures(some, heard, way) for part, some in parts.items()}
        for name, way in ways.items()
    }


def requests(told: Sequence[Dialogue]) -> list[Request]:
    """The first turn of each service in which its user says what is wanted of it."""
    found = []
    for dialogue in told:
        met: set[str] = set()
        for _, turn in dialogue.user_turns:
            for service, state in turn.states.items():
                acts = [act for act in turn.acts if act.service == service]
                wants = any(act.act == "INFORM_INTENT" for act in acts)
                if service not in met and wants and state.intent != NO_INTENT:
                    said = {
                        act.slot: {x.lower() for x in (*act.values, *state.values[act.slot])}
                        for act in acts
                        if act.act == "INFORM" and act.slot and act.slot in state.values
                        if DONT_CARE not in act.values
                    }
                    found.append(Request(turn.text, service, state.intent, said))
                met.add(service)
    return found


def _figures(
    asked: Sequence[Request], heard: dict[str, Heard], held: dict[str, Installed]
) -> dict[str, float]:
    """Precision, recall and F1 of (slot, value) pairs; requests with all right and none more."""
    right = read = said = whole = 0
    began = thread_time()
    for each in asked:
        found = _read(heard[each.text], held[each.service], each.intent)
        good = sum(
            value.lower().rstrip(".") in each.said.get(slot, ()) for slot, value in found.items()
        )
        right, read, said = right + good, read + len(found), said + len(each.said)
        whole += good == len(found) == len(each.said)
    took = 1000 * (thread_time() - began)
    count = max(len(asked), 1)
    return {
        "requests": len(asked),
        "precision": round(right / max(read, 1), 4),
        "recall": round(right / max(said, 1), 4),
        "f1": round(2 * right / max(read + said, 1), 4),
        "whole_requests": round(whole / count, 4),
        "milliseconds": round(took / count, 2),
    }


def _read(heard: Heard, held: Installed, intent: str) -> dict[str, str]:
    context = Context("sgd", NOW, locale=LOCALE)
    tags = held.model.tag(heard, [intent]).get(intent, ())
    return values_of(held, slots_of(heard, held, intent, tags, context)[1])


if __name__ == "__main__":
    main()
