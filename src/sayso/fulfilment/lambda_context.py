"""The second argument of a `lambda_handler`, as far as it means anything outside of Lambda."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any


class LambdaContext:
    """Names and remaining time, as AWS Lambda gives them to a Python handler."""

    function_version = "$LATEST"
    memory_limit_in_mb = "2048"
    log_group_name = log_stream_name = "sayso"
    identity = client_context = None

    def __init__(self, skill: str, event: Mapping[str, Any], timeout_s: float) -> None:
        self.function_name = skill
        self.invoked_function_arn = f"arn:aws:lambda:local:000000000000:function:{skill}"
        self.aws_request_id = str(event["request"]["requestId"])
        self._ends = time.monotonic() + timeout_s

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the call is killed."""
        return max(0, int((self._ends - time.monotonic()) * 1000))
