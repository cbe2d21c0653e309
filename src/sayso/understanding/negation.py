"""What a sentence says not to do: "don't turn on the lights" denies `turn`.

Vectors hardly tell a request from its denial (cosine .8 and more), so words must. A denial is the
word that follows a negator. A reading is denied if its intent has no example with that denial:
"never mind the timer" is what some intent to cancel is about, and denies every other. The ranker
takes it for a veto: learnt from denials made of held-out samples its weight was half as large, and
models fitted on all samples, surer than those, did what they were told not to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise

from sayso.understanding.fold import fold

# As they are folded: lower case, no accents, "don't" is `dont`.
_AUXILIARIES = "do|does|did|is|are|was|were|wo|ca|would|could|should|have|has|had|must|need|ai"
_NEGATORS: Mapping[str, frozenset[str]] = {
    "en": frozenset(f"{verb}nt" for verb in _AUXILIARIES.split("|"))
    | {"cannot", "not", "never", "no", "nobody", "nothing", "none", "without"},
    "de": frozenset(
        ["nicht", "kein", "keine", "keinen", "keinem", "keiner", "nie", "niemals", "ohne"]
    ),
    "es": frozenset(["no", "nunca", "jamas", "ningun", "ninguna", "sin"]),
    "fr": frozenset(["ne", "n", "pas", "jamais", "aucun", "aucune", "sans"]),
    "it": frozenset(["non", "mai", "nessun", "nessuna", "senza"]),
    "pt": frozenset(["nao", "nunca", "jamais", "nenhum", "nenhuma", "sem"]),
}
# These only look like denials: "why don't you", "don't forget to", "no, the other one".
_HARMLESS: Mapping[str, str] = {
    "en": r"why (?:dont|arent|not)|(?:cant|wont|couldnt|wouldnt) (?:you|we)"
    r"|(?:dont|didnt|do not) (?:forget|know|mind|you|let me forget)"
    r"|(?:im )?not (?:sure|only)|no problem"
    rf"|(?:if|or) not|^no(?! one)|(?:{_AUXILIARIES})nt (?:it|there|he|she|that|this|they)",
    "de": r"warum nicht|^nein|nicht (?:vergessen|nur)|vergiss nicht",
    "es": r"por que no|^no (?=la|el|lo)|no olvides",
    "fr": r"pourquoi pas|n oublie pas",
    "it": r"perche non|non dimenticare",
    "pt": r"por que nao|nao esqueca",
}

_NO_LONGER = re.compile(r"\b(?:no|not any) (?:longer|more)\b")
_STEM = 4  # letters of a word that may have another ending


@lru_cache(maxsize=256)
def denials(text: str, locale: str) -> frozenset[str]:
    """Words that are denied, folded; "" for a negator at the end."""
    tongue = locale.split("-")[0]
    negators = _NEGATORS.get(tongue, frozenset())
    said = _spelled(text, tongue)
    if negators.isdisjoint(said.split()):
        return frozenset()
    words = [*_harmless(tongue).sub("|", said).split(), ""]
    return frozenset(after for word, after in pairwise(words) if word in negators)


def denied(text: str, nearest: str, examples: Iterable[str], locale: str) -> bool:
    """Whether a sentence denies something that none of these examples denies, in whatever ending.

    nearest: the example that is nearest; if that is a denial too, it is what was meant.
    """
    said = denials(text, locale)
    if not said or denials(nearest, locale):
        return False
    taught = {word for example in examples for word in denials(example, locale)}
    return not all(any(_same(word, known) for known in taught) for word in said)


def _same(word: str, known: str) -> bool:
    """Whether it is the same word, another ending aside: `nobody needs`, `we don't need`."""
    short, long = sorted((word, known), key=len)
    return word == known or (
        len(short) >= _STEM and len(long) - len(short) <= 2 and long.startswith(short)
    )


def _spelled(text: str, tongue: str) -> str:
    """Folded; where a negator leans on the next word (`n'allume pas`), apart from it.

    What is no longer so is not so: `we no longer need it` is `we don't need it`.
    """
    if tongue != "en":
        return fold(text.replace("’", " ").replace("'", " "))
    return _NO_LONGER.sub("not", fold(text))


@lru_cache
def _harmless(tongue: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_HARMLESS[tongue]})\b")
