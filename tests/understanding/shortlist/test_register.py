"""A register on disk answers as memory does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from sayso.bundle import Segment
from sayso.errors import BundleError
from sayso.types.readings import Utterance
from sayso.understanding.contract import Heard
from sayso.understanding.heard import hear
from sayso.understanding.shortlist import Examples, Index, Register, Registered
from sayso.understanding.shortlist.register import ALIKE, LIKELY
from sayso.understanding.shortlist.registering import Registrar, Unit
from sayso.understanding.shortlist.words import key, said
from tests.understanding.fake_encoder import FakeEncoder

WORDS = [f"{a}{b}" for a in ("mo", "ta", "ri", "ke", "lu", "po") for b in "abcdefghijklmnop"]
MANY = 800  # more than are compared one and all
NONE = np.zeros(0, np.uint64)


def sentence(chance: Random) -> str:
    return " ".join(chance.choices(WORDS, k=5))


def examples(skill: str, texts: Sequence[str], encoder: FakeEncoder | None) -> Examples:
    heard = [hear(text, encoder) for text in texts]
    pooled = [words.pooled for words in heard if words.pooled is not None]
    intents = ["Ask"] * (len(texts) - 1) + [""]
    return Examples(skill, intents, texts, np.stack(pooled) if pooled else None)


def entered(of: Examples, *, locale: str = "en-US", name: str = "") -> Unit:
    return Unit(locale, of, name, ("AMAZON.RepeatIntent",), NONE)


@pytest.fixture
def register(tmp_path: Path) -> Callable[..., Register]:
    def written(units: Sequence[Unit], dimensions: int = 16) -> Register:
        registrar = Registrar(tmp_path / "en.register", dimensions)
        for unit in units:
            registrar.add(unit)
        registrar.finish()
        return Register(Segment(tmp_path / "en.register"))

    return written


@pytest.fixture(scope="module", params=["vectors", "words"])
def skills(request: pytest.FixtureRequest) -> list[Examples]:
    chance, encoder = Random(0), FakeEncoder() if request.param == "vectors" else None
    return [
        examples(f"skill{n}", [sentence(chance) for _ in range(3)], encoder) for n in range(MANY)
    ]


def says(text: str, skills: Sequence[Examples]) -> Heard:
    return hear(Utterance(text, text), FakeEncoder() if skills[0].vectors is not None else None)


def index_of(register: Register, gone: Sequence[str] = (), locale: str = "en-US") -> Index:
    return Index([], registered=Registered(register, register.serving(locale, gone)))


def test_what_is_found_has_the_score_that_memory_gives_it(
    register: Callable[..., Register], skills: list[Examples]
) -> None:
    registered = register([entered(x) for x in skills], 16 if skills[0].vectors is not None else 0)
    index, memory = index_of(registered), Index(skills, rarity=registered)
    for skill in skills[::40]:
        text = skill.texts[0].rsplit(" ", 1)[0]
        ((found, score),) = index.search(says(text, skills), 1).skills
        ((expected, exact),) = memory.search(says(text, skills), 1).skills
        assert found == expected
        assert score == pytest.approx(exact, abs=1e-4)


def test_nearly_all_that_is_likely_is_found(
    register: Callable[..., Register], skills: list[Examples]
) -> None:
    index = index_of(
        register([entered(x) for x in skills], 16 if skills[0].vectors is not None else 0)
    )
    chance, kept = Random(1), []
    for _ in range(50):
        heard = says(sentence(chance), skills)
        exact = {name for name, _ in index.search(heard, 5, exact=True).skills}
        kept.append(len(exact & {name for name, _ in index.search(heard, 5).skills}) / 5)
    assert np.mean(kept) > 0.9


def test_words_bring_a_skill_near_that_signs_alone_do_not(
    register: Callable[..., Register], monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, encoder = Random(3), FakeEncoder()
    skills = [examples(f"s{n}", [sentence(chance) for _ in range(3)], encoder) for n in range(MANY)]
    borrowed = skills[0].vectors
    assert borrowed is not None
    # Its vectors are those of others: only its words tell.
    odd = replace(examples("odd", ["quill ander wisp", "odd"], None), vectors=borrowed[:2])
    held = register([entered(x) for x in [*skills, odd]])
    index = index_of(held)
    heard = hear("quill ander wisp", encoder)
    monkeypatch.setattr("sayso.understanding.shortlist.register.WORDY", 0)
    near = held.near(said(heard.utterance.text, index.rarity), heard.pooled)
    assert held.units("odd").start in near
    assert len(near) <= LIKELY + ALIKE


def test_as_many_as_are_wanted_come_however_many(
    register: Callable[..., Register], skills: list[Examples]
) -> None:
    index = index_of(
        register([entered(x) for x in skills], 16 if skills[0].vectors is not None else 0)
    )
    assert len(index.search(says("moa", skills), 2 * MANY).skills) == MANY


def test_ten_thousand_skills_that_are_the_same_are_a_list_like_any(
    register: Callable[..., Register],
) -> None:
    one = examples("", ["moa tab ric", "a name"], FakeEncoder())
    same = [Examples(f"same{n}", one.intents, one.texts, one.vectors) for n in range(10_000)]
    found = index_of(register([entered(x) for x in same])).search(says("moa tab", same), 20).skills
    assert len(found) == 20
    assert len({score for _, score in found}) == 1


def test_a_skill_that_is_gone_is_never_found(
    register: Callable[..., Register], skills: list[Examples]
) -> None:
    width = 16 if skills[0].vectors is not None else 0
    gone = [x.skill for x in skills[:3]]
    index = index_of(register([entered(x) for x in skills], width), gone)
    for skill in skills[:3]:
        heard = says(skill.texts[0], skills)
        assert skill.skill not in dict(index.search(heard, 10).skills)
        assert index.search(heard, 1, among={skill.skill}).skills == []


def test_only_what_is_allowed_is_found(
    register: Callable[..., Register], skills: list[Examples]
) -> None:
    width = 16 if skills[0].vectors is not None else 0
    index = index_of(register([entered(x) for x in skills], width))
    few, half = {"skill7", "unheard of"}, {x.skill for x in skills[::2]}
    heard = says(skills[1].texts[0], skills)
    assert [name for name, _ in index.search(heard, 5, among=few).skills] == ["skill7"]
    assert {name for name, _ in index.search(heard, 5, among=half).skills} <= half


def test_what_was_added_since_is_found_beside_it_and_changes_no_score(
    register: Callable[..., Register],
) -> None:
    encoder, chance = FakeEncoder(), Random(2)
    skills = [examples(f"skill{n}", [sentence(chance)] * 2, encoder) for n in range(MANY)]
    registered = register([entered(x) for x in skills])
    before = index_of(registered)
    fresh = examples("fresh", ["moa moa quillander", "fresh"], encoder)
    both = Registered(registered, registered.serving("en-US", ()))
    after = Index([fresh], registered=both)
    assert after.search(says("moa quillander", skills), 1).skills[0][0] == "fresh"
    for skill in skills[:20]:
        heard = says(skill.texts[0], skills)
        left = [x for x in after.search(heard, 6).skills if x[0] != "fresh"]
        assert left[:5] == before.search(heard, 5).skills


def test_a_skill_is_served_in_the_locale_asked_for_or_else_in_its_first(
    register: Callable[..., Register],
) -> None:
    encoder = FakeEncoder()
    american, british = (examples("lift", [text, "lift"], encoder) for text in ("moa", "tab"))
    alone = examples("alone", ["ric", "alone"], encoder)
    held = register(
        [
            entered(american),
            entered(british, locale="en-GB"),
            entered(alone, locale="en-AU"),
        ]
    )
    assert list(held.serving("en-GB", ())) == [False, True, True]
    assert list(held.serving("en-US", ())) == [True, False, True]
    assert list(held.serving("en-IN", ())) == [True, False, True]
    assert [held.locale(at) for at in held.units("lift")] == ["en-US", "en-GB"]
    assert list(held.units("stairs")) == []


def test_a_name_that_two_skills_share_names_neither(register: Callable[..., Register]) -> None:
    units = [
        entered(examples("a", ["moa", "a"], None), name="owl"),
        entered(examples("a", ["moa", "a"], None), name="owl", locale="en-GB"),
        entered(examples("b", ["moa", "b"], None), name="wren"),
        entered(examples("c", ["moa", "c"], None), name="wren"),
    ]
    held = register(units, 0)
    owl = held.named("owl")
    assert owl is not None
    assert held.skill(owl) == "a"
    assert held.named("wren") is None
    assert held.named("") is None


def test_sentences_and_standard_intents_are_kept(register: Callable[..., Register]) -> None:
    of = examples("a", ["moa", "a"], None)
    keys = np.array(sorted(map(key, ("moa tab", "ric"))), np.uint64)
    held = register([Unit("en-US", of, "", ("AMAZON.YesIntent", "AMAZON.NoIntent"), keys)], 0)
    assert held.is_sample("moa tab")
    assert not held.is_sample("tab moa")
    assert list(held.standard) == ["AMAZON.YesIntent", "AMAZON.NoIntent"]


def test_a_register_of_nothing_finds_nothing(register: Callable[..., Register]) -> None:
    assert index_of(register([])).search(hear("moa", FakeEncoder()), 3).skills == []


@pytest.mark.parametrize("left", [10, 24, 400])
def test_a_register_that_was_cut_short_is_damaged(
    register: Callable[..., Register], tmp_path: Path, left: int
) -> None:
    register([entered(examples("a", ["moa", "a"], FakeEncoder()))])
    path = tmp_path / "short.register"
    path.write_bytes((tmp_path / "en.register").read_bytes()[:left])
    with pytest.raises(BundleError, match=r"short\.register: .*sayso train"):
        Register(Segment(path))
