"""Whether two requests ask for opposite things: "turn it on", "don't turn it on", "turn it off".

Vectors and letters find such requests nearly the same, so words must tell. Texts come folded.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

_NO = (
    "no not dont doesnt didnt isnt arent wont cant cannot never without except unless"
    " nicht kein keine keinen keinem nie niemals ohne ne pas jamais sans nunca sin non mai"
    " senza nao"
)
_DENIALS = frozenset(_NO.split())
_PAIRS = (
    "on off", "up down", "open close", "open shut", "lock unlock", "start stop", "begin end",
    "raise lower", "increase decrease", "more less", "louder quieter", "louder softer",
    "brighter dimmer", "brighten dim", "warmer cooler", "warmer colder", "hotter colder",
    "faster slower", "add remove", "add delete", "create delete", "set cancel", "enable disable",
    "mute unmute", "pause resume", "play stop", "play pause", "accept decline", "accept reject",
    "like dislike", "next previous", "forward back", "arm disarm", "connect disconnect",
    "subscribe unsubscribe", "first last", "in out", "buy sell", "yes no",
    "an aus", "ein aus", "auf zu", "lauter leiser", "heller dunkler", "warmer kalter",
    "starte stoppe", "offne schließe", "encender apagar", "enciende apaga", "sube baja",
    "abre cierra", "allume eteins", "allumer eteindre", "monte baisse", "ouvre ferme",
    "accendi spegni", "alza abbassa", "apri chiudi", "liga desliga", "aumenta abaixa",
)  # fmt: skip
_OPPOSITES: Mapping[str, frozenset[str]] = {
    word: frozenset(chain.from_iterable(pair.split() for pair in _PAIRS if word in pair.split()))
    - {word}
    for word in chain.from_iterable(pair.split() for pair in _PAIRS)
}


def opposed(one: str, other: str) -> bool:
    """Whether one folded text denies what the other does not, or says the contrary in a word."""
    words, others = set(one.split()), set(other.split())
    if words.isdisjoint(_DENIALS) != others.isdisjoint(_DENIALS):
        return True
    only, missing = words - others, others - words
    return any(not missing.isdisjoint(_OPPOSITES[word]) for word in only if word in _OPPOSITES)
