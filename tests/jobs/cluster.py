"""A Spark cluster of this machine's own, on loopback: a master and workers that tests may kill.

Run as a module, it learns on such a cluster: a Spark session is one a process, and tests share one.

    python -m tests.jobs.cluster HOME LOG MASTER PATIENCE_S
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil

from sayso.errors import SaysoError
from tests.engines import HASTY, SMALL
from tests.events.logs import NOON

HOST = "127.0.0.1"
_START_S = 300.0  # on a machine that does much else


@dataclass(slots=True)
class Cluster:
    """A master, and its workers, each of one core."""

    folder: Path
    port: int
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    runs: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def master(self) -> str:
        """As Spark names it."""
        return f"spark://{HOST}:{self.port}"

    def environment(self) -> dict[str, str]:
        """Of everything that takes part: no name is looked up, and a table has several parts."""
        import pyspark

        told = dict(os.environ)
        told["SPARK_HOME"] = str(Path(pyspark.__file__).parent)
        told["SPARK_LOCAL_IP"] = HOST
        told["SPARK_CONF_DIR"] = str(self.folder)
        told["JDK_JAVA_OPTIONS"] = HASTY
        told["PYSPARK_PYTHON"] = sys.executable
        told["PYTHONPATH"] = os.pathsep.join(each for each in sys.path if each)
        return told

    def start(self, kind: str, *arguments: str) -> subprocess.Popen[bytes]:
        """A master or a worker, once it says that it is up."""
        environment = self.environment()
        program = Path(environment["SPARK_HOME"]) / "bin" / "spark-class"
        log = self.folder / f"{kind}-{len(self.processes)}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [
                    str(program),
                    f"org.apache.spark.deploy.{kind.lower()}.{kind}",
                    *("--host", HOST, "--webui-port", "0"),
                    *arguments,
                ],
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
            )
        self.processes.append(process)
        wanted = "Starting Spark master" if kind == "Master" else "Successfully registered"
        wait(lambda: wanted in log.read_text(errors="replace"), f"no {kind} in {log}")
        return process

    def worker(self) -> subprocess.Popen[bytes]:
        """One worker more."""
        return self.start(
            "Worker", "-c", "1", "-m", "1100m", "-d", str(self.folder / "apps"), self.master
        )


@contextmanager
def cluster(folder: Path, *, workers: int) -> Iterator[Cluster]:
    """A cluster for as long as the block runs; all of it is gone afterwards."""
    folder.mkdir()
    # By itself Spark would put what tests have in one part, and half of the workers would idle.
    chosen = {**SMALL, "spark.sql.shuffle.partitions": "4"}
    (folder / "spark-defaults.conf").write_text("\n".join(map(" ".join, chosen.items())))
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    running = Cluster(folder, port)
    try:
        running.start("Master", "--port", str(port))
        for _ in range(workers):
            running.worker()
        yield running
    finally:
        for process in [*running.runs, *running.processes]:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started, at once, as a machine that is lost does."""
    if process.poll() is not None:
        return
    with suppress(psutil.NoSuchProcess):
        tree = psutil.Process(process.pid)
        for each in [*tree.children(recursive=True), tree]:
            with suppress(psutil.NoSuchProcess):
                each.send_signal(signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def wait(holds: Any, what: str, seconds: float = _START_S) -> None:
    """Until something holds. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.02)


def begin(running: Cluster, home: Path, log: Path, patience_s: float) -> subprocess.Popen[bytes]:
    """A run of the loop on the cluster, under way."""
    run = subprocess.Popen(
        [
            sys.executable,
            *("-W", "ignore", "-m", __name__),
            *(str(home), str(log), running.master, str(patience_s)),
        ],
        env=running.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    running.runs.append(run)
    return run


def end(run: subprocess.Popen[bytes], seconds: float = 2 * _START_S) -> dict[str, Any]:
    """What a run came to: its error, or `{}`."""
    out, _ = run.communicate(timeout=seconds)
    told: dict[str, Any] = json.loads(out.splitlines()[-1])
    return told


def main() -> None:
    """Learn, and print what came of it as JSON."""
    from sayso.events import spark
    from sayso.jobs.learn import Means, learn

    home, log, master, patience_s = sys.argv[1:]
    spark.PATIENCE_S = float(patience_s)
    told = {}
    try:
        learn(Path(home), Means(Path(log), "spark", master, 500), now=NOON + timedelta(days=1))
    except SaysoError as error:
        told = {"error": type(error).__name__, "message": str(error), "cause": str(error.__cause__)}
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
