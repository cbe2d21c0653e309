"""Claims: every raw archive of other people's skills imports without a crash, every file and line
accounted for; >= 98 % of the things that its people say, and of its values, reappear in the skills.

Takes the folder that holds `skills/<ecosystem>/raw.tar.zst` and `utterances.parquet`. An archive is
unpacked to a temporary folder, and each folder at its top imported; of Alexa's skills, whose models
are a table, a package is made of each. A saying reappears where it is
a sample of the intent, or what a sample reads as with values of its slots' types in their places;
a value where a type of the row's name, or a value of that name, has it. Of templates and turns of
dialogues, `back` counts what is kept word for word; `back_as_said` only those of which a sentence
can be said to the skill now, or is a row of a test set.
"""

from __future__ import annotations

import argparse
import json
import sys
import tarfile
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.hardware import RESULTS, write_result
from benchmarks.imported_rows import Spoken, key_of
from sayso.errors import SaysoError
from sayso.formats.format import Imported
from sayso.formats.known import import_skills
from sayso.skills.restore import notes
from sayso.skills.tree import open_tree
from sayso.types.skills import Intent

NAME = "imports"
NOT_SAID = ("response", "regex", "keyword")  # kinds of rows that nobody says as they stand
ALEXA = "alexa"
MODELS = ("alexa_models.parquet", "alexa_models-2.parquet")
UTTERANCES = ("alexa_utterances.parquet", "alexa_utterances-2.parquet")
SHOWN = 10  # rows that did not come back, printed


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
    """How the rows name what is said to a Thingpedia class: by a call of its program, cut
    where a hyphen or bracket stands (`@org.lamp-strip(name="x").dim`: org.lamp); else "(dialogue)".
    """
    kept = notes(intent.extra).get("thingpedia", {})
    for call in kept.get("functions", ()):
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

    def _share(self, part: str, whole: str) -> float:
        return round(self.counts[part] / self.counts[whole], 4) if self.counts[whole] else 0

    def look_for(self, row: Mapping[str, Any], spoken: Spoken, kind: Ecosystem) -> None:
        """Counts a row, and whether it came back."""
        self.counts["rows"] += 1
        if row["kind"] not in NOT_SAID:
            self.counts["rows_people_say"] += 1
            self.counts["back_as_said"] += spoken.says(row)
        if spoken.has(row, kind.values, kind.kept):
            self.counts["back"] += 1
        else:
            self.missing.append(f"{row['skill']} / {row['intent']}: {row['text']}")

    def figures(self) -> dict[str, Any]:
        """The figures by name; shares are of rows, and 0 where there are none."""
        rows, back = self.counts["rows"], self.counts["back"]
        taken = rows - self.counts["rows_of_refused"]
        return {
            **self.counts,
            "share_back": round(back / rows, 4) if rows else 0,
            "share_back_as_said": self._share("back_as_said", "rows_people_say"),
            "share_back_of_imported": round(back / taken, 4) if taken else 0,
            "refused": self.refused,
            "seconds": round(self.seconds, 2),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder that holds skills/")
    parser.add_argument("--only", choices=[*ECOSYSTEMS, ALEXA], help="one ecosystem")
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    arguments = parser.parse_args()
    chosen = [arguments.only] if arguments.only else [*ECOSYSTEMS, ALEXA]
    results = {}
    for name in chosen:
        place = arguments.data / "skills" / name
        needed = place.parent / MODELS[0] if name == ALEXA else place / "raw.tar.zst"
        if not needed.is_file():
            print(f"skipped: there is no {needed}")
            continue
        account = measure_alexa(place.parent) if name == ALEXA else measure(ECOSYSTEMS[name], place)
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
            account.counts["rows_of_refused"] += (
                0 if skills else len(rows.get(key_of(folder.name), ()))
            )
            for row in rows.pop(key_of(folder.name), ()):
                account.look_for(row, spoken, kind)
    account.counts["rows_without_files"] = sum(map(len, rows.values()))
    return account


def measure_alexa(place: Path) -> Account:
    """Imports every Alexa skill with the models of all its locales, and looks for its samples."""
    kind, account = Ecosystem("alexa", kept=("sample",)), Account()
    models: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows: dict[tuple[str, str], dict[tuple[str, str], dict[str, Any]]] = defaultdict(dict)
    for models_file, rows_file in zip(MODELS, UTTERANCES, strict=True):
        for row in _table(place / models_file, ["skill_id", "locale", "model"]):
            models[row["skill_id"]].append(row)
        for row in _table(place / rows_file, ["skill", "locale", "intent", "text"]):
            found = {**row, "kind": "sample"}
            rows[row["skill"], row["locale"]][row["intent"], row["text"]] = found
    for number, (id, some) in enumerate(models.items()):
        with tempfile.TemporaryDirectory(prefix=f"{number}-") as scratch:
            folder = Path(scratch) / "skill-package/interactionModels/custom"
            folder.mkdir(parents=True)
            for model in some:
                (folder / f"{model['locale']}.json").write_text(model["model"], "utf-8")
            imported = _imported(Path(scratch), kind, account)
        for skill in imported.skills if imported else ():
            for language in skill.languages:
                spoken = Spoken([replace(skill, languages=(language,))])
                for row in rows.pop((id, language.locale), {}).values():
                    account.look_for(row, spoken, kind)
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


def _rows(file: Path, kinds: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Rows by their skill's key, each (intent, text, locale) once."""
    columns = ["skill", "intent", "text", "kind", "locale", "plain"]
    found: dict[str, dict[tuple[str, ...], dict[str, Any]]] = defaultdict(dict)
    for row in _table(file, columns):
        if row["kind"] in kinds:
            key = (row["intent"], row["text"], row["kind"], row["locale"])
            found[key_of(row["skill"])].setdefault(key, row)
    return {key: [*rows.values()] for key, rows in found.items()}


def _table(file: Path, columns: list[str]) -> Iterator[dict[str, Any]]:
    from pyarrow import parquet

    yield from parquet.read_table(file, columns=columns).to_pylist()


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
