"""Claims: every raw archive of other people's skills imports without a crash, every file and line
accounted for; >= 98 % of the things that its people say, and of its values, reappear in the skills.

Takes the folder that holds `skills/<ecosystem>/raw.tar.zst` and `utterances.parquet`. An archive is
unpacked to a temporary folder, and each folder at its top imported. A saying reappears where it is
a sample of the intent, or what a sample reads as with values of its slots' types in their places;
a value where a type of the row's name, or a value of that name, has it. Of templates and turns of
dialogues, `back` counts what is kept word for word; `back_as_said` only those of which a sentence
can be said to the skill now, or is a row of a test set.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tarfile
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.hardware import RESULTS, write_result
from sayso.errors import SaysoError
from sayso.formats.format import Imported
from sayso.formats.known import import_skills
from sayso.skills.restore import notes
from sayso.skills.templates import pieces, said
from sayso.skills.tree import open_tree
from sayso.skills.written import to_json
from sayso.types.skills import Intent, Skill, SlotType

NAME = "imports"
NOT_SAID = ("response", "regex", "keyword")  # kinds of rows that nobody says as they stand
SHOWN = 10  # rows that did not come back, printed
Shape = Sequence[str | Collection[str] | None]  # of a sample: words, or what a slot may be


@dataclass(frozen=True, slots=True)
class Ecosystem:
    """Whose skills. says, values: kinds of rows that must reappear as sayings, and as values.

    kept: kinds that stand for many sayings, or for none of the skill's own: they must reappear
    word for word in what is kept of them, or as a saying or value. also: how else the rows may
    call an intent.
    """

    format: str
    says: Collection[str] = ()
    values: Collection[str] = ()
    kept: Collection[str] = ()
    also: Callable[[Intent], Iterable[str]] = lambda intent: ()


def _calls(intent: Intent) -> Iterator[str]:
    """How the rows name what is said to a Thingpedia class: by the first call of its program, cut
    where a hyphen or bracket stands (`@org.lamp-strip(name="x").dim`: org.lamp); else "(dialogue)".
    """
    kept = notes(intent.extra).get("thingpedia", {})
    for call in kept.get("functions", ())[:1]:
        yield from (call, call.split("-")[0], call.rpartition(".")[0])
    yield "(dialogue)"


ECOSYSTEMS: Mapping[str, Ecosystem] = {
    "leon": Ecosystem("leon", kept=("template",)),
    "dialogflow": Ecosystem("dialogflow", says=("utterance",), values=("entity",)),
    "ovos": Ecosystem(
        "ovos",
        values=("entity",),
        kept=("template", "keyword", "response", "regex", "example"),
    ),
    "rasa": Ecosystem("rasa", says=("utterance",), values=("entity",)),
    "thingpedia": Ecosystem(
        "thingpedia", kept=("template", "user_turn_train", "user_turn_dev"), also=_calls
    ),
    "snips_alice": Ecosystem("snips", says=("utterance",), values=("entity",), kept=("template",)),
}


@dataclass
class Account:
    """What one ecosystem came to."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def figures(self) -> dict[str, Any]:
        """The figures by name; shares are of rows, and 0 where there are none."""
        rows, back = self.counts["rows"], self.counts["back"]
        taken = rows - self.counts["rows_of_refused"]
        return {
            **self.counts,
            "share_back": round(back / rows, 4) if rows else 0,
            "share_back_of_imported": round(back / taken, 4) if taken else 0,
            "refused": self.refused,
            "seconds": round(self.seconds, 2),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder that holds skills/")
    parser.add_argument("--only", choices=[*ECOSYSTEMS], help="one ecosystem")
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    arguments = parser.parse_args()
    chosen = [arguments.only] if arguments.only else [*ECOSYSTEMS]
    results = {}
    for name in chosen:
        place = arguments.data / "skills" / name
        if not (place / "raw.tar.zst").is_file():
            print(f"skipped: {place} has no raw.tar.zst")
            continue
        account = measure(ECOSYSTEMS[name], place)
        results[name] = account.figures()
        print(name, json.dumps(results[name], indent=2, ensure_ascii=False))
        print(*account.missing[:SHOWN], sep="\n")
    if not results:
        sys.exit("nothing was measured")
    if arguments.write:
        write_result(NAME, {**_written(), **results})


def measure(kind: Ecosystem, place: Path) -> Account:
    """Imports all skills of an ecosystem, and looks for its rows in them."""
    account = Account()
    rows = _rows(place / "utterances.parquet", {*kind.says, *kind.values, *kind.kept})
    with tempfile.TemporaryDirectory() as scratch:
        _unpack(place / "raw.tar.zst", Path(scratch))
        for folder in sorted(Path(scratch).iterdir()):
            found = _imported(folder, kind, account)
            skills = found.skills if found else ()
            spoken = Spoken(skills, kind.also, found.tests if found else {})
            for row in rows.pop(_key(folder.name), ()):
                account.counts["rows"] += 1
                account.counts["rows_of_refused"] += not skills
                if row["kind"] not in NOT_SAID:
                    account.counts["rows_people_say"] += 1
                    account.counts["back_as_said"] += spoken.says(row)
                if spoken.has(row, kind):
                    account.counts["back"] += 1
                else:
                    account.missing.append(f"{row['skill']} / {row['intent']}: {row['text']}")
    account.counts["rows_without_files"] = sum(map(len, rows.values()))
    return account


def _imported(folder: Path, kind: Ecosystem, account: Account) -> Imported | None:
    counts = account.counts
    counts["folders"] += 1
    began = time.process_time()
    try:
        _, found = import_skills(folder, kind.format)
    except SaysoError as error:
        account.refused.append(f"{folder.name}: {str(error).replace(str(folder), '')}")
        return None
    finally:
        account.seconds += time.process_time() - began
    with open_tree(folder) as tree:
        unaccounted = {*tree.names} - {*found.accounts, *found.unused}
    sums = found.accounting
    counts["skills"] += len(found.skills)
    counts["files"] += len(found.accounts) + len(found.unused)
    counts["files_unaccounted"] += len(unaccounted)
    counts["files_that_do_not_add_up"] += sum(not x.adds_up for x in found.accounts.values())
    counts["lines"] += sums.total
    counts["lines_read"] += sum(sums.read.values())
    counts["lines_mapped"] += len(sums.mapped)
    counts["lines_skipped"] += len(sums.skipped)
    counts["rows_of_test_sets"] += sum(
        len(x) for sets in found.tests.values() for x in sets.values()
    )
    return found


class Spoken:
    """What can be said to some skills."""

    def __init__(
        self,
        skills: Iterable[Skill],
        also: Callable[[Intent], Iterable[str]] = lambda intent: (),
        tests: Mapping[str, Mapping[str, Iterable[Mapping[str, Any]]]] | None = None,
    ) -> None:
        self._plain: set[tuple[str, str]] = set()
        self._shapes: dict[str, list[Shape]] = defaultdict(list)
        self._values: set[tuple[str, str]] = set()
        self._kept: set[tuple[str, str]] = set()
        of_tests: dict[tuple[str, str], list[str]] = {}
        for skill in skills:
            self._kept |= {(_key(name), _folded(text)) for name, text in _texts(to_json(skill))}
            for language in skill.languages:
                of_types = {kind.name: _words_of(kind) for kind in language.types}
                for intent in language.intents:
                    for name in dict.fromkeys([intent.name, *also(intent)]):
                        self._add(name, intent, of_types)
                    of_tests[skill.id, intent.name] = [*also(intent)]
                for kind in language.types:
                    for value in kind.values:
                        ways = [_folded(x) for x in (value.value, value.id or "", *value.synonyms)]
                        names = {_key(kind.name), _key(value.value)}
                        self._values |= {(name, way) for name in names for way in ways}

        for id, sets in (tests or {}).items():
            for row in (row for rows in sets.values() for row in rows):
                called = [row["intent"], *of_tests.get((id, row["intent"]), ())]
                self._plain |= {(_key(name), _folded(row["text"])) for name in called}

    def says(self, row: Mapping[str, Any]) -> bool:
        """Whether a row, or one sentence that it stands for, is a saying or value now."""
        text = row.get("plain") or row["text"]
        return self.has_saying(row["intent"], text) or self.has_value(row["intent"], row["text"])

    def has(self, row: Mapping[str, Any], kind: Ecosystem) -> bool:
        """Whether a row came back, as its kind must."""
        name, text = row["intent"], row["text"]
        if row["kind"] in kind.values:
            return all(self.has_value(name, way) for way in text.split(" | "))
        if row["kind"] in kind.kept:
            named = "examples" if row["kind"] == "example" else name
            return (_key(named), _folded(text)) in self._kept or self.has_saying(name, text)
        return self.has_saying(name, text)

    def has_saying(self, intent: str, text: str) -> bool:
        """Whether an intent is reached by a text, word for word."""
        name, words = _key(intent), _folded(text)
        return (name, words) in self._plain or any(
            reads_as(shape, words) for shape in self._shapes[name]
        )

    def has_value(self, name: str, text: str) -> bool:
        """Whether a type, or a value, of that name may be said so."""
        return all((_key(name), _folded(way)) in self._values for way in text.split(" | "))

    def _add(self, name: str, intent: Intent, of_types: Mapping[str, Collection[str]]) -> None:
        self._kept |= {
            (_key(name), _folded(text)) for _, text in _texts(dict(intent.extra), ("x",))
        }
        for sample in dict.fromkeys(intent.samples):
            shape = [
                _choice(intent, piece.slot, of_types) if piece.slot else _folded(piece.text)
                for piece in pieces(sample)
            ]
            if all(isinstance(part, str) for part in shape):
                self._plain.add((_key(name), _folded(sample)))
            else:
                self._shapes[_key(name)].append(tuple(shape))


def _texts(node: Any, names: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Each text of a document, with each of the names that it stands below."""
    if isinstance(node, Mapping):
        for key, below in node.items():
            yield from _texts(below, (*names, str(key)))
    elif isinstance(node, list):
        for below in node:
            yield from _texts(below, names)
    elif isinstance(node, str):
        yield from ((name, node) for name in names)


def reads_as(shape: Shape, words: str) -> bool:
    """Whether a text is what a sample reads as, with a value for each of its slots."""
    words = words.strip()
    if not shape:
        return not words
    first, rest = shape[0], shape[1:]
    if isinstance(first, str):
        return words.startswith(first) and reads_as(rest, words[len(first) :])
    ends = range(1, len(words) + 1)
    return any(
        (first is None or words[:end].strip() in first) and reads_as(rest, words[end:])
        for end in ends
    )


def _choice(
    intent: Intent, name: str, of_types: Mapping[str, Collection[str]]
) -> Collection[str] | None:
    """What a slot may be filled with; None for anything: built-in types are open."""
    slot = intent.slot(name)
    if slot is None:
        return ()
    if slot.type.startswith("AMAZON."):
        return None
    return {*of_types.get(slot.type, ()), *map(_folded, notes(slot.extra).get("said", ()))}


def _words_of(kind: SlotType) -> set[str]:
    return {_folded(way) for value in kind.values for way in (value.value, *value.synonyms)}


def _key(name: str) -> str:
    """Names of skills and intents, alike however they are punctuated."""
    return re.sub(r"\W|_", "", name).casefold()


def _folded(text: str) -> str:
    return said(text).casefold()


def _rows(file: Path, kinds: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Rows by their skill's key, each (intent, text, locale) once."""
    from pyarrow import parquet

    columns = ["skill", "intent", "text", "kind", "locale", "plain"]
    found: dict[str, dict[tuple[str, ...], dict[str, Any]]] = defaultdict(dict)
    for row in parquet.read_table(file, columns=columns).to_pylist():
        if row["kind"] in kinds:
            key = (row["intent"], row["text"], row["kind"], row["locale"])
            found[_key(row["skill"])].setdefault(key, row)
    return {key: [*rows.values()] for key, rows in found.items()}


def _unpack(archive: Path, folder: Path) -> None:
    import pyarrow

    with (
        pyarrow.input_stream(str(archive), compression="zstd") as plain,
        tarfile.open(fileobj=plain, mode="r|") as tar,
    ):
        tar.extractall(folder, filter="data")


def _written() -> dict[str, Any]:
    """Figures of other ecosystems, of earlier runs."""
    path = RESULTS / f"{NAME}.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return {key: figures for key, figures in found.items() if key != "hardware"}


if __name__ == "__main__":
    main()
