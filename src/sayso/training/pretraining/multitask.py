"""Many tasks of mature domains at once, so that a new skill needs few examples.

Each step holds texts of one set's intents against each other, with the intents' names among them
(supervised contrast, Khosla et al. 2020, arXiv 2004.11362); in half of the steps these intents lie
near to one another, as those of one skill do. Now and then the network tags slots by the nearness
of a word to the slot's name, finds the other way to say a thing, and fills in masked
words. Distilling goes on beside, or the student would forget the language for the tasks.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from random import Random

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor, nn

from sayso.training.pretraining.corpus import Corpus
from sayso.training.pretraining.distil import Taught, apart, relations
from sayso.training.pretraining.network import Network, padded, read
from sayso.training.pretraining.noise import noisy
from sayso.training.pretraining.recipe import Recipe
from sayso.training.pretraining.sources import Example

_NAME_WEIGHT = 0.5
_NEAR_SHARE = 0.5  # of steps whose intents lie near to one another
_PAIR_TEMPERATURE = 0.05
_KEPT_BATCH, _TAGGED_BATCH, _PAIR_BATCH, _MASKED_BATCH = 64, 40, 48, 48
_MASKED_SHARE = 0.15
_SLOT_WEIGHT, _PAIR_WEIGHT, _MASK_WEIGHT = 0.5, 0.3, 0.1
_IGNORED = -100  # torch's own mark for a place without a target


Nearest = Mapping[str, Mapping[str, Sequence[str]]]  # set -> intent -> its others


class Tasks(nn.Module):
    """What the tasks add to the network; left behind when it is exported."""

    def __init__(self, width: int, vocabulary: int) -> None:
        super().__init__()
        self.to_names = nn.Linear(width, width)
        nn.init.eye_(self.to_names.weight)
        nn.init.zeros_(self.to_names.bias)
        self.scale = nn.Parameter(torch.tensor(10.0))
        self.outside = nn.Parameter(torch.tensor(3.0))
        self.border = nn.Linear(width, 3)
        self.masked_bias = nn.Parameter(torch.zeros(vocabulary))


def spoken(name: str) -> str:
    """An intent's or a slot's name as words: `card_arrival`, `skill/PlayMusic`."""
    words = re.sub(r"([a-z])([A-Z])", r"\1 \2", name.rsplit("/", 1)[-1])
    return re.sub(r"[\W_]+", " ", words).strip().lower() or name


def set_weights(intents: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, float]:
    """How often a set is chosen: by the root of its size, less for one of few intents."""
    sizes = {name: sum(map(len, found.values())) for name, found in intents.items()}
    return {
        name: min(1.5, size**0.5 / 100 * min(1.0, len(intents[name]) / 30))
        for name, size in sizes.items()
    }


def task_loss(
    network: Network,
    tasks: Tasks,
    tokenizer: Tokenizer,
    corpus: Corpus,
    taught: Taught,
    nearest: Nearest,
    recipe: Recipe,
    step: int,
) -> Tensor:
    """Loss of one step; which texts, depends on the recipe's seed and the step alone."""
    chance = Random(f"{recipe.seed}/{step}")
    loss = intent_loss(network, tokenizer, corpus, nearest, recipe, chance)
    loss = loss + keep_loss(network, tokenizer, taught, chance)
    if step % 2 == 0 and corpus.tagged:
        loss = loss + _SLOT_WEIGHT * slot_loss(network, tasks, tokenizer, corpus, chance)
    if step % 4 == 1 and corpus.pairs:
        loss = loss + _PAIR_WEIGHT * pair_loss(network, tokenizer, corpus, chance)
    if step % 4 == 3:
        loss = loss + _MASK_WEIGHT * mask_loss(network, tasks, tokenizer, taught, chance)
    return loss


def nearest_intents(corpus: Corpus, taught: Taught) -> Nearest:
    """For each intent of each set, the set's intents from the nearest to the farthest.

    By the mean of what the teacher says of their texts. Those of the same name stand behind the
    others: they may mean the same in two skills.
    """
    places = {text: place for place, text in enumerate(taught.texts)}
    return {
        name: _nearest(
            {i: [places[x] for x in said if x in places] for i, said in found.items()}, taught
        )
        for name, found in corpus.intents.items()
    }


def _nearest(places: Mapping[str, Sequence[int]], taught: Taught) -> dict[str, list[str]]:
    names = [intent for intent, said in places.items() if said]
    means = np.array([taught.pooled[places[i]].astype(np.float32).mean(axis=0) for i in names])
    near = means @ means.T
    heads = np.array([spoken(intent) for intent in names])
    near -= 2.0 * (heads[:, None] == heads[None])
    return {
        intent: [names[other] for other in np.argsort(-near[at], kind="stable") if other != at]
        for at, intent in enumerate(names)
    }


def _contrasted(
    found: Collection[str], nearest: Mapping[str, Sequence[str]], count: int, chance: Random
) -> list[str]:
    """Intents of one step: any, or one and its nearest."""
    first = chance.choice(sorted(found))
    if chance.random() < _NEAR_SHARE and first in nearest:
        return [first, *nearest[first][: count - 1]]
    return chance.sample(sorted(found), min(count, len(found)))


