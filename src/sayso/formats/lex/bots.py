"""The files of Lex V2 bots; a bot of V1 is one file (`bot_v1`).

manifest.json
<Bot>/Bot.json
<Bot>/BotLocales/<locale>/BotLocale.json
                         /Intents/<i>/Intent.json, Slots/<s>/Slot.json
                         /SlotTypes/<t>/SlotType.json
                         /CustomVocabulary/CustomVocabulary.json
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sayso.errors import SkillError
from sayso.formats.foreign import Marks, Node, load
from sayso.formats.format import Format, Imported
from sayso.formats.lex.bot_v1 import is_v1, read_bot
from sayso.formats.lex.intents import FALLBACK, read_intent
from sayso.formats.lex.types import read_type
from sayso.formats.names import locale, unlike
from sayso.formats.replies import fulfilment
from sayso.formats.titles import skill_id, words
from sayso.skills.templates import said
from sayso.skills.tree import Tree
from sayso.types.skills import Intent, Language, Skill, SlotType

_LOCALE = re.compile(
    r"(?P<root>(?:.*/)?)(?P<tag>[a-z]{2,3}_[A-Z0-9]{2,3})/"
    r"(?:BotLocale\.json|Intents/(?P<i>[^/]+)/(?:Intent\.json|Slots/(?P<s>[^/]+)/Slot\.json)"
    r"|SlotTypes/(?P<t>[^/]+)/SlotType\.json|CustomVocabulary/[^/]+\.json)"
)
_BOT = re.compile(r"(?P<root>(?:.*/)?)Bot\.json")


@dataclass
class _Locale:
    """The files of a bot in one language; intents: folder -> its file and those of its slots."""

    about: list[Node] = field(default_factory=list)
    intents: dict[str, tuple[list[Node], list[Node]]] = field(default_factory=dict)
    types: list[Node] = field(default_factory=list)


@dataclass
class _Bot:
    about: list[Node] = field(default_factory=list)
    locales: dict[str, _Locale] = field(default_factory=dict)


def claims(tree: Tree) -> Sequence[str]:
    """Files in the places that Lex puts them."""
    found = [name for name in tree.names if _LOCALE.fullmatch(name) and not _of_mac(name)]
    beside = [name for name in tree.names if name.endswith(("Bot.json", "manifest.json"))]
    return [*found, *beside] if found else [name for name in tree.names if is_v1(tree, name)]


def read(tree: Tree, name: str) -> Imported:
    """A skill a bot. Raises SkillError where there is none."""
    files: dict[str, Marks] = {}
    bots = _gather(tree, files)
    skills: list[Skill] = []
    for file in tree.names:
        if is_v1(tree, file):
            files[file] = load(tree, file)
            old = read_bot(files[file], name, [skill.id for skill in skills])
            skills += [old] if old else []
    spoken = any(each.intents for bot in bots.values() for each in bot.locales.values())
    if not spoken and not skills:
        raise SkillError(
            f"{tree.source}: no Lex bot in it; expected the JSON of a V1 bot, or "
            "<Bot>/BotLocales/<locale>/Intents/<name>/Intent.json"
        )
    for root, bot in bots.items():
        stem = root.rstrip("/").rpartition("/")[2] or name
        skill = _skill(bot, stem, [skill.id for skill in skills])
        skills += [skill] if skill.languages else []
    accounts = {file: marks.close() for file, marks in files.items()}
    unused = {file: "no part of a Lex bot" for file in tree.names if file not in accounts}
    return Imported(sorted(skills, key=lambda skill: skill.id), accounts, unused)


def _of_mac(name: str) -> bool:
    """The twins that a Mac puts into zips; and names that are none."""
    return name.startswith("__MACOSX/") or "/._" in f"/{name}" or len(name) > 1000


def _gather(tree: Tree, files: dict[str, Marks]) -> dict[str, _Bot]:
    bots: dict[str, _Bot] = {}
    for file in tree.names:
        match = None if _of_mac(file) else _LOCALE.fullmatch(file)
        about = None if _of_mac(file) else _BOT.fullmatch(file)
        if match:
            files[file] = load(tree, file)
            each = bots.setdefault(
                match["root"].removesuffix("BotLocales/"), _Bot()
            ).locales.setdefault(match["tag"], _Locale())
            _sort(each, match, files[file].root)
        elif about:
            files[file] = load(tree, file)
            bots.setdefault(about["root"], _Bot()).about.append(files[file].root)
        elif file.split("/")[-1] == "manifest.json" and not _of_mac(file):
            files[file] = load(tree, file)
            files[file].root.skip("the version of the export")
    return bots


def _sort(each: _Locale, match: re.Match[str], node: Node) -> None:
    if match["i"]:
        own, slots = each.intents.setdefault(match["i"], ([], []))
        (slots if match["s"] else own).append(node)
    elif match["t"]:
        each.types.append(node)
    elif "CustomVocabulary" in match[0]:
        node.skip("words for Amazon's recogniser of speech")
    else:
        each.about.append(node)


def _skill(bot: _Bot, name: str, taken: Sequence[str]) -> Skill:
    titles = [node.at("name").text("names") for node in bot.about]
    told = [node.at("description").text("descriptions") for node in bot.about]
    for node in bot.about:
        node.skip("settings of the bot at Amazon")
    title = said(next((x for x in titles if x), "")) or name
    description = said(next((x for x in told if x), ""))
    languages: list[Language] = []
    answers: dict[str, dict[str, list[str]]] = {}
    for tag in sorted(bot.locales, key=lambda tag: (tag != "en_US", not tag.startswith("en"), tag)):
        place = locale(tag)
        if place is None or any(language.locale == place for language in languages):
            continue
        intents, types, texts = _language(bot.locales[tag])
        if any(intent.samples for intent in intents):
            spoken = words(title).lower() or title.lower()
            languages.append(
                Language(place, spoken, description, intents=tuple(intents), types=tuple(types))
            )
            answers[place] = texts
    made = fulfilment(languages, answers)
    id = unlike(skill_id(words(title) or title), taken)
    return Skill(id, title, description, tuple(languages), made)


def _language(each: _Locale) -> tuple[list[Intent], list[SlotType], dict[str, list[str]]]:
    for node in each.about:
        node.skip("settings of the bot at Amazon")
        node.at("identifier").map("language")
    types: dict[str, SlotType] = {}
    for node in each.types:
        kind = read_type(node)
        types |= {kind.name: kind} if kind else {}
    found: dict[str, Intent] = {}
    texts: dict[str, list[str]] = {}
    for own, slots in each.intents.values():
        if not own:
            for slot in slots:
                slot.skip("a slot of an intent that is not there")
            continue
        intent, answers = read_intent(own[0], slots, types, found)
        if intent is None:
            continue
        texts |= {intent.name: answers} if answers else {}
        if intent.name == FALLBACK or not (intent.samples or intent.builtin):
            reason = "an intent that nobody says: it has no samples"
            own[0].skip(reason)
            texts = texts if intent.name == FALLBACK else {**texts, intent.name: []}
        else:
            found[intent.name] = intent
    used = {slot.type for intent in found.values() for slot in intent.slots}
    kinds = [kind for kind in types.values() if kind.name in used]
    return list(found.values()), kinds, {name: some for name, some in texts.items() if some}


LEX = Format("lex", "Amazon Lex bot (V2, V1)", claims, read)
