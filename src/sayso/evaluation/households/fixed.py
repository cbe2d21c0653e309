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
SPOKEN = "4a0bd3d15775c75c1bfd0228f0a36be92256bff54977592b379650bd04a14d59"


def fixed_hash() -> str:
    """Of every data file and every parameter."""
    hashed = sha256()
    for name in DATA:
        hashed.update(files("sayso.evaluation.households").joinpath(name).read_bytes())
    hashed.update(repr((Manners(), SIZES, DEVICES, ROOMS)).encode())
    return hashed.hexdigest()
