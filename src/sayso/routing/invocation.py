"""Explicit invocation, "ask recipe box for soup": parsed word for word, never guessed.

The carriers are those of Alexa's guide for developers, by tongue. A skill is meant only if its
invocation name stands in the sentence exactly (case, accents and punctuation apart).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sayso.understanding.fold import ACCENT, fold_with_places

# {name} is the invocation name, {rest} the request; a pattern without {rest} only opens the skill.
_CARRIERS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "(?:open|launch|start|begin|run|use|load|resume) {name} (?:and|to) {rest}",
        "(?:ask|tell) (?:the )?{name} (?:to|for|about|that|whether|if) {rest}",
        "(?:ask|tell) {name} {rest}",
        "{rest} (?:using|via|through|by asking) {name}",
        "(?:open|launch|start|begin|run|use|load|talk to|speak to|resume|ask) {name}",
        "{name}",
    ),
    "de": (
        "(?:öffne|starte|frage?|sage?|bitte) {name} (?:und|nach|ob|um|über|dass|zu) {rest}",
        "(?:frage?|sage?|bitte) {name} {rest}",
        "{rest} (?:mit|mithilfe von) {name}",
        "(?:öffne|starte|beginne|nutze|spiele?) {name}",
        "{name} (?:öffnen|starten)",
        "{name}",
    ),
    "es": (
        "(?:abre|inicia|pide|pregunta) (?:a )?{name} (?:y|que|por|sobre|para|si) {rest}",
        "{rest} usando {name}",
        "(?:abre|inicia|lanza|usa|empieza) {name}",
        "{name}",
    ),
    "fr": (
        "(?:ouvre|lance|demande) (?:à )?{name} (?:et|de|que|si|pour) {rest}",
        "{rest} avec {name}",
        "(?:ouvre|lance|démarre|utilise) {name}",
        "{name}",
    ),
    "it": (
        "(?:apri|avvia|chiedi) (?:a )?{name} (?:e|di|che|se|per) {rest}",
        "{rest} usando {name}",
        "(?:apri|avvia|lancia|usa) {name}",
        "{name}",
    ),
    "pt": (
        "(?:abra|abre|inicie|inicia) (?:o |a )?{name} (?:e|para) {rest}",
        "(?:peça|pede|pergunte|pergunta|diga|diz) (?:a |à |ao |para |para o |para a )?{name} "
        "(?:que|por|sobre|para|se|qual|quais) {rest}",
        "{rest} usando (?:o |a )?{name}",
        "(?:abra|abre|inicie|inicia|comece|começa|use|usa|lance) (?:o |a )?{name}",
        "{name}",
    ),
    "ja": (
        "{name}(?:を開いて|を起動して|を使って|で){rest}",
        "{name}を(?:開いて|開けて|起動して|始めて|スタートして|スタート|オープン)",
        "{name}",
    ),
    "hi": (
        "{name} (?:खोलो|खोलें|खोलिए|शुरू करो|शुरू करें) और {rest}",
        "{name} से (?:पूछो|पूछें|पूछिए|कहो|कहें|कहिए)(?: कि)? {rest}",
        "{name} (?:खोलो|खोलें|खोलिए|खोल दो|शुरू करो|शुरू करें|चलाओ|चलाएं|चालू करो|चालू करें)",
        "{name}",
    ),
}
_NAME = "\x00"  # stands for a skill's name; folded text never holds it
MOST_WORDS, MOST_CHARACTERS = 12, 40  # of a name, in a script with spaces and in one without
_POLITE = r"(?:please |could you |can you |would you |hey |ok |okay )*"


@dataclass(frozen=True, slots=True)
class Invocation:
    """A skill that was named: `rest` is the request left over, "" if it was only opened."""

    skill: str
    rest: str


def parse(text: str, named: Callable[[str], str | None], locale: str) -> Invocation | None:
    """The skill that a sentence names outright, or None.

    named: folded invocation name -> skill id, of the skills installed in this locale, or None.
    """
    said, places = fold_with_places(text)
    present = {name: skill for name in _stretches(said) if (skill := named(name)) is not None}
    for name in sorted(present, key=len, reverse=True):
        for start in _places(name, said):
            # With a mark in place of the name, the patterns are the same for all skills.
            end = start + len(name)
            marked, left = said[:start] + _NAME + said[end:], places[: start + 1] + places[end:]
            for pattern in _patterns(locale.split("-")[0]):
                found = pattern.fullmatch(marked)
                if found is not None:
                    return Invocation(present[name], _rest(text, left, found))
    return None


def _places(name: str, said: str) -> Iterator[int]:
    """Where a name stands in a sentence."""
    start = said.find(name)
    while start >= 0:
        yield start
        start = said.find(name, start + 1)


def _stretches(said: str) -> Iterator[str]:
    """All that may be a name in a sentence: of words, and of characters where there are no spaces.

    There may be a hundred thousand names; a sentence has a few dozen stretches.
    """
    words = said.split()
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + MOST_WORDS) + 1):
            yield " ".join(words[start:end])
    if not said.isascii():
        for start in range(len(said)):
            for end in range(start + 1, min(len(said), start + MOST_CHARACTERS) + 1):
                name = said[start:end]
                if not name.isascii():
                    yield name


def _rest(text: str, places: list[int], found: re.Match[str]) -> str:
    """The request as it was said, not folded."""
    if not found.groupdict().get("rest"):
        return ""
    start, end = found.span("rest")
    return text[places[start] : places[end - 1] + 1]


@lru_cache
def _patterns(tongue: str) -> tuple[re.Pattern[str], ...]:
    """The carriers of a tongue as patterns over folded text in which a name is marked."""
    carriers = (_without_accents(carrier) for carrier in _CARRIERS.get(tongue, ("{name}",)))
    filled = (carrier.format(name=_NAME, rest="(?P<rest>.+)") for carrier in carriers)
    return tuple(re.compile(f"{_POLITE}{carrier}(?: please)?") for carrier in filled)


def _without_accents(carrier: str) -> str:
    return ACCENT.sub("", unicodedata.normalize("NFKD", carrier))
