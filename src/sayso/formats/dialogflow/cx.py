"""A CX agent, exported as a package of JSON files.

agent.json
intents/<n>/<n>.json                 + trainingPhrases/<lang>.json
entityTypes/<n>/<n>.json             + entities/<lang>.json, excludedPhrases/<lang>.json
flows/<f>/<f>.json, pages/<p>.json, transitionRouteGroups/<g>.json
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sayso.formats.dialogflow.cx_flows import Flows, declare, replies
from sayso.formats.dialogflow.entities import read_entries, skip_flags
from sayso.formats.dialogflow.es import FALLBACK, spoken_locales
from sayso.formats.dialogflow.phrases import TOO_MANY, Slots, read_cx
from sayso.formats.foreign import Marks, Node, load
from sayso.formats.names import identifier
from sayso.formats.replies import fulfilment
from sayso.formats.titles import skill_id
from sayso.skills.restore import OURS
from sayso.skills.templates import said
from sayso.skills.tree import Tree
from sayso.types.readings import LAUNCH
from sayso.types.skills import Intent, Language, Skill, SlotType

_WELCOME = "00000000-0000-0000-0000-000000000000"
_NEGATIVE = "00000000-0000-0000-0000-000000000001"
_REASONS = {
    "bookkeeping of Dialogflow": ("name", "numTrainingPhrases", "labels", "trainingPhrases"),
    "settings of Dialogflow's recogniser": ("priority", "isFallback"),
}


@dataclass
class _Part:
    """An intent or entity type. about: its own file; by_language: tag -> phrases or entries."""

    name: str
    about: Node
    by_language: dict[str, list[Node]] = field(default_factory=dict)


@dataclass
class _Agent:
    files: dict[str, Marks] = field(default_factory=dict)
    about: Node = field(default_factory=lambda: Marks({}).root)
    intents: dict[str, _Part] = field(default_factory=dict)
    entities: dict[str, _Part] = field(default_factory=dict)
    flows: Flows = field(default_factory=Flows)


def read_cx_agent(tree: Tree, root: str, name: str) -> tuple[Skill, dict[str, Marks]]:
    """The skill of the agent whose files lie below `root`, and the marks of its files."""
    agent = _gather(tree, root)
    title = said(agent.about.at("displayName").text("names")) or name
    told = agent.about.at("description").text("descriptions")
    parts = [*agent.intents.values(), *agent.entities.values()]
    tags, main = spoken_locales(
        agent.about.at("defaultLanguageCode"),
        agent.about.at("supportedLanguageCodes").items(),
        [tag for part in parts for tag in part.by_language],
    )
    names = _names(agent)
    languages, said_by = [], {}
    for tag, place in tags.items():
        types = _types(agent, tag)
        intents, texts = _intents(agent, names, tag, main, types)
        if intents:
            used = {slot.type for intent in intents for slot in intent.slots}
            kinds = tuple(kind for kind in types if kind.name in used)
            languages.append(
                Language(place, title.lower(), told, intents=tuple(intents), types=kinds)
            )
            said_by[place] = texts
    known = {x.name for language in languages for x in language.intents} | {LAUNCH, FALLBACK}
    for key, part in agent.intents.items():
        if names[key] not in known:
            part.about.skip("an intent that nobody says: it has no training phrases")
    kept = {x: {k: v for k, v in some.items() if k in known} for x, some in said_by.items()}
    made = fulfilment(languages, kept)
    return Skill(skill_id(title), title, told, tuple(languages), made), agent.files


def _gather(tree: Tree, root: str) -> _Agent:
    agent = _Agent()
    flows: dict[str, list[tuple[str, Node]]] = {}
    for file in tree.names:
        steps = file.removeprefix(root).split("/")
        if not file.startswith(root) or not file.endswith(".json"):
            continue
        if steps == ["agent.json"]:
            agent.files[file] = load(tree, file)
            agent.about = agent.files[file].root
        elif steps[0] in ("intents", "entityTypes") and len(steps) in (3, 4):
            agent.files[file] = load(tree, file)
            parts = agent.intents if steps[0] == "intents" else agent.entities
            part = parts.setdefault(steps[1], _Part(steps[1], Marks({}).root))
            _sort(part, steps[2:], agent.files[file].root)
        elif steps[0] == "flows" and len(steps) in (3, 4):
            agent.files[file] = load(tree, file)
            flows.setdefault(steps[1], []).append((steps[2], agent.files[file].root))
    for parts_of in flows.values():
        own = [node for kind, node in parts_of if kind not in ("pages", "transitionRouteGroups")]
        pages = [node for kind, node in parts_of if kind == "pages"]
        groups = [node for kind, node in parts_of if kind == "transitionRouteGroups"]
        agent.flows.read(next(iter(own), None), pages, groups)
    return agent


def _sort(part: _Part, steps: Sequence[str], node: Node) -> None:
    tag = steps[-1].removesuffix(".json")
    if len(steps) == 1:
        part.about = node
        part.name = node.at("displayName").text() or part.name
    elif steps[0] in ("trainingPhrases", "entities"):
        part.by_language.setdefault(tag, []).extend(node.at(steps[0]).items())
    else:
        node.skip("phrases that are no values")


def _names(agent: _Agent) -> dict[str, str]:
    """Folder of an intent -> its name in the skill."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for key, part in agent.intents.items():
        plain = _is_fallback(part) and FALLBACK not in taken
        names[key] = FALLBACK if plain else identifier(part.name, taken)
        taken.add(names[key])
        for reason, keys in _REASONS.items():
            for each in keys:
                part.about.at(each).skip(reason)
        if names[key] == part.name:
            part.about.at("displayName").read("intents")
        else:
            part.about.at("displayName").map(f"intent's name as Sayso has it ({names[key]})")
    return names


