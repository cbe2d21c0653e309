from __future__ import annotations

import json
import math
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from sayso.errors import StoreError
from sayso.stores import codec
from sayso.types.context import Context, Device
from sayso.types.readings import Alternative
from tests.stores.strategies import moments, nouns

quick = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@quick
@given(nouns(Context))
def test_a_context_comes_back_as_it_went(context: Context) -> None:
    assert codec.read(Context, json.loads(codec.encode(context))) == context


@given(moments)
def test_a_moment_keeps_its_instant_its_zone_and_its_wall_clock(moment: datetime) -> None:
    again = codec.read_instant(codec.write_instant(moment))
    assert again == moment
    assert again.utcoffset() == moment.utcoffset()
    if isinstance(moment.tzinfo, ZoneInfo):
        assert again.tzinfo == moment.tzinfo


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    first = datetime(2025, 10, 26, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    for moment in (first, first.replace(fold=1)):
        assert codec.read_instant(codec.write_instant(moment)).fold == moment.fold


def test_a_field_that_an_old_row_lacks_gets_its_default() -> None:
    assert codec.read(Device, {"id": "car"}) == Device("car")


def test_a_field_without_default_must_be_there() -> None:
    with pytest.raises(StoreError, match=r"Alternative.*text.*sayso restore"):
        codec.read(Alternative, {"score": 1.0})


def test_a_number_that_json_lacks_is_kept_by_a_float() -> None:
    text = codec.encode(Alternative("x", math.inf))
    assert json.loads(text)["score"] == "inf"
    assert codec.read(Alternative, json.loads(text)) == Alternative("x", math.inf)


def test_a_value_without_json_form_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="set has no JSON form"):
        codec.encode(Device(state={"colours": {1, 2}}))
