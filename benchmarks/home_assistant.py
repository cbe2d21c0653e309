"""Claim: Home Assistant's English sentences, imported and trained, are understood as it tests them.

    python -m benchmarks.home_assistant DATA --write

DATA holds `home_assistant/`: templates, the home that the tests assume, and the tests. The skill is
made of the templates and of that home's names, as `sayso import` makes it; the names that a test
brings itself are added to the home. No test sentence is seen before it is scored.

A sentence is right where Sayso acts upon it with the intent of the test and with the slots of the
test, no more and no less: those said, as the value's id, number or name, those that the intent's
variant has fixed (`HassTurnOn:light` is `domain: light`), and the area that the device's place
fills. `intents` counts those with the right intent. hassil recognises the same sentences in the
same run, by `recognize` (the first match) and `recognize_best`, with the names as its slot lists
and the area as its context; its numbers are compared as numbers, too. `models alone` is Sayso
without the grammar that the skill keeps. A sentence's time is that of the processor, as the machine
is shared, the median of three rounds; `first_round_p99_ms` is of the first, when nothing is kept of
any sentence. With `--beside` the skill is measured once more in a home with other skills.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any

import numpy as np
from pyarrow import parquet

from benchmarks.hardware import write_result
from sayso import load, read_skills, train
from sayso.encoders import Encoder
from sayso.formats.home_assistant.language import plain_name
from sayso.formats.known import import_skills
from sayso.runtime.engine import Engine
from sayso.runtime.engine_settings import EngineSettings
from sayso.skills.restore import notes
from sayso.types.context import Context, Device
from sayso.types.readings import Hypothesis, Outcome, SlotValue, Utterance
from sayso.types.skills import Skill
from sayso.understanding.heard import clean

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
ROUNDS = 3  # each sentence's time is the median of these
LOADING = """
import sys, time
clocks = lambda: (time.perf_counter(), time.process_time())
marks = [clocks()]
from sayso import load
marks.append(clocks())
engine = load(sys.argv[1])
marks.append(clocks())
engine.understand("turn on the light")
marks.append(clocks())
print(*(after[k] - before[k] for k in (0, 1) for before, after in zip(marks, marks[1:])))
"""

Meaning = tuple[str, Mapping[str, Any]]  # intent, slots


@dataclass(frozen=True, slots=True)
class Asked:
    """A sentence and what it means. slots: a value, or several of which each is right."""

    text: str
    intent: str
    slots: Mapping[str, Any]
    context: Mapping[str, Any]

    def right(self, found: Meaning | None) -> bool:
        """Whether a meaning is that of the test."""
        if found is None or found[0] != self.intent or found[1].keys() != self.slots.keys():
            return False
        wanted = {name: _several(value) for name, value in self.slots.items()}
        return all(plain(value) in wanted[name] for name, value in found[1].items())


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder that holds home_assistant/")
    parser.add_argument("--language", default="en", help="en or de, which have tests")
    parser.add_argument("--beside", type=Path, help="folder of skills that are installed, too")
    parser.add_argument("--write", action="store_true", help="write results/home_assistant.json")
    arguments = parser.parse_args()
    place = arguments.data / "home_assistant"
    if not (place / "tests" / f"{arguments.language}.parquet").is_file():
        print(f"skipped: {place} has no tests/{arguments.language}.parquet")
        return
    result = measure(place, arguments.language)
    if arguments.beside:
        others = read_skills(arguments.beside)
        result["beside_others"] = measure_beside(place, arguments.language, others)
    print(json.dumps(result, indent=2, ensure_ascii=False))
    if arguments.write:
        write_result("home_assistant", result)


def measure_beside(place: Path, language: str, others: Sequence[Skill]) -> dict[str, Any]:
    """The same sentences in a home that has other skills, too."""
    tests, home = read_tests(place, language)
    templates = _templates(place, language)
    with tempfile.TemporaryDirectory() as scratch:
        skill = imported(Path(scratch), language, templates, home)
        bundle = Path(scratch) / "bundle"
        train([skill, *others], bundle, encoder=Encoder.load(threads=1))
        engine = load(bundle, encoder=Encoder.load(threads=1))
    return {"skills": 1 + len(others), **scored(tests, _reader(engine, skill))}


def measure(place: Path, language: str) -> dict[str, Any]:
    """Import, train, load, ask; then hassil."""
    tests, home = read_tests(place, language)
    templates = _templates(place, language)
    with tempfile.TemporaryDirectory() as scratch:
        skill = imported(Path(scratch), language, templates, home)
        bundle = Path(scratch) / "bundle"
        begun, worked = time.perf_counter(), time.process_time()
        train([skill], bundle, encoder=Encoder.load(threads=1))
        trained = {
            "seconds": round(time.perf_counter() - begun, 1),
            "seconds_of_processor": round(time.process_time() - worked, 1),
            "peak_mb": round(getrusage(RUSAGE_SELF).ru_maxrss / 1024),
        }
        said = {
            "language": language,
            "tests": len(tests),
            "intents_of_the_skill": len(skill.languages[0].intents),
            "samples": sum(len(intent.samples) for intent in skill.languages[0].intents),
            "training": trained,
            "loading": loading(bundle),
        }
        engines = {
            "sayso": load(bundle, encoder=Encoder.load(threads=1)),
            "models alone": load(
                bundle,
                encoder=Encoder.load(threads=1),
                settings=EngineSettings(known_sentences=False),
            ),
        }
    readers: dict[str, Callable[[Asked], Meaning | None]] = {
        name: _reader(engine, skill) for name, engine in engines.items()
    }
    begun = time.perf_counter()
    readers |= hassil_readers(language, templates, home)
    hassil_s = time.perf_counter() - begun
    scores = {name: scored(tests, reader) for name, reader in readers.items()}
    split = _split(tests, engines["sayso"])
    return {**said, **scores, "hassil_loading_s": round(hassil_s, 3), "split_in_two": split}


def _templates(place: Path, language: str) -> dict[str, Any]:
    path = place / "templates" / f"{language}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def read_tests(place: Path, language: str) -> tuple[list[Asked], dict[str, Any]]:
    """The tests, and the home with the names that they bring themselves."""
    rows = parquet.read_table(place / "tests" / f"{language}.parquet").to_pylist()
    fixtures = place / "fixtures" / f"{language}.json"
    home: dict[str, Any] = json.loads(fixtures.read_text(encoding="utf-8"))
    tests = []
    for row in rows:
        slots, context = json.loads(row["slots"] or "{}"), json.loads(row["context"] or "{}")
        tests.append(Asked(row["text"], row["intent"], slots, context))
        brought = json.loads(row["entities"] or "{}")
        for kind in ("entities", "areas", "floors"):
            home[kind] += [each for each in brought.get(kind, []) if each not in home[kind]]
    return tests, home


def imported(
    scratch: Path, language: str, templates: Mapping[str, Any], home: Mapping[str, Any]
) -> Skill:
    """The skill that `sayso import` makes of the templates with the home's names beside."""
    source = scratch / "config"
    for kind, content in (("templates", templates), ("fixtures", home)):
        (source / kind).mkdir(parents=True)
        path = source / kind / f"{language}.json"
        path.write_text(json.dumps(content), encoding="utf-8")
    _, found = import_skills(source, None)
    return found.skills[0]


