"""How a skill says that a request is not for it."""

from __future__ import annotations

import re
from collections.abc import Mapping

# Of a whole first sentence, so that a word about a value ("I don't know that town") is none.
_REFUSALS: Mapping[str, tuple[str, ...]] = {
    "en": (
        r"i (?:don't|do not|didn't|did not|can't|cannot|couldn't|could not)(?: quite| really)?"
        r" (?:know|understand|get|catch|answer|do|handle|help)(?: you)?(?: with)?(?: how to)?"
        r" (?:that|this|it|those|you|do|help)"
        r"(?: one| request| question| yet| right now| with that)*",
        r"(?:i'm|i am) not (?:sure|able)(?: to| how to| what to)?(?: do| help| answer| say).*",
        r"i (?:don't|do not) know",
        r"(?:there is )?no (?:match|results?|answer)(?: found)?",
    ),
    "de": (
        r"das (?:weiß|weiss|kann|verstehe|kenne) ich (?:leider )?(?:noch )?nicht",
        r"(?:dabei|damit) kann ich (?:dir |ihnen )?(?:leider )?nicht helfen",
        r"(?:das|dich|sie) habe ich (?:leider )?nicht verstanden",
    ),
    "es": (r"no (?:lo )?(?:sé|entiendo|entendí)(?: eso)?", r"no puedo (?:hacer eso|ayudarte).*"),
    "fr": (
        r"je ne (?:sais|comprends) pas(?: ça| cela)?",
        r"je n'ai pas compris.*",
        r"je ne peux pas (?:faire ça|faire cela|vous aider|t'aider).*",
    ),
}
_SORRY = r"(?:(?:i'm |i am )?(?:so |very )?sorry|oops|hm+|tut mir leid|entschuldigung|lo siento|"
_SORRY += r"perdón|désolée?|pardon)"


def is_refusal(speech: str, locale: str) -> bool:
    """Whether a reply turns the request down: its first sentence says so and nothing else.

    A tongue without patterns has no refusals.
    """
    said = " ".join(speech.lower().replace("’", "'").replace(",", " ").split())
    sentences = (part.strip() for part in re.split(r"[.!?;:]+", said))
    told = next((part for part in sentences if part and not re.fullmatch(_SORRY, part)), "")
    told = re.sub(rf"^{_SORRY} (?:but )?", "", told)
    return any(re.fullmatch(each, told) for each in _REFUSALS.get(locale.split("-")[0], ()))
