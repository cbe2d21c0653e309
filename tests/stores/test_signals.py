from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sayso.stores.store import Store
from sayso.types.lessons import Signal, SignalKind
from sayso.types.readings import Rewriting, Utterance
from tests.stores.nouns import NOW, a_turn
from tests.stores.test_rows import logged

LATER = NOW + timedelta(hours=1)


def barged(value: float = 800.0, *, turn: int = 1, seconds: float = 0.0) -> Signal:
    at = NOW + timedelta(seconds=seconds)
    return Signal("ana", "kitchen", turn, SignalKind.BARGE_IN, value, at)


def kept(store: Store) -> list[tuple[str, float]]:
    return [(str(each.kind), each.value) for each in store.signals.of_turn("ana", "kitchen", 1)]


def test_a_signal_is_kept_with_its_turn_and_sending_it_twice_is_no_harm(store: Store) -> None:
    logged(store, a_turn())
    for _ in range(2):
        assert store.signals.keep([barged()], LATER) == [True]
    assert store.signals.of_turn("ana", "kitchen", 1) == [barged()]


def test_a_signal_of_no_turn_is_told_and_the_others_are_kept(store: Store) -> None:
    logged(store, a_turn())
    others = replace(barged(), user="ben"), replace(barged(), conversation="attic")
    signals = [barged(turn=9), barged(), *others]
    assert store.signals.keep(signals, LATER) == [False, True, False, False]
    assert kept(store) == [("barge_in", 800.0)]
    assert store.signals.of_turn("ben", "kitchen", 1) == []


def test_of_several_the_latest_by_the_clients_clock_stays_whatever_their_order(
    store: Store,
) -> None:
    logged(store, a_turn())
    store.signals.keep([barged(2, seconds=2), barged(1, seconds=1)], LATER)
    assert kept(store) == [("barge_in", 2)]
    store.signals.keep([barged(1, seconds=1)], LATER)  # it comes late
    assert kept(store) == [("barge_in", 2)]
    store.signals.keep([barged(3, seconds=3)], LATER)
    assert kept(store) == [("barge_in", 3)]


def test_a_clock_that_is_ahead_does_not_silence_what_comes_later(store: Store) -> None:
    logged(store, a_turn())
    store.signals.keep([barged(1, seconds=1e9)], NOW)
    store.signals.keep([barged(2, seconds=5)], LATER)
    assert kept(store) == [("barge_in", 2)]
    (signal,) = store.signals.of_turn("ana", "kitchen", 1)
    assert signal.at <= LATER


def rewritten(arm: str) -> Utterance:
    return Utterance(
        "Wake me at sicks", "wake me at six", (), Rewriting("r1", "wake me at sicks", "x", arm)
    )


def test_a_rewrite_that_is_undone_is_remembered_for_the_person_alone(store: Store) -> None:
    logged(store, replace(a_turn(), utterance=rewritten("applied")))
    undone = replace(barged(1), kind=SignalKind.UNDONE)
    for _ in range(2):
        store.signals.keep([undone], LATER)
    assert store.signals.taken_back("ana") == [("wake me at sicks", "wake me at six")]
    assert store.signals.taken_back("ben") == []


def test_what_was_not_rewritten_is_undone_without_a_lesson(store: Store) -> None:
    logged(store, replace(a_turn(), utterance=rewritten("held_out")))
    store.signals.keep([replace(barged(1), kind=SignalKind.UNDONE)], LATER)
    assert store.signals.taken_back("ana") == []


def test_signals_and_what_was_taken_back_belong_to_the_person(store: Store) -> None:
    logged(store, a_turn())
    store.signals.keep([barged()], LATER)
    store.signals.take_back("ana", "wake me at sicks", "wake me at six", NOW)
    assert {"signals", "undone"} <= store.rows_of("ana").keys()
    store.delete_rows_of("ana")
    assert store.rows_of("ana") == {}
    assert store.signals.taken_back("ana") == []
