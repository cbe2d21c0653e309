"""ThingTalk's words, one after the other; comments are passed over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 8_000_000  # characters of a file
_TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<call>@[\w-]+(?:\.[\w-]+)*)
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<word>[^\W\d]\w*)
    |(?P<mark>\#_?\[|==|=~|~=|>=|<=|=>|:=|\^\^|&&|\|\||.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True, slots=True)
class Token:
    """kind: text, call, number, word or mark. start, end: its place in the source."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def said(self) -> str:
        """What stands between the quotes of a text."""
        return re.sub(r"\\(.)", lambda x: _ESCAPES.get(x[1], x[1]), self.text[1:-1], flags=re.S)


def tokens_of(source: str) -> list[Token]:
    """All of them. Raises ValueError, as `line:what`, for a text or comment that never ends."""
    if len(source) > LONGEST:
        raise ValueError(f"1: more than {LONGEST} characters; split the file")
    found: list[Token] = []
    for match in _TOKEN.finditer(source):
        kind = match.lastgroup or "mark"
        if kind == "blank":
            continue
        text = match[0]
        opens = text in ('"', "'") or (text == "/" and source.startswith("/*", match.start()))
        if opens:
            what = "a comment" if text == "/" else "a text in quotes"
            line = line_of(source, match.start())
            raise ValueError(f"{line}: {what} that nothing closes; mend the ThingTalk")
        found.append(Token(kind, text, match.start(), match.end()))
    return found


def line_of(source: str, place: int) -> int:
    """The line of a place, from 1 on."""
    return source.count("\n", 0, place) + 1


def spelled(source: str, tokens: Sequence[Token]) -> str:
    """What stands from the first to the last of some tokens, comments and all, on one line."""
    if not tokens:
        return ""
    return " ".join(source[tokens[0].start : tokens[-1].end].split())
