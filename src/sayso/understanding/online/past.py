"""A person's own turns, as the log has them -> their requests, and what they took back.

No verdict is waited for: a request counts that was acted on and was neither taken back, nor broken
off, nor said again at once in other words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from sayso.types.lessons import LoggedTurn
from sayso.types.readings import Basis, Outcome
from sayso.understanding.fold import fold
from sayso.understanding.online.entries import Entry, Undone
from sayso.understanding.online.sounds import alike, grams

AGAIN_S = 45.0  # within which a request that is much alike is the same one, said again
_ALIKE = 0.4  # from which on it is: share of runs of sounds
_BARGED_MS = 1500.0  # into a reply; who has heard that much of it may have heard enough
_PLAYED_S = 10.0  # that something must run to have been wanted


def own_requests(turns: Sequence[LoggedTurn]) -> list[Entry]:
    """The requests of one person, one a text, from their turns in the order of time."""
    well = [
        turn
        for turn, after in zip(turns, (*turns[1:], None), strict=False)
        if went_well(turn, after)
    ]
    by_words: dict[str, list[LoggedTurn]] = defaultdict(list)
    for turn in well:
        by_words[fold(turn.text)].append(turn)
    return [_entry(words, same) for words, same in by_words.items() if words]


def went_well(turn: LoggedTurn, after: LoggedTurn | None) -> bool:
    """Whether nothing speaks against a turn; after: the same person's next one."""
    if turn.outcome != Outcome.ACT or turn.basis not in (Basis.WORDS, Basis.NAMED, Basis.TRIAL):
        return False
    if turn.skill is None or turn.failed or turn.undone or turn.helpful is False:
        return False
    if turn.barge_in_ms is not None and turn.barge_in_ms < _BARGED_MS:
        return False
    if turn.played_s is not None and turn.played_s < _PLAYED_S:
        return False
    return after is None or not _said_again(turn, after)


def undone(turns: Iterable[LoggedTurn]) -> Undone:
    """What one person took back of what was read in place of what they said."""
    pairs = {(fold(turn.said), fold(turn.text)) for turn in turns if turn.undone and turn.rewrite}
    return Undone(frozenset(pairs))


def _said_again(turn: LoggedTurn, after: LoggedTurn) -> bool:
    gap_s = (after.at - turn.at).total_seconds()
    if after.conversation != turn.conversation or gap_s > AGAIN_S:
        return False
    if after.said == turn.said:
        return True
    return alike(grams(fold(turn.said)), grams(fold(after.said))) >= _ALIKE


def _entry(words: str, turns: Sequence[LoggedTurn]) -> Entry:
    (skill, intent, slots), _ = Counter(
        (turn.skill or "", turn.intent or "", turn.slots) for turn in turns
    ).most_common(1)[0]
    return Entry(
        words,
        turns[-1].text,
        skill,
        intent,
        slots,
        turns=len(turns),
        side_effects=any(turn.side_effects for turn in turns),
        devices=tuple(sorted({turn.device_type for turn in turns})),
        last_s=turns[-1].at.timestamp(),
    )
