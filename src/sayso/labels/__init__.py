"""Labels that nobody wrote: what the log, and models that agree, say of what people mean.

After Kim et al. 2018 (arXiv:1804.08065) and Kim and Kim 2020 (arXiv:2003.03728):

    named     a skill that was called by its name gives (the rest of the words, skill)
    agreed    skills that models trained on different halves all find likely fit a sentence, too
    refused   a skill that turns a request down is less likely meant by it: a negative weight

What they say is `Label` rows; `training` reads them. The room knows what was logged, and neither
the index nor the engine: what models think of a sentence comes in as data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sayso.labels.named import named
from sayso.labels.refused import refused
from sayso.labels.votes import LEAST_PEOPLE, said_by
from sayso.types.lessons import Label
from sayso.types.turns import Interaction


def project(
    turns: Sequence[Interaction],
    names: Mapping[str, Sequence[str]],
    versions: Mapping[str, str] | None = None,
    *,
    least_people: int = LEAST_PEOPLE,
) -> list[Label]:
    """All labels that a log gives by itself.

    names: skill -> the names it is called by; versions: as `refused` has them; least_people: who
    must have said the same. What most were refused is no label for the skill as well.
    """
    against = refused(turns, versions, least_people=least_people)
    no = set(map(said_by, against))
    found = named(turns, names, least_people=least_people)
    return [*(label for label in found if said_by(label) not in no), *against]
