"""Make the packaged model of described slots (src/sayso/understanding/described/weights.npz).

    python -m scripts.make_described DATA --scratch FOLDER
    python -m scripts.make_described DATA --scratch FOLDER --every 12 --look     # a try

DATA holds `dialogues/sgd`: the dialogues and schemas of its training part alone, and five further
wordings of these schemas (SGD-X), are learnt from. A third of the dialogues are heard in lower
case. What the trees weigh is seen through the eyes of a model that has learnt from all services in
every second dialogue, and in the others through the eyes of one that has not learnt from the
service at hand: so they know how far a described slot that nobody has seen may be trusted. FOLDER
keeps vectors. A quarter of an hour on one core. Another library of linear algebra may turn the
signs of axes, and the last bits: the model that comes of it reads the same.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.sgd.heard import hear_texts
from benchmarks.sgd.reading import Dialogue, Service, dialogues, schema
from benchmarks.sgd.skills import described
from benchmarks.sgd.teaching import (
    Weighing,
    domain,
    fit_acts,
    fit_kinds,
    lens_of,
    spoken,
    taught,
    weighings,
)

import sayso
from sayso.encoders.encoder import Encoder
from sayso.feedback.boosting import Shape, fit
from sayso.trees import Trees
from sayso.understanding.contract import Heard
from sayso.understanding.described.acts import Acts
from sayso.understanding.described.aims import INTENTS
from sayso.understanding.described.kinds import Kinds
from sayso.understanding.described.read import WEIGHTS, Reader
from sayso.understanding.described.rows import SOURCES
from sayso.understanding.described.slots import DescribedSkill, DescribedSlot
from sayso.understanding.heard import TextEncoder

SHAPE = Shape(trees=150, leaves=15, rate=0.1)
LOWER = 3  # every n-th dialogue is heard in lower case
WORDINGS = range(1, 6)  # of SGD-X
Chosen = Callable[[str], bool]
Wordings = Mapping[tuple[str, str], Sequence[DescribedSlot]]  # service, slot -> as it is described


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with dialogues/sgd")
    parser.add_argument("--scratch", type=Path, required=True, help="folder for vectors")
    parser.add_argument("--every", type=int, default=3, help="only every n-th dialogue")
    parser.add_argument("--look", action="store_true", help="write no model")
    arguments = parser.parse_args()
    arguments.scratch.mkdir(parents=True, exist_ok=True)
    reader = learnt(arguments.data / "dialogues" / "sgd", arguments.every, arguments.scratch)
    content = reader.to_bytes()
    print(f"{len(content):,} bytes, {reader.kinds.count} kinds of slots")
    if not arguments.look:
        path = Path(sayso.__file__).parent / "understanding" / "described" / WEIGHTS
        path.write_bytes(content)
        print(f"wrote {path}")


def learnt(folder: Path, every: int, scratch: Path) -> Reader:
    """The reader that the dialogues of the training part teach."""
    encoder = Encoder.load()
    services = schema(folder / "schema_train.json")
    skills = {name: described(service, encoder) for name, service in services.items()}
    told = dialogues(folder / "train.parquet", every=every)
    told = [spoken(x) if number % LOWER == 0 else x for number, x in enumerate(told)]
    texts = [turn.text for each in told for turn in each.turns if turn.by_user]
    heard = hear_texts(texts, encoder, scratch)
    lens = lens_of(list(heard.values()))
    lessons = taught(told, heard, skills, lens)
    acts = fit_acts(lessons)
    ways = wordings(folder, services, skills, encoder)
    half = halves(services)

    def kinds(chosen: Chosen) -> Kinds:
        mine = [x for x in lessons if all(map(chosen, x.turn.states))]
        return fit_kinds(
            mine,
            lens,
            acts,
            [(name, skill) for name, skill in skills.items() if chosen(name)],
            by_kind(ways, chosen),
        )

    every_kind = kinds(lambda service: True)
    others = [kinds(lambda service, at=at: half[service] != at) for at in (0, 1)]  # type: ignore[misc]
    weighed = weigh(told, heard, skills, acts, every_kind, others, half)
    return Reader(every_kind, acts, weighed, encoder.fingerprint)


def weigh(
    told: Sequence[Dialogue],
    heard: Mapping[str, Heard],
    skills: Mapping[str, DescribedSkill],
    acts: Acts,
    every_kind: Kinds,
    others: Sequence[Kinds],
    half: Mapping[str, int],
) -> dict[str, Trees]:
    """The trees of each source, and of intents."""
    knowing = Reader(every_kind, acts, {})
    strange = [Reader(kinds, acts, {}) for kinds in others]
    rows = weighings(
        told, heard, skills, lambda service, at: knowing if at % 2 else strange[half[service]]
    )
    names = {**SOURCES, "intent": INTENTS}
    return {source: _trees(source, names[source], each) for source, each in rows.items()}


def _trees(source: str, names: Sequence[str], rows: Weighing) -> Trees:
    trees = fit(names, rows.figures, rows.right, groups=rows.groups, shape=SHAPE, folds=0)
    taken = trees.predict(rows.figures) >= 0.5
    right = rows.right == 1
    print(
        f"{source}: {len(right):,} rows, {right.mean():.1%} right; as learnt: "
        f"precision {right[taken].mean():.3f}, recall {taken[right].mean():.3f}"
    )
    return trees


def wordings(
    folder: Path,
    services: Mapping[str, Service],
    skills: Mapping[str, DescribedSkill],
    encoder: TextEncoder,
) -> Wordings:
    """Every slot as its schema describes it, and as SGD-X does: slots come in the same order."""
    found: dict[tuple[str, str], list[DescribedSlot]] = {
        (name, slot.slot.name): [slot] for name, skill in skills.items() for slot in skill.slots
    }
    for number in WORDINGS:
        reworded = schema(folder / "sgd_x" / f"v{number}_schema_train.json")
        for name, service in services.items():
            other = reworded[f"{name}{number}"]  # `Hotels_12` is the second wording of Hotels_1
            told = described(other, encoder)
            for mine, theirs in zip(service.slots, other.slots, strict=True):
                place = told.places.get(theirs.name)
                if (name, mine.name) in found and place is not None:
                    found[name, mine.name].append(told.slots[place])
    return found


def by_kind(ways: Wordings, chosen: Chosen) -> list[list[DescribedSlot]]:
    """The wordings of each kind, a slot of one name in services of one domain."""
    found: dict[tuple[str, str], list[DescribedSlot]] = {}
    for (service, slot), told in ways.items():
        if chosen(service):
            found.setdefault((domain(service), slot), []).extend(told)
    return list(found.values())


def halves(services: Mapping[str, Service]) -> dict[str, int]:
    """service -> 0 or 1: services of one domain are divided among the halves."""
    alone = [x for x in services if sum(domain(x) == domain(y) for y in services) == 1]
    return {
        name: alone.index(name) % 2 if name in alone else int(name.rpartition("_")[2]) % 2
        for name in services
    }


if __name__ == "__main__":
    main()
