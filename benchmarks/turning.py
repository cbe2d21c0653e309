"""Maps that turn an utterance towards what skills say, learnt by contrast from a store's phrases.

Each phrase of a skill of the tuning half shall be nearer to that skill's own name, nearest line and
nearest other phrase than to those of skills drawn at random: a softmax for each kind of row, and
one over their weighted sum (InfoNCE, van den Oord et al. 2018, arXiv:1807.03748). A map is the
identity and a matrix that starts at zero; of this its main directions are kept.

The score that is fitted on top must not take phrases that a map has learnt for what it can do. So
the half is parted into folds, and a phrase is turned by maps that learnt from the other folds.
Needs torch; a set of maps takes a minute or two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from benchmarks.exact import TUNING, Places, Store
from sayso.understanding.fusion import EXAMPLE, KINDS, Floats
from sayso.understanding.turning import Turning

FOLDS = 4
RANK = 64  # directions that are kept: nine tenths of what is learnt
EPOCHS, BATCH, RATE, DECAY = 12, 256, 5e-4, 0.05
DRAWN = 1500  # skills that each batch is set against, beside its own
DROPPED = 0.1  # share of an utterance's numbers that the maps do not see
SHARP = 20.0  # what a cosine counts at first
WEIGHTS = (18.0, 9.0, 9.0)  # of a skill's best example, name and line, where these are summed
MOST = (6, 1, 8)  # rows of a kind that are looked at
ABSENT = 0.1  # cosine of a kind of row that a skill has none of
_NEVER = -1e4
Turnings = Mapping[int | None, Turning]
PLAIN: Turnings = {}


def fold_of(store: Store, skill: int) -> int | None:
    """Which of the folds a skill of the tuning half is in; None for one of the other half."""
    if store.part(skill) != TUNING:
        return None
    return (crc32(store.skills[skill].encode()) >> 2) % FOLDS


def turnings(store: Store, folder: Path | None = None) -> Turnings:
    """Fold -> maps that have not learnt from it; None -> maps that learnt from all folds.

    folder: where they are kept, if they are: what is there is not learnt again.
    """
    found: dict[int | None, Turning] = {}
    for fold in (*range(FOLDS), None):
        path = folder / f"turned-{'all' if fold is None else fold}.npy" if folder else None
        if path is not None and path.is_file():
            down, up = np.load(path)
            found[fold] = Turning(down, up)
            continue
        found[fold] = learnt(store, fold)
        if path is not None:
            np.save(path, np.stack([found[fold].down, found[fold].up]))
    return found


def learnt(store: Store, without: int | None) -> Turning:
    """Maps from the phrases of the tuning half but for one fold."""
    import torch
    from torch.nn.functional import cross_entropy, dropout, normalize

    torch.manual_seed(0)
    data = _Pairs(store, without)
    vectors = torch.from_numpy(store.vectors)
    size = vectors.shape[1]
    maps = torch.zeros(KINDS, size, size, requires_grad=True)
    sharp = torch.full((KINDS,), SHARP).log().requires_grad_()
    weights = torch.tensor(WEIGHTS).requires_grad_()
    absent = torch.full((KINDS,), ABSENT).requires_grad_()
    adam = torch.optim.AdamW(
        [
            {"params": [maps], "weight_decay": DECAY},
            {"params": [sharp, weights, absent], "weight_decay": 0},
        ],
        lr=RATE,
    )
    batches = list(data.batches())
    for number, (phrases, pool, right) in enumerate(batches):
        for group in adam.param_groups:
            group["lr"] = RATE * min(1, (number + 1) / 20) * (1 - number / len(batches))
        said = vectors[phrases]
        wanted = torch.from_numpy(right)
        kinds = [data.rows(kind, pool, phrases) for kind in range(KINDS)]
        own = np.arange(len(right))
        loss = torch.zeros(())
        total = torch.zeros(len(right), len(pool))
        same = kinds[EXAMPLE][2]
        same[own, right] = False  # a skill is not wrong for having the very phrase
        for kind, (rows, is_there, _) in enumerate(kinds):
            heard = dropout(said, DROPPED)
            turned = normalize(heard + heard @ maps[kind], dim=-1)
            cosines = (turned @ vectors[rows.ravel()].T).reshape(*is_there.shape)
            best = cosines.masked_fill(torch.from_numpy(~is_there), -9).amax(-1)
            has = np.asarray(is_there.any(-1))
            total = total + weights[kind] * torch.where(torch.from_numpy(has), best, absent[kind])
            use = np.flatnonzero(has[own, right])
            shut = torch.from_numpy(~has | same)
            logits = (best * sharp[kind].exp()).masked_fill(shut, _NEVER)
            if len(use):
                loss = loss + cross_entropy(logits[use], wanted[use])
        loss = loss + cross_entropy(total.masked_fill(torch.from_numpy(same), _NEVER), wanted)
        adam.zero_grad()
        loss.backward()
        adam.step()
    return _short(maps.detach().numpy())


class _Pairs:
    """Phrases, and skills that they are set against."""

    def __init__(self, store: Store, without: int | None) -> None:
        folds = {skill: fold_of(store, skill) for skill in range(len(store.skills))}
        theirs = [x for x in folds if folds[x] is not None and folds[x] != without]
        self.skills = np.array(theirs)
        self.owners = store.owners
        examples = np.flatnonzero(store.kinds == EXAMPLE)
        self.phrases = examples[np.isin(store.owners[examples], self.skills)]
        numbers: dict[str, int] = {}
        folded = (" ".join(text.casefold().split()) for text in store.texts)
        self.sentences = np.array([numbers.setdefault(text, len(numbers)) for text in folded])
        self._padded = [_padded(store, kind) for kind in range(KINDS)]

    def batches(self) -> Iterator[tuple[Places, Places, Places]]:
        """Rows of phrases; skills (n,), theirs among them; the place of each one's own there."""
        chance = np.random.default_rng(0)
        for _ in range(EPOCHS):
            order = chance.permutation(self.phrases)
            for at in range(0, len(order) - BATCH + 1, BATCH):
                phrases = order[at : at + BATCH]
                drawn = chance.choice(self.skills, min(DRAWN, len(self.skills)), replace=False)
                pool, places = np.unique(
                    np.concatenate([self.owners[phrases], drawn]), return_inverse=True
                )
                yield phrases, pool, places[:BATCH]

    def rows(
        self, kind: int, pool: Places, phrases: Places
    ) -> tuple[Places, NDArray[np.bool_], NDArray[np.bool_]]:
        """(n, m) rows of the skills; (b, n, m) whether each is there; (b, n) has the phrase.

        No phrase is compared with itself, nor with the same of another skill.
        """
        rows = self._padded[kind][pool]
        is_there = np.repeat((rows >= 0)[None], len(phrases), axis=0)
        rows = np.maximum(rows, 0)
        has = np.zeros(is_there.shape[:2], np.bool_)
        if kind == EXAMPLE:
            same = (self.sentences[rows][None] == self.sentences[phrases][:, None, None]) & is_there
            is_there &= ~same
            has = same.any(-1)
        return rows, is_there, has


def _padded(store: Store, kind: int) -> Places:
    """(skills, m) the rows of a kind, -1 where there are no more."""
    found = np.full((len(store.skills), MOST[kind]), -1, np.intp)
    counts: Any = np.zeros(len(store.skills), np.intp)
    for row in np.flatnonzero(store.kinds == kind):
        owner = store.owners[row]
        if counts[owner] < MOST[kind]:
            found[owner, counts[owner]] = row
            counts[owner] += 1
    return found


def _short(maps: Floats) -> Turning:
    """The main directions of what was learnt."""
    left, lengths, right = np.linalg.svd(maps)
    down = left[:, :, :RANK] * lengths[:, None, :RANK]
    up = np.swapaxes(right[:, :RANK], 1, 2)
    return Turning(np.ascontiguousarray(down), np.ascontiguousarray(up))