def _is_fallback(part: _Part) -> bool:
    return part.about.at("isFallback").value is True or part.about.at("name").value == _NEGATIVE


def _types(agent: _Agent, tag: str) -> list[SlotType]:
    found = []
    for part in agent.entities.values():
        part.about.at("displayName").read("slot types")
        skip_flags(part.about)
        pattern = part.about.at("kind").text() == "KIND_REGEXP"
        kind = read_entries(part.name, part.by_language.get(tag, ()), pattern=pattern)
        found += [kind] if kind else []
    return found


def _intents(
    agent: _Agent, names: Mapping[str, str], tag: str, main: str, types: Sequence[SlotType]
) -> tuple[list[Intent], dict[str, list[str]]]:
    intents: list[Intent] = []
    texts: dict[str, list[str]] = {}
    for key, part in agent.intents.items():
        slots = Slots([kind.name for kind in types])
        for parameter in part.about.at("parameters").items():
            _declare(parameter, slots)
        answer = agent.flows.answers.get(part.name)
        phrases = part.by_language.get(tag, [])
        if _is_fallback(part):
            for node in phrases:
                node.skip("an example of what the agent does not do")
            samples = []
        else:
            samples = read_cx(phrases, slots)
        if answer:
            declare(answer, tag, main, slots)
            texts[names[key]] = replies(answer, slots, tag, main)
            if part.about.at("name").value == _WELCOME and not slots.known:
                texts[LAUNCH] = texts[names[key]]
        if samples:
            extra = {OURS: {"name": part.name}} if part.name != names[key] else {}
            intents.append(Intent(names[key], tuple(samples), slots.all(), extra=extra))
    return intents, {name: some for name, some in texts.items() if some}


def _declare(parameter: Node, slots: Slots) -> None:
    name = parameter.at("id").text("slots")
    if not name or slots.full(name):
        parameter.skip(TOO_MANY if name else "a parameter without a name")
    else:
        slots.declare(name, slots.note(parameter.at("entityType")))
        if parameter.at("isList").flag("slots' flags"):
            slots.several(name)
    parameter.at("redact").skip("hiding values in Dialogflow's logs")
