"""`sayso chat`: talk on a terminal; timers ring between the lines."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.cli.output import HomeFolder, Locale, User, complain, console
from sayso.cli.say import decision_line

if TYPE_CHECKING:
    from sayso.runtime.home import Home

RING_EVERY_S = 0.5
HISTORY = 1000  # lines kept
PROMPT = "you> "


def chat(home: HomeFolder, user: User = "anonymous", locale: Locale = None) -> None:
    """Talk to the home. End with Ctrl-D, or by saying "exit"."""
    from sayso.runtime.home import Home

    with Home.open(home) as opened:
        talk(opened, user=user, locale=locale)


def talk(home: Home, *, user: str, locale: str | None = None) -> None:
    """Read lines and answer them until the input ends."""
    from sayso.errors import RequestError

    out = console()
    with _history(home.folder / ".chat_history"), _ringing(home, user):
        while (text := _read()) is not None:
            if text in ("exit", "quit"):
                break
            if not text:
                continue
            try:
                reply = home.turn(text, user=user, locale=locale)
            except RequestError as error:
                complain(f"{error.field}: {error}")
                continue
            out.print(f"  {reply.speech}", markup=False)
            out.print(f"  {decision_line(reply)}", style="dim", markup=False)


def _read() -> str | None:
    """A line, or None at the end of the input."""
    try:
        return input(PROMPT if sys.stdin.isatty() else "").strip()
    except EOFError:
        return None


@contextmanager
def _history(path: Path) -> Iterator[None]:
    """Line editing and a history of what was said, where the terminal has them."""
    if not sys.stdin.isatty():
        yield
        return
    import readline

    readline.set_history_length(HISTORY)
    with suppress(OSError):
        readline.read_history_file(path)
    try:
        yield
    finally:
        with suppress(OSError):
            readline.write_history_file(path)


@contextmanager
def _ringing(home: Home, user: str) -> Iterator[None]:
    """Say what rings while the person is silent."""
    stop = threading.Event()
    thread = threading.Thread(target=_ring, args=(home, user, stop.wait), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _ring(home: Home, user: str, wait: Callable[[float], bool]) -> None:
    last = home.store.last_event()
    while not wait(RING_EVERY_S):
        home.ring()
        for event in home.events(user=user, after=last):
            last = event.id
            prompt = f"\n{PROMPT}" if sys.stdin.isatty() else "\n"
            sys.stdout.write(f"\r  [{event.skill}] {event.speech}{prompt}")
            sys.stdout.flush()