def intent_loss(
    network: Network,
    tokenizer: Tokenizer,
    corpus: Corpus,
    nearest: Nearest,
    recipe: Recipe,
    chance: Random,
) -> Tensor:
    """Contrast of one set's intents, texts and names."""
    weights = set_weights(corpus.intents)
    name = chance.choices(list(weights), list(weights.values()))[0]
    found = corpus.intents[name]
    chosen = _contrasted(found, nearest[name], recipe.intents, chance)
    texts: list[str] = []
    classes: list[int] = []
    for number, intent in enumerate(chosen):
        said = chance.sample(found[intent], min(recipe.each, len(found[intent])))
        texts += [noisy(text, chance) for text in said]
        classes += [number] * len(said)
    weight = torch.cat([torch.ones(len(texts)), torch.full((len(chosen),), _NAME_WEIGHT)])
    pooled = read(network, tokenizer, texts + [spoken(intent) for intent in chosen]).pooled
    kinds = torch.tensor([*classes, *range(len(chosen))], device=pooled.device)
    return (contrast(pooled, kinds, recipe.temperature) * weight.to(pooled.device)).mean()


def contrast(unit: Tensor, kinds: Tensor, temperature: float) -> Tensor:
    """(n,) how much less each of these unit vectors is like those of its kind than like others.

    kinds: (n,). 0 where nothing else is of the kind.
    """
    near = apart(unit @ unit.T / temperature)
    same = (kinds[:, None] == kinds[None]).fill_diagonal_(False)
    return -(near.log_softmax(dim=1) * same).sum(dim=1) / same.sum(dim=1).clamp(min=1)


def keep_loss(network: Network, tokenizer: Tokenizer, taught: Taught, chance: Random) -> Tensor:
    """Distance from the teacher's sentence vectors on plain texts."""
    picked = chance.sample(range(len(taught.texts)), min(_KEPT_BATCH, len(taught.texts)))
    pooled = read(network, tokenizer, [taught.texts[i] for i in picked]).pooled
    whole = torch.tensor(taught.pooled[picked], dtype=torch.float32, device=pooled.device)
    return 2 * (1 - (pooled * whole).sum(dim=1)).mean() + relations(pooled, whole)


def slot_loss(
    network: Network, tasks: Tasks, tokenizer: Tokenizer, corpus: Corpus, chance: Random
) -> Tensor:
    """Which slot of its set a word belongs to, by the names' vectors; where slots begin."""
    tagged = corpus.tagged[
        chance.choices(list(corpus.tagged), list(map(len, corpus.tagged.values())))[0]
    ]
    names = sorted({span.name for example in tagged for span in example.spans})
    examples = chance.sample(tagged, min(_TAGGED_BATCH, len(tagged)))
    heard = read(network, tokenizer, [example.text for example in examples])
    meant = read(network, tokenizer, [spoken(name) for name in names]).pooled
    words = F.normalize(tasks.to_names(heard.states), dim=-1)
    outside = tasks.outside.expand(*words.shape[:2], 1)
    scores = torch.cat([outside, tasks.scale * (words @ meant.T)], dim=-1)
    slots, borders = _targets(examples, heard.pieces, names, scores.shape[1])
    which = F.cross_entropy(scores.flatten(0, 1), slots.flatten().to(scores.device))
    where = F.cross_entropy(
        tasks.border(heard.states).flatten(0, 1), borders.flatten().to(scores.device)
    )
    return which + 0.5 * where


def _targets(
    examples: Sequence[Example], pieces: Sequence[object], names: Sequence[str], length: int
) -> tuple[Tensor, Tensor]:
    """(examples, length) slot of each piece, 0 for none; and outside, beginning or inside."""
    slots = torch.full((len(examples), length), _IGNORED)
    borders = torch.full((len(examples), length), _IGNORED)
    for row, (example, encoding) in enumerate(zip(examples, pieces, strict=True)):
        for at, (start, end) in enumerate(encoding.offsets):  # type: ignore[attr-defined]
            if start == end:
                continue
            slots[row, at] = borders[row, at] = 0
            for span in example.spans:
                if start < span.end and end > span.start:
                    slots[row, at] = 1 + names.index(span.name)
                    borders[row, at] = 1 if start <= span.start else 2
    return slots, borders


def pair_loss(network: Network, tokenizer: Tokenizer, corpus: Corpus, chance: Random) -> Tensor:
    """Each of two ways to say a thing finds the other among those of all pairs."""
    pairs = chance.sample(corpus.pairs, min(_PAIR_BATCH, len(corpus.pairs)))
    texts = [one for one, _ in pairs] + [other for _, other in pairs]
    pooled = read(network, tokenizer, texts).pooled
    near = pooled[: len(pairs)] @ pooled[len(pairs) :].T / _PAIR_TEMPERATURE
    right = torch.arange(len(pairs), device=near.device)
    return (F.cross_entropy(near, right) + F.cross_entropy(near.T, right)) / 2


def mask_loss(
    network: Network, tasks: Tasks, tokenizer: Tokenizer, taught: Taught, chance: Random
) -> Tensor:
    """Masked words are guessed from the rest (Devlin et al. 2019), by the word table itself."""
    texts = [taught.texts[chance.randrange(len(taught.texts))] for _ in range(_MASKED_BATCH)]
    ids, mask = padded([one.ids for one in tokenizer.encode_batch(texts)])
    hidden = tokenizer.token_to_id("[MASK]")
    targets = torch.full_like(ids, _IGNORED)
    for row, length in enumerate(mask.sum(dim=1).tolist()):
        for at in range(1, length - 1):
            if chance.random() < _MASKED_SHARE:
                targets[row, at] = ids[row, at]
                ids[row, at] = hidden
    device = network.positions.device
    with torch.autocast(device.type, torch.bfloat16):
        states, _ = network(ids.to(device), mask.to(device))
    guessed = targets >= 0
    if not guessed.any():
        return states.sum() * 0.0
    scores = states[guessed.to(device)] @ network.words.weight.T + tasks.masked_bias
    return F.cross_entropy(scores, targets[guessed].to(device))
