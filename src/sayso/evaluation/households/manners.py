"""How simulated people are: every parameter, none of them chosen by what a learner makes of it.

Where a figure is known it is near it: people say a failed request again about two times of three,
in other words rather than in the same ones (Jiang et al. 2013, SIGIR, on voice search; Ponnusamy et
al. 2020, arXiv:1911.02557, on an assistant), most within 45 seconds; a defect is cut short more
often than a success; few say thanks.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sayso.evaluation.households.mishearing import Ears


@dataclass(frozen=True, slots=True)
class Manners:
    """What people do; probabilities unless said. Medians have a log-normal spread.

    requests: goals of a person a day; busy: spread of it among people (standard deviation of log).
    skills: fewest and most that a person uses; keen: spread of how much each intent is liked.
    wording: exponent of the Zipf law over phrasings; own_wording: spread of a person's liking.
    taste: spread of a person's liking of values; fame: exponent of the Zipf law over values.
    minds: how much more a phrasing is chosen after it worked; shuns: after it did not.
    fickle: chance that a person's tastes change on a day; grows: that habits shift by then.
    beyond: of goals that no skill serves.
    misspeaks: says another value than is meant.
    notices: that a wrong deed is noticed; barges: cuts a wrong reply short; fidgets: a right one.
    retries: tries again, the first time; tires: factor on it for each further time.
    repeats: of retries in the very words; stops: says stop before; complains: says it was wrong.
    thanks, undoes: says so after success; takes it back on a screen after a wrong deed.
    follows: same intent, other slots, right after; moves: another goal right after.
    again: asks for the same once more though it was done.
    asked: is asked "did I answer your question?"; honest: answers it truly.
    fails: of back-ends. retry_s, next_s: median seconds before a retry, before the next goal.
    played_s, cut_s: median seconds that music is left on when right, when wrong.
    own_account: people who have an account; the others share the household's.
    """

    requests: float = 7.0
    busy: float = 0.6
    skills: tuple[int, int] = (7, 15)
    keen: float = 1.0
    wording: float = 1.1
    own_wording: float = 0.8
    taste: float = 1.2
    fame: float = 0.9
    minds: float = 2.0
    shuns: float = 0.5
    fickle: float = 0.05
    beyond: float = 0.03
    misspeaks: float = 0.01
    notices: float = 0.92
    barges: float = 0.35
    fidgets: float = 0.03
    retries: float = 0.70
    tires: float = 0.75
    repeats: float = 0.35
    stops: float = 0.10
    complains: float = 0.03
    thanks: float = 0.04
    undoes: float = 0.03
    follows: float = 0.10
    moves: float = 0.20
    again: float = 0.01
    asked: float = 0.01
    honest: float = 0.95
    fails: float = 0.003
    retry_s: float = 6.0
    retry_spread: float = 0.8
    next_s: float = 25.0
    next_spread: float = 0.7
    played_s: float = 180.0
    cut_s: float = 9.0
    own_account: float = 0.7
    ears: Ears = field(default_factory=Ears)


SIZES = {1: 0.28, 2: 0.35, 3: 0.16, 4: 0.15, 5: 0.06}  # share of households, as in a census
DEVICES = ("speaker", "speaker", "screen", "phone", "car")
ROOMS = ("kitchen", "living room", "bedroom", "hallway", "office")
