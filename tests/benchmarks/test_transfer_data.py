from __future__ import annotations

from benchmarks.transferring.data import Target, for_tuning, stratified, subsample, token_spans
from benchmarks.transferring.sources import GROUPS, without

from sayso.types.lessons import Label, Span
from sayso.types.skills import Language


def label(text: str, intent: str = "a") -> Label:
    return Label(text, "s", intent, "en-US")


def target(id: str, utterances: int, kind: str = "alexa") -> Target:
    train = [label(f"{id} {number}") for number in range(utterances)]
    return Target(id, kind, Language("en-US"), (), [(train, train)])


def test_a_smaller_subsample_is_part_of_a_larger_one() -> None:
    labels = [label(str(number), "ab"[number % 2]) for number in range(20)]
    small, large = subsample(labels, 2), subsample(labels, 5)
    assert len(small) == 4
    assert set(small) < set(large)


def test_sizes_that_give_the_same_utterances_are_measured_once() -> None:
    assert target("x", 7).sizes(0, (5, 10, 25, None)) == [5, 7]


def test_a_stratified_sample_takes_small_and_large_skills_of_every_kind() -> None:
    skills = [target(f"{kind}{n}", n, kind) for kind in ("alexa", "rasa") for n in range(1, 11)]
    chosen = stratified(skills, 4)
    assert [x.kind for x in chosen] == ["alexa", "alexa", "rasa", "rasa"]
    assert stratified(skills, None) == stratified(skills, 99)


def test_about_one_skill_in_five_is_for_tuning() -> None:
    share = sum(for_tuning(f"skill {number}") for number in range(1000)) / 1000
    assert 0.15 < share < 0.25


def test_tags_of_tokens_become_characters_of_the_text() -> None:
    tokens, tags = ["play", "free", "jazz", "now"], ["O", "B-what", "I-what", "B-when"]
    spans = token_spans("play free jazz now", tokens, tags)
    assert spans == (Span("what", 5, 14), Span("when", 15, 18))


def test_sources_of_the_targets_group_and_texts_of_its_test_are_left_out() -> None:
    sources = {"slurp": [label("a")], "clinc150": [label("Secret"), label("b"), label("c")]}
    kept = without(sources, ["hwu64"], {"secret"})
    assert {name: [x.text for x in some] for name, some in kept.items()} == {"clinc150": ["b", "c"]}


def test_hwu_slurp_and_massive_count_as_one_set() -> None:
    assert GROUPS["hwu64"] == GROUPS["slurp"] == GROUPS["massive_th"]


def test_rare_intents_of_a_source_teach_slots_alone() -> None:
    sources = {"clinc150": [*map(label, "abc"), label("d", "rare")]}
    assert [x.intent for x in without(sources, ["snips"], set())["clinc150"]] == ["a", "a", "a", ""]
