"""A request that failed becomes an example of what worked when it was put another way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.labels.aligned import placed
from sayso.labels.paraphrased import Paraphrase, Projected, paraphrased
from sayso.types.lessons import Label, LabelSource, Span

WELL = "play some jazz in the kitchen"
PAIR = Paraphrase(
    failed="let me hear jazz while i am at the kitchen table",
    well=WELL,
    skill="music",
    intent="Play",
    spans=placed(WELL, [("genre", "jazz"), ("room", "kitchen")]) or (),
    locale="en-US",
    users=frozenset(range(4)),
    same=0.9,
    failed_well=0.1,
    went_well=0.9,
)


def reason(pair: Paraphrase, **changed: object) -> str:
    found = paraphrased([replace(pair, **changed)])  # type: ignore[arg-type]
    assert not found.labels
    (only,) = found.dropped
    return only


def test_slots_and_intent_are_copied_with_a_weight() -> None:
    (label,) = paraphrased([PAIR]).labels
    assert (label.skill, label.intent, label.source) == ("music", "Play", LabelSource.LOG)
    assert [(s.name, label.text[s.start : s.end]) for s in label.spans] == [
        ("genre", "jazz"),
        ("room", "kitchen"),
    ]
    assert label.weight == pytest.approx(4 / 5 * 0.9 * 0.9 * 0.9)


def test_people_who_say_it_in_other_forms_and_ways_count_together() -> None:
    well = "jazz in the kitchen please"
    other = replace(
        PAIR,
        failed=PAIR.failed.capitalize() + ".",
        well=well,
        spans=placed(well, [("genre", "jazz"), ("room", "kitchen")]) or (),
        users=frozenset({1, 3}),
    )
    (label,) = paraphrased([replace(PAIR, users=frozenset({1, 2})), other]).labels
    assert label.weight == pytest.approx(3 / 5 * 0.9**3)


def test_people_who_put_other_values_in_the_same_form_count_together() -> None:
    pairs = [
        replace(
            PAIR,
            failed=PAIR.failed.replace("jazz", genre),
            well=WELL.replace("jazz", genre),
            spans=placed(WELL.replace("jazz", genre), [("genre", genre)]) or (),
            users=frozenset({person}),
        )
        for person, genre in enumerate(("jazz", "soul", "folk"))
    ]
    assert not paraphrased(pairs[:2]).labels
    assert paraphrased(pairs) == Projected([], {"few people": 3}), "each value is one person's own"
    many = frozenset(range(10, 15))
    common = [
        replace(PAIR, failed=f"i fancy {genre}", well=f"put on {genre}", spans=spans, users=many)
        for genre in ("jazz", "soul")
        for spans in [placed(f"put on {genre}", [("genre", genre)]) or ()]
    ]
    taught = [x.text.split()[3] for x in paraphrased([*pairs, *common]).labels if "table" in x.text]
    assert taught == ["jazz", "soul"]
    alone = [replace(pair, users=frozenset({7})) for pair in pairs]
    assert paraphrased(alone) == Projected([], {"few people": 3})


def test_why_a_pair_teaches_nothing_is_told() -> None:
    assert reason(PAIR, users=frozenset({1, 2})) == "few people"
    assert reason(PAIR, went_well=0.5) == "unsure"
    assert reason(PAIR, failed_well=0.6) == "unsure"
    assert reason(PAIR, failed=WELL.upper()) == "same words"
    assert reason(PAIR, failed="play some chess in the kitchen") == "no place"
    assert reason(PAIR, failed="play some jass in the kitchen") == "misheard"
    assert reason(PAIR, failed="dont let me hear jazz near the kitchen") == "opposite"
    assert reason(PAIR, well="wake me at 7", failed="alarm at eight", spans=()) == "opposite"


def test_people_who_mean_different_things_teach_nothing() -> None:
    other = replace(PAIR, intent="Search")
    assert paraphrased([PAIR, other]) == Projected([], {"contradictory": 2})


def test_a_few_who_mean_something_else_do_not_outvote_many() -> None:
    other = replace(PAIR, intent="Search", users=frozenset({1, 2, 3}))
    (label,) = paraphrased([replace(PAIR, users=frozenset(range(20))), other]).labels
    assert label.intent == "Play"


def test_a_request_without_slots_needs_no_places() -> None:
    pair = replace(PAIR, well="whats the time", failed="how late is it", spans=(), intent="Time")
    assert paraphrased([pair]).labels == [
        Label("how late is it", "music", "Time", "en-US", (), None, LabelSource.LOG, 4 / 5 * 0.9**3)
    ]


def test_places_are_in_the_form_that_most_people_said() -> None:
    loud = replace(PAIR, failed=f"  {PAIR.failed}", users=frozenset(range(9)))
    (label,) = paraphrased([PAIR, loud]).labels
    assert label.text == loud.failed
    assert label.spans[0] == Span("genre", loud.failed.index("jazz"), loud.failed.index("jazz") + 4)
