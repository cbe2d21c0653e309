"""OVOS and Mycroft skills of a tree -> `Imported`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sayso.errors import SkillError
from sayso.formats.format import Format, Imported
from sayso.formats.names import identifier, slot_name
from sayso.formats.ovos.adapt import Handler, read_handlers
from sayso.formats.ovos.files import Folder, files_of, folders_of
from sayso.formats.ovos.language import make_language, make_word_lists
from sayso.formats.ovos.lines import Books, Line, Texts, read_texts
from sayso.skills.templates import said
from sayso.skills.tree import Tree
from sayso.types.skills import Fulfilment, Language, Skill

_TOLD = "I have nothing to say to that yet."
_HOLE = re.compile(r"\{\{?\s*([^{}]*?)\s*\}?\}")
_CODE = re.compile(r"IntentBuilder|intent_handler|intent_file_handler|register_intent")
_MOST_REPLIES = 20  # of an intent


def claims(tree: Tree) -> Sequence[str]:
    """Intents, entities, words, patterns, dialogs and skill.json in folders of locales."""
    return [file.name for file in files_of(tree)]


def read(tree: Tree, name: str) -> Imported:
    """The skills of a tree: one, or a folder of several. Raises SkillError."""
    books = Books()
    unused: dict[str, str] = {}
    folders = folders_of(tree)
    skills: dict[str, Skill] = {}
    for folder in folders:
        title = name if len(folders) == 1 else folder.root.rsplit("/", 1)[-1]
        skill = _read_folder(tree, folder, title, books, unused)
        if skill is None:
            continue
        id = identifier(skill.id, skills)
        skills[id] = replace(skill, id=id)
    if not skills:
        raise SkillError(_why_nothing(tree, folders))
    accounts = books.close()
    for file in tree.names:
        if file not in accounts:
            unused.setdefault(file, _why_unused(file))
    return Imported([skills[id] for id in sorted(skills)], accounts, unused)


def _read_folder(
    tree: Tree, folder: Folder, title: str, books: Books, unused: dict[str, str]
) -> Skill | None:
    handlers = list(_handlers(tree, folder, books, unused))
    texts = {
        locale: read_texts(tree, locale, [x for x in folder.files if x.locale == locale], books)
        for locale in folder.locales
    }
    words = not handlers and not any(text.of("intent") for text in texts.values())
    make = partial(make_language, handlers=handlers) if not words else make_word_lists
    made = {x: make(texts[x], name=title, books=books) for x in texts}
    languages = [x for x in made.values() if x.intents or (words and x.types)]
    silent = {x: texts[x].kept() for x, language in made.items() if language not in languages}
    replies = _replies(languages, texts, handlers, books)
    if not languages:
        return None
    named = [text.about.get("skill_id") for text in texts.values()]
    id = next((x for x in named if isinstance(x, str) and re.search("[A-Za-z0-9]", x)), title)
    titles = (text.about.get("name") for text in texts.values())
    first = next((x for x in titles if isinstance(x, str) and said(x)), title)
    kept: dict[str, Any] = {"adapt": [handler.as_json() for handler in handlers]}
    kept |= {"silent": silent} if silent else {}
    return Skill(
        id=id,
        name=first,
        description=languages[0].description,
        languages=tuple(languages),
        fulfilment=Fulfilment(replies=replies),
        extra={"ovos": kept},
    )


def _handlers(
    tree: Tree, folder: Folder, books: Books, unused: dict[str, str]
) -> Iterator[Handler]:
    """The rules of a skill's code, each counted in the ledger of its file."""
    for name in folder.code:
        source = tree.read(name).decode("utf-8", "replace")
        if not _CODE.search(source):
            continue
        try:
            found = read_handlers(source)
        except ValueError as error:
            unused[name] = f"code whose rules cannot be read: {error}"
            continue
        kept = [(each.intent, [list(words.names) for words in each.words]) for each in found]
        book = books.open(name, [[intent, *words] for intent, words in kept])
        for intent, words in kept:
            for _ in (intent, *(name for names in words for name in names)):
                book.read("rules in code")
        yield from found


def _replies(
    languages: Sequence[Language],
    texts: Mapping[str, Texts],
    handlers: Sequence[Handler],
    books: Books,
) -> dict[str, tuple[str, ...]]:
    """Intent -> what it answers, in the skill's first language; writes the ledgers of dialogs."""
    replies: dict[str, tuple[str, ...]] = {}
    first = languages[0].locale if languages else None
    for language in languages:
        for intent in language.intents:
            replies.setdefault(intent.name, (_TOLD,))
    speakers = {
        **{intent: [intent] for intent in replies},
        **{identifier(x.intent): list(x.says) for x in handlers if x.says},
    }
    for locale, text in texts.items():
        for stem, lines in text.of("dialog").items():
            intents = [x for x, says in speakers.items() if x in replies and stem in says]
            for line in lines:
                if locale != first:
                    books.skip(line, "reply in a further language; kept")
                elif not intents:
                    books.skip(line, "reply that no handler is known to give; kept")
                else:
                    _reply(line, languages[0], intents, replies, books)
    return replies


def _reply(
    line: Line,
    language: Language,
    intents: Iterable[str],
    replies: dict[str, tuple[str, ...]],
    books: Books,
) -> None:
    used = False
    for name in intents:
        intent = language.intent(name)
        slots = {slot.name for slot in intent.slots} if intent else set()
        template = _template(line.text, slots)
        given = [text for text in replies[name] if text != _TOLD]
        if template is None or len(given) >= _MOST_REPLIES:
            continue
        replies[name] = (*given, template)
        used = True
    if used:
        books.read(line, "replies")
    else:
        books.skip(line, "reply with words that the skill's code computes; kept")


def _template(text: str, slots: set[str]) -> str | None:
    """A dialog's line as a template of ours; None if it speaks of more than the intent's slots."""
    if {slot_name(hole) for hole in _HOLE.findall(text)} - slots:
        return None
    if re.search(r"[{}]", _HOLE.sub("", text)) or "{%" in text or "{#" in text:
        return None
    return _HOLE.sub(lambda hole: "{{ slots." + slot_name(hole[1]) + " }}", text)


def _why_unused(file: str) -> str:
    if file.endswith(".py"):
        return "code without intents"
    return "nothing that people say"


def _why_nothing(tree: Tree, folders: Sequence[Folder]) -> str:
    where = tree.source
    if any(file.kind == "voc" for folder in folders for file in folder.files):
        what = "its rules ask for words that no .voc file has"
        return f"{where}: {what}; import the skill's whole folder, with all of its locales"
    what = "no .intent file with a sentence and no rule of a locale"
    return f"{where}: {what}; import the skill's whole folder"


OVOS = Format("ovos", "OVOS or Mycroft skill", claims, read)
