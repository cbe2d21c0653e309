"""Samples made of a developer's words, for tools and operations that bring none.

A name (`get_weather`), a title and the first sentence of a description say what a tool does in a
program's terms; turned into requests, they give Sayso something to go by until people speak.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sayso.formats.titles import words
from sayso.skills.restore import notes
from sayso.skills.templates import said
from sayso.types.skills import Slot

MADE = "sample made of it, as the format brings none"
MOST = 16
_USES = 3  # sentences of a description, after the first, that say what it is used for
_LONGEST = 14  # words of a request
_ARTICLES = "a|an|the|some|any|one|given|specific|specified|certain|particular|your|this|that"
_SHOWN = frozenset(
    {"get", "list", "return", "retrieve", "fetch", "show", "read", "view", "display"}
)
_VERBS = _SHOWN | frozenset(
    "add ask book call cancel change check close compute convert copy create delete edit explain "
    "find give insert make move open order pause pay perform play provide record remove rename "
    "resume run save schedule send set start stop tell translate turn update upload write".split()
)
_PREAMBLE = re.compile(
    r"^(?:use )?(?:this|the) (?:tool|endpoint|function|operation|method|api)?\s*"
    r"(?:is used|can be used|is|allows you|lets you|enables you|will|when you (?:want|need))?"
    r"\s*(?:to|for)?\s+|^(?:allows|lets|enables) (?:you|users?|one) to |^(?:a )?tool (?:to|for) "
    r"|^use (?:it|this) to ",
    re.IGNORECASE,
)
_FOR_EXAMPLE = re.compile(r"\b(?:e\.\s?g\.|for (?:example|instance))[,:]?\s+", re.IGNORECASE)
_USE = re.compile(
    r"^(?:for example|examples?|use (?:this|it)(?: tool| endpoint| function)?|useful|"
    r"call (?:this|it))\b[,:]?\s*"
    r"(?:(?:when|whenever|if) (?:the user|a user|users|people|someone|somebody|they|you) "
    r"(?:wants?|needs?|asks?(?: you)?|would like|says?)(?: to| for)?|to|for)?[,:]?\s*",
    re.IGNORECASE,
)
_JOINTS = {
    **dict.fromkeys(("city", "location", "place", "country", "region", "room", "area"), "in"),
    **dict.fromkeys(("to", "recipient", "email", "destination", "target", "receiver"), "to"),
    **dict.fromkeys(("from", "source", "origin", "sender"), "from"),
    **dict.fromkeys(("date", "day", "month", "year"), "for"),
    **dict.fromkeys(("time", "hour"), "at"),
    **dict.fromkeys(("name", "title"), "called"),
    **dict.fromkeys(("topic", "subject"), "about"),
    **dict.fromkeys(("query", "q", "text", "message", "keyword", "term", "question", "input"), ""),
}


def samples(name: str, told: Iterable[str], slots: Sequence[Slot]) -> tuple[str, ...]:
    """Requests for what is called `name` and described in `told`; at most `MOST`, never none."""
    told = list(told)
    phrases = [*requests(name, told), *(use for text in told for use in _uses(text))]
    needed = [slot for slot in slots if slot.required]
    others = [slot for slot in slots if not slot.required and slot.type != "yes_no"][:3]
    found: dict[str, None] = {}
    for phrase in phrases:
        inside = _marked(phrase, slots)
        missing = [slot for slot in needed if f"{{{slot.name}}}" not in inside]
        found[_joined(inside, missing)] = None
        found[inside] = None
        found[phrase] = None
    for phrase in phrases[:1]:
        for slot in others:
            found[_joined(phrase, [*needed, slot])] = None
    return tuple(found)[:MOST]


def requests(name: str, told: Iterable[str]) -> list[str]:
    """What is asked for, without values: of the name, and of each text; at least one."""
    found: dict[str, None] = {}
    for phrase in _plain(name, told):
        found[phrase] = None
        verb, _, rest = phrase.partition(" ")
        if verb in _SHOWN and rest:
            found[f"show me {rest}"] = None
    return list(found)


def shall_i(name: str, told: Iterable[str]) -> str:
    """The question before something is done that cannot be undone."""
    return f"Shall I do this: {_plain(name, told)[-1]}?"


def _plain(name: str, told: Iterable[str]) -> list[str]:
    # "by id" in a name is for programs: `showPetById` shows a pet.
    texts = [re.sub(r" by (?:\w+ )?(?:id|name|key)$", "", words(name)), *told]
    return [x for x in map(_request, texts) if x] or [said(name) or "go on"]


def _uses(text: str) -> list[str]:
    """What a description gives as examples of use: `Plays music. For example: play some jazz.`"""
    plain = _FOR_EXAMPLE.sub("\nfor example ", said(text[:2000]))
    found = []
    for sentence in re.split(r"(?<=[.!?])\s+|\n+", plain)[1:]:
        use = _USE.match(sentence)
        rest = sentence[use.end() :].strip(" \"'`“”") if use else ""
        if len(rest.split()) > 1:
            found.append(_request(rest))
    return [each for each in found if each][:_USES]


def _request(text: str) -> str:
    """The first sentence as a request: `Returns the open orders.` is "get the open orders"."""
    plain = re.sub(r"[`*_#>\[\]]|\(.*?\)|<[^>]*>", "", said(text[:1000]))
    first = re.split(r"[.!?;:](?:\s|$)|\s[-\u2013\u2014]\s|\n", plain.strip())[0].strip(" ,.")
    first = _PREAMBLE.sub("", first).strip()
    parts = first.split()
    if not parts or len(parts) > _LONGEST:
        parts = re.split(r",| (?:and|or|which|that|including|using) ", first)[0].split()[:_LONGEST]
    if not parts:
        return ""
    if all(part[0].isupper() for part in parts):  # A Title In Capitals
        parts = [part if part.isupper() and len(part) > 1 else part.lower() for part in parts]
    head = parts[0] if parts[0].isupper() and len(parts[0]) > 1 else parts[0].lower()
    follows = parts[1].lower() if len(parts) > 1 else ""
    parts[0] = _bare_verb(head, follows)
    return " ".join(parts)


def _bare_verb(word: str, follows: str) -> str:
    """`gets` and `returns` as one asks for it; other words as they are."""
    same = {"returns": "get", "retrieves": "get", "fetches": "get", "return": "get"}
    if word in same:
        return same[word]
    if not re.fullmatch(rf"{_ARTICLES}|all|every|each|new|information|details|an?", follows):
        return word.removesuffix("s") if word.removesuffix("s") in _VERBS else word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if re.search(r"(?:ch|sh|ss|x)es$", word):
        return word[:-2]
    return word[:-1] if re.search(r"[^s]s$", word) and len(word) > 3 else word


def _marked(phrase: str, slots: Sequence[Slot]) -> str:
    """The phrase with `{city}` in the place of "a city"."""
    for slot in slots:
        for name in _called(slot):
            pattern = rf"\b(?:(?:{_ARTICLES})\s+)+{re.escape(name)}\b(?![^{{]*}})"
            phrase, times = re.subn(
                pattern, f"{{{slot.name}}}", phrase, count=1, flags=re.IGNORECASE
            )
            if times:
                break
    return phrase


def _called(slot: Slot) -> list[str]:
    """What a description may call a slot's value, longest first."""
    name = _words_of(slot)
    bare = re.sub(r" (?:id|name|code|number)$", "", name)
    return [name] if bare == name else [name, bare]


def _joined(phrase: str, slots: Sequence[Slot]) -> str:
    for slot in slots:
        name = _words_of(slot)
        joint = _JOINTS.get(name, _JOINTS.get(name.rsplit(" ", 1)[-1]))
        if joint is None:
            joint = f"with {name}"
        phrase = " ".join(f"{phrase} {joint} {{{slot.name}}}".split())
    return phrase


def _words_of(slot: Slot) -> str:
    path = notes(slot.extra).get("argument") or [slot.name]
    return words(str(path[-1])) or slot.name
