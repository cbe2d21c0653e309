"""Count which letters recognisers put for which: `src/sayso/understanding/misheard.tsv`.

    python scripts/make_misheard.py DATA

DATA/asr holds what recognisers guessed. Words that stand one for one in the same place of the two
best guesses are laid side by side, letter by letter.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from sayso.training.pretraining.sources import SOURCES

OUT = Path(__file__).resolve().parents[1] / "src/sayso/understanding/misheard.tsv"
SETS = ("dstc10_track2", "evi")
HEAD = """\
# Letters, what recognisers put for them, and how often: scripts/make_misheard.py.
# Counted in the guesses of DSTC10 track 2 (Kim et al. 2021, Amazon.com; Apache 2.0) and of EVI
# (Spithourakis et al. 2022, PolyAI; CC BY 4.0).
"""
MOST = 160
LEAST_ALIKE = 0.5  # words that share less are other words, not misheard ones
LONGEST = 2  # letters


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    counts: Counter[tuple[str, str]] = Counter()
    for source in SOURCES:
        for guess in source.read(data) if source.name in SETS else ():
            for pair in words_between(guess.text, guess.paraphrase or guess.text):
                counts.update(letters_between(*pair))
    rows = [f"{said}\t{heard}\t{count}" for (said, heard), count in counts.most_common(MOST)]
    OUT.write_text(HEAD + "\n".join(sorted(rows)) + "\n", encoding="utf-8")
    print(f"{OUT.name}: {len(rows)} changes")


def words_between(one: str, other: str) -> Iterator[tuple[str, str]]:
    """Words of two guesses that stand for one another, both ways round."""
    ours, theirs = one.lower().split(), other.lower().split()
    for a, b in replaced(ours, theirs):
        if len(a) == len(b) == 1 and a[0].isalpha() and b[0].isalpha():
            yield from ((a[0], b[0]), (b[0], a[0]))


def letters_between(one: str, other: str) -> Iterator[tuple[str, str]]:
    """Letters of two words that stand for one another; none where some were put in."""
    if SequenceMatcher(None, one, other, autojunk=False).ratio() >= LEAST_ALIKE:
        for a, b in replaced(one, other):
            if max(len(a), len(b)) <= LONGEST and one.isascii() and other.isascii():
                yield "".join(a), "".join(b)


def replaced(
    one: Sequence[str], other: Sequence[str]
) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """The parts in which two sequences differ."""
    codes = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    yield from ((one[a:b], other[c:d]) for code, a, b, c, d in codes if code != "equal")


if __name__ == "__main__":
    main()
