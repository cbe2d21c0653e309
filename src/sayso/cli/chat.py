"""`sayso chat`: talk on a terminal; timers ring between the lines."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.cli.output import AsJson, HomeFolder, Locale, User, complain, console, print_line
from sayso.cli.say import decision_line

if TYPE_CHECKING:
    from sayso.runtime.home import Event, Home
    from sayso.types.turns import Reply

RING_EVERY_S = 0.5
HISTORY = 1000  # lines kept
PROMPT = "you> "


def chat(
    home: HomeFolder, user: User = "anonymous", locale: Locale = None, as_json: AsJson = False
) -> None:
    """Talk to the home, or pipe lines into it; an empty line leaves a question unanswered.

    End with Ctrl-D, or by saying "exit".
    """
    from sayso.runtime.home import Home

    with Home.open(home) as opened:
        talk(opened, user=user, locale=locale, as_json=as_json)


def talk(home: Home, *, user: str, locale: str | None = None, as_json: bool = False) -> None:
    """Read lines and answer them until the input ends; what goes wrong is told, and it goes on.

    as_json: print one JSON object a line, for each reply and for each thing that rings.
    """
    from sayso.errors import SaysoError

    show = print_line if as_json else _show
    listening = False  # something is asked: an empty line is no answer, but silence
    progress = _ignore if as_json else _at_once
    with _history(home.folder / ".chat_history"), _ringing(home, user, as_json):
        while (text := _read()) is not None:
            if text.casefold() in ("exit", "quit"):
                break
            if not text and not listening:
                continue
            try:
                reply = home.turn(
                    text, user=user, locale=locale, silence=not text, progress=progress
                )
                listening = not reply.ended
                show(reply)
            except SaysoError as error:
                complain(error)


def _at_once(speech: str) -> None:
    """What a skill says while it still works."""
    console().print(speech, style="dim", markup=False)


def _ignore(speech: str) -> None:
    """In lines of JSON there are replies alone."""


def _show(reply: Reply) -> None:
    out = console()
    out.print(f"  {reply.speech}")
    out.print(f"  {decision_line(reply)}", style="dim")


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _read() -> str | None:
    """A line, or None at the end of the input."""
    try:
        return input(PROMPT if _on_terminal() else "").strip()
    except EOFError:
        return None


@contextmanager
def _history(path: Path) -> Iterator[None]:
    """Line editing and a history of what was said, where the terminal has them."""
    if not _on_terminal():
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
            path.touch(mode=0o600)
            readline.write_history_file(path)


@contextmanager
def _ringing(home: Home, user: str, as_json: bool) -> Iterator[None]:
    """Say what rings while the person is silent."""
    stop = threading.Event()
    say = print_line if as_json else _interrupt
    thread = threading.Thread(target=_ring, args=(home, user, say, stop.wait), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _ring(
    home: Home, user: str, say: Callable[[Event], None], wait: Callable[[float], bool]
) -> None:
    from sayso.errors import StoreError

    last: int | None = None
    while not wait(RING_EVERY_S):
        # A store that is locked for a while rings later; the next turn says what is wrong.
        with suppress(StoreError):
            last = home.last_event() if last is None else last
            home.ring()
            for event in home.events(user=user, after=last):
                last = event.id
                say(event)


def _interrupt(event: Event) -> None:
    """Print what rings above the line that is being typed."""
    words = f"  [{event.skill}] {event.speech}\n"
    if _on_terminal():
        import readline

        words = f"\r\x1b[K{words}{PROMPT}{readline.get_line_buffer()}"
    sys.stdout.write(words)
    sys.stdout.flush()
