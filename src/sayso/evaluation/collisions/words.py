"""The same words twice: sentences, and templates that are the same once their slots are blank."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sayso.evaluation.collisions.nouns import Collision, Kind, Severity
from sayso.evaluation.collisions.samples import Sample, blanked, standard
from sayso.evaluation.collisions.takes import Range, Takes

Ranges = tuple[Range, ...]

SAME = "leave it to one of them, or say in each what it alone does"
BLANK = "give each words of its own beside the slots, or leave the template to one of them"
VALUES = "values of both are told apart; a value that neither has may go to either"


def same_sentences(samples: Sequence[Sample], locale: str) -> Iterator[Collision]:
    """Sentences that are samples of several intents, of one skill or of many."""
    everybodys = standard(locale)
    for shape, group in _groups(sample for sample in samples if not sample.slots):
        # "Yes" and "again" are mostly answers: the skill that is open gets them.
        severity = Severity.NOTE if shape in everybodys else Severity.ERROR
        sites = tuple(sample.site for sample in group)
        yield Collision(Kind.WORDS, severity, group[0].site.sample, sites, SAME)


def same_templates(samples: Sequence[Sample], takes: Takes) -> Iterator[Collision]:
    """Templates of several intents that differ in nothing but their slots."""
    for _, group in _groups(sample for sample in samples if sample.slots):
        said = blanked(group[0].site.sample)
        meeting = _meeting(group, takes)
        for some in meeting:
            met = tuple(sample.site for sample in some)
            yield Collision(Kind.TEMPLATE, Severity.WARNING, said, met, BLANK)
        sites = tuple(sample.site for sample in group)
        rest = set(sites) - {sample.site for some in meeting for sample in some}
        # Within a skill it is how slots are told apart, and meant.
        if len(meeting) + len(rest) > 1 and len({site.skill for site in sites}) > 1:
            yield Collision(Kind.APART, Severity.NOTE, said, sites, VALUES)


def _groups(samples: Iterator[Sample] | Sequence[Sample]) -> Iterator[tuple[str, list[Sample]]]:
    """Samples of one shape that belong to several intents."""
    found: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        found[sample.shape].append(sample)
    for shape, group in found.items():
        if len({sample.site.owner for sample in group}) > 1:
            yield shape, group


def _meeting(group: Sequence[Sample], takes: Takes) -> list[list[Sample]]:
    """The samples of a shape, in groups in which slots take each other's values."""
    kinds: dict[Ranges, list[Sample]] = defaultdict(list)
    for sample in group:
        kinds[takes.range_of(sample)].append(sample)
    found: list[tuple[list[Ranges], list[Sample]]] = []
    for kind, alike in kinds.items():
        meets = [any(takes.meet(kind, other) for other in one[0]) for one in found]
        near = [one for one, met in zip(found, meets, strict=True) if met]
        found = [one for one, met in zip(found, meets, strict=True) if not met]
        kept = [other for one in near for other in one[0]]
        some = [sample for one in near for sample in one[1]]
        found.append(([*kept, kind], [*some, *alike]))
    return [some for _, some in found if len({sample.site.owner for sample in some}) > 1]
