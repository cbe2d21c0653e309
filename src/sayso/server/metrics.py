"""What Prometheus reads. No label ever names a skill, a user or a path that a caller made up.

Several workers share a folder of memory-mapped files, so that whichever of them is asked gives
the sum of all. The server's parent makes the folder and names it in PROMETHEUS_MULTIPROC_DIR
before this module is imported: prometheus_client looks at it only once, when it is imported.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sayso.types.lessons import SignalKind
from sayso.types.turns import Reply

# Seconds; a turn takes a few milliseconds, a back-end up to its time limit.
BUCKETS = (0.001, 0.002, 0.004, 0.008, 0.015, 0.03, 0.06, 0.12, 0.25, 0.5, 1, 2.5, 5, 10)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Meters:
    """Every meter of a worker.

    shared: folder that the workers of one server share; None for a process on its own.
    """

    def __init__(self, shared: Path | None = None) -> None:
        self.registry = CollectorRegistry()
        own = None if shared else self.registry
        self.turns = Counter(
            "sayso_turns", "Turns answered, by what was decided.", ["outcome"], registry=own
        )
        self.failures = Counter(
            "sayso_turn_failures", "Turns whose skill failed; the person heard so.", registry=own
        )
        self.stages = Histogram(
            "sayso_turn_duration_seconds",
            "Time of a turn, by stage; `all` is the whole with the wait for a thread.",
            ["stage"],
            buckets=BUCKETS,
            registry=own,
        )
        self.requests = Counter(
            "sayso_http_requests",
            "HTTP requests answered.",
            ["method", "route", "status"],
            registry=own,
        )
        self.latency = Histogram(
            "sayso_http_request_duration_seconds",
            "Time from a request's arrival to the first byte of its answer.",
            ["route"],
            buckets=BUCKETS,
            registry=own,
        )
        self.signals = Counter(
            "sayso_signals",
            "Signals of turns, by kind and by what became of them.",
            ["kind", "status"],
            registry=own,
        )
        self.errors = Counter("sayso_errors", "Error answers, by type.", ["type"], registry=own)
        if shared:
            MultiProcessCollector(self.registry, path=str(shared))  # type: ignore[no-untyped-call]
        self.registry.register(_Processes(shared))

    def turn(self, reply: Reply, seconds: float) -> None:
        """Count a turn that took this long from the door to the door."""
        self.turns.labels(reply.decision.outcome.value).inc()
        if reply.trace.failure:
            self.failures.inc()
        for stage, milliseconds in reply.trace.timings.items():
            self.stages.labels(stage).observe(milliseconds / 1000)
        self.stages.labels("all").observe(seconds)

    def signal(self, kind: SignalKind, *, kept: bool) -> None:
        """Count a signal that came in."""
        self.signals.labels(kind.value, "kept" if kept else "not_found").inc()


class Measured:
    """Middleware: counts each request once its answer starts, under the route's template."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self.app = app
        self.meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and note its status and time."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        began = time.perf_counter()
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._note(scope, status, time.perf_counter() - began)
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            if not status:  # an error on its way to the outermost handler, which answers 500
                self._note(scope, 500, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unknown")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self.meters.requests.labels(method, route, str(status)).inc()
        self.meters.latency.labels(route).observe(seconds)


class _Processes(Collector):
    """Memory, CPU and files of every live worker, told apart by `pid`."""

    def __init__(self, shared: Path | None) -> None:
        self._shared = shared

    def collect(self) -> Iterable[Metric]:
        """The families of prometheus_client's own collector, a sample a worker."""
        families: dict[str, Metric] = {}
        for pid in sorted(self._pids()):
            for found in ProcessCollector(pid=partial(int, pid), registry=None).collect():
                family = families.setdefault(
                    found.name, Metric(found.name, found.documentation, found.type)
                )
                for sample in found.samples:
                    family.add_sample(sample.name, {"pid": str(pid)}, sample.value)
        return families.values()

    def _pids(self) -> set[int]:
        if self._shared is None:
            return {os.getpid()}
        names = (path.stem.rpartition("_")[2] for path in self._shared.glob("counter_*.db"))
        return {int(name) for name in names if name.isdigit()}


class Standing(Collector):
    """What is the same in every worker: how many skills there are, and what serves."""

    def __init__(self, skills: int, version: str, bundle: str) -> None:
        self.skills = skills
        self.about = {"version": version, "bundle": bundle}

    def collect(self) -> Iterable[Metric]:
        """Both families."""
        yield GaugeMetricFamily("sayso_skills_installed", "Skills installed.", value=self.skills)
        names, values = list(self.about), list(self.about.values())
        about = GaugeMetricFamily("sayso_bundle_info", "What serves; always 1.", labels=names)
        about.add_metric(values, 1)
        yield about
