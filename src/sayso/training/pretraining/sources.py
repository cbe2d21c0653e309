"""The sets that pretraining may read: licence, attribution, and where their texts lie.

Only sets under CC0, CC BY, MIT, Apache or BSD are listed; of skills' files only rows under one of
these are read. Real Alexa skills are not listed at all: they are what the encoder is measured on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sayso.errors import DataError
from sayso.types.lessons import Span

_FREE = frozenset({"Apache-2.0", "MIT", "BSD-3-Clause", "ISC", "MIT-0"})
_SPOKEN = frozenset({"template", "utterance", "example", "user_turn_train", "user_turn_dev"})
_SLOT = re.compile(r"\{+\s*([\w ]+?)\s*\}+")
_ALTERNATIVES = re.compile(r"[(\[{|*]")


@dataclass(frozen=True, slots=True)
class Example:
    """A text; its intent in its set, its slots' places, and another way to say it, where known."""

    text: str
    intent: str | None = None
    spans: tuple[Span, ...] = ()
    paraphrase: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A set. group: sets of the same sentences."""

    name: str
    licence: str
    attribution: str
    read: Callable[[Path], Iterator[Example]]
    group: str = ""


def rows(
    path: Path, needed: Sequence[str], optional: Sequence[str] = ()
) -> Iterator[Mapping[str, Any]]:
    """These columns of a Parquet file, row by row. Raises DataError if it lacks a needed one."""
    from pyarrow import ArrowException, parquet

    if not path.is_file():
        raise DataError(f"{path}: missing; give the folder that holds nlu/, rewrites/, asr/, ...")
    try:
        table = parquet.read_table(path)
    except ArrowException as error:
        raise DataError(f"{path}: not a Parquet file ({error}); fetch it again") from error
    if lacking := sorted(set(needed) - set(table.column_names)):
        raise DataError(f"{path}: has no column {', '.join(lacking)}; fetch the set again")
    yield from table.select(
        [c for c in (*needed, *optional) if c in table.column_names]
    ).to_pylist()


def _utterances(name: str) -> Callable[[Path], Iterator[Example]]:
    def read(folder: Path) -> Iterator[Example]:
        optional = ("intent", "slots", "tokens", "tags")
        for row in rows(folder / "nlu" / name / "train.parquet", ("text",), optional):
            intent = None if row.get("intent") == "oos" else row.get("intent")
            yield Example(row["text"], intent, _spans(row))

    return read


def _spans(row: Mapping[str, Any]) -> tuple[Span, ...]:
    """Slots by their characters where the set gives them, else by its tokens' tags."""
    slots = json.loads(row.get("slots") or "[]")
    if all(slot.get("start") is not None for slot in slots):
        return tuple(Span(slot["slot"], slot["start"], slot["end"]) for slot in slots)
    spans: list[Span] = []
    at = 0
    for token, tag in zip(row.get("tokens") or (), row.get("tags") or (), strict=True):
        start = max(row["text"].find(token, at), at)
        at = start + len(token)
        if tag.startswith("B-"):
            spans.append(Span(tag[2:], start, at))
        elif tag.startswith("I-") and spans:
            spans[-1] = Span(spans[-1].name, spans[-1].start, at)
    return tuple(spans)


def _english_of_massive(folder: Path) -> Iterator[Example]:
    path = folder / "nlu" / "massive_th" / "validation.parquet"
    for row in rows(path, ("text_en", "intent")):
        if row["text_en"]:
            yield Example(row["text_en"], row["intent"])


def _home_assistant(folder: Path) -> Iterator[Example]:
    for row in rows(folder / "home_assistant" / "tests" / "en.parquet", ("text", "intent")):
        yield Example(row["text"], row["intent"])


def _skills(ecosystem: str) -> Callable[[Path], Iterator[Example]]:
    def read(folder: Path) -> Iterator[Example]:
        columns = ("skill", "intent", "text", "plain", "kind", "lang", "licence")
        for row in rows(folder / "skills" / ecosystem / "utterances.parquet", columns):
            free = row["licence"] in _FREE and row["lang"] == "en" and row["kind"] in _SPOKEN
            text = _SLOT.sub(lambda m: m.group(1).replace("_", " "), row["plain"] or row["text"])
            if free and row["intent"] and not _ALTERNATIVES.search(text):
                yield Example(text, f"{row['skill']}/{row['intent']}")

    return read


def _disfluent(folder: Path) -> Iterator[Example]:
    for row in rows(folder / "rewrites/disfl_qa/train.parquet", ("source", "text")):
        yield Example(row["text"], paraphrase=row["source"])


