"""Rasa's tests -> rows of a test set: test conversations, and training data that is kept for tests.

tests/test_stories.yml     stories in which `user:` says what was said (tests/*.md in Rasa 1)
tests/nlu.yml, test_data.yml     examples, as `rasa data split nlu` writes them
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sayso.formats.format import TestRow
from sayso.formats.rasa.items import Item
from sayso.formats.rasa.links import Spot, is_test
from sayso.formats.rasa.nlu import entity_of
from sayso.formats.rasa.spans import Span, parse, plain
from sayso.skills.templates import said
from sayso.types.skills import Language

_FILE = re.compile(r"(?:^|/)(?:tests?/.*|test_[^/]*|[^/]*_tests?)\.(?:ya?ml|md|json)$")


def is_test_file(name: str) -> bool:
    """Whether a file is for tests, by its name or folder."""
    return bool(_FILE.search(name))


def conversation_rows(
    stories: Any, file: str, names: Mapping[str, str], language: Language
) -> Iterator[tuple[TestRow, Sequence[Spot]]]:
    """What is said in test conversations; each row with the lines that it is made of.

    names: intent in Rasa -> ours.
    """
    for number, story in enumerate(stories if isinstance(stories, list) else ()):
        if not isinstance(story, Mapping) or not is_test(story):
            continue
        steps = story.get("steps")
        for place, step in enumerate(steps if isinstance(steps, list) else ()):
            user = step.get("user") if isinstance(step, Mapping) else None
            intent = step.get("intent") if isinstance(step, Mapping) else None
            row = _row(user, intent, names, language)
            if row:
                at = f".stories[{number}].steps[{place}]"
                lines = [f"{at}.user[{n}]" for n in range(str(user).count("\n") + 1)]
                yield row, [(file, spot) for spot in (f"{at}.user", f"{at}.intent", *lines)]


def example_rows(
    items: Sequence[Item], names: Mapping[str, str], language: Language
) -> Iterator[TestRow]:
    """Examples that are kept for tests; writes down what became of each."""
    for item in items:
        for text in item.texts:
            row = _row(text.text, item.name, names, language) if item.kind == "intent" else None
            if row:
                text.book.map(text.where, text.text, "rows of a test set")
                yield row
            else:
                text.book.skip(
                    text.where, text.text, "in a file of tests, but no test of an intent"
                )


def _row(
    user: Any, intent: Any, names: Mapping[str, str], language: Language
) -> dict[str, Any] | None:
    if not isinstance(user, str) or not isinstance(intent, str):
        return None
    known = language.intent(names.get(intent, ""))
    # Rasa's conversations may give an intent outright: `/greet`.
    if known is None or user.strip().startswith("/"):
        return None
    try:
        parts = parse(" ".join(user.split()))
    except ValueError:
        return None
    slots = {entity_of(slot, language).key: slot.name for slot in known.slots}
    spans = [part for part in parts if isinstance(part, Span)]
    values = {slots[span.key]: said(span.text) for span in spans if span.key in slots}
    text = said(plain(parts))
    return {"text": text, "intent": known.name, "slots": values} if text else None
