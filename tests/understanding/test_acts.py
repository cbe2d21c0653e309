from __future__ import annotations

from sayso.understanding.acts import acts


def test_ways_to_say_yes_share_a_feature_that_no_has_not() -> None:
    yes, yep, no = (set(acts(text, "en-US").tolist()) for text in ("Yes!", "yep", "nope"))
    assert yes & yep
    assert no
    assert not (yes | yep) & no


def test_it_takes_the_whole_sentence() -> None:
    assert not len(acts("yes set the alarm", "en-US"))
    assert not len(acts("", "en-US"))


def test_every_tongue_has_its_own_phrases() -> None:
    assert set(acts("ja", "de-DE").tolist()) == set(acts("jawohl", "de-AT").tolist()) != set()
    assert not len(acts("yes", "xx-XX"))
