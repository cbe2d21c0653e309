"""A smaller tokenizer from a large one: the pieces that English requests are made of."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

_OFTEN = 8  # a piece seen as often in the texts stays, wherever it stands in the list
_MARKER = re.compile(r"\[[A-Z]+\]|\[unused\d+\]")
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def kept_pieces(vocabulary: Mapping[str, int], seen: Counter[int], size: int) -> list[int]:
    """Ids of the pieces that stay, in order: those that the texts need, then the commonest.

    seen: how often each piece occurs in the texts. BERT's list is sorted by frequency, so a low id
    is a common piece. Every single character stays, so that any word can still be spelled. A `size`
    of the whole vocabulary keeps all of it, other scripts too.
    """
    if size >= len(vocabulary):
        return sorted(vocabulary.values())
    plain = {i: piece for piece, i in vocabulary.items() if piece.isascii()}
    plain = {i: piece for i, piece in plain.items() if not _MARKER.fullmatch(piece)}
    kept = {vocabulary[piece] for piece in _SPECIAL}
    kept |= {i for i, piece in plain.items() if len(piece.removeprefix("##")) == 1}
    kept |= {i for i, count in seen.items() if count >= _OFTEN and i in plain}
    kept |= set(sorted(plain.keys() - kept)[: max(size - len(kept), 0)])
    return sorted(kept)


def cut_down(tokenizer: Mapping[str, Any], kept: Sequence[int]) -> dict[str, Any]:
    """tokenizer.json with only the kept pieces, numbered anew in their order."""
    pieces = {i: piece for piece, i in tokenizer["model"]["vocab"].items()}
    numbers = {pieces[old]: new for new, old in enumerate(kept)}
    cut: dict[str, Any] = json.loads(json.dumps(tokenizer))
    cut["model"]["vocab"] = numbers
    cut["padding"] = None
    cut["truncation"] = None
    for token in cut["added_tokens"]:
        token["id"] = numbers[token["content"]]
    for name, special in cut["post_processor"].get("special_tokens", {}).items():
        special["ids"] = [numbers[name]]
    for end in ("cls", "sep"):
        if end in cut["post_processor"]:
            token = cut["post_processor"][end][0]
            cut["post_processor"][end] = [token, numbers[token]]
    return cut
