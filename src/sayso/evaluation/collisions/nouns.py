"""What a collision is, and where its samples stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is; the worst first."""

    ERROR = "error"  # no reading can be right for both
    WARNING = "warning"  # some requests for one skill will go to the other
    NOTE = "note"  # worth a look


class Kind(StrEnum):
    """What is the same, in the order in which it is told."""

    NAME = "same name"
    CALLED = "calls another skill"
    WORDS = "same words"
    SOUND = "names sound alike"
    ANYTHING = "takes anything"
    TEMPLATE = "same template"
    COVERED = "covered by a template"
    PROMPT = "prompt without its slot"
    KNOWN = "a rule that always holds"
    UNSAID = "a reprompt never said"
    WHOLE = "a slot never left out"
    UNDONE = "nothing takes it back"
    STOLEN = "nearer to another skill"
    APART = "same template, other values"
    MEANING = "nearly the same meaning"


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """A sample of a skill, as its developer wrote it.

    intent: "" for the skill's invocation name, which then is the sample.
    """

    skill: str
    locale: str
    intent: str
    sample: str

    @property
    def owner(self) -> tuple[str, str]:
        """Skill and intent: what a sentence has to be given to."""
        return self.skill, self.intent


@dataclass(frozen=True, slots=True)
class Collision:
    """Samples that get in each other's way.

    said: what is the same, in words a person would say.
    taker: what takes the others' requests; None where all are alike.
    sites: without the taker, at least one.
    cosine: of the vectors, the largest, where these were compared.
    apart: a skill -> words that it alone has, to tell it from the others.
    """

    kind: Kind
    severity: Severity
    said: str
    sites: Sequence[Site]
    advice: str
    taker: Site | None = None
    cosine: float | None = None
    apart: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def everyone(self) -> tuple[Site, ...]:
        """All the sites, the taker first."""
        return (self.taker, *self.sites) if self.taker is not None else tuple(self.sites)

    @property
    def skills(self) -> tuple[str, ...]:
        """The skills it is about, the taker first."""
        return tuple(dict.fromkeys(site.skill for site in self.everyone))
