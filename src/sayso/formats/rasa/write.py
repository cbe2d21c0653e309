"""A skill -> the files of a Rasa project, one for each language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import yaml

from sayso.errors import SkillError
from sayso.formats.format import Exported
from sayso.formats.rasa.entities import NOTE
from sayso.formats.rasa.nlu import entity_of, exported, rasa_name, write_nlu
from sayso.formats.rasa.replies import NOTHING, as_response
from sayso.skills.templates import slot_names
from sayso.skills.yaml_lines import parse_yaml, typed
from sayso.types.skills import FulfilmentKind, Intent, Language, Skill, Slot

NLU = "data/nlu.yml"
RULES = "data/rules.yml"
DOMAIN = "domain.yml"
CONFIG = "config.yml"
_VERSION = {"version": "3.1"}
_SLOT_TYPE = {"influence_conversation": False}


def write(skill: Skill) -> Exported:
    """The project. In several languages, a folder of each locale: a Rasa model speaks one."""
    files: dict[str, str] = {}
    left: dict[str, None] = {}
    for language in skill.languages:
        folder = f"{language.locale}/" if len(skill.languages) > 1 else ""
        files |= {folder + name: text for name, text in _project(skill, language).items()}
        left |= dict.fromkeys(_left_out(skill, language))
    return Exported(files, [*left])


def _project(skill: Skill, language: Language) -> dict[str, str]:
    note = skill.extra.get(NOTE)
    note = note if isinstance(note, Mapping) else {}
    regexes = note.get("regexes")
    files = dict(_kept(note.get("files")))
    domains = [name for name, text in files.items() if "intents" in _data(text)]
    if domains:
        files[domains[0]] = _completed(files[domains[0]], [files[x] for x in domains], language)
    else:
        files |= {DOMAIN: _dump(_domain(skill, language)), RULES: _dump(_rules(skill, language))}
    files.setdefault(CONFIG, _dump({"recipe": "default.v1", "language": _tongue(language)}))
    return {**files, NLU: write_nlu(language, regexes if isinstance(regexes, Mapping) else {})}


def _kept(files: Any) -> Iterator[tuple[str, str]]:
    """Files as they came. Names that lead out of the project are left out: anyone may write them
    into a skill file."""
    for name, node in files.items() if isinstance(files, Mapping) else ():
        path = PurePosixPath(str(name))
        if path.is_absolute() or ".." in path.parts or "\\" in str(name) or not path.name:
            continue
        here = str(path) if str(path) != NLU else f"{path.with_suffix('')}-more.yml"
        yield here, node if isinstance(node, str) else _dump({**_VERSION, **dict(node)})


def _completed(text: str, all_domains: Sequence[str], language: Language) -> str:
    """A kept domain, with the intents and entities that were added since."""
    known = {
        key: {name for each in all_domains for name in _names(_data(each).get(key))}
        for key in ("intents", "entities")
    }
    wanted = {"intents": _intents(language), "entities": _entities(language)}
    missing = {key: [x for x in wanted[key] if x not in known[key]] for key in known}
    if not any(missing.values()):
        return text
    data = typed(_data(text))
    for key, names in missing.items():
        listed = data.get(key)
        data[key] = [*(listed if isinstance(listed, list) else ()), *names]
    return _dump(data)


def _names(node: Any) -> Iterator[str]:
    for item in node if isinstance(node, list) else ():
        yield from map(str, item) if isinstance(item, Mapping) else [str(item)]


def _domain(skill: Skill, language: Language) -> dict[str, Any]:
    slots: dict[str, Any] = {}
    responses: dict[str, Any] = {}
    forms: dict[str, Any] = {}
    for intent in exported(language):
        required = [slot for slot in intent.slots if slot.required]
        for slot in required:
            mapping = _mapping(slot, intent, language)
            about = slots.setdefault(slot.name, {"type": "text", **_SLOT_TYPE, "mappings": []})
            about["mappings"] += [mapping] if mapping not in about["mappings"] else []
            if slot.ask:
                name = f"utter_ask_{_form(intent)}_{slot.name}"
                responses[name] = [{"text": text} for text in slot.ask]
        if required:
            forms[_form(intent)] = {"required_slots": [slot.name for slot in required]}
        told = _told(skill, intent)
        if told:
            responses[_response(intent)] = [{"text": text} for text in told]
    named = {key: node for key, node in (("slots", slots), ("responses", responses)) if node}
    named |= {"forms": forms} if forms else {}
    return {**_VERSION, "intents": _intents(language), "entities": _entities(language), **named}


def _rules(skill: Skill, language: Language) -> dict[str, Any]:
    """A rule for each intent that is answered or begins a form; one more for what a form ends."""
    rules: list[dict[str, Any]] = []
    for intent in exported(language):
        form, told = _form(intent), bool(_told(skill, intent))
        says = [{"action": _response(intent)}] if told else []
        begins = {"intent": rasa_name(intent).partition("/")[0]}
        if any(slot.required for slot in intent.slots):
            loop = [{"action": form}, {"active_loop": form}]
            rules.append({"rule": f"begin {form}", "steps": [begins, *loop]})
            end = [{"action": form}, {"active_loop": None}, *says]
            when = [{"active_loop": form}]
            rules.append({"rule": f"end {form}", "condition": when, "steps": end})
        elif told:
            says = [{"action": _response(intent).partition("/")[0]}]
            rule = {"rule": f"answer {begins['intent']}", "steps": [begins, *says]}
            rules += [rule] if rule not in rules else []
    return {**_VERSION, "rules": rules}


def _left_out(skill: Skill, language: Language) -> Iterator[str]:
    for intent in language.intents:
        if intent.builtin:
            yield f"{intent.name}: Rasa has no such intents"
        elif not intent.samples:
            yield f"{intent.name}: an intent without samples"
        if intent.confirm:
            yield f"{intent.name}: the question whether it shall be done"
        said = skill.fulfilment.replies.get(intent.name, ())
        if len(said) > len(_texts(said)):
            yield f"{intent.name}: replies that do more than speak slots"
    if skill.fulfilment.kind is not FulfilmentKind.REPLIES:
        yield f"the back-end ({skill.fulfilment.kind}): write an action for Rasa's server"


def _told(skill: Skill, intent: Intent) -> list[str]:
    said = [text for text in skill.fulfilment.replies.get(intent.name, ()) if text != NOTHING]
    return _texts(said)


def _texts(replies: Sequence[str]) -> list[str]:
    return [text for text in map(as_response, replies) if text is not None]


def _form(intent: Intent) -> str:
    return f"{rasa_name(intent).replace('/', '_')}_form"


def _response(intent: Intent) -> str:
    return f"utter_{rasa_name(intent)}"


def _intents(language: Language) -> list[str]:
    """Names for the domain: of `faq/x`, `faq`."""
    names = (rasa_name(intent).partition("/")[0] for intent in exported(language))
    return list(dict.fromkeys(names))


def _entities(language: Language) -> list[str]:
    """Entities of the examples."""
    spans = [
        entity_of(slot, language)
        for intent in exported(language)
        for slot in intent.slots
        if slot.name in _said(intent)
    ]
    return list(dict.fromkeys(span.entity for span in spans))


def _mapping(slot: Slot, intent: Intent, language: Language) -> dict[str, Any]:
    """How a form fills a slot: by its entity, or by all that is said where no example has one."""
    if slot.name not in _said(intent):
        when = [{"active_loop": _form(intent), "requested_slot": slot.name}]
        return {"type": "from_text", "conditions": when}
    span = entity_of(slot, language)
    about = {"entity": span.entity, "role": span.role, "group": span.group}
    return {"type": "from_entity", **{key: name for key, name in about.items() if name}}


def _said(intent: Intent) -> set[str]:
    """Slots that the samples name."""
    return {name for sample in intent.samples for name in slot_names(sample)}


def _tongue(language: Language) -> str:
    return language.locale.split("-")[0]


def _data(text: str) -> dict[str, Any]:
    """What a kept file holds; nothing if somebody has made it unreadable."""
    try:
        data = parse_yaml(text, "").data
    except SkillError:
        return {}
    return data if isinstance(data, dict) else {}


def _dump(node: Mapping[str, Any]) -> str:
    return yaml.dump(
        dict(node), Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=100
    )
