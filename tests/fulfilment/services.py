"""The example skills behind web services, started for real and stopped by who started them."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples" / "alexa"
SKILLS = ("tide-pool-quiz", "puppet-theatre", "lost-lighthouse", "water-log")
SOURCE = str(Path(__file__).parents[2] / "src")


@dataclass
class Service:
    """A web service in a process of its own. The port stays the same when it is started again."""

    command: list[str]
    folder: Path
    port: int = 0
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Wait until it says that it listens."""
        environment = {**os.environ, "PYTHONPATH": SOURCE, "NODE_ENV": "test"}
        self.process = subprocess.Popen(
            [*self.command, "--port", str(self.port)],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("listening on "), f"{self.command} did not start"
        self.port = int(line.rpartition(":")[2])

    def stop(self) -> None:
        """End it, as a machine that is switched off would."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/{name}"

    def post(self, name: str, body: bytes, headers: Mapping[str, str]) -> int:
        """The status of an answer to a request of one's own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            kind = {"Content-Type": "application/json"}
            connection.request("POST", f"/{name}", body, {**kind, **headers})
            return connection.getresponse().status
        finally:
            connection.close()


@contextmanager
def running(command: list[str], folder: Path) -> Iterator[Service]:
    service = Service(command, folder)
    try:
        service.start()
        yield service
    finally:
        service.stop()


def python_service(folder: Path, certificate: Path | None = None) -> list[str]:
    """The command of the four skills with ask-sdk-webservice-support."""
    if find_spec("ask_sdk_webservice_support") is None:
        pytest.skip("ask-sdk-webservice-support is not installed: the Python SDK is not tested")
    del folder
    trusted = ["--certificate", str(certificate)] if certificate else []
    return [sys.executable, str(EXAMPLES / "serve.py"), *SKILLS, *trusted]


def node_service(folder: Path, certificate: Path | None = None) -> list[str]:
    """The command of the same with ask-sdk-express-adapter; its packages stand in the folder."""
    trusted = ["--certificate", str(certificate)] if certificate else []
    return ["node", str(folder / "serve.js"), *trusted]


def with_packages(folder: Path) -> Path:
    """A copy of the Node example with what it needs from npm; skips where that is not to be had."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed: the Node SDK is not tested")
    ignored = shutil.ignore_patterns("node_modules")
    shutil.copytree(EXAMPLES / "node", folder, ignore=ignored, dirs_exist_ok=True)
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=180)
    except subprocess.TimeoutExpired:
        pytest.skip("npm ci took too long: the Node SDK is not tested")
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        pytest.skip(f"npm ci failed ({last[:120]}): the Node SDK is not tested")
    return folder


def request(at: datetime | None = None, **more: Any) -> bytes:
    """A LaunchRequest, as anybody could write it."""
    sent = (at or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
    user, application = {"userId": "ana"}, {"applicationId": "any"}
    about = {"application": application, "user": user}
    session = {"new": True, "sessionId": "s", "attributes": {}, **about}
    body = {"type": "LaunchRequest", "requestId": f"r-{uuid.uuid4()}", "timestamp": sent}
    body |= {"locale": "en-US", **more}
    context = {"System": {**about, "device": {"deviceId": "d", "supportedInterfaces": {}}}}
    whole = {"version": "1.0", "session": session, "context": context, "request": body}
    return json.dumps(whole).encode()


def long_ago() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=10)
