"""What tells a skill from others: words of its samples that few other skills have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sayso.evaluation.collisions.samples import MARK, Sample

MOST_SKILLS, MOST_WORDS = 4, 3  # with words of many skills, advice is no longer read


class Apart:
    """The words of every skill."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self._used: dict[str, Counter[str]] = {}
        for sample in samples:
            words = {word for word in sample.shape.split() if MARK not in word and len(word) > 2}
            self._used.setdefault(sample.site.skill, Counter()).update(words)
        self._holders = Counter(word for used in self._used.values() for word in used)

    def words(self, skills: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """A skill -> the words it uses most that the others have not; none for many skills."""
        if not 1 < len(skills) <= MOST_SKILLS:
            return {}
        return {skill: own for skill in skills if (own := self._own(skill, skills))}

    def _own(self, skill: str, skills: Sequence[str]) -> tuple[str, ...]:
        used = self._used.get(skill, Counter())
        others = {word for other in skills if other != skill for word in self._used.get(other, ())}
        own = sorted(used.keys() - others, key=lambda x: (-used[x] / self._holders[x], x))
        return tuple(own[:MOST_WORDS])
