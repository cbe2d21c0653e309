"""Small words of a conversation, by tongue: what stands around an answer, what says a change.

As they are folded: lower case, no accents, "don't" is `dont`. A tongue without a list has its
values understood where they stand alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

# Words that may stand around values without making the sentence another request.
FILLERS: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        "a an the this that these those it its is be are am was were i im id ill we us me my our"
        " to at in on for from until of with and or plus but no not nope yes yeah yep ok okay all"
        " right"
        " please thanks thank you then so well oh um uh hm er one ones some only just maybe"
        " make take have get let lets set change put say said mean meant want would like can could"
        " do wait actually sorry rather instead better altogether total together too also as well"
        " more another add good fine sure correct exactly now there here first think about around"
        " euro euros dollar dollars buck bucks"
        " called named something prefer think guess s re ll m d ve t".split()
    ),
    "de": frozenset(
        "der die das den dem ein eine einen einem einer es ist sind bin war ich wir mir uns mein"
        " meine zu um am im in an auf fur von vom bis aus mit und oder aber nein nicht ja ok okay"
        " bitte danke dann also na gut ah ahm nur vielleicht mach mache nimm nehme gib setz sag"
        " sagte meine meinte will mochte hatte gern warte doch eigentlich tschuldigung lieber"
        " euro besser statt stattdessen auch noch dazu mehr richtig genau jetzt hier"
        " da etwa".split()
    ),
}
# How a sentence begins that puts right what was said before.
CORRECTING: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("no", "nope", "wait", "oh wait", "actually", "sorry", "i meant", "i mean", "i said"),
        *("make it", "make that", "make them", "change it", "change that", "change the", "not"),
        *("rather", "instead", "on second thought", "correction", "oh no", "oh sorry", "oops"),
    ),
    "de": (
        *("nein", "warte", "halt", "eigentlich", "entschuldigung", "ich meinte", "ich meine"),
        *(
            "ich sagte",
            "ich habe gesagt",
            "mach daraus",
            "nicht",
            "lieber",
            "doch lieber",
            "ach nein",
        ),
    ),
}
# Those of them with which somebody begins a whole request anew; who says "actually" or "wait" may
# as well want something more.
RECANTING: Mapping[str, tuple[str, ...]] = {
    "en": ("no", "nope", "no no", "oh no", "no sorry", "sorry", "oh sorry", "oops", "correction"),
    "de": ("nein", "nein nein", "ach nein", "entschuldigung", "tschuldigung", "korrektur"),
}
# How it begins or ends where a value comes on top of the others.
ADDING: Mapping[str, tuple[str, ...]] = {
    "en": ("and", "also", "too", "as well", "plus", "add", "another", "on top"),
    "de": ("und", "auch", "dazu", "noch", "plus", "ausserdem"),
}
JOINING: Mapping[str, frozenset[str]] = {"en": frozenset(("and",)), "de": frozenset(("und",))}
AT: Mapping[str, str] = {"en": "at", "de": "um"}  # before a time
FOR: Mapping[str, str] = {"en": "for", "de": "fur"}  # before a number of people or things
DENYING: Mapping[str, frozenset[str]] = {
    "en": frozenset(("not", "without", "no")),
    "de": frozenset(("nicht", "ohne", "kein", "keine", "keinen")),
}
# What may come before the word that matters: "oh, forget it".
LEADING: Mapping[str, frozenset[str]] = {
    "en": frozenset("oh no well ok okay please um uh hm er actually just wait and so".split()),
    "de": frozenset("ach nein na gut ok okay bitte ah ahm hm doch und also".split()),
}
# What else may come before a yes or a no without being one: "okay, actually no".
OPENING: Mapping[str, frozenset[str]] = {
    "en": frozenset("ok okay just and then".split()),
    "de": frozenset("ach gut ok okay doch und eigentlich dann".split()),
}
# Who says this and nothing else has not answered yet.
HESITATING: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        (
            *("let me think", "let me see", "let me check", "let me think about it"),
            *("i dont know", "i do not know", "dont know", "i have no idea", "no idea", "dunno"),
            *("not sure", "im not sure", "i am not sure", "im not sure yet", "not sure yet"),
            *("i dont know yet", "i need to think", "i have to think", "good question"),
            *("wait", "wait a moment", "wait a second", "wait a minute", "hold on", "hang on"),
            *("one moment", "just a moment", "a moment", "just a second", "just a minute"),
            *("give me a second", "give me a moment", "give me a minute", "hold on a second"),
            *("later", "maybe later", "not yet", "what", "pardon", "excuse me", "huh"),
            *("maybe", "perhaps", "i might", "well see", "its hard to say"),
        )
    ),
    "de": frozenset(
        (
            *("lass mich uberlegen", "lass mich mal uberlegen", "ich weiss nicht", "weiss nicht"),
            *("ich weiss es nicht", "keine ahnung", "nicht sicher", "ich bin nicht sicher"),
            *("ich bin mir nicht sicher", "moment", "einen moment", "moment mal", "warte"),
            *("warte mal", "sekunde", "augenblick", "spater", "noch nicht", "was", "wie bitte"),
            *("vielleicht", "mal sehen", "eventuell", "schwer zu sagen"),
        )
    ),
}
HUMMING: Mapping[str, frozenset[str]] = {
    "en": frozenset("hm hmm um uh er erm oh well so ah sorry actually please yet".split()),
    "de": frozenset("hm hmm ah ahm oh na also tja bitte".split()),
}
# Who says this and nothing else wants what was just done to be undone.
UNDOING: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        (
            *("undo", "undo it", "undo that", "undo this", "take it back", "take that back"),
            *("cancel", "cancel it", "cancel that", "cancel this", "scrap that", "scrap it"),
            *("delete it", "delete that", "remove it", "remove that", "reverse that"),
            *("dont do that", "no dont do it", "changed my mind", "i changed my mind"),
            *("ive changed my mind", "forget that"),
            *("that was a mistake", "i dont want that", "i didnt want that", "revert that"),
        )
    ),
    "de": frozenset(
        (
            *("ruckgangig", "ruckgangig machen", "mach das ruckgangig", "nimm das zuruck"),
            *("nimm es zuruck", "storniere das", "storniere es", "losch das wieder"),
            *("losche das wieder", "losche das", "brich das ab", "doch nicht", "abbrechen"),
            *("das war ein versehen", "das wollte ich nicht"),
        )
    ),
}
# How one asks for what is only told or played, and leaves nothing to be undone.
ASKING: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("what", "whats", "when", "where", "who", "whos", "how", "why", "which"),
        *("is", "are", "am", "was", "were", "do", "does", "did", "will", "can i", "could i"),
        *("has", "have", "tell", "show", "read", "list", "find", "search", "look", "check"),
        *("give me", "convert", "calculate", "compute", "play", "listen", "hear", "describe"),
        *("explain", "translate", "define", "spell", "count", "compare", "pick", "roll", "flip"),
        *("toss", "choose", "let me hear", "let me know", "i want to know", "i want to hear"),
        *("id like to know", "id like to hear", "any", "should", "shall"),
    ),
    "de": (
        *("was", "wann", "wo", "wer", "wie", "warum", "welche", "welcher", "welches", "wieviel"),
        *("ist", "sind", "war", "hat", "habe ich", "gibt es", "wird", "kommt", "kann ich"),
        *("sag", "sage", "zeig", "zeige", "lies", "such", "suche", "finde", "nenn", "nenne"),
        *("spiel", "spiele", "rechne", "berechne", "erzahl", "erzahle", "erklar", "ubersetze"),
        *("ich mochte wissen", "ich will wissen", "ich mochte horen", "wurfle", "wirf"),
    ),
}
# Who says this and nothing else wants nothing more.
THANKING: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        (
            *("thanks", "thank you", "thanks a lot", "many thanks", "thank you very much"),
            *("thank you so much", "thanks so much", "thanks very much", "cheers", "ta"),
            *("much appreciated", "thats kind", "thats very kind", "great thanks"),
        )
    ),
    "de": frozenset(
        ("danke", "danke schon", "dankeschon", "vielen dank", "danke sehr", "besten dank")
    ),
    "es": frozenset(("gracias", "muchas gracias", "mil gracias")),
    "fr": frozenset(("merci", "merci beaucoup", "merci bien")),
    "it": frozenset(("grazie", "grazie mille", "molte grazie")),
    "pt": frozenset(("obrigado", "obrigada", "muito obrigado", "muito obrigada", "valeu")),
}
# Of phrases to stop that may as well be said to a thing: "turn it off".
SWITCHING = frozenset("turn off close leave".split())
# How a request to the machine begins, which is no name of anything.
REQUESTING: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("could you", "can you", "would you", "will you", "could we", "can we", "can i", "may i"),
        *(
            "please",
            "let me",
            "tell me",
            "show me",
            "what",
            "whats",
            "when",
            "where",
            "who",
            "how",
            "why",
            "which",
        ),
        *("is it", "is there", "are there", "do i", "do we", "will it", "please tell me"),
    ),
    "de": (
        *("kannst du", "konntest du", "wurdest du", "konnten wir", "kann ich", "sag mir"),
        *("zeig mir", "was", "wann", "wo", "wer", "wie", "warum", "welche", "gibt es", "wird es"),
    ),
}


# May stand anywhere before the word that matters: "I actually meant".
_STRESS = frozenset("actually really just rather eigentlich wirklich".split())


def correcting(said: str, tongue: str) -> tuple[str, ...]:
    """The folded words with which a sentence begins to put something right; none if it does not."""
    phrases = CORRECTING.get(tongue, ())
    if begins(said, phrases):
        found = [phrase for phrase in phrases if begins(said, (phrase,))]
        return tuple(max(found, key=len).split())
    words = said.split()
    for at, word in enumerate(words[:3]):
        if word in _STRESS:
            rest = correcting(" ".join(words[:at] + words[at + 1 :]), tongue)
            return tuple(words[: len(rest) + 1]) if rest and len(rest) > at else ()
    return ()


def begins(said: str, phrases: tuple[str, ...]) -> bool:
    """Whether folded words begin with one of the phrases."""
    return f"{said} ".startswith(_whole(phrases)[0])


def ends(said: str, phrases: tuple[str, ...]) -> bool:
    """Whether folded words end with one of the phrases."""
    return f" {said}".endswith(_whole(phrases)[1])


def without(said: str, *small: Mapping[str, frozenset[str]], locale: str) -> str:
    """A folded text without the small words that it begins with."""
    tongue = locale.split("-")[0]
    opening = frozenset[str]().union(*(words.get(tongue, frozenset()) for words in small))
    words = said.split()
    start = next((at for at, word in enumerate(words) if word not in opening), len(words))
    return " ".join(words[start:])


@lru_cache(maxsize=256)
def _whole(phrases: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Phrases with the space behind them, and with that before: no part of a word is one."""
    return tuple(f"{phrase} " for phrase in phrases), tuple(f" {phrase}" for phrase in phrases)
