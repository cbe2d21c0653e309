"""Samples by what they mean: nearly the same as another skill's, or nearer to it than to their own.

Thresholds were chosen on the Alexa models of part 1 (`benchmarks/lint.py` measures on part 2): NEAR
by reading pairs, MARGIN and LIKE by leaving samples out of a trained engine, for few false alarms.
Words beside the vectors (overlap, weighted by rarity) told no better who takes a sample.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sayso.evaluation.collisions.nouns import Collision, Kind, Severity
from sayso.evaluation.collisions.samples import Sample
from sayso.understanding.contract import Matrix

NEAR = 0.9  # cosine from which two samples mean nearly the same
MARGIN = 0.1  # by which another skill's sample must be nearer than any other of its own
LIKE = 0.75  # least cosine to be drawn to another skill at all
BLOCK = 512  # samples that are compared with all at a time
MORE = "add samples that only this skill is asked with; or leave these requests to the other"
LOOK = "if both mean the same, one skill is enough; if not, say in the samples what differs"

Owner = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Compared:
    """What one block came to, in numbers of samples.

    near: (i, j, cosine), i < j, of different skills.
    stolen: (i, j, cosine), j of another skill nearer to i than its own skill's other samples.
    """

    near: Sequence[tuple[int, int, float]]
    stolen: Sequence[tuple[int, int, float]]


def by_meaning(
    samples: Sequence[Sample], vectors: Matrix, cores: int, done: Callable[[int], None]
) -> Iterator[Collision]:
    """What is stolen, and what means nearly the same.

    samples: those of a skill side by side; vectors: (n, d), unit rows.
    done: told of the number of samples compared.
    """
    blocks = list(_blocks(samples))
    shapes = np.unique([sample.shape for sample in samples], return_inverse=True)[1]
    compared = []
    with ThreadPoolExecutor(cores) as pool:
        work = (pool.submit(_compare, vectors, shapes, block) for block in blocks)
        for block, future in zip(blocks, list(work), strict=True):
            compared.append(future.result())
            done(block[-1][1])
    stolen = list(chain.from_iterable(each.stolen for each in compared))
    yield from _thefts(samples, stolen)
    told = {(i, j) for i, j, _ in stolen} | {(j, i) for i, j, _ in stolen}
    near = [pair for each in compared for pair in each.near if pair[:2] not in told]
    yield from _groups(samples, near)


def _blocks(samples: Sequence[Sample]) -> Iterator[list[tuple[int, int]]]:
    """Skills as (first, end), some together: a product of few rows would be slow."""
    block: list[tuple[int, int]] = []
    first = 0
    for end in range(1, len(samples) + 1):
        if end == len(samples) or samples[end].site.skill != samples[first].site.skill:
            block.append((first, end))
            first = end
            if end - block[0][0] >= BLOCK:
                yield block
                block = []
    if block:
        yield block


def _compare(
    vectors: Matrix, shapes: NDArray[np.intp], block: Sequence[tuple[int, int]]
) -> Compared:
    start, end = block[0][0], block[-1][1]
    cosines = vectors[start:end] @ vectors.T
    own = np.full(end - start, -1.0, np.float32)
    for a, b in block:
        mine = cosines[a - start : b - start, a:b]
        same = shapes[a:b, None] == shapes[None, a:b]
        own[a - start : b - start] = np.where(same, np.float32(-1.0), mine).max(axis=1)
        mine[:] = -1.0
    rows, columns = np.nonzero(cosines >= NEAR)
    ahead = (columns > rows + start) & (shapes[columns] != shapes[rows + start])
    rows, columns = rows[ahead], columns[ahead]
    near = list(zip(rows + start, columns, cosines[rows, columns], strict=True))
    return Compared(_plain(near), _plain(_drawn(cosines, own, shapes, start)))


def _drawn(
    cosines: Matrix, own: NDArray[np.float32], shapes: NDArray[np.intp], start: int
) -> Iterator[tuple[int, int, float]]:
    """Samples that another skill draws; one without any other of its skill cannot be judged."""
    nearest = cosines.argmax(axis=1)
    best = cosines[np.arange(len(cosines)), nearest]
    drawn = (own > -1.0) & (best >= LIKE) & (best >= own + MARGIN)
    for row in np.flatnonzero(drawn):
        if shapes[nearest[row]] != shapes[row + start]:  # the same words are told elsewhere
            yield int(row) + start, int(nearest[row]), float(best[row])


def _plain(found: Iterable[tuple[Any, Any, Any]]) -> list[tuple[int, int, float]]:
    return [(int(i), int(j), round(float(cosine), 3)) for i, j, cosine in found]


def _thefts(
    samples: Sequence[Sample], stolen: Sequence[tuple[int, int, float]]
) -> Iterator[Collision]:
    """What one skill draws from another, together."""
    by_pair: dict[tuple[str, str], list[tuple[int, int, float]]] = defaultdict(list)
    for i, j, cosine in stolen:
        by_pair[samples[i].site.skill, samples[j].site.skill].append((i, j, cosine))
    totals = Counter(sample.site.skill for sample in samples)
    for (skill, other), found in by_pair.items():
        _, j, cosine = max(found, key=lambda one: one[2])
        said = f"{len(found)} of {totals[skill]} samples of {skill}, to {other}"
        sites = tuple(samples[i].site for i, _, _ in found)
        yield Collision(Kind.STOLEN, Severity.NOTE, said, sites, MORE, samples[j].site, cosine)


def _groups(
    samples: Sequence[Sample], near: Sequence[tuple[int, int, float]]
) -> Iterator[Collision]:
    """Each intent with those that mean nearly the same, no pair told twice.

    The one with most neighbours first, so that what many skills can do is one group.
    """
    beside: dict[Owner, dict[Owner, list[tuple[int, int, float]]]] = {}
    for i, j, cosine in near:
        one, other = samples[i].site.owner, samples[j].site.owner
        for a, b in ((one, other), (other, one)):
            beside.setdefault(a, {}).setdefault(b, []).append((i, j, cosine))
    told: set[tuple[Owner, Owner]] = set()
    for one in sorted(beside, key=lambda one: (-len(beside[one]), one)):
        fresh = [other for other in beside[one] if (one, other) not in told]
        if fresh:
            group = [one, *fresh]
            told.update((a, b) for a in group for b in group)
            pairs = (beside[a].get(b, ()) for a, b in combinations(group, 2))
            yield _alike(samples, list(chain.from_iterable(pairs)))


def _alike(samples: Sequence[Sample], near: Sequence[tuple[int, int, float]]) -> Collision:
    i, _, cosine = max(near, key=lambda pair: pair[2])
    rows = sorted({row for pair in near for row in pair[:2]})
    sites = tuple(dict.fromkeys(samples[row].site for row in rows))
    said = samples[i].site.sample
    return Collision(Kind.MEANING, Severity.NOTE, said, sites, LOOK, cosine=cosine)
