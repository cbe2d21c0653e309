"""What a sentence says of the open question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from sayso.dialogue import awaited
from sayso.dialogue.awaited import words_for
from sayso.dialogue.said import Said, said_of
from sayso.understanding.heard import hear
from tests.dialogue.test_answers import INSTALLED, awaiting_slot


def test_it_is_read_once_a_turn_and_anew_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Sequence[Any]] = []

    def counted(*given: Any, **how: Any) -> Said:
        read.append(given)
        return said_of(*given, **how)

    monkeypatch.setattr(awaited, "said_of", counted)
    before, kitchen = awaiting_slot("dish"), INSTALLED["kitchen"]
    awaiting = before.awaiting
    assert awaiting is not None
    heard = hear("soup", None)
    first = words_for(heard, awaiting, kitchen, before)
    assert words_for(heard, awaiting, kitchen, before) is first
    assert len(read) == 1
    words_for(heard, awaiting, kitchen, replace(before, user="another"))
    words_for(hear("soup", None), awaiting, kitchen, before)
    assert len(read) == 3
