"""Small words of a conversation, by tongue: what stands around an answer, what says a change.

As they are folded: lower case, no accents, "don't" is `dont`. A tongue without a list has its
values understood where they stand alone.
"""

from __future__ import annotations

from collections.abc import Mapping

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
        " called named something".split()
    ),
    "de": frozenset(
        "der die das den dem ein eine einen einem einer es ist sind bin war ich wir mir uns mein"
        " meine zu um am im in an auf fur von vom bis aus mit und oder aber nein nicht ja ok okay"
        " bitte danke dann also na gut ah ahm nur vielleicht mach mache nimm nehme gib setz sag"
        " sagte meine meinte will mochte hatte gern warte doch eigentlich tschuldigung lieber"
        " besser statt stattdessen auch noch dazu mehr richtig genau jetzt hier da etwa".split()
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
# How it begins or ends where a value comes on top of the others.
ADDING: Mapping[str, tuple[str, ...]] = {
    "en": ("and", "also", "too", "as well", "plus", "add", "another", "on top"),
    "de": ("und", "auch", "dazu", "noch", "plus", "ausserdem"),
}
DENYING: Mapping[str, frozenset[str]] = {
    "en": frozenset(("not", "without", "no")),
    "de": frozenset(("nicht", "ohne", "kein", "keine", "keinen")),
}
# What may come before the word that matters: "oh, forget it".
LEADING: Mapping[str, frozenset[str]] = {
    "en": frozenset("oh no well ok okay please um uh hm er actually just wait and so".split()),
    "de": frozenset("ach nein na gut ok okay bitte ah ahm hm doch und also".split()),
}


def begins(said: str, phrases: tuple[str, ...]) -> bool:
    """Whether folded words begin with one of the phrases."""
    return any(f"{said} ".startswith(f"{phrase} ") for phrase in phrases)


def ends(said: str, phrases: tuple[str, ...]) -> bool:
    """Whether folded words end with one of the phrases."""
    return any(f" {said}".endswith(f" {phrase}") for phrase in phrases)
