from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import StoreError
from sayso.stores.store import Store
from sayso.stores.votes import KEY, home_key
from sayso.types.people import pseudonym
from tests.stores.nouns import NOW


def test_votes_of_an_item_are_replaced_and_counted(store: Store) -> None:
    assert store.votes.replace("rewrite", {1: [5, 6, 6], 2: [5]}, NOW) == 3
    store.votes.replace("label", {1: [7]}, NOW)
    assert store.votes.counts("rewrite") == {1: 2, 2: 1}
    store.votes.replace("rewrite", {1: [9], 2: []}, NOW)
    assert store.votes.counts("rewrite") == {1: 1}
    assert store.votes.counts("label", [1, 2]) == {1: 1}


def test_a_voter_that_is_withdrawn_is_counted_nowhere(store: Store) -> None:
    store.votes.replace("rewrite", {1: [5, 6], 2: [5]}, NOW)
    store.votes.replace("label", {4: [5]}, NOW)
    assert store.votes.withdraw(5) == {"rewrite": [1, 2], "label": [4]}
    assert store.votes.counts("rewrite") == {1: 1}
    assert store.votes.withdraw(5) == {}


def test_more_items_than_a_statement_takes(store: Store) -> None:
    many = {item: [item, -1] for item in range(1200)}
    assert store.votes.replace("label", many, NOW) == 2400
    assert store.votes.counts("label", list(many)) == dict.fromkeys(many, 2)
    largest = 2**63 - 1
    store.votes.replace("label", {largest: [largest]}, NOW)
    assert store.votes.counts("label")[largest] == 1


def test_a_pseudonym_is_the_same_everywhere_and_tells_nothing_without_the_key() -> None:
    assert pseudonym(b"k" * 32, "ana") == 598312236041042482
    assert pseudonym(b"k" * 32, "ana") != pseudonym(b"l" * 32, "ana")


@given(st.text(st.characters()))
def test_a_pseudonym_fits_a_column_of_whole_numbers(user: str) -> None:
    assert 0 <= pseudonym(b"key", user) < 2**63


def test_the_key_is_made_once_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    key = home_key(tmp_path)
    assert len(key) == 32
    assert home_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / KEY).stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / KEY).parent.iterdir()] == ["key"]


def test_processes_that_make_the_key_at_once_have_the_same(tmp_path: Path) -> None:
    code = "import sys, pathlib; from sayso.stores.votes import home_key\n"
    code += "print(home_key(pathlib.Path(sys.argv[1])).hex())"
    command = [sys.executable, "-c", code, str(tmp_path)]
    made = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert len({process.communicate()[0] for process in made}) == 1


def test_what_is_no_key_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / KEY).parent.mkdir()
    (tmp_path / KEY).write_bytes(b"short")
    with pytest.raises(StoreError, match=r"is no key \(5 bytes, not 32\); restore it"):
        home_key(tmp_path)
