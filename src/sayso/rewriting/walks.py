"""Walks of people from request to request until one ends well or is given up: an absorbing chain.

After Ponnusamy et al. 2020, arXiv:1911.02557. From request i a walk goes on to request j, or ends,
well or badly. With Q the chances of going on and r those of ending well, N = (I - Q)^-1 counts the
visits to expect, and A_ij = N_ij r_j is the probability that a walk from i ends well with j as its
last request. No inverse is taken: a row of N is one sparse solve within a component of the graph.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

Floats = NDArray[np.float64]
PRIOR_VOTES = 2.0  # people that smoothing adds, who fare as people do on average
MOST_ROWS = 256  # right-hand sides that are solved for at a time, to bound memory


class GraphError(ValueError):
    """A walk may never end."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Votes of people: how many went from request to request, and how many ended where.

    moves: (n, n), sparse, an empty diagonal or not: who says the same again goes on, too.
    well, badly: (n,).
    """

    moves: sparse.csr_array
    well: Floats
    badly: Floats


@dataclass(frozen=True, slots=True)
class Chain:
    """Chances made of `Counts`. moves: (n, n), rows sum to less than 1; success: (n,)."""

    moves: sparse.csr_array
    success: Floats


def chain_of(counts: Counts) -> Chain:
    """Shares of votes, smoothed: a few more people per request, who end as people do on average.

    They make no moves, so smoothing invents no edge and every walk may end.
    """
    total = np.asarray(counts.moves.sum(axis=1)).ravel() + counts.well + counts.badly + PRIOR_VOTES
    ended = counts.well.sum() + counts.badly.sum()
    usual = float(counts.well.sum() / ended) if ended else 0.5
    moves = sparse.diags_array(1.0 / total) @ counts.moves
    return Chain(sparse.csr_array(moves), (counts.well + PRIOR_VOTES * usual) / total)


def success_after(chain: Chain, start: Sequence[int] | NDArray[np.int64]) -> sparse.csr_array:
    """Rows of A: the probability that a walk from a request ends well with j as its last.

    start: requests, k of them. Returns (k, n), sparse: nothing outside a request's component.
    Raises GraphError if a walk may never end.
    """
    n = len(chain.success)
    wanted = np.asarray(start, np.int64)
    rows: list[NDArray[np.int64]] = []
    columns: list[NDArray[np.int64]] = []
    values: list[Floats] = []
    for members in _components(chain, wanted):
        at = np.flatnonzero(np.isin(wanted, members))
        within = np.searchsorted(members, wanted[at])
        solved = _visits(chain.moves[members][:, members], within) * chain.success[members]
        k, j = np.nonzero(solved)
        rows.append(at[k])
        columns.append(members[j])
        values.append(solved[k, j])
    if not rows:
        return sparse.csr_array((len(wanted), n))
    shape = (len(wanted), n)
    found = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    return sparse.csr_array(found, shape=shape)


def _components(chain: Chain, wanted: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Weakly connected components that hold a wanted request; members in rising order."""
    _, belongs = connected_components(chain.moves, directed=False)
    order = np.argsort(belongs, kind="stable")
    bounds = np.searchsorted(belongs[order], np.arange(len(belongs) + 1))
    for component in np.unique(belongs[wanted]):
        yield order[bounds[component] : bounds[component + 1]]


def _visits(moves: sparse.csr_array, start: NDArray[np.int64]) -> Floats:
    """Rows of N = (I - Q)^-1: (k, m), for k requests of one component of m."""
    m = moves.shape[0]
    if np.any(np.asarray(moves.sum(axis=1)).ravel() > 1 + 1e-9):
        raise GraphError("more people leave a request than come to it; count votes again")
    system = sparse.csc_array(sparse.eye_array(m) - moves.T)
    try:
        factors = splu(system)
    except RuntimeError as error:  # SuperLU's word for a singular matrix
        raise GraphError("a walk may never end: a loop of requests has no way out") from error
    solved = np.empty((len(start), m))
    for first in range(0, len(start), MOST_ROWS):
        some = start[first : first + MOST_ROWS]
        ones = np.zeros((m, len(some)))
        ones[some, np.arange(len(some))] = 1.0
        solved[first : first + len(some)] = factors.solve(ones).T
    if not np.all(np.isfinite(solved)):
        raise GraphError("a walk may never end: a loop of requests has no way out")
    return solved
