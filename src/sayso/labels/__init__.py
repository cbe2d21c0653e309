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
from sayso.types.lessons import Label
from sayso.types.turns import Interaction


def project(turns: Sequence[Interaction], names: Mapping[str, Sequence[str]]) -> list[Label]:
    """All labels that a log gives by itself. names: skill -> the names it is called by."""
    return [*named(turns, names), *refused(turns)]
