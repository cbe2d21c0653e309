"""Teach, train, forget, prove: examples that a bundle has learnt go when too few are left."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("ibis", reason="Ibis is not installed: sayso[learn]")

from sayso import bundle, learned
from sayso.cli.train import train_home
from sayso.cli.users import _steps
from sayso.jobs.forget import Forgotten, forget
from sayso.jobs.searching import Texts
from sayso.jobs.unlearning import learnt
from sayso.jobs.voting import FORM, LABEL, of_example, of_form
from sayso.labels.kept import read_examples, write_examples
from sayso.rewriting.kept import write_population
from sayso.stores.store import Lease, Store
from sayso.stores.votes import home_key
from sayso.types.lessons import Label, LabelSource
from sayso.types.people import pseudonym
from sayso.types.readings import Decision, Outcome, Utterance
from tests.runtime.homes import DOOR
from tests.stores.nouns import a_context, a_turn

SAID, OTHER = "make the entrance passable", "let nobody through the entrance"
EXAMPLES = (
    Label(SAID, "door", "Unlock", "en-US", source=LabelSource.LOG),
    Label(OTHER, "door", "Lock", "en-US", source=LabelSource.LOG),
)
BEGAN = datetime.now(UTC) - timedelta(days=1)


def says(store: Store, text: str, user: str, number: int) -> None:
    turn = a_turn(number, user=user, at=BEGAN + timedelta(minutes=number))
    reply = replace(turn.reply, speech="Sorry, I did not get that.")
    heard, lost = Utterance(text, text), Decision(Outcome.ABSTAIN)
    turn = replace(turn, utterance=heard, decision=lost, reply=reply)
    lease = store.begin(user, turn.conversation)
    assert isinstance(lease, Lease)
    store.finish(lease, turn, a_context(number, user=user))


def vote(store: Store, label: Label, voters: Sequence[int], form: Sequence[int] = ()) -> None:
    store.votes.replace(LABEL, {of_example(label): voters}, BEGAN)
    store.votes.replace(FORM, {of_form(label): [*voters, *form]}, BEGAN)


def taught(folder: Path, *, said: Sequence[str], other: Sequence[str]) -> Path:
    """A trained home in which these people said one and the other example."""
    (folder / "skills/door").mkdir(parents=True)
    (folder / "skills/door/skill.yaml").write_text(DOOR)
    (folder / "sayso.toml").write_text("format = 1\n[learning]\npeople = 3\n")
    key = home_key(folder)
    with Store.open("sqlite:///sayso.db", folder) as store:
        for begun, (label, people) in enumerate(zip(EXAMPLES, (said, other), strict=True)):
            for number, user in enumerate(people, 10 * (1 + begun)):
                says(store, f"{label.text.capitalize()}.", user, number)
            vote(store, label, [pseudonym(key, user) for user in people])

    def fill(draft: Path) -> None:
        write_population(draft, [])
        write_examples(draft, EXAMPLES, [])

    with learned.writing(folder / learned.LEARNED):
        learned.write(folder / learned.LEARNED, "a test", "0", fill)
    train_home(folder, quiet=True)
    assert {text for _, text in learnt(folder, [SAID, OTHER])} == {SAID, OTHER}
    return folder


def forgotten(home: Path, user: str) -> Forgotten:
    return forget(home, user, _steps(home))


def left(home: Path, *rooms: str) -> Collection[str]:
    """Which of the examples any file of these rooms holds."""
    found: set[str] = set()
    for path in (path for room in rooms for path in (home / room).rglob("*")):
        if path.is_file():
            found |= Texts([SAID, OTHER]).found(path.read_bytes())
            found |= Texts([SAID, OTHER]).found_in(
                bundle.said_in(path) if path.suffix == ".skills" else ()
            )
    return found


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    three = ["ana", "ben", "eva"]
    return taught(tmp_path_factory.mktemp("taught") / "home", said=three, other=[*three, "zoe"])


@pytest.fixture
def home(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "home"))


def test_an_example_below_its_floor_leaves_the_bundle_and_one_above_it_stays(home: Path) -> None:
    before = bundle.current(home / "bundle").name
    done = forgotten(home, "ana")
    assert "Examples removed, since too few others said so: 1." in done.withdrawn
    assert [each.text for each in read_examples(home / learned.LEARNED)] == [OTHER]
    assert done.retrained
    assert before in done.versions
    assert {text for _, text in learnt(home, [SAID, OTHER])} == {OTHER}
    # Two others said it as well: it is not searched for, and yet it is gone where it was learnt.
    assert left(home, "bundle", "learned") == {OTHER}


def test_once_nobody_is_left_who_said_it_no_byte_of_it_is(home: Path) -> None:
    for user in ("ana", "ben", "eva"):
        done = forgotten(home, user)
    assert done.sought > 0
    assert left(home, ".") == {OTHER}  # zoe's
    forgotten(home, "zoe")
    assert left(home, ".") == set()


def test_who_taught_nothing_costs_no_training(home: Path) -> None:
    with Store.open("sqlite:///sayso.db", home) as store:
        says(store, "unlock the front door", "carl", 99)  # a developer's own sample
    done = forgotten(home, "carl")
    assert (done.retrained, done.versions) == (False, [])
    assert left(home, "bundle", "learned") == {SAID, OTHER}


def test_a_form_that_enough_share_keeps_a_text_while_anybody_says_it(home: Path) -> None:
    key = home_key(home)
    with Store.open("sqlite:///sayso.db", home) as store:
        two, others = (
            [pseudonym(key, user) for user in some] for some in (("ana", "ben"), ("f1", "f2", "f3"))
        )
        vote(store, EXAMPLES[0], two, form=others)
        vote(store, EXAMPLES[1], [*two, *others])
    assert not forgotten(home, "ana").retrained
    assert forgotten(home, "ben").retrained
    assert [each.text for each in read_examples(home / learned.LEARNED)] == [OTHER]


def test_what_a_bundle_learnt_of_an_example_that_nobody_remembers_goes_too(home: Path) -> None:
    place = home / learned.LEARNED
    with learned.writing(place):
        learned.write(place, "another", "0", lambda draft: write_population(draft, []))
        learned.prune(place, keep=1)
    done = forgotten(home, "zoe")
    assert done.retrained
    assert left(home, "bundle", "learned") == set()


def test_a_home_that_never_learnt_examples_has_none(tmp_path: Path) -> None:
    assert learnt(tmp_path, [SAID]) == set()
