"""The installed skills as one locale sees them: everything a turn looks things up in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from sayso.skills.builtin_intents import phrases
from sayso.types.skills import Skill
from sayso.understanding import builtin
from sayso.understanding.fold import fold
from sayso.understanding.heard import TextEncoder, hear_all
from sayso.understanding.installed import STANDARD, Installed
from sayso.understanding.shortlist import Examples, Index


@dataclass(frozen=True, slots=True)
class View:
    """A snapshot; a change of the skills makes a new one.

    standard: phrases of Alexa's standard intents (stop, help, yes, ...), groups ("", intent). They
        belong to no skill, so they are kept once for all.
    names: folded invocation name -> skill id.
    """

    installed: Mapping[str, Installed]
    skills: Mapping[str, Skill]
    index: Index
    standard: Index
    names: Mapping[str, str]


def view_of(
    installed: Iterable[Installed],
    locale: str,
    encoder: TextEncoder | None,
    old: View | None = None,
) -> View:
    """The view of these skills. old: the view before the change, whose parts are used again."""
    held = {each.skill.id: each for each in installed}
    builtin.prepare(locale)  # or the first "half past six" would wait for its grammar
    return View(
        installed=held,
        skills={name: each.skill for name, each in held.items()},
        index=Index([each.examples for each in held.values()]),
        standard=_standard(held.values(), locale, encoder, old),
        names=_names(held),
    )


def _standard(
    installed: Iterable[Installed], locale: str, encoder: TextEncoder | None, old: View | None
) -> Index:
    listed = (intent.name for each in installed for intent in each.language.intents)
    wanted = dict.fromkeys([*STANDARD, *(name for name in listed if name.startswith("AMAZON."))])
    pairs = [(name, text) for name in wanted for text in phrases(name, locale)]
    if old is not None and all(("", name) in old.standard for name, _ in pairs):
        return old.standard
    heard = hear_all([text for _, text in pairs], encoder)
    vectors = [words.pooled for words in heard if words.pooled is not None]
    examples = Examples(
        "",
        [name for name, _ in pairs],
        [text for _, text in pairs],
        np.stack(vectors) if vectors else None,
    )
    return Index([examples])


def _names(installed: Mapping[str, Installed]) -> dict[str, str]:
    """Folded invocation names; one that two skills share names neither of them."""
    names: dict[str, str] = {}
    shared = set()
    for skill, held in installed.items():
        name = fold(held.language.invocation_name)
        if name and names.setdefault(name, skill) != skill:
            shared.add(name)
    return {name: skill for name, skill in names.items() if name not in shared}
