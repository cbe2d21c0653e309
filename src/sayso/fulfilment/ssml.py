"""SSML -> plain text. Nothing is ever loaded or expanded: a document type is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat

from sayso.errors import FulfilmentError

_STRAY = re.compile(r"&(?!#\d+;|#x[0-9a-fA-F]+;|(?:amp|lt|gt|quot|apos);)")
_APART = frozenset({"break", "p", "s", "speak"})  # what stands before and after is not one word
_SILENT = frozenset({"audio", "desc", "metadata"})
_DEEPEST = 100


def enclosed(ssml: str) -> str:
    """SSML with the `<speak>` around it that some skills forget."""
    whole = ssml.lstrip().startswith(("<speak", "<?xml", "<!DOCTYPE"))
    return ssml.lstrip() if whole else f"<speak>{ssml}</speak>"


def plain(ssml: str) -> str:
    """The words of SSML, single spaces between them. A stray `&` is read as the sign it is.

    Raises FulfilmentError where the markup is broken, saying in which column.
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(_STRAY.sub("&amp;", enclosed(ssml)), True)
    except (expat.ExpatError, ValueError) as error:  # ValueError: lone surrogates
        raise FulfilmentError(f"broken SSML: {error}; close every tag, write & as &amp;") from error
    return " ".join("".join(reader.words).split())


class _Reader:
    """Collects words while the parser walks; `silent` counts open elements that say nothing."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._silent: list[bool] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if len(self._silent) >= _DEEPEST:
            raise FulfilmentError(f"SSML is nested deeper than {_DEEPEST}")
        if name in _APART:
            self.words.append(" ")
        alias = attributes.get("alias") if name == "sub" else None
        if alias is not None and not any(self._silent):
            self.words.append(alias)
        self._silent.append(name in _SILENT or alias is not None)

    def end(self, name: str) -> None:
        self._silent.pop()
        if name in _APART:
            self.words.append(" ")

    def text(self, data: str) -> None:
        if not any(self._silent):
            self.words.append(data)


def _refuse(*_: object) -> None:
    raise FulfilmentError("SSML with a document type is refused; leave <!DOCTYPE ...> out")
