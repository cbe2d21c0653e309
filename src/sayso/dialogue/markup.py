"""Replies in Alexa's markup (SSML), put together with each other and with plain words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from sayso.types.turns import Reply

_END = "</speak>"
_MARKED = re.compile(rf"\s*<speak\b[^>]*>(.*){_END}\s*", re.DOTALL)


def with_more(ssml: str | None, text: str) -> str | None:
    """Markup with plain words at its end; the same where there is none, or it has no end.

    To say more is not worth a reply that cannot be spoken.
    """
    told, end, rest = (ssml or "").rpartition(_END)
    return f"{told} {escape(text, quote=False)}{end}{rest}" if end else ssml


def in_one(replies: Sequence[Reply]) -> str | None:
    """The markup of all in one; None where one has another frame than that of Alexa's protocol."""
    told = []
    for each in replies:
        found = _MARKED.fullmatch(each.ssml) if each.ssml is not None else None
        if each.ssml is not None and found is None:
            return None
        told.append(found[1].strip() if found is not None else escape(each.speech, quote=False))
    return f"<speak>{' '.join(text for text in told if text)}{_END}"
