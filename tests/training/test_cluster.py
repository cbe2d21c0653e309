"""Skills fitted by other processes, found through a scheduler, as by other machines."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sayso.encoders import Encoder
from sayso.errors import TrainingError
from sayso.training import cluster as module
from sayso.training import train as training
from sayso.training.cluster import Cluster
from sayso.training.made_with import versions
from sayso.training.train import train
from tests.training.birds import birds, contents

distributed = pytest.importorskip(
    "distributed", reason="distributed is not installed: sayso[cluster]"
)
pytestmark = [
    pytest.mark.slow,
    # Not ours: what Dask leaves open when workers are killed.
    pytest.mark.filterwarnings("ignore"),
]
NOBODY = "tcp://127.0.0.1:9"


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


@pytest.fixture(autouse=True)
def in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    monkeypatch.setattr(training, "MOST_CALIBRATED", 3)


@pytest.fixture(scope="module")
def two() -> Iterator[Any]:
    with cluster_of(2) as local:
        yield local


def cluster_of(workers: int) -> Any:
    return distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
    )


def test_the_bundle_is_that_of_one_machine(tmp_path: Path, encoder: Encoder, two: Any) -> None:
    cluster = Cluster(two.scheduler_address)
    cluster.check()
    told: list[int] = []

    def tell(stage: str, done: int, total: int) -> None:
        if stage == "fitting":
            told.append(done)

    there = train(birds(11), tmp_path / "there", encoder=encoder, elsewhere=cluster, progress=tell)
    assert told == list(range(1, 12))
    here = train(birds(11), tmp_path / "here", encoder=encoder)
    assert contents(there) == contents(here)


def test_a_training_of_one_machine_goes_on_there(
    tmp_path: Path, encoder: Encoder, two: Any
) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("fitting", 4):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(birds(11), tmp_path, encoder=encoder, progress=stop)
    cluster, remarks = Cluster(two.scheduler_address), list[str]()
    train(birds(11), tmp_path, encoder=encoder, elsewhere=cluster, remark=remarks.append)
    assert remarks == ["4 of 11 skills were fitted by a training before; going on."]


def test_a_worker_that_dies_costs_its_batch_alone(tmp_path: Path, encoder: Encoder) -> None:
    killed: list[int] = []
    with cluster_of(2) as local, distributed.Client(local) as watching:
        workers = list(watching.run(os.getpid).values())

        def tell(stage: str, done: int, total: int) -> None:
            if stage == "fitting" and not killed:
                killed.append(workers[0])
                os.kill(workers[0], signal.SIGKILL)

        cluster = Cluster(local.scheduler_address)
        there = train(
            birds(30), tmp_path / "there", encoder=encoder, elsewhere=cluster, progress=tell
        )
    assert killed
    here = train(birds(30), tmp_path / "here", encoder=encoder)
    assert contents(there) == contents(here)


def test_workers_of_another_version_are_refused(
    tmp_path: Path, encoder: Encoder, two: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = {**versions(), "sayso": "9.9 (of tomorrow)"}
    monkeypatch.setattr(module, "versions", lambda: ours)
    cluster = Cluster(two.scheduler_address)
    with pytest.raises(TrainingError, match=r"not 9\.9.*install the same on all machines"):
        cluster.check()
    with pytest.raises(TrainingError, match="install the same on all machines"):
        train(birds(3), tmp_path, encoder=encoder, elsewhere=cluster)


def test_a_scheduler_that_does_not_answer_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONNECT_S", 0.5)
    with pytest.raises(TrainingError, match=f"{NOBODY}: no scheduler answers"):
        Cluster(NOBODY).check()


def test_a_cluster_without_workers_says_how_to_start_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.5)
    with cluster_of(0) as none, pytest.raises(TrainingError, match="start them: dask worker"):
        Cluster(none.scheduler_address).check()


def test_a_scheduler_that_goes_away_is_told_of_and_what_was_fitted_is_kept(
    tmp_path: Path, encoder: Encoder
) -> None:
    remarks = list[str]()
    with cluster_of(2) as local:

        def tell(stage: str, done: int, total: int) -> None:
            if (stage, done) == ("fitting", 3):
                local.close()

        cluster = Cluster(local.scheduler_address)
        with pytest.raises(TrainingError, match="what was fitted is kept"):
            train(birds(30), tmp_path, encoder=encoder, elsewhere=cluster, progress=tell)
    train(birds(30), tmp_path, encoder=encoder, remark=remarks.append)
    assert "of 30 skills were fitted by a training before" in remarks[0]
