"""`sayso signing` makes a key once, turns signing on, and says which file back-ends need."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sayso.runtime.home import Home
from sayso.settings import read_settings
from tests.cli.conftest import Sayso


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "sayso.toml").write_text("[fulfilment]\nworkers = 1\n")
    return tmp_path


def test_a_key_is_made_once_and_another_only_when_asked_for(home: Path, sayso: Sayso) -> None:
    assert sayso("signing", home, "--json").json["made"]
    first = (home / "signing" / "key.pem").read_bytes()
    assert read_settings(home).fulfilment.signing.on
    assert not sayso("signing", home, "--json").json["made"]
    assert (home / "signing" / "key.pem").read_bytes() == first
    assert "chain.pem" in sayso("signing", home, "--renew").err + sayso("signing", home).out
    assert (home / "signing" / "key.pem").read_bytes() != first


def test_what_cannot_be_added_is_told_and_nothing_is_broken(home: Path, sayso: Sayso) -> None:
    odd = "fulfilment.signing.chain_url = 'x'\n"
    (home / "sayso.toml").write_text(odd)
    result = sayso("signing", home)
    assert result.code == 2
    assert "signing cannot be turned on below what stands there" in result.err
    assert (home / "sayso.toml").read_text() == odd


def test_a_home_that_signs_without_a_key_does_not_open(trained: Path, tmp_path: Path) -> None:
    small = Path(shutil.copytree(trained, tmp_path / "small"))
    with (small / "sayso.toml").open("a") as file:
        file.write("\n[fulfilment.signing]\non = true\n")
    with pytest.raises(Exception, match="sayso signing HOME"):
        Home.open(small)
