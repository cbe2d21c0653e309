"""What a home logs is what labels are made of."""

from __future__ import annotations

from datetime import UTC, datetime

from sayso.labels import project
from sayso.runtime.home import Home

NOW = datetime(2026, 5, 4, 7, tzinfo=UTC)


def test_people_who_name_a_skill_label_the_rest_of_their_words(home: Home) -> None:
    for user in ("ana", "ben", "zoe"):
        home.turn("ask egg timer when will it be done", user=user, now=NOW)
        home.turn("is the egg done yet", user=user, now=NOW)
    (label,) = project(home.store.interactions(), {"eggs": ["egg timer"]})
    assert (label.text, label.skill, label.intent) == ("when will it be done", "eggs", "Left")
    assert label.weight == 0.6
