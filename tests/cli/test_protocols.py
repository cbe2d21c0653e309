"""wyoming and hermes as verbs; tests/protocols has what they say."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Sayso


@pytest.mark.parametrize(("verb", "library"), [("wyoming", "wyoming"), ("hermes", "aiomqtt")])
def test_extra_that_is_not_installed_is_named(
    home: Path, sayso: Sayso, monkeypatch: pytest.MonkeyPatch, verb: str, library: str
) -> None:
    package = f"sayso.protocols.{verb}"
    for name in [name for name in sys.modules if name.startswith(package)]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    result = sayso(verb, home)
    assert result.code == 2
    assert f"pip install 'sayso[{verb}]'" in result.err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("wyoming", "--uri", "tcp://0.0.0.0:0"), "--network"),
        (("wyoming", "--uri", "nonsense"), "no address"),
        (("wyoming", "--user", ""), "user: must be 1 to"),
        (("hermes", "--ca", "nowhere.pem"), "no certificate"),
        (("hermes", "--user", ""), "user: must be 1 to"),
        (("hermes", "--port", "99999"), "Usage"),
    ],
)
def test_what_cannot_be_served_says_why(
    home: Path, sayso: Sayso, arguments: tuple[str, ...], complaint: str
) -> None:
    verb, *rest = arguments
    result = sayso(verb, home, *rest)
    assert result.code == 2
    assert complaint in result.err


def test_folder_that_is_no_home_is_named_by_both(tmp_path: Path, sayso: Sayso) -> None:
    for verb in ("wyoming", "hermes"):
        result = sayso(verb, tmp_path)
        assert result.code == 2
        assert "sayso new" in result.err
