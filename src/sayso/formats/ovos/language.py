"""The files of one locale -> `Language`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sayso.formats.grammar import Choice, Mark, Node, Row, Words, count, marks, sample
from sayso.formats.names import identifier
from sayso.formats.ovos.adapt import Handler
from sayso.formats.ovos.lines import Books, Line, Texts, trees_of, words_of
from sayso.formats.ovos.templates import NUMBER
from sayso.formats.sayings import says_something, seed_of
from sayso.formats.spelling import Spelling
from sayso.skills.builtin_types import FREE_TEXT
from sayso.skills.restore import OURS, notes
from sayso.skills.templates import pieces, said
from sayso.types.skills import Intent, Language, Slot, SlotType, TypeValue

_MOST = 24  # sentences of a line, where an intent has few lines
_ENOUGH = 600  # sentences of an intent, about
_NO_RULE = "words without a rule or intent here: a slot type that waits for one"
_GROUP = re.compile(r"\(\?P<(\w+)>")
_DIGITS = re.compile(r"\{number\d*\}")


@dataclass(frozen=True, slots=True)
class _Scope:
    """What the intents of a locale draw from."""

    texts: Texts
    words: Mapping[str, Node]
    types: Mapping[str, str]  # name of an entity, casefolded -> its slot type
    spelling: Spelling

    def type_of(self, mark: Mark) -> str:
        """The slot type of a slot."""
        if mark.values in (NUMBER, FREE_TEXT):
            return mark.values
        return self.types.get(mark.values.casefold(), FREE_TEXT)


def make_language(texts: Texts, handlers: Sequence[Handler], name: str, books: Books) -> Language:
    """What a locale's files and the rules of the skill's code come to; writes the ledgers.

    name: of the skill, where its skill.json has none.
    """
    types, names = _types(texts, books)
    scope = _Scope(texts, words_of(texts), names, Spelling())
    intents = [_from_lines(stem, lines, scope, books) for stem, lines in texts.of("intent").items()]
    rules = [rule for rule in handlers if not rule.file]
    intents += [_from_rule(rule, scope) for rule in rules]
    _account_for_words(texts, rules, books)
    about = texts.about
    title, told = about.get("name"), about.get("description")
    examples = about.get("examples")
    listed = examples if isinstance(examples, list) else []
    return Language(
        locale=texts.locale,
        invocation_name=said(title if isinstance(title, str) and said(title) else name).lower(),
        description=told if isinstance(told, str) else "",
        examples=tuple(x for x in listed if isinstance(x, str) and said(x)),
        intents=_named_once(intents),
        types=tuple(types),
        extra={OURS: {"ovos": texts.kept(), "grammar": {"rules": scope.spelling.texts}}},
    )


def make_word_lists(texts: Texts, name: str, books: Books) -> Language:
    """A locale of words alone, whose rules are not here: its lists become slot types, no intent.

    Which words a rule would ask for together nobody can tell: nothing is guessed to be a request.
    """
    types, _ = _types(texts, books)
    taken = {kind.name for kind in types}
    for stem, lines in texts.of("voc").items():
        values = [_value(x, node, books, _NO_RULE) for x, node in trees_of(lines, books)]
        spoken = {value.value: value for value in values if value}
        kind = SlotType(identifier(stem, taken), tuple(spoken.values()))
        taken.add(kind.name)
        types += [kind] if kind.values else []
    for line in (x for lines in texts.of("rx").values() for x in lines):
        books.skip(line, "pattern that no rule here asks for; kept")
    return Language(
        locale=texts.locale,
        invocation_name=said(name).lower(),
        types=tuple(types),
        extra={OURS: {"ovos": texts.kept()}},
    )


def _named_once(intents: Iterable[Intent | None]) -> tuple[Intent, ...]:
    """Those that say something; of a name that several bear, with all their samples."""
    found: dict[str, Intent] = {}
    for intent in intents:
        if intent is None:
            continue
        other = found.get(intent.name)
        if other is not None:
            slots = {slot.name: slot for slot in (*intent.slots, *other.slots)}
            samples = tuple(dict.fromkeys((*other.samples, *intent.samples)))
            say = [*notes(other.extra).get("grammar", ()), *notes(intent.extra).get("grammar", ())]
            intent = Intent(intent.name, samples, tuple(slots.values()), extra=_kept(say))
        found[intent.name] = intent
    return tuple(found.values())


def _from_lines(stem: str, lines: Sequence[Line], scope: _Scope, books: Books) -> Intent | None:
    samples: dict[str, None] = {}
    found: dict[str, str] = {}
    say: list[str] = []
    most = max(2, min(_MOST, _ENOUGH // max(1, len(lines))))
    for line, node in trees_of(lines, books):
        try:
            slots = {mark.slot: scope.type_of(mark) for mark in marks(node, scope.words)}
            many = count(node, scope.words) > 1
            texts = sample(node, scope.words, seed_of(line.text), most, min(6, most))
        except ValueError as error:
            books.skip(line, f"cannot be read: {error}")
            continue
        usable = [text for text in texts if says_something(text, slots)]
        if not usable:
            books.skip(line, "only free text: it would fit whatever is said")
            continue
        if many or usable[0] != line.text:
            books.map(line, "templates, sampled" if many else "sentences in our spelling")
        else:
            books.read(line, "sentences")
        found = {**slots, **found}
        samples |= dict.fromkeys(usable)
        say.append(scope.spelling.spelled(node, scope.words, lambda mark: mark.slot))
    if not samples:
        return None
    name = identifier(stem)
    taken = tuple(Slot(x, kind) for x, kind in found.items())
    return Intent(name, tuple(samples), taken, extra=_kept([{"say": say}]))


def _kept(grammar: Sequence[Any]) -> dict[str, Any]:
    """The templates that an intent keeps beside its samples."""
    return {OURS: {"grammar": list(grammar)}} if grammar else {}


def _from_rule(rule: Handler, scope: _Scope) -> Intent | None:
    """The sentences that a rule takes: its words one after the other. None where words lack."""
    parts: list[Node] = []
    for words in rule.words:
        nodes = [node for name in words.names if (node := _voc(name, scope)) is not None]
        if words.how == "exclude" or (words.how == "optionally" and not nodes):
            continue
        if not nodes:
            return None
        optional = [Words("")] if words.how == "optionally" else []
        parts += [Choice([*nodes, *optional]), Words(" ")]
    node = Row(parts)
    try:
        slots = {mark.slot: scope.type_of(mark) for mark in marks(node, scope.words)}
        texts = sample(node, scope.words, seed_of(rule.intent), 2 * _MOST)
    except ValueError:
        return None
    samples = tuple(text for text in texts if says_something(text, slots))
    if not samples:
        return None
    used = {piece.slot for text in samples for piece in pieces(text)}
    taken = tuple(Slot(name, kind) for name, kind in slots.items() if name in used)
    return Intent(identifier(rule.intent), samples, taken)


def _voc(name: str, scope: _Scope) -> Node | None:
    """The words that a rule means by a name: of a .voc file, or a named group of a pattern."""
    if name in scope.words:
        return scope.words[name]
    return Mark(name, name) if name in _groups(scope.texts) else None


def _groups(texts: Texts) -> frozenset[str]:
    lines = [line.text for lines in texts.of("rx").values() for line in lines]
    return frozenset(name for line in lines for name in _GROUP.findall(line))


def _types(texts: Texts, books: Books) -> tuple[list[SlotType], dict[str, str]]:
    """Slot types of the .entity files, and which type a slot of an entity's name has."""
    types: list[SlotType] = []
    names: dict[str, str] = {}
    for stem, lines in texts.of("entity").items():
        values = [_value(line, node, books) for line, node in trees_of(lines, books)]
        if lines and all(set(line.text) <= set("#. ,") for line in lines):
            names[stem.casefold()] = NUMBER
            continue
        types.append(SlotType(stem, tuple(value for value in values if value)))
        names[stem.casefold()] = stem
    return types, names


