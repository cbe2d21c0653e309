from __future__ import annotations

import pytest

from sayso.types.lessons import LabelSource
from sayso.types.skills import Intent, Language
from sayso.understanding.hints import hints, spelled_out


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ListFavoritesIntent", "list favorites"),
        ("GetHTTPStatus_Intent", "get http status"),
        ("set_alarm2", "set alarm"),
        ("Intent", ""),
    ],
)
def test_names_are_spelled_out(name: str, words: str) -> None:
    assert spelled_out(name) == words


def test_names_that_say_nothing_of_their_own_give_no_hint() -> None:
    names = ("PlayIntent", "Play2Intent", "AMAZON.StopIntent", "IntentOne", "EmptyIntent")
    intents = [Intent(name, samples=("x",)) for name in names[:-1]] + [Intent(names[-1])]
    given = hints("radio", Language("en-US", intents=intents))
    assert [(hint.text, hint.intent) for hint in given] == [("one", "IntentOne")]
    assert given[0].source is LabelSource.NAME
