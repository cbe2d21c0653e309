"""A person is forgotten: every row, every copy, all that was learnt of them alone; then the proof.

    texts       what they said, noted in the home until the proof is there, so that a run that was
                broken off is taken up by the next
    rows        of the store, votes, what skills keep under their name, exports, backups
    learnt      what the bundle holds and the others do not support; what the caller withdraws
    proof       every file of the home is searched for every text that nobody else has said

What others said as well, and what a developer wrote, is not the person's: it stays.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sayso.errors import HomeError
from sayso.jobs import proof, work
from sayso.jobs.belongings import delete_kept, details, sentences
from sayso.jobs.labelling import labels_of, latest
from sayso.jobs.searching import Texts
from sayso.jobs.unlearning import Lesson, learnt, lessons, unlearn, unlike, written
from sayso.labels.kept import read_examples
from sayso.learned import LEARNED
from sayso.runtime.serving import BUNDLE
from sayso.runtime.skill_files import readable_skills
from sayso.settings import read_settings
from sayso.stores import exported, exports
from sayso.stores.store import Store
from sayso.stores.votes import KEY, home_key
from sayso.training import kept
from sayso.types.people import pseudonym
from sayso.types.skills import Skill
from sayso.understanding.fold import fold

MOST_TURNS = 1_000_000  # of one person that are read for what they taught


@dataclass(frozen=True, slots=True)
class Steps:
    """What the caller knows how to do.

    retrain: trains the home anew from its files and its log.
    withdraw: takes back what learning made of votes that are withdrawn, and says so in words.
    """

    retrain: Callable[[], object]
    withdraw: Callable[[Path], Iterable[str]] = lambda home: ()


@dataclass(slots=True)
class Forgotten:
    """What was removed, and what the proof rests on.

    rows: by table. votes: how many. kept: keys by skill. exported: rows by file. backups: files.
    versions: of the bundle, removed; retrained: it was trained anew. withdrawn: see `Steps`.
    sought: texts that were sought, in so many files and so many bytes, unpacked; shared: texts
    that others said or a developer wrote; short: too short to be sought.
    """

    rows: dict[str, int] = field(default_factory=dict)
    votes: int = 0
    kept: dict[str, int] = field(default_factory=dict)
    exported: dict[str, int] = field(default_factory=dict)
    backups: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    retrained: bool = False
    withdrawn: list[str] = field(default_factory=list)
    sought: int = 0
    shared: int = 0
    short: int = 0
    files: int = 0
    size: int = 0


@dataclass(slots=True)
class _Theirs:
    """What a person said; what else tells of them; what they taught skills."""

    sentences: set[str] = field(default_factory=set)
    details: set[str] = field(default_factory=set)
    lessons: set[Lesson] = field(default_factory=set)


def forget(
    home: Path, user: str, steps: Steps, tell: work.Tell = lambda stage, done, total: None
) -> Forgotten:
    """Remove all that a home keeps of a user, and prove it.

    May be run again, after a kill or an error too: what is to be sought is noted until then.
    Raises HomeError that names each file in which a text was left, StoreError, BundleError, and
    what the steps raise.
    """
    # Before anything is removed: a training or a run that goes on would learn it all the same.
    kept.check_free(home / BUNDLE)
    work.check_free(home / LEARNED)
    # Skills that are wrong teach nothing; as texts they are read all the same.
    done, skills = Forgotten(), readable_skills(home)
    settings, now = read_settings(home), datetime.now(UTC)
    with Store.open(settings.store.url, home) as store:
        own_turns = store.interactions(user, limit=MOST_TURNS)
        taught = lessons(labels_of(store, own_turns, skills, settings, now, people=1))
        theirs = _texts(home, store, user, taught)
        _delete(home, store, user, done)
        done.withdrawn = list(steps.withdraw(home))
        said, told = _own(home, user, store, theirs, skills, done)
        everyones = latest(store, settings, now)
        supported = lessons(labels_of(store, everyones, skills, settings, now))
        supported |= lessons(read_examples(home / LEARNED))
        alone = _alone(home, theirs, supported, skills)
        sought = Texts(text for _, text in alone)
        own = lessons(written(_of(skills, theirs.lessons)))
        stay = sought.found_in(text.encode() for _, text in supported | own)
        in_bundle = Texts(said.texts | sought.texts - stay)
        unlearnt = unlearn(home, alone, in_bundle, steps.retrain)
        done.versions, done.retrained = list(unlearnt.versions), unlearnt.retrained
        store.purge()
        found = proof.search(home, store.files, Texts(said.texts | told.texts), in_bundle, tell)
    done.files, done.size = found.files, found.size
    if found.left:
        raise HomeError(_left(user, found.left))
    _drop_note(_note(home, user))
    return done


def _alone(
    home: Path, theirs: _Theirs, supported: set[Lesson], skills: Sequence[Skill]
) -> set[Lesson]:
    """What was learnt of this person and too few others speak for.

    That is what they taught by naming a skill or being turned down, and what training was given as
    an example (`labels/kept.py`) when enough people said so still.
    """
    # Skills that cannot be read cannot say what their developers wrote: all would seem learnt.
    examples = learnt(home, theirs.sentences) if skills else set()
    own = lessons(written(_of(skills, theirs.lessons | examples)))
    known = {fold(text) for _, text in supported | own}
    of_nobody = {lesson for lesson in examples if fold(lesson[1]) not in known}
    return unlike(theirs.lessons, supported | own) | of_nobody


def _of(skills: Sequence[Skill], taught: Iterable[Lesson]) -> Sequence[Skill]:
    wanted = {skill for skill, _ in taught}
    return [skill for skill in skills if skill.id in wanted]


def _texts(home: Path, store: Store, user: str, taught: set[Lesson]) -> _Theirs:
    """What is to be sought, with what a run before has noted; noted, before a row is deleted.

    taught: what the user's turns teach.
    """
    path, theirs = _note(home, user), _Theirs()
    if path.exists():
        noted = json.loads(path.read_text(encoding="utf-8"))
        theirs = _Theirs(set(noted[0]), set(noted[1]), {(skill, text) for skill, text in noted[2]})
    rows = store.rows_of(user)
    theirs.sentences |= sentences(rows)
    theirs.details |= details(rows)
    theirs.lessons |= taught
    plain = [sorted(theirs.sentences), sorted(theirs.details), sorted(theirs.lessons)]
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(plain), encoding="utf-8")
    draft.replace(path)
    return theirs


def _note(home: Path, user: str) -> Path:
    return home / proof.NOTES / f"{pseudonym(b'notes', user):016x}.json"


def _drop_note(note: Path) -> None:
    for path in note.parent.glob(f"{note.name}*"):
        path.unlink()
    with contextlib.suppress(OSError):  # there are notes of somebody else
        note.parent.rmdir()


def _delete(home: Path, store: Store, user: str, done: Forgotten) -> None:
    """Everything that stands under the user's name."""
    done.rows = store.delete_rows_of(user)
    if (home / KEY).exists():
        votes = store.votes.withdraw(pseudonym(home_key(home), user))
        done.votes = sum(map(len, votes.values()))
    store.purge()
    done.kept = delete_kept(home, user, store.users())
    exports.sweep(home / exports.EXPORTS)
    for path in sorted((home / exports.EXPORTS).rglob("*.parquet")):
        gone = exported.without(path, user)
        if gone:
            done.exported[str(path.relative_to(home))] = gone


def _own(
    home: Path, user: str, store: Store, theirs: _Theirs, skills: Sequence[Skill], done: Forgotten
) -> tuple[Texts, Texts]:
    """Sentences, and what else, that are this person's alone; backups that hold any are removed."""
    said, told = Texts(theirs.sentences), Texts(theirs.details - theirs.sentences)
    everything = len(theirs.sentences | theirs.details)
    done.short = everything - len(said) - len(told)
    both = Texts(said.texts | told.texts)
    shared = both.found_in(text.encode("utf-8", "surrogatepass") for text in store.said())
    shared |= proof.developed(home, both)
    shared |= both.found_in(label.text.encode() for label in written(skills))
    said, told = said.without(shared), told.without(shared)
    done.shared, done.sought = len(shared), len(said) + len(told)
    done.backups = proof.remove_backups(home, user, Texts(said.texts | told.texts))
    return said, told


def _left(user: str, left: Sequence[tuple[Path, int]]) -> str:
    files = "\n".join(f"  {path}: {count} texts" for path, count in left)
    return (
        f'texts of "{user}" are left in\n{files}\nRemove or clear these files (below data/ it is a '
        "skill that keeps them), and run this again: what is sought is noted in the home until then"
    )
