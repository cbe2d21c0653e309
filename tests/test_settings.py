"""sayso.toml: read whole or refused with the file, the key and a remedy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sayso.errors import HomeError
from sayso.settings import FILE_NAME, Settings, read_settings


def home_with(folder: Path, text: str | bytes) -> Path:
    content = text.encode() if isinstance(text, str) else text
    (folder / FILE_NAME).write_bytes(content)
    return folder


@pytest.mark.parametrize("locale", ["en-US", "de", "es-419", "zh-Hant-TW", "fil-PH"])
def test_a_locale_is_written_as_in_bcp_47(tmp_path: Path, locale: str) -> None:
    assert read_settings(home_with(tmp_path, f"locales = ['{locale}']")).locales == (locale,)


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    assert read_settings(home_with(tmp_path, "")) == Settings()


def test_what_is_said_is_kept(tmp_path: Path) -> None:
    text = """
        format = 1
        locales = ["de-DE", "en-US"]
        time_zone = "Europe/Berlin"
        [understanding]
        engine = "maxent-crf"
        [routing]
        caution = 0.6
        [[server.keys]]
        sha256 = "%s"
        user = "ana"
    """
    found = read_settings(home_with(tmp_path, text % ("a" * 64)))
    assert found.locales == ("de-DE", "en-US")
    assert found.understanding.engine == "maxent-crf"
    assert found.routing.caution == 0.6
    assert (found.server.keys[0].role, found.server.keys[0].user) == ("talk", "ana")


def test_a_file_with_the_mark_of_windows_editors_is_read(tmp_path: Path) -> None:
    assert read_settings(home_with(tmp_path, b"\xef\xbb\xbfformat = 1\r\n")) == Settings()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().time_zone = "Europe/Berlin"  # type: ignore[misc]


def test_no_file_says_how_to_make_a_home(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match=r"sayso\.toml: not found; make a home with: sayso new"):
        read_settings(tmp_path)


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"format = ", "at end of document"),
        (b"format = 1\nformat = 1\n", "line 2"),
        (b"[routing\nact = 1\n", "line 1"),
        (b'time_zone = "\xff"', "utf-8"),
        (b"\x00", "line 1"),
    ],
)
def test_broken_toml_is_refused_with_its_place(tmp_path: Path, content: bytes, where: str) -> None:
    with pytest.raises(HomeError, match=rf"sayso\.toml: not valid TOML: .*{where}.*mend the file"):
        read_settings(home_with(tmp_path, content))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("format = 2", "format"),
        ("locales = []", "locales"),
        ("locales = ['']", "locales.0"),
        ("locales = ['german']", "locales.0"),
        ("locales = ['en_US']", "locales.0"),
        ("locales = ['en-US', 'en-US']", "locales"),
        ("locales = 'en-US'", "locales"),
        ("time_zone = 'Berlin'", "time_zone"),
        ("time_zone = ''", "time_zone"),
        ("time_zone = '../../etc/passwd'", "time_zone"),
        ("colour = 'red'", "colour"),
        ("understanding = 3", "understanding"),
        ("understanding.engine = 'gpt'", "understanding.engine"),
        ("understanding.shortlist = 0", "understanding.shortlist"),
        ("understanding.shortlist = 2.5", "understanding.shortlist"),
        ("routing.caution = 1", "routing.caution"),
        ("routing.caution = nan", "routing.caution"),
        ("routing.caution = -0.1", "routing.caution"),
        ("routing.caution = 'wide'", "routing.caution"),
        ("store.url = 3", "store.url"),
        ("fulfilment.timeout_s = 0", "fulfilment.timeout_s"),
        ("fulfilment.timeout_s = inf", "fulfilment.timeout_s"),
        ("fulfilment.workers = 17", "fulfilment.workers"),
        ("server.port = 65536", "server.port"),
        ("server.workers = 0", "server.workers"),
        ("server.max_request_bytes = 10", "server.max_request_bytes"),
        ("[[server.keys]]\nuser = 'ana'", "server.keys.0.sha256"),
        ("[[server.keys]]\nsha256 = 'abc'", "server.keys.0.sha256"),
        (f"[[server.keys]]\nsha256 = '{'a' * 64}'\nrole = 'root'", "server.keys.0.role"),
    ],
)
def test_a_wrong_value_is_named_by_file_and_key(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(HomeError) as caught:
        read_settings(home_with(tmp_path, text))
    assert f"{tmp_path / FILE_NAME}: {key}: " in str(caught.value)
    assert str(caught.value).endswith("see docs/settings.md for what may stand there")


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(HomeError) as caught:
        read_settings(home_with(tmp_path, "format = 2\nrouting.caution = 7\nnoise = 1"))
    assert len(str(caught.value).splitlines()) == 4


def test_a_folder_in_the_place_of_the_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(HomeError, match="not found"):
        read_settings(tmp_path)


plain = st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=6))
tables = st.dictionaries(
    st.sampled_from([*Settings.model_fields, "noise"]),
    st.one_of(plain, st.lists(plain, max_size=2), st.dictionaries(st.just("act"), plain)),
    max_size=3,
)


@given(tables)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_values_are_read_or_refused_in_words(tmp_path: Path, said: dict[str, object]) -> None:
    lines = [f"{name} = {_toml(value)}" for name, value in said.items()]
    try:
        read_settings(home_with(tmp_path, "\n".join(lines)))
    except HomeError:
        return  # nothing else may come out


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_toml(x)}" for name, x in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return str(value)
    return json.dumps(value)


@given(st.binary(max_size=40))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused_in_words(tmp_path: Path, content: bytes) -> None:
    try:
        read_settings(home_with(tmp_path, content))
    except HomeError:
        return
