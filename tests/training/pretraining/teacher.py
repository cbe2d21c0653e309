"""A tiny MiniLM: the same files under the same names, a width of 64 and two layers."""

from __future__ import annotations

import string
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from tests.training.pretraining.sets import ARTISTS, THINGS, VERBS

WIDTH, INNER, LAYERS, POSITIONS = 64, 96, 2, 128
SPECIAL = ("[PAD]", "[unused0]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
LETTERS = string.ascii_lowercase + string.digits + string.punctuation
FOREIGN = ("é", "音", "münchen")
COMMON = ("the", "a", "of", "play", "song", "tell", "##s", "##ing", *FOREIGN, "call", "where")
RARE = ("quixotic", "##ology", "zyzzyva")


def vocabulary() -> dict[str, int]:
    """Piece -> id, the commonest first, as BERT's is."""
    pieces = [*SPECIAL, *LETTERS, *(f"##{x}" for x in LETTERS), *COMMON]
    pieces += [*THINGS, *VERBS, *ARTISTS, *RARE]
    return {piece: i for i, piece in enumerate(dict.fromkeys(pieces))}


def tokenizer(*, template: bool = True) -> Tokenizer:
    """As BERT's. template: which of the two ways its file may say where [CLS] and [SEP] go."""
    made = Tokenizer(models.WordPiece(vocabulary(), unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    ends = [(name, vocabulary()[name]) for name in ("[SEP]", "[CLS]")]
    made.post_processor = (
        processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
        if template
        else processors.BertProcessing(*ends)
    )
    made.add_special_tokens([name for name in SPECIAL if name != "[unused0]"])
    return made


def write_teacher(folder: Path) -> Path:
    """model.safetensors and tokenizer.json, with random weights."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer().save(str(folder / "tokenizer.json"))
    random = np.random.default_rng(0)
    weights = {
        name: np.float32(1) + random.normal(0, 0.05, shape).astype(np.float32)
        if name.endswith("LayerNorm.weight")
        else random.normal(0, 0.3, shape).astype(np.float32)
        for name, shape in _shapes().items()
    }
    save_file(weights, folder / "model.safetensors")
    return folder


def _shapes() -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(vocabulary()), WIDTH),
        "embeddings.position_embeddings.weight": (POSITIONS, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        "embeddings.LayerNorm.weight": (WIDTH,),
        "embeddings.LayerNorm.bias": (WIDTH,),
    }
    for layer in range(LAYERS):
        prefix = f"encoder.layer.{layer}."
        for name, out, into in (
            ("attention.self.query", WIDTH, WIDTH),
            ("attention.self.key", WIDTH, WIDTH),
            ("attention.self.value", WIDTH, WIDTH),
            ("attention.output.dense", WIDTH, WIDTH),
            ("intermediate.dense", INNER, WIDTH),
            ("output.dense", WIDTH, INNER),
        ):
            shapes[f"{prefix}{name}.weight"] = (out, into)
            shapes[f"{prefix}{name}.bias"] = (out,)
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes[f"{prefix}{name}.weight"] = shapes[f"{prefix}{name}.bias"] = (WIDTH,)
    return shapes