def _value(line: Line, node: Node, books: Books, note: str = "") -> TypeValue | None:
    try:
        texts = sample(node, {}, seed_of(line.text), 12)
    except ValueError as error:
        books.skip(line, f"cannot be read: {error}")
        return None
    spoken = [_DIGITS.sub("7", text) for text in texts]
    spoken = [text for text in spoken if "{" not in text]
    if not spoken:
        books.skip(line, "any word: its slot takes free text")
        return None
    if note:
        books.map(line, note)
    elif spoken[0] == line.text:
        books.read(line, "values")
    else:
        books.map(line, "values, alternatives as synonyms")
    return TypeValue(spoken[0], synonyms=tuple(spoken[1:]))


def _account_for_words(texts: Texts, rules: Sequence[Handler], books: Books) -> None:
    """The .voc and .rx files: used by a rule, by `<name>` in a template, or only kept."""
    asked = {name for rule in rules for words in rule.words for name in words.names}
    written = "\n".join(x.text for lines in texts.of("intent").values() for x in lines)
    asked |= set(re.findall(r"<\s*([^<>]+?)\s*>", written))
    for stem, lines in texts.of("voc").items():
        good = {line.where for line, _ in trees_of(lines, None)}
        for line in lines:
            if line.where not in good and stem in asked:
                books.skip(line, "cannot be read: its brackets do not match")
            elif stem in asked:
                books.map(line, "words of rules")
            else:
                books.skip(line, "words that no rule here asks for; kept")
    for lines in texts.of("rx").values():
        for line in lines:
            if asked & set(_GROUP.findall(line.text)):
                books.map(line, "pattern: slots of free text, by the names of its groups")
            else:
                books.skip(line, "pattern that no rule here asks for; kept")
