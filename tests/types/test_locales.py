from __future__ import annotations

import pytest

from sayso.types.locales import language_of


@pytest.mark.parametrize(
    ("locale", "language"),
    [("en-US", "en"), ("en", "en"), ("EN_us", "en"), ("zh-Hant-TW", "zh"), ("", "")],
)
def test_a_language_is_what_its_locales_share_however_they_are_written(
    locale: str, language: str
) -> None:
    assert language_of(locale) == language
