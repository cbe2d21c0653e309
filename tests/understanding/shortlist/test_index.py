"""Which skills come near."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sayso.types.readings import Utterance
from sayso.understanding.contract import Heard
from sayso.understanding.doubt import Refused
from sayso.understanding.heard import hear
from sayso.understanding.shortlist import Examples, Index


def says(text: str) -> Heard:
    return hear(Utterance(text, text), None)


def skill(name: str, examples: tuple[str, ...] = (), about: tuple[str, ...] = ()) -> Examples:
    intents = ["Ask"] * len(examples) + [""] * (1 + len(about))
    return Examples(name, intents, [*examples, name, *about])


def ranked(index: Index, text: str, k: int = 10) -> list[str]:
    return [name for name, _ in index.search(says(text), k).skills]


def test_examples_and_description_together_count_for_more_than_either() -> None:
    index = Index(
        [
            skill("examples", ("what hoots in the wood",), ("a calendar",)),
            skill("both", ("what hoots in the wood",), ("birds that hoot in the wood",)),
            skill("description", ("read the calendar",), ("birds that hoot in the wood",)),
        ]
    )
    assert ranked(index, "what hoots in the wood") == ["both", "examples", "description"]


def test_a_skill_without_examples_is_found_by_what_is_said_of_it() -> None:
    index = Index([skill("tides", about=("high water at any harbour",)), skill("chess")])
    assert ranked(index, "when is high water") == ["tides", "chess"]


def test_there_are_as_many_skills_as_asked_for_and_never_more_than_there_are() -> None:
    index = Index([skill(f"skill {n}", ("hoots",)) for n in range(5)])
    assert len(ranked(index, "hoots", 3)) == 3
    assert len(ranked(index, "hoots", 99)) == 5
    assert ranked(Index([]), "hoots") == []


def test_skills_that_are_alike_keep_their_order() -> None:
    index = Index([skill(f"owl{n}", ("what hoots",)) for n in range(50)])
    assert ranked(index, "what hoots", 50) == [f"owl{n}" for n in range(50)]


def test_evidence_is_of_the_skills_that_were_found() -> None:
    owls = skill("owls", ("what hoots",))
    found = Index([owls, skill("chess", ("your move",))]).search(says("what hoots"), 1)
    assert set(found.evidence) == {"owls"}
    match = found.evidence["owls"].match(owls.members("Ask"))
    assert np.isclose(match.overlap, 1.0)
    assert owls.texts[match.nearest] == "what hoots"


def test_who_has_the_very_sentence_comes_before_who_has_one_like_it() -> None:
    like = [skill(f"owl{n}", ("what hoots in this wood", "hoots in the wood")) for n in range(5)]
    index = Index([*like, skill("own", ("what hoots in the wood",))])
    assert ranked(index, "What hoots in the wood?")[0] == "own"


def test_without_vectors_only_the_very_words_count_that_a_skill_has_turned_down() -> None:
    owls = skill("owls", ("what hoots in the wood",))
    no = Refused(["How old is it?"], np.array([-0.9], np.float32))
    plain, taught = Index([owls]), Index([replace(owls, refused=no)])
    for text, lost in (("how old is it", True), ("how old is the owl", False)):
        before, found = plain.search(says(text), 1), taught.search(says(text), 1)
        assert (found.skills[0][1] < before.skills[0][1]) == lost
        assert set(found.doubts) == ({"owls"} if lost else set())
