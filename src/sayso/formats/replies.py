"""Texts that others' skills answer with -> reply templates of ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from sayso.skills.templates import visible
from sayso.types.skills import Fulfilment, Language

NOTHING = "I have nothing to say to that yet."
LONGEST = 1000  # characters of a text; several languages share a template of at most 4000
_MARKUP = re.compile(r"\{(?=[{%#])")


def template(
    text: str, places: re.Pattern[str], slot_of: Callable[[re.Match[str]], str | None]
) -> str | None:
    """A reply template that says `text`.

    places: what stands in the text for a value. slot_of: the slot that has it. None if one of them
    has none, or the text is empty or too long.
    """
    if len(text) > LONGEST:
        return None
    made, end = "", 0
    for match in places.finditer(text):
        slot = slot_of(match)
        if slot is None:
            return None
        made += literal(text[end : match.start()]) + spoken(slot)
        end = match.end()
    made = (made + literal(text[end:])).strip()
    return made if made and len(made) <= LONGEST else None


def literal(text: str) -> str:
    """Text that says itself in a template; nothing of it is run."""
    return _MARKUP.sub("{{ '{' }}", visible(text))


def spoken(slot: str) -> str:
    """The value of a slot, in a template."""
    name = slot.replace('"', "")
    return f"{{{{ slots.{slot} }}}}" if slot.isidentifier() else f'{{{{ slots["{name}"] }}}}'


def fulfilment(
    languages: Sequence[Language], replies: Mapping[str, Mapping[str, Sequence[str]]]
) -> Fulfilment:
    """Replies of all intents. replies: locale -> intent -> templates, of some of them."""
    names = [x.name for language in languages for x in language.intents]
    said = [name for some in replies.values() for name in some]
    found = {}
    for name in dict.fromkeys([*names, *said]):
        by_locale = {x: some[name] for x, some in replies.items() if some.get(name)}
        found[name] = _in_all(by_locale) if by_locale else (NOTHING,)
    return Fulfilment(replies=found)


def _in_all(by_locale: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Templates that each speak every locale; the last one stands for any other."""
    main, *others = by_locale
    most = max(map(len, by_locale.values()))
    made = []
    for turn in range(most):
        texts = {locale: some[turn % len(some)] for locale, some in by_locale.items()}
        whole = texts[main]
        for locale in others:
            whole = (
                f'{{% if locale == "{locale}" %}}{texts[locale]}{{% else %}}{whole}{{% endif %}}'
            )
        made.append(whole if len(whole) <= 4000 else texts[main])
    return tuple(dict.fromkeys(made))