def loading(bundle: Path) -> dict[str, float]:
    """Seconds in a fresh process, and of its processor: import, `load`, the first sentence."""
    ran = subprocess.run(
        [sys.executable, "-c", LOADING, str(bundle)], capture_output=True, text=True, check=True
    )
    figures = [round(float(x), 3) for x in ran.stdout.split()]
    stages = ("import_s", "load_s", "first_s")
    names = (*stages, *(f"processor_{stage}" for stage in stages))
    return dict(zip(names, figures, strict=True))


def scored(tests: Sequence[Asked], read: Callable[[Asked], Meaning | None]) -> dict[str, Any]:
    """Shares that are right, and milliseconds of processor a sentence."""
    times = np.zeros((ROUNDS, len(tests)))
    found: list[Meaning | None] = []
    for turn in range(ROUNDS):
        found = []
        for at, test in enumerate(tests):
            begun = time.process_time()
            found.append(read(test))
            times[turn, at] = 1000 * (time.process_time() - begun)
    usual = np.median(times, axis=0)
    pairs = list(zip(tests, found, strict=True))
    wrong = [(test, meaning) for test, meaning in pairs if not test.right(meaning)]
    for test, meaning in wrong[:12]:
        print("  ", test.text, test.context, "|", meaning, "|", test.intent, dict(test.slots))
    return {
        "right": round(1 - len(wrong) / len(tests), 4),
        "intents": round(
            sum(x is not None and x[0] == test.intent for test, x in pairs) / len(tests), 4
        ),
        "p50_ms": round(float(np.percentile(usual, 50)), 2),
        "p99_ms": round(float(np.percentile(usual, 99)), 2),
        "first_round_p99_ms": round(float(np.percentile(times[0], 99)), 2),
    }


