"""How much what a skill has turned down before speaks against it for a sentence.

A negative label is a counter-example: a row as the skill's examples have one. It counts where the
sentence is nearly the same, and never against an example that is nearer: a skill may turn down
"the price of gold" and be right for "the price of silver".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NEAR = 0.8  # cosine from which on a counter-example counts; it counts in full at 1


def doubt(
    cosines: NDArray[np.float32], weights: NDArray[np.float32], nearest: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(n,) share of its chance that each counter-example's skill loses for a sentence, in [0, 1].

    cosines: (n,) of each counter-example; weights: (n,) of its label, in [-1, 0]; nearest: (n,)
    cosine of the nearest example of the same skill. A skill loses the largest share of its own.
    """
    share = np.clip((cosines - NEAR) / (1.0 - NEAR), 0.0, 1.0)
    lost: NDArray[np.float32] = np.where(cosines > nearest, -weights * share, 0.0)
    return lost.astype(np.float32)
