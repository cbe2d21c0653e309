"""Rewrites as a population: each has come so far, and goes on, or goes, by what is known of it.

    mined -> proposed -> shadow -> canary -> live -> retired

Every step is taken by a rule that stands here, with its reason written into the rewrite. What a
person ruled out never comes back by itself, nor what was found to be worse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

from sayso.rewriting.trials import SURE
from sayso.types.lessons import Evidence, Rewrite, RewriteState, Trial

WORSE = "it was worse than what was said"
DENIED = "ruled out"
APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Mined:
    """What mining says of a rewrite: it passes, or `barred` says by which gate it does not."""

    language: str
    said: str
    meant: str
    evidence: Evidence
    barred: str = ""

    @property
    def id(self) -> str:
        """The same for the same rewrite, whoever mines it."""
        return id_of(self.language, self.said, self.meant)


@dataclass(frozen=True, slots=True)
class Rules:
    """approval: a person must approve each rewrite before it is applied to anybody.

    plain: lower bound of what it gains from which on it is tried at once; below, it spends a run in
        the shadow first.
    """

    approval: bool = False
    plain: float = 0.2


def id_of(language: str, said: str, meant: str) -> str:
    """Twelve hex digits."""
    return blake2b("\0".join((language, said, meant)).encode(), digest_size=6).hexdigest()


def advance(
    population: Sequence[Rewrite],
    mined: Sequence[Mined],
    trials: Mapping[str, Trial],
    denied: frozenset[str],
    *,
    rules: Rules,
    now: datetime,
    version: str,
) -> list[Rewrite]:
    """The population after a run. trials: by rewrite; denied: ids that people ruled out.

    One rewrite of a request at most is served. Twice the same run changes nothing the second time,
    but for what was in the shadow, and a canary whose trial has come to an end.
    """
    found = {each.id: each for each in mined}
    known = {each.id: each for each in population}
    after = [
        _next(each, found.get(each.id), trials.get(each.id, each.trial)) for each in population
    ]
    after += [
        _new(each, now, version) for each in mined if not each.barred and each.id not in known
    ]
    after = [each if each.id not in denied else _retired(each, DENIED) for each in after]
    after = _one_each([_step(each, rules) for each in after])
    return [_dated(known.get(each.id), each, now, version) for each in after]


def _new(mined: Mined, now: datetime, version: str) -> Rewrite:
    return Rewrite(
        mined.id,
        mined.language,
        mined.said,
        mined.meant,
        RewriteState.PROPOSED,
        mined.evidence,
        now,
        version,
        "people say it again so",
    )


def _next(rewrite: Rewrite, mined: Mined | None, trial: Trial) -> Rewrite:
    """A known rewrite with what is known of it now; retired where that speaks against it."""
    if mined is not None:
        rewrite = replace(rewrite, evidence=mined.evidence)
    rewrite = replace(rewrite, trial=trial)
    if rewrite.state is RewriteState.RETIRED:
        lasting = rewrite.reason in (WORSE, DENIED)
        if lasting or mined is None or mined.barred:
            return rewrite
        return replace(rewrite, state=RewriteState.PROPOSED, reason="people say it again so")
    if trial.worse >= SURE:
        return _retired(rewrite, WORSE)
    if mined is None:
        return _retired(rewrite, "too few people say it now")
    if mined.barred:
        return _retired(rewrite, mined.barred)
    return rewrite


def _step(rewrite: Rewrite, rules: Rules) -> Rewrite:
    """One step forward where the rules allow it."""
    gain = rewrite.evidence.after_low - rewrite.evidence.before_high
    match rewrite.state:
        case RewriteState.PROPOSED if not rules.approval:
            if gain >= rules.plain:
                return replace(rewrite, state=RewriteState.CANARY, reason="plainly better")
            return replace(rewrite, state=RewriteState.SHADOW, reason="better, not by much")
        case RewriteState.SHADOW if gain > 0:
            return replace(rewrite, state=RewriteState.CANARY, reason="better a run later, too")
        case RewriteState.CANARY if rewrite.trial.better >= SURE:
            return replace(rewrite, state=RewriteState.LIVE, reason="better where it was tried")
        case _:
            return rewrite


def _retired(rewrite: Rewrite, reason: str) -> Rewrite:
    if rewrite.state is RewriteState.RETIRED and rewrite.reason in (WORSE, DENIED):
        return rewrite
    return replace(rewrite, state=RewriteState.RETIRED, reason=reason)


_ORDER = (RewriteState.LIVE, RewriteState.CANARY, RewriteState.SHADOW, RewriteState.PROPOSED)


def _one_each(rewrites: Sequence[Rewrite]) -> list[Rewrite]:
    """Of several rewrites of one request the farthest goes on; the others are retired."""
    chosen: dict[tuple[str, str], Rewrite] = {}
    serving = [each for each in rewrites if each.state is not RewriteState.RETIRED]
    for each in sorted(serving, key=lambda x: (_ORDER.index(x.state), -x.evidence.lift, x.id)):
        chosen.setdefault((each.language, each.said), each)
    stay = {each.id for each in chosen.values()}
    return [
        each
        if each.id in stay or each.state is RewriteState.RETIRED
        else _retired(each, "another rewrite of it is better")
        for each in rewrites
    ]


def _dated(before: Rewrite | None, after: Rewrite, now: datetime, version: str) -> Rewrite:
    """`since` and `version` are those of the run that changed the state."""
    if before is not None and before.state is after.state:
        return replace(after, since=before.since, version=before.version)
    return replace(after, since=now, version=version)
