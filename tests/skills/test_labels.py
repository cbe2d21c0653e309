from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sayso.skills.builtin_types import values
from sayso.skills.labels import answers, labels
from sayso.types.lessons import Label
from sayso.types.skills import Intent, Language, Skill, Slot, SlotType, TypeValue

COLORS = SlotType("COLOR", (TypeValue("red", synonyms=("crimson",)), TypeValue("sea  green")))


def _skill(
    *samples: str, locale: str = "en-US", kind: str = "COLOR", said: Sequence[str] = ()
) -> Skill:
    extra = {"$": {"said": list(said)}} if said else {}
    slots = (Slot("c", kind, ("in {c}",), extra=extra), Slot("n", "AMAZON.NUMBER"))
    language = Language(locale, "x", intents=(Intent("A", samples, slots),), types=(COLORS,))
    return Skill("x", "X", languages=(language,))


def _values(found: list[Label]) -> set[str]:
    return {label.text[span.start : span.end] for label in found for span in label.spans}


def test_slots_are_filled_and_marked() -> None:
    found = labels(_skill("paint it {c} with {n} coats"), "en-US")
    assert len(found) == 3
    for label in found:
        assert (label.skill, label.intent, label.locale) == ("x", "A", "en-US")
        assert label.template == "paint it {c} with {n} coats"
        color, count = (label.text[span.start : span.end] for span in label.spans)
        assert label.text == f"paint it {color} with {count} coats"
        assert color in {"red", "crimson", "sea green"}
        assert count in values("AMAZON.NUMBER", "en-US")


def test_a_sample_without_slots_gives_itself_once() -> None:
    assert [label.text for label in labels(_skill("start over", "start over"), "en-US")] == [
        "start over"
    ]


def test_texts_are_what_a_person_would_say() -> None:
    samples = ("  paint\u00a0 it  {c} ", "{n}{c}", "{c}'s {unknown} side}", "\uff50aint\x07 {n}")
    found = labels(_skill(*samples), "en-US", per_sample=5)
    for label in found:
        assert label.text == " ".join(label.text.split())
        assert not set("{}\x07") & set(label.text)
        for span in label.spans:
            value = label.text[span.start : span.end]
            assert value == value.strip()
    assert any(label.text.startswith("paint it ") for label in found)
    assert any(label.text.endswith("'s unknown side") for label in found)


def test_two_values_stand_apart_where_words_do() -> None:
    apart = labels(_skill("{n}{c}"), "en-US")
    assert all(label.spans[0].end + 1 == label.spans[1].start for label in apart)
    joined = labels(_skill("{n}{c}", locale="ja-JP"), "ja-JP")
    assert all(label.spans[0].end == label.spans[1].start for label in joined)


def test_the_same_seed_gives_the_same_texts() -> None:
    skill = _skill("paint it {c} {n} times", "{n} coats of {c}")
    assert labels(skill, "en-US", seed=1) == labels(skill, "en-US", seed=1)
    assert labels(skill, "en-US", seed=1) != labels(skill, "en-US", seed=2)


def test_every_value_is_said_before_any_comes_again() -> None:
    kind = SlotType("COLOR", tuple(TypeValue(f"tone {n}") for n in range(30)))
    language = replace(_skill("paint it {c}").languages[0], types=(kind,))
    found = labels(Skill("x", "X", languages=(language,)), "en-US", per_sample=30)
    assert len(_values(found)) == 30


def test_a_huge_catalogue_is_sampled_never_enumerated() -> None:
    kind = SlotType("COLOR", tuple(TypeValue(f"tone {n}") for n in range(200_000)))
    samples = tuple(f"take {{c}} and {{c}} and {{c}} {n}" for n in range(50))
    language = replace(_skill(*samples).languages[0], types=(kind,))
    assert len(labels(Skill("x", "X", languages=(language,)), "en-US")) == 150


def test_a_limit_gives_every_sample_its_turn() -> None:
    found = labels(_skill("paint {c}", "color {c}", "tint {c}", "stop"), "en-US", limit=5)
    assert Counter(label.template for label in found) == {
        "paint {c}": 2,
        "color {c}": 1,
        "tint {c}": 1,
        "stop": 1,
    }


def test_values_remembered_from_early_samples_are_said() -> None:
    skill = _skill("call {c}", kind="AMAZON.LITERAL", said=["bob", "ann"])
    assert _values(labels(skill, "en-US", per_sample=10)) == {"bob", "ann"}


def test_a_type_that_extends_a_built_in_one_says_both() -> None:
    own = SlotType("AMAZON.Color", (TypeValue("mauve glow"),))
    skill = _skill("paint {c}", kind="AMAZON.Color")
    language = replace(skill.languages[0], types=(own,))
    said = _values(labels(replace(skill, languages=(language,)), "en-US", per_sample=200))
    assert {"mauve glow", "red"} <= said


def test_a_type_without_values_is_free_text() -> None:
    skill = _skill("note {c}", kind="CATALOGUE_ELSEWHERE")
    assert _values(labels(skill, "en-US")) <= set(values("AMAZON.SearchQuery", "en-US"))


def test_a_near_locale_serves_and_a_foreign_one_gives_nothing() -> None:
    assert labels(_skill("stop"), "en-GB")[0].locale == "en-US"
    assert labels(_skill("stop"), "fr-FR") == []
    assert answers(_skill("stop"), "fr-FR") == {}


def test_answers_are_bare_values_and_slot_samples() -> None:
    found = answers(_skill("paint {c}"), "en-US")
    texts = {label.text for label in found["A", "c"]}
    assert texts <= {f"{lead}{color}" for lead in ("", "in ") for color in _COLORS}
    assert {text.startswith("in ") for text in texts} == {True, False}
    assert all(label.spans for label in found["A", "n"])


_COLORS = ("red", "crimson", "sea green")
