"""What a bundle has learnt of a person alone: found, and taken out of every version."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sayso import bundle
from sayso.bundle import Stored
from sayso.errors import BundleError
from sayso.jobs.contents import contents
from sayso.jobs.searching import Texts
from sayso.runtime.serving import BUNDLE
from sayso.skills.labels import labels
from sayso.training.kept import NAME as DRAFT
from sayso.training.kept import check_free
from sayso.types.lessons import Label
from sayso.types.skills import Skill
from sayso.understanding.fold import fold
from sayso.understanding.lessons import FILLINGS

Lesson = tuple[str, str]  # skill, and a text that it learnt


@dataclass(frozen=True, slots=True)
class Unlearnt:
    """Versions that were removed; whether the home was trained anew."""

    versions: Sequence[str]
    retrained: bool


def lessons(found: Iterable[Label]) -> set[Lesson]:
    """What labels teach."""
    return {(label.skill, label.text) for label in found}


def unlike(some: Iterable[Lesson], others: Iterable[Lesson]) -> set[Lesson]:
    """Those that are not among the others, whatever their punctuation."""
    known = {(skill, fold(text)) for skill, text in others}
    return {(skill, text) for skill, text in some if (skill, fold(text)) not in known}


def written(skills: Iterable[Skill]) -> Iterator[Label]:
    """What the skills' developers wrote, as training reads it."""
    for skill in skills:
        for locale in skill.locales:
            yield from labels(skill, locale, per_sample=FILLINGS)


def learnt(home: Path, said: Iterable[str]) -> set[Lesson]:
    """What any version of the bundle holds as an example, word for word as it was said.

    Whoever taught it: a training may have learnt it of an example that nobody remembers. Damaged
    versions are passed over.
    """
    folded = {fold(text) for text in said}
    found: set[Lesson] = set()
    looked_at: set[tuple[str, str]] = set()  # most entries of a version are those of the last
    for path in _versions(home / BUNDLE):
        try:
            whole = bundle.read_version(path)
            for skill, place in whole.places.items():
                if (skill, place.digest) not in looked_at:
                    looked_at.add((skill, place.digest))
                    theirs = _examples(whole.stored(skill))
                    found |= {(skill, text) for text in theirs if fold(text) in folded}
        except BundleError:
            continue
    return found


def unlearn(
    home: Path, withdrawn: Collection[Lesson], sought: Texts, retrain: Callable[[], object]
) -> Unlearnt:
    """Leave no version that holds a lesson that was withdrawn, or a text that is sought.

    The version that serves is trained anew if it holds one, and written anew if an entry of before
    does; the others are removed. Raises BundleError, TrainingError, and what `retrain` raises.
    """
    folder = home / BUNDLE
    try:
        serving = bundle.current(folder).name
    except BundleError:
        return Unlearnt((), False)  # nothing was trained
    # A training that was broken off may hold anything; one that is under way must end first.
    check_free(folder)
    (folder / DRAFT).unlink(missing_ok=True)
    holding = {path.name for path in _versions(folder) if _holds(path, withdrawn)}
    retrained = serving in holding
    if retrained:
        retrain()
        serving = bundle.current(folder).name
    holding |= {path.name for path in _versions(folder) if sought.found_in(_said_in(path))}
    if serving in holding:
        bundle.close_up(folder)
    gone = bundle.drop(folder, holding)
    return Unlearnt(gone, retrained)


def _versions(folder: Path) -> Sequence[Path]:
    return sorted(path for path in (folder / "versions").glob("*") if path.is_dir())


def _holds(version: Path, withdrawn: Collection[Lesson]) -> bool:
    """Whether a version has learnt any of these; a damaged one may have."""
    if not withdrawn:
        return False
    by_skill: dict[str, set[str]] = {}
    for skill, text in withdrawn:
        by_skill.setdefault(skill, set()).add(fold(text))
    try:
        whole = bundle.read_version(version)
        return any(
            texts & {fold(text) for text in _examples(whole.stored(skill))}
            for skill, texts in by_skill.items()
            if skill in whole.places
        )
    except BundleError:
        return True


def _examples(stored: Stored) -> Iterator[str]:
    """The examples and counter-examples of a skill; not what it says of itself."""
    for locale in stored.locales():
        said = stored.examples(locale).settings
        texts = zip(said["intents"], said["texts"], strict=True)
        yield from (text for intent, text in texts if intent)
        yield from said.get("refused", ())


def _said_in(version: Path) -> Iterator[bytes]:
    for path in sorted(version.iterdir()):
        yield from contents(path)
