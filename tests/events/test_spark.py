"""What Spark says of itself, in a line."""

from __future__ import annotations

import pytest

from sayso.events.spark import reason

SPARKS = """[CAST_INVALID_INPUT] The value 'play queen' cannot be cast. SQLSTATE: 22018
== SQL ==
SELECT CAST(said AS BIGINT)
       ^^^^^^^^^^^^^^^^^^^^"""
JAVAS = """An error occurred while calling o843.collectToPython.
: org.apache.spark.SparkException: Job aborted due to stage failure
\tat org.apache.spark.scheduler.DAGScheduler.abortStage(DAGScheduler.scala:1)
Caused by: java.io.IOException: reading failed
\t... 12 more
Caused by: java.lang.RuntimeException: log.parquet is not a Parquet file
\tat java.base/java.lang.Thread.run(Thread.java:840)"""
PYTHONS = """
  An exception was thrown from the Python worker. Please see the stack trace below.
Traceback (most recent call last):
  File "tests/events/test_engines.py", line 9, in _broken
    raise ValueError("broken")
ValueError: broken
"""


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (SPARKS, "[CAST_INVALID_INPUT] The value 'play queen' cannot be cast. SQLSTATE: 22018"),
        (JAVAS, "java.lang.RuntimeException: log.parquet is not a Parquet file"),
        (PYTHONS, "ValueError: broken"),
        ("Answer from Java side is empty", "Answer from Java side is empty"),
        ("", "RuntimeError"),
    ],
)
def test_the_line_that_tells_what_went_wrong_is_found_among_stacks(said: str, told: str) -> None:
    assert reason(RuntimeError(said)) == told
