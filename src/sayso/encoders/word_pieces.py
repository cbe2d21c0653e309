"""The pieces of words that the packaged encoder reads, cut as BERT's WordPiece cuts them.

tokenizer.json is in the format of the `tokenizers` library, which would do the same, take 8 MB of
memory and be no quicker; this takes 2 (ADR 0007). A text is folded (no control characters, no
accents, lower case), split at spaces and around punctuation and ideographs, and each word is cut
from its left into the longest pieces that are known (Wu et al. 2016, arXiv:1609.08144).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UNKNOWN, BEGIN, END = "[UNK]", "[CLS]", "[SEP]"
_WITHIN = "##"  # begins a piece that does not begin a word
_LONGEST = 100  # characters of a word; a longer one is unknown
_WORDS = re.compile(r"[^\s!-/:-@\[-`{-~]+|[!-/:-@\[-`{-~]")  # or one mark of ASCII's
_PLAIN = re.compile(r"[\t\n\r -~]*")  # ASCII without control characters
_CONTROLS = frozenset(["Cc", "Cf", "Co", "Cs"])
_IDEOGRAPHS = (
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF)),
    *((0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B920, 0x2CEAF), (0x2F800, 0x2FA1F)),
)


@dataclass(frozen=True, slots=True)
class Cut:
    """A text's pieces, the marks of its beginning and end among them.

    offsets: the characters of the text that each was read from; (0, 0) for the two marks.
    """

    ids: Sequence[int]
    offsets: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True, eq=False)
class WordPieces:
    """A vocabulary: the id of each piece."""

    ids: Mapping[str, int]

    @classmethod
    def read(cls, file: Path) -> WordPieces:
        """The vocabulary of a tokenizer.json. Raises ValueError for another kind of tokenizer."""
        raw = json.loads(file.read_text(encoding="utf-8"))
        if not _is_like_berts(raw):
            raise ValueError("not an uncased WordPiece tokenizer as BERT has it")
        return cls(raw["model"]["vocab"])

    def cut(self, text: str, most: int) -> Cut:
        """The first pieces of a text, `most` of them with the two marks."""
        ids, offsets = [self.ids[BEGIN]], [(0, 0)]
        for word, start, places in _words(text):
            for piece, begin, end in self._pieces(word):
                if len(ids) >= most - 1:
                    break
                ids.append(piece)
                at, last = start + begin, start + end - 1
                offsets.append((at, last + 1) if places is None else (places[at], places[last] + 1))
            if len(ids) >= most - 1:
                break
        return Cut([*ids, self.ids[END]], [*offsets, (0, 0)])

    def _pieces(self, word: str) -> Sequence[tuple[int, int, int]]:
        """Ids of a word's pieces and where in the word they stand."""
        whole = self.ids.get(word)
        if whole is not None:
            return [(whole, 0, len(word))]
        unknown = [(self.ids[UNKNOWN], 0, len(word))]
        found: list[tuple[int, int, int]] = []
        start = 0
        while start < len(word) <= _LONGEST:
            prefix = _WITHIN if start else ""
            for end in range(len(word), start, -1):
                piece = self.ids.get(prefix + word[start:end])
                if piece is not None:
                    found.append((piece, start, end))
                    start = end
                    break
            else:
                return unknown
        return found or unknown


def _is_like_berts(raw: Any) -> bool:
    model, normalizer = raw["model"], raw["normalizer"]
    return (
        model["type"] == "WordPiece"
        and model["continuing_subword_prefix"] == _WITHIN
        and model["max_input_chars_per_word"] == _LONGEST
        and {UNKNOWN, BEGIN, END} <= model["vocab"].keys()
        and normalizer["type"] == "BertNormalizer"
        and normalizer["clean_text"]
        and normalizer["handle_chinese_chars"]
        and normalizer["strip_accents"] in (None, True)
        and normalizer["lowercase"]
        and raw["pre_tokenizer"]["type"] == "BertPreTokenizer"
    )


def _words(text: str) -> Iterator[tuple[str, int, Sequence[int] | None]]:
    """The words of a text once folded, where each starts there, and the places of what is there.

    The places are None where folding has left every character in its place.
    """
    if _PLAIN.fullmatch(text):
        for found in _WORDS.finditer(text.lower()):
            yield found[0], found.start(), None
        return
    folded, places = _folded(text)
    start = 0
    for end, character in enumerate([*folded, " "]):
        alone = _is_mark(character) or _is_ideograph(character)
        if alone or character.isspace():
            if start < end:
                yield "".join(folded[start:end]), start, places
            if alone:
                yield character, end, places
            start = end + 1


def _folded(text: str) -> tuple[list[str], list[int]]:
    """The characters that are left, and where in the text each was read."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for one in _plain(character):
            characters.append(one)
            places.append(place)
    return characters, places


def _plain(character: str) -> str:
    """A character without accents, in lower case; a space for any space, nothing for controls."""
    if character in "\t\n\r":
        return " "
    if character == "\ufffd" or unicodedata.category(character) in _CONTROLS:
        return ""
    if character.isspace():
        return " "
    bare = (x for x in unicodedata.normalize("NFD", character) if unicodedata.category(x) != "Mn")
    return "".join(x.lower() for x in bare)


def _is_mark(character: str) -> bool:
    """Whether it is punctuation; of ASCII's also + $ and the like."""
    ascii_mark = character.isascii() and character.isprintable() and not character.isalnum()
    return character != " " and (ascii_mark or unicodedata.category(character)[0] == "P")


def _is_ideograph(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _IDEOGRAPHS)
