"""What a skill keeps on disk, from one process and from several."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.fulfilment import Backends
from sayso.fulfilment.storage import Storage
from sayso.types.calls import Answer
from tests.fulfilment.skills import LAUNCH, context, python_skill

COUNTS = """
def handle(request):
    with request.storage.transaction():
        request.storage["count"] = request.storage.get("count", 0) + 1
    return str(request.storage["count"])
"""


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    made = Storage(tmp_path / "skill" / "storage.db")
    yield made
    made.close()


def test_it_is_a_mapping_of_json_values(storage: Storage) -> None:
    storage["list"] = ["milk", {"eggs": 6}]
    storage["none"] = None
    assert dict(storage) == {"list": ["milk", {"eggs": 6}], "none": None}
    del storage["none"]
    assert (len(storage), "none" in storage, storage.pop("list")[0]) == (1, False, "milk")
    with pytest.raises(KeyError):
        del storage["none"]


@settings(max_examples=40)
@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"])),
        st.recursive(
            st.none()
            | st.booleans()
            | st.text()
            | st.floats(allow_nan=False, allow_infinity=False),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=5,
        ),
        max_size=4,
    )
)
def test_any_json_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, object]
) -> None:
    storage = Storage(tmp_path_factory.getbasetemp() / "any" / "storage.db")
    with storage.transaction():
        storage.clear()
        storage.update(values)
    assert dict(storage) == values
    storage.close()


def test_a_failing_transaction_changes_nothing(storage: Storage) -> None:
    storage["a"] = 1

    def fail() -> None:
        with storage.transaction():
            storage["a"] = 2
            with storage.transaction():
                storage["b"] = 3
            storage["c"] = 1 / 0

    with pytest.raises(ZeroDivisionError):
        fail()
    assert dict(storage) == {"a": 1}


def test_what_is_no_json_is_refused(storage: Storage) -> None:
    with pytest.raises(TypeError):
        storage["x"] = object()
    with pytest.raises(ValueError, match="JSON"):
        storage["x"] = float("nan")
    with pytest.raises(TypeError, match="keys are text"):
        storage[1] = "x"  # type: ignore[index]
    assert dict(storage) == {}


def test_a_file_that_is_removed_is_made_again(storage: Storage, tmp_path: Path) -> None:
    storage["a"] = 1
    for file in (tmp_path / "skill").iterdir():
        file.unlink()
    storage.settle()
    assert dict(storage) == {}


def test_two_processes_count_together_and_the_count_outlives_them(tmp_path: Path) -> None:
    skills = [python_skill(tmp_path / "s", COUNTS, id="count")] * 40
    for so_far in (40, 80):
        with (
            Backends(home=tmp_path, workers=2) as one,
            Backends(home=tmp_path, workers=2) as two,
            ThreadPoolExecutor(4) as threads,
        ):
            calls = [
                threads.submit(backends.answer, skill, LAUNCH, context())
                for skill, backends in zip(skills, [one, two] * 20, strict=True)
            ]
            answers = [call.result() for call in calls]
        assert {answer.failure for answer in answers} == {None}
        assert max(int(answer.speech) for answer in answers) == so_far
    assert (tmp_path / "data" / "count" / "storage.db").is_file()


def test_a_transaction_of_a_killed_handler_is_undone(tmp_path: Path) -> None:
    source = """
    import os
    def handle(request):
        if request.user == "ana":
            with request.storage.transaction():
                request.storage["a"] = 1
                os.kill(os.getpid(), 9)
        return repr(dict(request.storage))
    """
    skill = python_skill(tmp_path / "s", source)
    with Backends(home=tmp_path) as backends:
        assert backends.answer(skill, LAUNCH, context()).failure is not None
        assert backends.answer(skill, LAUNCH, context(user="bo")) == Answer("{}")


def test_skills_do_not_see_each_others_storage(tmp_path: Path) -> None:
    with Backends(home=tmp_path) as backends:
        for name in ("one", "two"):
            skill = python_skill(tmp_path / name, COUNTS, id=name)
            assert backends.answer(skill, LAUNCH, context()) == Answer("1")
