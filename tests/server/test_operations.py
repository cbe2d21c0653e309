from __future__ import annotations

import os

from prometheus_client.parser import text_string_to_metric_families

import sayso
from tests.server.conftest import Knock, SmallHome, keyed


def samples(knock: Knock) -> dict[tuple[str, frozenset[str]], float]:
    """Every sample of /metrics by its name and the values of its labels."""
    answer = knock("GET", "/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, frozenset(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_health_says_what_serves(knock: Knock) -> None:
    assert knock("GET", "/healthz").json() == {
        "ready": True,
        "version": sayso.__version__,
        "bundle": "000007-abc",
        "skills": 0,
        "pid": os.getpid(),
    }


def test_health_and_metrics_need_no_key() -> None:
    home, _ = keyed(("admin", None))
    knock = Knock(home)
    assert knock("GET", "/healthz").status_code == 200
    assert knock("GET", "/metrics").status_code == 200


def test_turns_are_counted_by_outcome_and_timed_by_stage(knock: Knock) -> None:
    for _ in range(3):
        knock("POST", "/v1/turns", json={"text": "hi", "user": "zoe"})
    counted = samples(knock)
    assert counted["sayso_turns_total", frozenset({"act"})] == 3
    assert counted["sayso_turn_duration_seconds_count", frozenset({"hear"})] == 3
    assert counted["sayso_turn_duration_seconds_count", frozenset({"all"})] == 3
    assert 0.0044 < counted["sayso_turn_duration_seconds_sum", frozenset({"hear"})] < 0.0046
    assert counted["sayso_http_requests_total", frozenset({"POST", "/v1/turns", "200"})] == 3
    assert counted["sayso_http_request_duration_seconds_count", frozenset({"/v1/turns"})] == 3


def test_no_label_names_a_user_a_skill_or_a_path_that_was_made_up(knock: Knock) -> None:
    knock("POST", "/v1/turns", json={"text": "hi", "user": "zoe"})
    knock("GET", "/v1/skills/nameless")
    knock("GET", "/made/up")
    knock("BREW", "/made/up")
    values = set().union(*(labels for _, labels in samples(knock)))
    assert not values & {"zoe", "alarms", "nameless", "/v1/skills/nameless", "/made/up", "BREW"}
    assert {"/v1/skills/{skill_id}", "unknown", "other"} <= values


def test_errors_are_counted_by_type(home: SmallHome, knock: Knock) -> None:
    home.failure = ZeroDivisionError()
    knock("POST", "/v1/turns", json={"text": "hi"})
    knock("POST", "/v1/turns", json={"text": 5})
    counted = samples(knock)
    assert counted["sayso_errors_total", frozenset({"internal"})] == 1
    assert counted["sayso_errors_total", frozenset({"request"})] == 1
    assert counted["sayso_http_requests_total", frozenset({"POST", "/v1/turns", "500"})] == 1


def test_bundle_skills_and_the_process_are_told(knock: Knock) -> None:
    told = samples(knock)
    assert told["sayso_skills_installed", frozenset()] == 0
    assert told["sayso_bundle_info", frozenset({sayso.__version__, "000007-abc"})] == 1
    assert told["process_resident_memory_bytes", frozenset({str(os.getpid())})] > 1_000_000
