"""The question for an argument that must be said, made of its name and its description.

A description is written for programmers: `City to search in`, `Number of people at the table`,
`The date, in ISO 8601`. Said as a question it is short, holds no format and no word twice, and
names the choices where there are few. What cannot be turned into one leaves the name: `What is the
unit?`. English, as tools' descriptions mostly are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sayso.skills.templates import said

MOST_WORDS = 14  # of a question, without its choices
FEW = 4  # choices that are named
_CHOICE = 20  # letters of one
_PLACES = {
    **dict.fromkeys("station stop airport address harbour harbor port venue".split(), "at"),
    **dict.fromkeys("city town country region state area room place location".split(), "in"),
}
_OPEN = ("which", "what", "where", "when", "how", "why", "who", "whom", "whose")
# Words of other tongues: what is made of such a description in English is worse than the name.
_FOREIGN = frozenset(
    "der die das und den dem eine einer el los las del para les des une du pour gli della"
    " dos com".split()
)
_FORMAT = re.compile(
    r"\([^)]*\)|`[^`]*`|<[^>]*>|https?://\S+|\[[^\]]*\]|[\"“”]|\b[yY]{4}-?[mM]{2}\S*|\b[hH]{2}:?[mM]{2}\S*"
)
_REST = re.compile(  # what follows is for programmers, or another sentence
    r"\s*(?:[;:\n?!]|\.(?:\s|$)|,?\s\b(?:e\.\s?g\.?|i\.\s?e\.?|for example|for instance|formatted|"
    r"in (?:the )?(?:ISO|RFC|UTC|JSON|format|form)|as an? (?:ISO|RFC|string|number|integer|JSON)|"
    r"must|should|can|may|will|defaults?|is required|are required|if (?:not )?(?:given|set|provided"
    r"|omitted|specified)|or null|optional)\b|\s[-\u2013\u2014]\s)",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^(?:(?:the|an?|your|this|required|optional|valid|specify|specifies|specified|desired|given|"
    r"provide|enter|select|choose|give|is|exact|full|free[- ]?text|list of|array of|"
    r"comma[- ]separated list of|string|integer|iso(?: \d+)?|unique) )+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:,? (?:(?:of|on|in|at|for|to|from|with) )?(?:which|that|where|when)|"
    r",? (?:as|of|with the|the|an?|and|or))+$"
)
_INSTRUCTION = re.compile(
    r"^(?:filter|limit|set|use|used|include|includes|exclude|return|returns|get|search by|sort|"
    r"if|when true|enable|disable|pass|contains?|controls?|defines?|determines?|indicates?|"
    r"represents?|allows?|restrict|show|only|true|false|see)\b",
    re.IGNORECASE,
)
_TO_DO = re.compile(
    r"^(?P<what>[\w'-]+(?: (?!of\b)[\w'-]+){0,2}) to (?P<do>(?!be\b|the\b|an?\b)\w.*)$", re.I
)
_ON_WHICH = re.compile(
    r"^(?P<what>[\w'-]+(?: [\w'-]+)?) (?P<at>on|in|at|from|to|for|with|by) which "
    r"(?P<who>(?:the|an?|your|his|her|their) [\w'-]+) (?P<does>\w+s)(?P<rest> .*)?$",
    re.I,
)
_WHERE = re.compile(
    r"^(?P<what>[\w'-]+(?: [\w'-]+)?) (?:where|when) (?P<who>(?:the|an?|your) [\w'-]+) "
    r"(?P<does>\w+s)(?P<rest> .*)?$",
    re.I,
)
_BEING = re.compile(
    r"^(?P<what>[\w'-]+(?: (?!that\b|which\b)[\w'-]+)?) (?:(?:that|which) )?"
    r"(?P<who>(?:the|an?|your) [\w'-]+) (?P<be>is|are|was) (?P<rest>.+)$",
    re.I,
)
_SUBJECT = re.compile(r"^((?:the|an?|your) [\w'-]+) (is|are|was|were) (.+)$", re.I)
_THAT = re.compile(r"^(?P<what>[\w'-]+(?: [\w'-]+)?) (?:that|which|who) (?P<does>\w+s\b.*)$", re.I)
_HOW = re.compile(r"^how (?P<much>\w+) (?P<who>(?:the|an?|your) .+) (?P<be>is|are)$", re.I)
_OF_WHAT = re.compile(r"^(?P<how>number|amount|kind|sort|type) of (?P<what>(?!the |an? ).+)$", re.I)
_HEAD = re.compile(r",| (?:of|in|for|to|on|at|per|from|that|which|who|with) ")
_CLAUSE = re.compile(r",? that .*$")
_MANY = {"number": "how many", "amount": "how much", "kind": "what kind of"}


def question(
    name: str, description: str, choices: Sequence[str] = (), *, named: bool = False
) -> str:
    """How the argument is asked for, in the words of its description; "" where it has no words.

    name: in words. choices: all its values, as they are said. named: whether it is one of many
        that have names of their own, a day or a city, so that it is asked which one.
    """
    about = _plain(description)
    yes_no = {each.casefold() for each in choices} == {"yes", "no"}
    listed = len({each.casefold() for each in choices} & set(about.casefold().split())) > 1
    told = _is_told(about, yes_no) and not listed
    asked = _asked(about, named or bool(choices)) if told else ""
    if not asked or len(asked.split()) > MOST_WORDS:
        if not name or (name.isdigit() or len(name) < 2):
            return ""
        asked = _of_name(name, named or bool(choices), yes_no)
    asked = asked[0].upper() + asked[1:]
    if asked.startswith(("Please ", "Should I ")):
        return f"{asked}{'.' if asked.startswith('Please') else '?'}"
    if 1 < len(choices) <= FEW and all(len(each) <= _CHOICE for each in choices):
        return f"{asked}: {', '.join(choices[:-1])} or {choices[-1]}?"
    return f"{asked}?"


def _is_told(about: str, yes_no: bool) -> bool:
    """Whether a description says what the value is; of a yes or no, what it is that may be so."""
    if not about or _INSTRUCTION.match(about) or set(about.casefold().split()) & _FOREIGN:
        return False
    return not yes_no or about.startswith("whether ")


def _of_name(name: str, named: bool, yes_no: bool) -> str:
    if yes_no:
        return f"should I {name}" if _INSTRUCTION.match(name) else name
    return _which(name, named)


def _plain(description: str) -> str:
    """What the value is, without articles, formats and all that follows."""
    text = said(_FORMAT.sub(" ", description[:1000])).strip(" .,:-*")
    text = _LEADING.sub("", text)
    cut = _REST.split(text, maxsplit=1)[0].strip(" .,:-*")
    cut = _TAIL.sub("", cut)
    if len(cut.split()) > MOST_WORDS - 4:
        cut = _TAIL.sub("", re.split(r",| (?:which|that|including|where|when) ", cut)[0].strip())
    head, _, rest = cut.partition(" ")
    return cut if head.isupper() and len(head) > 1 else f"{head.lower()}{' ' if rest else ''}{rest}"


def _asked(about: str, named: bool) -> str:
    first, _, rest = about.partition(" ")
    if first == "whether" and rest:
        rest = rest.removeprefix("or not ").removesuffix(" or not")
        does = rest.startswith("to ") and not rest.startswith("to be ")
        return f"should I {rest[3:]}" if does else f"please say whether {rest}"
    how = _HOW.match(about)
    if how:
        return f"how {how['much']} {how['be']} {how['who']}"
    if first in _OPEN:
        return _open(first, rest)
    todo = _TO_DO.match(about)
    if todo:
        return f"which {todo['what']} should I {todo['do']}"
    for pattern in (_ON_WHICH, _WHERE):
        found = pattern.match(about)
        if found:
            return _inverted(found)
    being = _BEING.match(about)
    if being:
        return f"which {being['what']} {being['be']} {being['who']} {being['rest']}"
    that = _THAT.match(about)
    if that:
        return f"which {that['what']} {that['does']}"
    of = _OF_WHAT.match(about)
    if of and of["how"].lower() in _MANY:
        return f"{_MANY[of['how'].lower()]} {_LEADING.sub('', of['what'])}"
    return _which(about, named)


def _open(first: str, rest: str) -> str:
    """`What to search for` as a question; any other such clause is asked to be told."""
    inner = re.match(r"^((?:[\w'-]+ )?)to (?!be\b)(\w.*)$", rest)
    if inner:
        return f"{first} {inner[1]}should I {inner[2]}"
    subject = _SUBJECT.match(rest)
    if subject:
        return f"{first} {subject[2]} {subject[1]} {subject[3]}"
    counts = first == "how" and rest.startswith(("many ", "much "))
    if counts or first in ("who", "which"):
        return f"{first} {rest}"
    return f"please tell me {first} {rest}" if rest else ""


def _inverted(found: re.Match[str]) -> str:
    """`Day on which the train leaves` as `on which day does the train leave`."""
    what, groups = found["what"], found.groupdict()
    joint = groups.get("at") or _PLACES.get(what.split()[-1].lower(), "")
    if not joint:
        joint = "on" if what.lower() in ("day", "date") else "at"
    does, rest = found["does"].lower(), found["rest"] or ""
    if does in ("is", "was"):
        return f"{joint.lower()} which {what} {does} {found['who']}{rest}"
    return f"{joint.lower()} which {what} does {found['who']} {_base(does)}{rest}"


def _base(verb: str) -> str:
    """Of `leaves` leave, of `goes` go, of `carries` carry."""
    if verb == "has":
        return "have"
    if verb.endswith("ies") and len(verb) > 4:
        return f"{verb[:-3]}y"
    if re.search(r"(?:ss|sh|ch|x|zz|o)es$", verb):
        return verb[:-2]
    return verb[:-1]


def _which(what: str, named: bool) -> str:
    """`Which city`, `what is the name of the lake`."""
    plain = _CLAUSE.sub("", what.strip())
    short = len(plain.split(",")[0].split()) <= 2 and " of " not in plain
    if named and short:
        return f"which {plain}"
    several = _HEAD.split(plain, maxsplit=1)[0].split(" ")[-1]
    many = several.endswith("s") and not several.endswith(("ss", "us", "is", "ws", "address"))
    return f"what {'are' if many else 'is'} the {plain}"
