"""Rasa's responses -> reply templates of ours, and back."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sayso.formats.rasa.domain import Domain
from sayso.formats.rasa.links import Links
from sayso.types.skills import Intent

NOTHING = "I have nothing to say to that yet."
_LONGEST = 4000  # characters of a template; fulfilment refuses longer ones
_VARIABLE = re.compile(r"\{([^{}\n]+)\}")
_SYNTAX = re.compile(r"\{(?=[{%#])")  # what Jinja would take for its own
_SLOT = re.compile(r"\{\{ slots(?:\.(\w+)|\[\"([^\"\\]+)\"\]) \}\}")


@dataclass
class Replies:
    """texts: intent -> templates. used: responses that became replies.

    refused: a response's text -> why it became none.
    """

    texts: dict[str, Sequence[str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)


def build_replies(
    intents: Sequence[Intent], names: Mapping[str, str], domain: Domain, links: Links
) -> Replies:
    """What each intent is answered.

    By the rules, else by the names that Rasa gives: `utter_faq/x` for `faq/x`, `utter_greet` for
    `greet`. Every intent has a text, as a skill that is chosen must say something.
    """
    found = Replies()
    accepted: set[str] = set()
    ids = {id: name for name, id in names.items()}
    for intent in intents:
        slots = {slot.name for slot in intent.slots}
        texts: list[str] = []
        responses = [r for r in _responses(ids[intent.name], links, domain) if domain.texts(r)]
        for response in responses:
            usable = _usable(domain.texts(response), slots, found, accepted)
            if not usable:
                continue
            found.used.add(response)
            # All variants of the first; of what is said behind it the first.
            texts = [f"{x} {usable[0]}" for x in texts] if texts else usable
        fit = [text for text in texts if len(text) <= _LONGEST]
        found.texts[intent.name] = tuple(dict.fromkeys(fit)) or (NOTHING,)
    # What one intent could not say another one may.
    found.refused = {x: why for x, why in found.refused.items() if x not in accepted}
    return found


def as_template(text: str) -> str:
    """The reply template of a response: `{name}` speaks a slot."""
    cut = _VARIABLE.split(text)
    parts = [_SYNTAX.sub("{ ", x) if n % 2 == 0 else _spoken(x) for n, x in enumerate(cut)]
    return "".join(parts).strip()


def as_response(template: str) -> str | None:
    """The response of a reply template; None for one that does more than speak slots."""
    text = _SLOT.sub(lambda match: "{" + (match[1] or match[2]) + "}", template)
    return None if "{{" in text or "{%" in text or "{#" in text else text


def _spoken(name: str) -> str:
    plain = name.strip()
    return f"{{{{ slots.{plain} }}}}" if plain.isidentifier() else f'{{{{ slots["{plain}"] }}}}'


def _responses(intent: str, links: Links, domain: Domain) -> Sequence[str]:
    if intent in links.forms:
        return links.ends.get(links.forms[intent], ())
    told = links.replies.get(intent, ())
    group, slash, _ = intent.partition("/")
    if slash:
        told = told or links.replies.get(group, ())
        told = [
            f"utter_{intent}" if response == f"utter_{group}" else response for response in told
        ]
    return told or [f"utter_{intent}"]


def _usable(
    texts: Sequence[str], slots: Collection[str], found: Replies, accepted: set[str]
) -> list[str]:
    """Templates of the texts that speak no other slots; their own texts go to accepted."""
    usable = []
    for text in texts:
        strange = [name.strip() for name in _VARIABLE.findall(text)]
        strange = [name for name in strange if name not in slots]
        if strange:
            found.refused[text] = f"speaks {{{strange[0]}}}, which is no slot of its intent"
        else:
            accepted.add(text)
            usable.append(as_template(text))
    return usable
