"""Locales as BCP 47 writes them, and the languages that they are of."""

from __future__ import annotations


def language_of(locale: str) -> str:
    """What wordings belong to: `en` of en-US, of EN_us and of `en`; "" of nothing.

    What is learnt is kept by language, so serving and learning must agree on it;
    `events.texts.language_column` is the same for a column.
    """
    return locale.lower().replace("_", "-").split("-")[0]
