"""The papers of an encoder folder: encoder.json for the loader, MODEL_CARD.md for people."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sayso.encoders.files import CARD, MODEL, SCALES, TOKENIZER, WORDS
from sayso.training.pretraining import minilm
from sayso.training.pretraining.recipe import Recipe
from sayso.training.pretraining.sources import Source

MODEL_CARD, NOTICE, LICENSE = "MODEL_CARD.md", "NOTICE", "LICENSE"

_NOTICE = f"""\
This folder holds a model derived from {minilm.UPSTREAM}
  https://huggingface.co/{minilm.UPSTREAM} (revision {minilm.COMMIT})
by the sentence-transformers authors, fine-tuned from nreimers/MiniLM-L6-H384-uncased, itself from
Microsoft's MiniLM. Licensed under the Apache License, Version 2.0; see LICENSE.

Changes: fewer layers, fewer word pieces, further training (MODEL_CARD.md), weights rounded to 7 or
8 bits, written as an ONNX graph and arrays. Made by `sayso pretrain`.
"""


def write_papers(
    folder: Path,
    name: str,
    dimension: int,
    recipe: Recipe,
    sources: Sequence[Source],
    measured: Mapping[str, Any],
) -> None:
    """Write NOTICE, MODEL_CARD.md and encoder.json beside the weights, which are there already.

    measured: what is known of this run: seconds, hardware, agreement with torch.
    """
    (folder / NOTICE).write_text(_NOTICE, encoding="utf-8")
    text = _model_card(name, dimension, recipe, sources, measured)
    (folder / MODEL_CARD).write_text(text, encoding="utf-8")
    files = [MODEL, WORDS, SCALES, TOKENIZER, NOTICE, MODEL_CARD]
    files += [LICENSE] if (folder / LICENSE).is_file() else []
    card = {
        "name": name,
        "dimension": dimension,
        "max_tokens": minilm.POSITIONS,
        "sha256": {f: hashlib.sha256((folder / f).read_bytes()).hexdigest() for f in files},
        "source": {
            "upstream": minilm.UPSTREAM,
            "commit": minilm.COMMIT,
            "sha256": minilm.WEIGHTS_SHA256,
            "licence": "Apache-2.0",
        },
        "recipe": asdict(recipe),
        "sets": [source.name for source in sources],
        "measured": dict(measured),
    }
    written = json.dumps(card, indent=2, ensure_ascii=False)
    (folder / CARD).write_text(written + "\n", encoding="utf-8")


def _model_card(
    name: str,
    dimension: int,
    recipe: Recipe,
    sources: Sequence[Source],
    measured: Mapping[str, Any],
) -> str:
    told = {
        k: ", ".join(map(str, v)) if isinstance(v, tuple) else v for k, v in asdict(recipe).items()
    }
    return f"""# {name}

An English encoder for requests to an assistant: text to a vector of {dimension} numbers, and one
for each word piece. Sayso's skills are small heads on top of it. Written by `sayso pretrain`; do
not edit.

**Made from** {minilm.UPSTREAM} (Apache-2.0){_LEARNT if sources else _CUT}

**For** English requests of up to {minilm.POSITIONS} word pieces. **Not for** other languages, long
texts, or facts: it holds likenesses, not knowledge. It inherits what MiniLM learnt from public web
text, prejudices included; bias has not been measured yet.

## Learnt from

{_sets(sources)}

## Recipe

{_table(("setting", "value"), [(f"`{key}`", value) for key, value in told.items()])}

## This run

{_table(("what", "value"), measured.items())}
"""


_CUT = ", by leaving out layers or word pieces, or nothing at all."
_LEARNT = """, by knowledge
distillation into a few of its layers and a smaller English vocabulary, then by learning many tasks
at once: intents against each other and against their names, slots by their names, paraphrases and
recogniser confusions, masked words."""


def _sets(sources: Sequence[Source]) -> str:
    if not sources:
        return "No text: this is the model above, at most made smaller."
    table = _table(
        ("set", "licence", "attribution"), [(x.name, x.licence, x.attribution) for x in sources]
    )
    return f"""\
Training parts only, English texts only; of skill collections only rows under the licence named.

{table}

A figure about one of these sets may not be taken with this encoder: make one with `sayso pretrain
--without SET`, which leaves out the set, its relatives, and every sentence that stands in it."""


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
