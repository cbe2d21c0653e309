"""Skills that were ordered -> entries of a bundle, on the machines of a Dask cluster.

Each machine has Sayso, the encoder and a `dask worker`; batches of skills travel there and entries
come back. Whatever else training does is done here. A worker that dies is no error: Dask gives its
batches to another. Traffic is pickled: whoever reaches the scheduler runs what he likes on it, so
it stands in a network that is trusted, or speaks TLS (docs/large-homes.md).
"""

from __future__ import annotations

import pickle
import time
from asyncio import CancelledError
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from sayso.encoders import Encoders
from sayso.errors import EncoderError, MissingExtraError, SaysoError, TrainingError
from sayso.training.fitting import fit_alone
from sayso.training.made_with import difference, versions
from sayso.training.orders import Order

if TYPE_CHECKING:
    from distributed import Client, Future

BATCH = 50  # skills that travel together
AHEAD = 2  # batches a thread of the cluster, so that none waits for the next
CONNECT_S = 10.0  # until a scheduler has answered
PATIENCE_S = 60.0  # without a worker before training gives up
RESULT_S = 300.0  # until a result has travelled; that of a worker that died is made again
_LOOK_S = 5.0  # seconds between looks at the workers


@dataclass(frozen=True, slots=True)
class Recipe:
    """What all batches of a training have in common.

    encoder: folder of the one that reads English; a worker without it takes the packaged one.
    chosen: encoder of each language, as `Encoders` takes it.
    read_by: locale -> fingerprint of its encoder.
    """

    versions: Mapping[str, str]
    engine: str
    encoder: str
    chosen: Mapping[str, str]
    read_by: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Fits skills elsewhere; address: of the scheduler, `tcp://host:8786` or `tls://host:8786`."""

    address: str

    def check(self) -> None:
        """See that it can be reached and has workers of this very version.

        Raises TrainingError if not, MissingExtraError without the extra `cluster`.
        """
        with _client(self.address) as client:
            _awaited(client, self.address)
            for worker, theirs in _asked(client, self.address).items():
                _check_versions(theirs, worker)

    def __call__(
        self, orders: Sequence[Order], encoders: Encoders, engine: str
    ) -> Iterator[tuple[Order, bytes]]:
        """Each order with the skill's entry, as they come. Raises TrainingError."""
        if not orders:
            return
        recipe = _recipe(orders, encoders, engine)
        with _told(self.address), _client(self.address) as client:
            yield from _spread(client, recipe, orders, self.address)


def fit_batch(recipe: Recipe, orders: bytes) -> list[bytes]:
    """The entries of a batch; run by a worker. orders: pickled.

    Raises TrainingError where the worker is of another version, EncoderError where its encoder is.
    """
    _check_versions(versions(), "a worker", recipe.versions)
    encoders = _encoders(recipe.encoder, tuple(recipe.chosen.items()))
    for locale, fingerprint in recipe.read_by.items():
        if encoders.fingerprint(locale) != fingerprint:
            raise EncoderError(
                f"a worker reads {locale} by another encoder; give all machines the same: "
                f"{recipe.encoder} and the extra multilingual, or neither"
            )
    # Pickled by us, from the training that this worker was started for.
    batch = pickle.loads(orders)  # noqa: S301
    with threadpool_limits(1, "blas"):
        return fit_alone(batch, encoders, recipe.engine)


@lru_cache(maxsize=1)
def _encoders(folder: str, chosen: tuple[tuple[str, str], ...]) -> Encoders:
    """A worker's own, loaded once."""
    return Encoders.load(folder if Path(folder).is_dir() else None, dict(chosen))


def _recipe(orders: Sequence[Order], encoders: Encoders, engine: str) -> Recipe:
    locales = {locale for order in orders for locale in order.skill.locales}
    return Recipe(
        versions(),
        engine,
        str(encoders.default.folder.resolve()),
        encoders.chosen,
        {locale: encoders.fingerprint(locale) for locale in sorted(locales)},
    )


def _versions() -> Mapping[str, str]:
    return dict(versions())


def _asked(client: Client, address: str) -> Mapping[str, Mapping[str, str]]:
    """What the workers are of, by address. Raises TrainingError where one has no Sayso."""
    try:
        found: Mapping[str, Mapping[str, str]] = client.run(_versions)
        return found
    # Whatever a worker raises that cannot read the question.
    except Exception as error:
        raise TrainingError(
            f"{address}: a worker does not answer ({type(error).__name__}: {error}); install "
            "sayso[cluster] of this version on all machines"
        ) from error


def _check_versions(
    theirs: Mapping[str, str], worker: str, ours: Mapping[str, str] | None = None
) -> None:
    unlike = difference(theirs, ours or versions())
    if unlike:
        raise TrainingError(f"{worker} has {unlike}; install the same on all machines")


def _client(address: str) -> Client:
    """A connection. Raises TrainingError where nobody answers."""
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingExtraError(error.name or "distributed", "cluster") from error
    try:
        return Client(address, timeout=CONNECT_S)
    except (OSError, ValueError) as error:
        raise TrainingError(
            f"{address}: no scheduler answers ({error}); start one there: dask scheduler"
        ) from error


def _awaited(client: Client, address: str) -> None:
    """Wait until there is a worker. Raises TrainingError where none comes."""
    deadline = time.monotonic() + PATIENCE_S
    while not client.nthreads():
        if time.monotonic() > deadline:
            raise TrainingError(
                f"{address}: has no workers; start them: dask worker {address} --nthreads 1 "
                "--nworkers auto. What was fitted is kept: train again"
            )
        time.sleep(0.2)


def _spread(
    client: Client, recipe: Recipe, orders: Sequence[Order], address: str
) -> Iterator[tuple[Order, bytes]]:
    """As many batches under way as the workers can do, and a few more."""
    batches = (orders[at : at + BATCH] for at in range(0, len(orders), BATCH))
    running: dict[Future, Sequence[Order]] = {}
    while True:
        room = AHEAD * max(1, sum(client.nthreads().values())) - len(running)
        for batch in islice(batches, max(0, room)):
            sent = client.submit(fit_batch, recipe, pickle.dumps(batch), pure=False)
            running[sent] = batch
        if not running:
            return
        for future in _done(client, list(running), address):
            entries = future.result(timeout=RESULT_S)
            yield from zip(running.pop(future), entries, strict=True)


def _done(client: Client, running: Sequence[Future], address: str) -> Sequence[Future]:
    """Those that are done, once there is one. Raises TrainingError if all workers are gone."""
    from distributed import wait

    while True:
        _awaited(client, address)
        try:
            return list(wait(running, timeout=_LOOK_S, return_when="FIRST_COMPLETED").done)
        except TimeoutError:
            continue


@contextmanager
def _told(address: str) -> Iterator[None]:
    """Whatever a cluster may have, in words: a worker killed again and again, a scheduler gone."""
    try:
        yield
    except SaysoError:
        raise
    # Dask's own errors have no common base.
    except (Exception, CancelledError) as error:
        raise TrainingError(
            f"{address}: the cluster failed ({type(error).__name__}: {error}); what was fitted is "
            "kept: mend that and train again"
        ) from error