def _reader(engine: Engine, skill: Skill) -> Callable[[Asked], Meaning | None]:
    """A whole turn of the engine, as far as the decision and what is to be said or called."""

    def read(test: Asked) -> Meaning | None:
        turn = engine.turn(Utterance(test.text, clean(test.text)), _context(test))
        chosen = turn.decision.chosen
        acted = turn.decision.outcome is Outcome.ACT and chosen is not None
        return _meaning(chosen, skill) if chosen and acted and chosen.skill == skill.id else None

    return read


def _context(test: Asked) -> Context:
    device = Device(place=test.context.get("area", ""))
    return Context("", NOW, device=device)


def _meaning(chosen: Hypothesis, skill: Skill) -> Meaning | None:
    """A reading as Home Assistant has it: the plain intent, fixed slots and those said."""
    intent = skill.languages[0].intent(chosen.intent)
    if intent is None or not notes(intent.extra).get("hassil"):
        return None
    slots = dict(notes(intent.extra)["hassil"]["slots"])
    for value in chosen.slots:
        slot = intent.slot(value.name)
        plain_slot = notes(slot.extra).get("hassil", value.name) if slot else value.name
        slots[plain_slot] = _value(value)
    return plain_name(intent), slots


def _value(value: SlotValue) -> Any:
    """A value's id, else its name, its number or its words."""
    best = next(iter(value.candidates), None)
    return (best.id or best.value) if best is not None else value.normalised


def plain(value: Any) -> Any:
    """A value to compare: numbers as numbers, words without case and blanks around."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return str(value).strip().casefold()


def _several(value: Any) -> list[Any]:
    return [plain(each) for each in (value if isinstance(value, list) else [value])]


def hassil_readers(
    language: str, templates: Mapping[str, Any], home: Mapping[str, Any]
) -> Mapping[str, Callable[[Asked], Meaning | None]]:
    """hassil with its own parser, its lists and rules, and the home's names."""
    recognition, intents_of = import_module("hassil.recognize"), import_module("hassil.intents")
    intents = intents_of.Intents.from_dict(
        {
            "language": language,
            "intents": {
                name: {"data": [_block(block, templates) for block in about["data"]]}
                for name, about in templates["intents"].items()
            },
            "lists": templates["lists"],
            "expansion_rules": templates["expansion_rules"],
            "skip_words": templates.get("skip_words", []),
        }
    )
    lists = {
        slot: intents_of.TextSlotList.from_tuples(list(_names(home[kind])), name=slot)
        for slot, kind in (("name", "entities"), ("area", "areas"), ("floor", "floors"))
    }

    def reader(recognize: Callable[..., Any]) -> Callable[[Asked], Meaning | None]:
        def read(test: Asked) -> Meaning | None:
            area = test.context.get("area")
            context = {"area": area} if area else None
            found = recognize(test.text, intents, slot_lists=lists, intent_context=context)
            if found is None:
                return None
            slots = {name: entity.value for name, entity in found.entities.items()}
            if found.intent_data.inferred_domain:
                slots.setdefault("domain", found.intent_data.inferred_domain)
            return found.intent.name, slots

        return read

    best = recognition.recognize_best
    return {
        "hassil recognize": reader(recognition.recognize),
        "hassil recognize_best": reader(best),
        # As Home Assistant asks it: a name of the home goes first.
        "hassil recognize_best, names first": reader(
            lambda *given, **how: best(*given, best_slot_name="name", **how)
        ),
    }


def _block(block: Mapping[str, Any], templates: Mapping[str, Any]) -> dict[str, Any]:
    """A block as hassil's own: those of the new layout with its rules and lists, and what they
    ask of a name as context, which Home Assistant asks by filtering the names."""
    if "slot_combination" not in block:
        return dict(block)
    made = {
        **block,
        "expansion_rules": {
            **templates.get("combination_rules", {}),
            **block.get("expansion_rules", {}),
        },
        "lists": {**templates.get("combination_lists", {}), **block.get("lists", {})},
    }
    if "name_domains" in block:
        asked = {"domain": block["name_domains"]}
        made["requires_context"] = {**block.get("requires_context", {}), **asked}
    return made


def _names(things: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for thing in things:
        domain = thing.get("domain") or str(thing.get("id", "")).partition(".")[0]
        facts = {"domain": domain, **thing.get("attributes", {})} if domain else {}
        yield thing["name"], thing["name"], facts


def _split(tests: Sequence[Asked], engine: Engine) -> int:
    """Sentences that would be taken for two requests; every test is one."""
    found = 0
    for test in tests:
        context = replace(_context(test), user="x")
        turn = engine.turn(Utterance(test.text, clean(test.text)), context)
        found += len(engine.requests(turn, context)) > 1
    return found


if __name__ == "__main__":
    main()
