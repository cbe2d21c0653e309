"""Other processes at the same store: run as `python -m tests.stores.processes VERB URL ...`."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from sayso.stores.store import Lease, Store
from tests.stores.nouns import NOW, a_context, a_turn

ROOT = Path(__file__).parents[2]


def act_once(url: str, key: str, marks: str) -> None:
    """A turn with a key; leaves a mark in the file `marks` if it acts."""
    with Store.open(url) as store:
        begun = store.begin("ana", "kitchen", key)
        if isinstance(begun, Lease):
            with open(marks, "a") as file:
                file.write("acted\n")
            time.sleep(0.1)
            store.finish(begun, a_turn(key=key), a_context())
        print(a_turn(key=key).reply.speech if isinstance(begun, Lease) else begun.reply.speech)


def count_up(url: str, name: str, times: str) -> None:
    """Turns that each add one to the number in the context."""
    with Store.open(url) as store:
        for _ in range(int(times)):
            lease = store.begin("ana", "kitchen")
            assert isinstance(lease, Lease)
            number = (lease.context.turn if lease.context else 0) + 1
            turn = a_turn(number, conversation=f"kitchen of {name}")
            store.finish(lease, turn, a_context(number))


def hang(url: str, key: str, lease_s: str) -> None:
    """Begins a turn and never finishes it."""
    with Store.open(url) as store:
        store.begin("ana", "kitchen", key, lease_s=float(lease_s))
        print("begun", flush=True)
        time.sleep(60)


def ring(url: str, times: str) -> None:
    """Rings whatever is due, again and again."""
    with Store.open(url) as store:
        print(
            sum(
                store.announcements.ring(NOW + timedelta(seconds=second))
                for second in range(int(times))
            )
        )


def choose(url: str, name: str, times: str) -> None:
    """Enables skills of its own one by one, and disables every other one."""
    with Store.open(url) as store:
        for number in range(int(times)):
            store.people.enable("ana", [f"{name}-{number}", f"{name}-gone"], NOW)
            store.people.disable("ana", [f"{name}-gone"])


def use(url: str, name: str, times: str) -> None:
    """Turns in a conversation of its own, all served by the same skill."""
    with Store.open(url) as store:
        for number in range(int(times)):
            lease = store.begin("ana", name)
            assert isinstance(lease, Lease)
            store.finish(lease, a_turn(number, conversation=name), a_context())


def migrate(url: str) -> None:
    """Opens the store."""
    Store.open(url).close()


def fill_the_disk(path: str, bytes_: str) -> None:
    """Turns until the file may grow no more; then says what the error was."""
    import resource
    import signal

    from sayso.errors import StoreError

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with Store.open(f"sqlite:///{path}") as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(bytes_), int(bytes_)))
        number = 0
        try:
            while True:
                lease = store.begin("ana", "kitchen")
                assert isinstance(lease, Lease)
                store.finish(lease, a_turn(number + 1), a_context(number + 1))
                number += 1
        except StoreError as error:
            print(number, error)


VERBS = {
    verb.__name__: verb
    for verb in (act_once, count_up, hang, ring, choose, use, migrate, fill_the_disk)
}


def start(verb: str, *words: str) -> subprocess.Popen[str]:
    """A process that does this; whoever starts it waits for it or kills it."""
    command = [sys.executable, "-m", "tests.stores.processes", verb, *words]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def finished(process: subprocess.Popen[str]) -> str:
    """What it printed. Fails if it failed."""
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return said


if __name__ == "__main__":
    VERBS[sys.argv[1]](*sys.argv[2:])
