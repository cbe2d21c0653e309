"""A function over batches gives the same, here or in other processes."""

from __future__ import annotations

import pytest

from sayso.events.batches import FEW, mapped


def doubled(batch: list[int]) -> list[int]:
    return [2 * each for each in batch]


def broken(batch: list[int]) -> list[int]:
    raise ValueError(f"no {batch[0]}")


@pytest.mark.parametrize("many", [0, 1, FEW, 12])
@pytest.mark.parametrize("processes", [1, 2])
def test_each_batch_once_and_in_order(many: int, processes: int) -> None:
    assert list(mapped(doubled, ([at] for at in range(many)), processes)) == [
        [2 * at] for at in range(many)
    ]


@pytest.mark.parametrize("processes", [1, 2])
def test_what_goes_wrong_in_a_process_goes_wrong_here(processes: int) -> None:
    with pytest.raises(ValueError, match="no 0"):
        list(mapped(broken, ([at] for at in range(9)), processes))
