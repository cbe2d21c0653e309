"""`GET /healthz` and `GET /metrics`, for those who keep the server running.

Neither needs a key: they name no user and no skill.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from sayso import __version__
from sayso.server.door import ADoor
from sayso.server.errors import documented
from sayso.server.metrics import Standing

router = APIRouter(tags=["operations"])


@dataclass(frozen=True, slots=True)
class Health:
    """ready: whether turns are answered; bundle: version that serves; pid: of this worker."""

    ready: bool
    version: str
    bundle: str
    skills: int
    pid: int


@router.get("/healthz", responses=documented())
async def health(door: ADoor) -> Health:
    """Whether this worker answers, and with what. Touches neither the disk nor the store."""
    engine = door.home.engine
    return Health(True, __version__, engine.version, len(engine.skills), os.getpid())


@router.get("/metrics", response_class=Response, responses=documented())
def metrics(door: ADoor) -> Response:
    """Counts and times of all workers together, for Prometheus."""
    engine = door.home.engine
    standing = Standing(len(engine.skills), __version__, engine.version)
    written = generate_latest(door.meters.registry) + generate_latest(standing)
    return Response(written, media_type=CONTENT_TYPE_LATEST)
