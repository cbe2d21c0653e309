"""An ES agent: agent.json, intents/<n>.json + <n>_usersays_<lang>.json, entities/ alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sayso.formats.dialogflow.entities import read_entries, skip_flags
from sayso.formats.dialogflow.es_intents import EsIntent, account, read_intent, read_replies
from sayso.formats.foreign import Marks, Node, load
from sayso.formats.names import identifier, locale
from sayso.formats.replies import fulfilment
from sayso.formats.titles import skill_id
from sayso.skills.restore import OURS
from sayso.skills.templates import said
from sayso.skills.tree import Tree
from sayso.types.readings import LAUNCH
from sayso.types.skills import Intent, Language, Skill, SlotType

ENGLISH = "en"
MOST_LANGUAGES = 60
FALLBACK = "AMAZON.FallbackIntent"
_TAG = r"([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,4})?)"
SAYS = re.compile(rf"(?P<name>[^/]+)_usersays_{_TAG}\.json")
ENTRIES = re.compile(rf"(?P<name>[^/]+)_entries_{_TAG}\.json")
_NEGATIVE = "an example of what the agent does not do"


@dataclass
class _Agent:
    """The files of an agent. intents, entities: name -> its own file and the others by language."""

    files: dict[str, Marks] = field(default_factory=dict)
    about: Marks | None = None
    intents: dict[str, tuple[Node | None, dict[str, list[Node]]]] = field(default_factory=dict)
    entities: dict[str, tuple[Node | None, dict[str, list[Node]]]] = field(default_factory=dict)


def read_es_agent(tree: Tree, root: str, name: str) -> tuple[Skill, dict[str, Marks]]:
    """The skill of the agent whose files lie below `root`, and the marks of its files."""
    agent = _gather(tree, root)
    tags, main = _tags(agent)
    title = said(agent.about.root.at("displayName").text("names") if agent.about else "") or name
    told = agent.about.root.at("description").text("descriptions") if agent.about else ""
    names = _names(agent)
    spoken = [names[x] for x, (_, phrases) in agent.intents.items() if any(phrases.values())]
    languages, replies = [], {}
    for tag, place in tags.items():
        types = _types(agent, tag)
        intents, texts = _intents(agent, names, tag, main, [kind.name for kind in types])
        intents = [x for x in intents if x.samples or (x.name in spoken and tag == main)]
        if any(intent.samples for intent in intents):
            used = {slot.type for intent in intents for slot in intent.slots}
            kinds = tuple(kind for kind in types if kind.name in used)
            languages.append(
                Language(place, title.lower(), told, intents=tuple(intents), types=kinds)
            )
            replies[place] = texts
    _account_rest(agent, names, {x.name for language in languages for x in language.intents})
    known = {x.name for language in languages for x in language.intents} | {LAUNCH, FALLBACK}
    kept = {x: {k: v for k, v in some.items() if k in known} for x, some in replies.items()}
    return Skill(
        skill_id(title), title, told, tuple(languages), fulfilment(languages, kept)
    ), agent.files


def _gather(tree: Tree, root: str) -> _Agent:
    agent = _Agent()
    for file in tree.names:
        folder, _, base = file.removeprefix(root).rpartition("/")
        if not file.startswith(root) or not base.endswith(".json"):
            continue
        if folder in ("intents", "entities"):
            agent.files[file] = marks = load(tree, file)
            _sort(agent, folder, base, marks)
        elif not folder and base == "agent.json":
            agent.files[file] = agent.about = load(tree, file)
        elif not folder and base == "package.json":
            agent.files[file] = load(tree, file)
            agent.files[file].root.skip("the version of the export")
    return agent


def _sort(agent: _Agent, folder: str, base: str, marks: Marks) -> None:
    pattern, found = (SAYS, agent.intents) if folder == "intents" else (ENTRIES, agent.entities)
    match = pattern.fullmatch(base)
    if match:
        about, parts = found.get(match["name"], (None, {}))
        node = marks.root if isinstance(marks.source, list) else marks.root.at("entries")
        parts.setdefault(match[2], []).extend(node.items())
    else:
        match_name = base.removesuffix(".json")
        about, parts = marks.root, found.get(match_name, (None, {}))[1]
        # The oldest exports hold the phrases and entries in the same file.
        for key in ("userSays", "entries"):
            for node in about.at(key).items():
                parts.setdefault(node.at("lang").text() or ENGLISH, []).append(node)
    found[match["name"] if match else match_name] = (about, parts)


def _tags(agent: _Agent) -> tuple[dict[str, str], str]:
    given = agent.about.root if agent.about else Marks({}).root
    parts = [parts for _, parts in [*agent.intents.values(), *agent.entities.values()]]
    seen = [tag for each in parts for tag in each]
    return spoken_locales(given.at("language"), given.at("supportedLanguages").items(), seen)


def spoken_locales(
    main: Node, others: Iterable[Node], seen: Iterable[str]
) -> tuple[dict[str, str], str]:
    """Language tag -> locale, the agent's main language first; and that one.

    main, others: as the agent names them. seen: those that files have.
    """
    tags: dict[str, str] = {}
    named = {node.text(): node for node in (main, *others)}
    for tag in (*named, *sorted(set(seen), key=lambda tag: (tag != ENGLISH, tag))):
        place = locale(tag) if tag and tag not in tags else None
        if place in tags.values() and tag.isalpha():
            place = tag.lower()  # `en` beside `en-US`
        if place and place not in tags.values() and len(tags) < MOST_LANGUAGES:
            tags[tag] = place
        if place and tag in named:
            named[tag].read("languages") if place == tag else named[tag].map(f"language {place}")
    if not tags:
        tags[ENGLISH] = "en-US"
    return tags, next(iter(tags))


def _names(agent: _Agent) -> dict[str, str]:
    """Name of an intent's file -> name of the intent in the skill; FALLBACK for one at most."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for file_name, (about, parts) in agent.intents.items():
        intent = EsIntent(file_name, about, parts)
        own = (about.at("name").text() if about else "") or file_name
        plain = intent.fallback and not intent.follows and FALLBACK not in taken
        name = FALLBACK if plain else identifier(own, taken)
        names[file_name] = name
        taken.add(name)
        if about and name == own:
            about.at("name").read("intents")
        elif about:
            about.at("name").map(f"intent's name as Sayso has it ({name})")
    return names