def _standing_alone(folder: Path) -> Iterator[Example]:
    path = folder / "rewrites/contextual_query_rewrite/train.parquet"
    for row in rows(path, ("text", "crowd_rewrites")):
        for other in row["crowd_rewrites"] or ():
            yield Example(row["text"], paraphrase=other)


def _recognised(name: str) -> Callable[[Path], Iterator[Example]]:
    def read(folder: Path) -> Iterator[Example]:
        for row in rows(folder / "asr" / name / "train.parquet", ("nbest",)):
            best = list(dict.fromkeys(row["nbest"] or ()))
            if len(best) > 1:
                yield Example(best[0], paraphrase=best[1])

    return read


def _said(name: str) -> Callable[[Path], Iterator[Example]]:
    def read(folder: Path) -> Iterator[Example]:
        for row in rows(folder / "dialogues" / name / "train.parquet", ("text",)):
            yield Example(row["text"])

    return read


def _described(folder: Path) -> Iterator[Example]:
    for row in rows(folder / "kg/fb15k_237/entities.parquet", ("label", "description")):
        if row["label"] and row["description"]:
            yield Example(f"{row['label']} {row['description']}")


_POLYAI = "PolyAI, task-specific-datasets"
SOURCES: tuple[Source, ...] = (
    Source("clinc150", "CC BY 3.0", "Larson et al. 2019, clinc/oos-eval",
           _utterances("clinc150")),
    Source("banking77", "CC BY 4.0", f"Casanueva et al. 2020, arXiv 2003.04807; {_POLYAI}",
           _utterances("banking77")),
    Source("hwu64", "CC BY 4.0", "Liu et al. 2019, arXiv 1903.05566; xliuhw/NLU-Evaluation-Data",
           _utterances("hwu64"), group="hwu"),
    Source("slurp", "CC BY 4.0", "Bastianelli et al. 2020, EMNLP; pswietojanski/slurp (text)",
           _utterances("slurp"), group="hwu"),
    Source("massive", "CC BY 4.0", "FitzGerald et al. 2022, arXiv 2204.08582; Amazon.com (English "
           "side of its Thai part)", _english_of_massive, group="hwu"),
    Source("snips", "CC0 1.0", "Coucke et al. 2018, arXiv 1805.10190; Sonos/Snips",
           _utterances("snips")),
    Source("nlupp", "CC BY 4.0", f"Casanueva et al. 2022, arXiv 2204.13021; {_POLYAI}",
           _utterances("nlupp")),
    Source("restaurants8k", "CC BY 4.0", f"Coope et al. 2020, arXiv 2005.08866; {_POLYAI}",
           _utterances("restaurants8k")),
    Source("home_assistant", "CC BY 4.0", "Home Assistant Intents contributors, Open Home "
           "Foundation", _home_assistant),
    Source("ovos", "Apache-2.0, BSD-3-Clause, MIT", "OpenVoiceOS, Mycroft and Neon skills",
           _skills("ovos")),
    Source("thingpedia", "BSD-3-Clause", "Thingpedia, Stanford OVAL; Genie/Almond",
           _skills("thingpedia")),
    Source("rasa", "Apache-2.0, MIT", "authors of Rasa's example bots",
           _skills("rasa")),
    Source("leon", "MIT", "Leon contributors", _skills("leon")),
    Source("dialogflow", "Apache-2.0", "authors of Dialogflow's sample agents; Google",
           _skills("dialogflow")),
    Source("disfl_qa", "CC BY 4.0", "Gupta et al. 2021, Findings of ACL; Google", _disfluent),
    Source("contextual_query_rewrite", "MIT-0", "Regan et al. 2019, arXiv 1903.11783; Amazon.com",
           _standing_alone),
    Source("evi", "CC BY 4.0", "Spithourakis et al. 2022, arXiv 2204.13496; PolyAI",
           _recognised("evi")),
    Source("dstc10_track2", "Apache-2.0", "Kim et al. 2021, arXiv 2109.13489; Amazon.com",
           _recognised("dstc10_track2")),
    Source("iard", "MIT; dialogues CC BY 4.0", "Cai & Chen 2020; Li et al. 2018 (ReDial)",
           _said("iard")),
    Source("ab_redial", "MIT; dialogues CC BY 4.0", "Siro et al. 2023; Li et al. 2018 (ReDial)",
           _said("ab_redial")),
    Source("entities", "CC0 1.0", "labels and descriptions of Wikidata, as in FB15k-237",
           _described),
)  # fmt: skip
