"""serve as a verb; tests/server has what it serves."""

from __future__ import annotations

import json
import signal
from http.client import HTTPConnection
from pathlib import Path

from tests.cli.conftest import Sayso, running
from tests.cli.test_train import PATIENCE_S, lines, next_of


def test_serve_says_where_it_listens_answers_and_stops(home: Path) -> None:
    with running("serve", home, "--port", "0", "--json") as process:
        url = json.loads(next_of(lines(process.stdout)))["url"]
        connection = HTTPConnection(url.removeprefix("http://"), timeout=PATIENCE_S)
        body = json.dumps({"text": "greet Anna", "user": "ana"})
        connection.request("POST", "/v1/turns", body, {"Content-Type": "application/json"})
        assert json.load(connection.getresponse())["speech"] == "Hello Anna!"
        connection.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0


def test_serve_refuses_an_open_door_and_a_port_that_is_none(home: Path, sayso: Sayso) -> None:
    result = sayso("serve", home, "--host", "0.0.0.0")
    assert result.code == 2
    assert "sayso key" in result.err
    assert sayso("serve", home, "--port", "99999").code == 2
