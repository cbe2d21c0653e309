"""How far a sentence is, to the letter, what a skill says it takes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from sayso.understanding.contenders import Contender
from sayso.understanding.grammars import Accepted
from sayso.understanding.heard import hear
from sayso.understanding.known import Said, framed
from tests.dialogue.nouns import context
from tests.dialogue.test_said import HELD


def contender(**likely: Any) -> Contender:
    made = SimpleNamespace(
        held=HELD, examples=HELD.examples, intent="See", likely=SimpleNamespace(**likely)
    )
    return cast(Contender, made)


@pytest.mark.parametrize("free", [0.0, 0.25])
def test_a_template_explains_what_its_slots_of_any_words_leave(free: float) -> None:
    accepted = Accepted("See", (), free)
    said = Said("put it all on the board", is_sample=False)
    heard = hear("put it all on the board", None)
    assert framed(heard, said, contender(accepted=accepted), context()) == 1.0 - free


def test_what_is_a_sample_as_it_is_is_no_template() -> None:
    said = Said("put it all on the board", is_sample=True)
    heard = hear("put it all on the board", None)
    assert framed(heard, said, contender(accepted=Accepted("See", (), 0.0)), context()) == 0.0
