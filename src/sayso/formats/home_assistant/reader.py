"""Home Assistant's sentences of a tree -> one skill, `Imported`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sayso.errors import SkillError
from sayso.formats.format import Format, Imported
from sayso.formats.home_assistant.files import claims, locales_of, read_parts
from sayso.formats.home_assistant.gather import Gathered, gather
from sayso.formats.locales import locale_of
from sayso.formats.names import identifier
from sayso.skills.restore import OURS
from sayso.skills.tree import Tree
from sayso.types.skills import Fulfilment, Intent, Language, Skill

_TOLD = "I have nothing to say to that yet."
_HOLE = re.compile(r"\{\{\s*slots\.(\w+)\s*\}\}")
_WHY = "reply that needs Home Assistant's state, or one of several; kept"


def read(tree: Tree, name: str) -> Imported:
    """The skill of a tree. Raises SkillError with file and line, for the templates all at once."""
    # hassil's parser is loaded by those who import its sentences, and by nobody else.
    from sayso.formats.home_assistant.language import make_language

    parts = read_parts(tree)
    title = "Home Assistant" if locale_of(name) else name
    gathered = [gather(parts, locale) for locale in locales_of(parts)]
    made: list[Language] = []
    problems: list[str] = []
    for each in gathered:
        try:
            made.append(make_language(each, title))
        except SkillError as error:
            problems += error.problems
    if problems:
        raise SkillError(*dict.fromkeys(problems))
    languages = [language for language in made if language.intents]
    if not languages:
        raise SkillError(f"{tree.source}: no sentences; write `intents:` with `sentences:` below")
    replies = _replies(languages, gathered)
    skill = Skill(
        id=identifier(title.lower()),
        name=title,
        languages=tuple(languages),
        fulfilment=Fulfilment(replies=replies),
    )
    accounts = {part.name: part.book.close(part.data) for part in parts}
    unused = {file: _why_unused(file) for file in tree.names if file not in accounts}
    return Imported([skill], accounts, unused)


def _replies(
    languages: Sequence[Language], gathered: Sequence[Gathered]
) -> dict[str, tuple[str, ...]]:
    """Intent -> replies, in the first language; writes what became of every response."""
    replies: dict[str, tuple[str, ...]] = {
        x.name: (_TOLD,) for language in languages for x in language.intents
    }
    used: set[tuple[str, str]] = set()
    first = next(x for x in gathered if x.locale == languages[0].locale)
    for intent in languages[0].intents:
        plain, named = _asked(intent)
        texts = first.responses.get(plain, {})
        found = {name: _reply(texts[name].text, intent) for name in named if name in texts}
        # Of several, only Home Assistant knows which is due: "Turned on" may be wrong.
        if len(set(found.values())) == 1 and (only := next(iter(found.values()))):
            replies[intent.name] = (only,)
            used |= {(plain, name) for name in found}
    for each in gathered:
        for name, texts in each.responses.items():
            for key, text in texts.items():
                if each is first and (name, key) in used:
                    text.read("replies")
                else:
                    text.skip(_WHY if each is first else "reply in a further language; kept")
    return replies


def _asked(intent: Intent) -> tuple[str, list[str]]:
    """The plain name of an intent, and the responses that its blocks name."""
    kept = intent.extra[OURS]["hassil"]
    names = [str(block.get("response", "default")) for block in kept["blocks"]]
    return str(kept["intent"]), list(dict.fromkeys(names))


def _reply(text: str, intent: Intent) -> str | None:
    """A response as a template of ours; None where it needs more than the slots."""
    fixed: Mapping[str, object] = intent.extra[OURS]["hassil"]["slots"]
    slots = {slot.name for slot in intent.slots}
    if set(_HOLE.findall(text)) - slots - fixed.keys() or not text.strip():
        return None
    if re.search(r"[{}]", _HOLE.sub("", text)):
        return None
    spoken = _HOLE.sub(lambda hole: hole[0] if hole[1] in slots else str(fixed[hole[1]]), text)
    return " ".join(spoken.split())


def _why_unused(file: str) -> str:
    if re.match(r"(?:.*/)?tests/", file):
        return "sentences to check, not to learn"
    return "nothing that people say"


HOME_ASSISTANT = Format("home-assistant", "Home Assistant sentences (hassil)", claims, read)
