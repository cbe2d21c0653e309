"""What was fixed before any learner was tuned: the parameters, phrasings and noise, by their hash.

A change of any of them changes `fixed_hash`, which a test compares with `FIXED`: who changes them
knows that results before and after do not compare, and says so beside the new hash.
"""

from __future__ import annotations

from hashlib import sha256
from importlib.resources import files

from sayso.evaluation.households.manners import DEVICES, ROOMS, SIZES, Manners

DATA = ("phrasings.yaml", "words.yaml", "heard.tsv")
# Of files and parameters; then of what a small town says on two days, for the code is fixed, too.
FIXED = "9547862d5c444923b8bc6e79cb107efedeb3afd645cd64f9e1ee704856ef5262"
# Until 2026-11-22 4a0bd3d1...: since then who asks again at "Really?" has not said yes, and a
# question that was not understood is asked once more. The people are the same. At home 16.85,
# 16.57, 15.86 % of requests go wrong on the first three days (seed 5); 16.87, 16.50, 15.98 before.
SPOKEN = "1721a3efad6ec11bbacfac84d67578e5d9fba5b0dae6a0b9f676f7b70c336f25"


def fixed_hash() -> str:
    """Of every data file and every parameter."""
    hashed = sha256()
    for name in DATA:
        hashed.update(files("sayso.evaluation.households").joinpath(name).read_bytes())
    hashed.update(repr((Manners(), SIZES, DEVICES, ROOMS)).encode())
    return hashed.hexdigest()
