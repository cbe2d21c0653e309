"""What Sayso says in its own name, by tongue."""

from __future__ import annotations

from collections.abc import Mapping

_PHRASES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "unknown": "Sorry, I don't know how to help with that.",
        "which": "Did you mean {options}?",
        "or": "or",
        "option": "{name}: {example}",
        "ask_slot": "What {slot} would you like?",
        "confirm": "Are you sure?",
        "not_understood": "Sorry, I didn't get that.",
        "cancelled": "Okay.",
        "help": "You can say, for example: {examples}",
        "opened": "This is {name}. What would you like?",
        "failed": "Sorry, {name} isn't answering right now.",
    },
    "de": {
        "unknown": "Das kann ich leider nicht.",
        "which": "Meinst du {options}?",
        "or": "oder",
        "option": "{name}: {example}",
        "ask_slot": "Welche Angabe für {slot}?",
        "confirm": "Bist du sicher?",
        "not_understood": "Das habe ich nicht verstanden.",
        "cancelled": "Okay.",
        "help": "Du kannst zum Beispiel sagen: {examples}",
        "opened": "Hier ist {name}. Was möchtest du?",
        "failed": "{name} antwortet gerade nicht.",
    },
}


def phrase(which: str, locale: str, /, **values: str) -> str:
    """A sentence of Sayso's own in the tongue of a locale, in English where there is none."""
    table = _PHRASES.get(locale.split("-")[0], _PHRASES["en"])
    return table[which].format(**values)


def either(options: list[str], locale: str) -> str:
    """`a, b or c`, as it is spoken."""
    if len(options) < 2:
        return "".join(options)
    return f"{', '.join(options[:-1])} {phrase('or', locale)} {options[-1]}"