def _types(agent: _Agent, tag: str) -> list[SlotType]:
    found = []
    for file_name, (about, parts) in agent.entities.items():
        name = (about.at("name").text("slot types") if about else "") or file_name
        pattern = about is not None and about.at("isRegexp").value is True
        kind = read_entries(name, parts.get(tag, ()), pattern=pattern)
        if about:
            skip_flags(about)
        found += [kind] if kind else []
    return found


def _intents(
    agent: _Agent, names: Mapping[str, str], tag: str, main: str, types: Sequence[str]
) -> tuple[list[Intent], dict[str, list[str]]]:
    """Intents of a language, and their replies."""
    intents: list[Intent] = []
    replies: dict[str, list[str]] = {}
    for file_name, (about, parts) in agent.intents.items():
        source = EsIntent(file_name, about, parts)
        if source.fallback:
            for node in parts.get(tag, ()):
                node.skip(_NEGATIVE)
            made = Intent(names[file_name])
        else:
            made = read_intent(source, names[file_name], tag, types)
            intents.append(_noted(made, source))
        texts = read_replies(source, made, tag, main)
        if texts:
            replies[made.name] = texts
            if source.welcomes and not made.slots:
                replies.setdefault(LAUNCH, texts)
    return intents, replies


def _noted(intent: Intent, source: EsIntent) -> Intent:
    """The intent, with what the agent calls it where that differs."""
    own = (source.about.at("name").text() if source.about else "") or source.name
    extra = {OURS: {"name": own}} if own != intent.name else {}
    return Intent(intent.name, intent.samples, intent.slots, extra=extra)


def _account_rest(agent: _Agent, names: Mapping[str, str], made: set[str]) -> None:
    for file_name, (about, parts) in agent.intents.items():
        account(EsIntent(file_name, about, parts))
        if about and names[file_name] not in made and not about.at("fallbackIntent").value:
            about.skip("an intent that nobody says: it has no training phrases")
    if agent.about:
        agent.about.root.at("webhook").hide("a webhook's address may hold a password")
