"""What the names of intents say: `ListFavoritesIntent` is a first example of "list favorites".

A skill of few samples gains most: a developer writes four sentences and one telling name.
"""

from __future__ import annotations

import re

from sayso.types.lessons import Label, LabelSource
from sayso.types.skills import Language

_SEAMS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])")
_NO_WORDS = re.compile(r"[\W_]+")
_EMPTY_WORDS = frozenset({"intent", "intents", "handler", "request"})


def hints(skill_id: str, language: Language) -> list[Label]:
    """A label for each intent of a skill whose name says something no other intent's name does.

    Built-in intents give none: they have phrases of their own.
    """
    named = [
        (spelled_out(intent.name), intent.name)
        for intent in language.intents
        if not intent.builtin and intent.samples
    ]
    texts = [text for text, _ in named]
    return [
        Label(text, skill_id, name, language.locale, source=LabelSource.NAME)
        for text, name in named
        if text and texts.count(text) == 1
    ]


def spelled_out(name: str) -> str:
    """The words of an identifier: `GetHTTPStatus_Intent` -> `get http status`."""
    words = _NO_WORDS.sub(" ", _SEAMS.sub(" ", name)).lower().split()
    return " ".join(word for word in words if word not in _EMPTY_WORDS and not word.isdigit())
