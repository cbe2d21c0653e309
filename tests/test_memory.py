"""What is loaded, and Python's collector."""

from __future__ import annotations

import gc

from sayso.memory import settle


def test_what_is_loaded_is_not_looked_at_again_by_the_collector() -> None:
    before = gc.get_freeze_count()
    try:
        settle()
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
