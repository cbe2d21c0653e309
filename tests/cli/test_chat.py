"""chat on a real terminal, and in a pipe."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.conftest import SAYSO
from tests.cli.test_train import PATIENCE_S

UP, HOME_KEY, DELETE, CTRL_D = "\x1b[A", "\x01", "\x1b[3~", "\x04"


class Terminal:
    """A person at a keyboard."""

    def __init__(self, process: subprocess.Popen[bytes], screen: int) -> None:
        self.process = process
        self.screen = screen
        self.seen = ""

    def type(self, keys: str) -> None:
        os.write(self.screen, keys.encode())

    def expect(self, text: str) -> str:
        """Reads on until the text appears; what came before it and has not been expected yet."""
        deadline = time.monotonic() + PATIENCE_S
        while text not in self.seen:
            left = deadline - time.monotonic()
            assert left > 0, f"no {text!r} in {self.seen!r}"
            if select.select([self.screen], [], [], left)[0]:
                self.seen += os.read(self.screen, 4096).decode(errors="replace")
        before, _, self.seen = self.seen.partition(text)
        return before

    def end(self) -> int:
        return self.process.wait(PATIENCE_S)

    def interrupt(self) -> int:
        """Press Ctrl-C; again after a while, for one can fall between two looks of readline."""
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGINT)
            return self.end()


@contextmanager
def chatting(home: Path, *options: str) -> Iterator[Terminal]:
    screen, keyboard = pty.openpty()
    process = subprocess.Popen(
        [*SAYSO, "chat", str(home), *options],
        stdin=keyboard,
        stdout=keyboard,
        stderr=keyboard,
        start_new_session=True,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "200"},
    )
    os.close(keyboard)
    with process:
        try:
            yield Terminal(process, screen)
        finally:
            process.kill()
            os.close(screen)


def test_a_person_talks_edits_the_line_and_recalls_it(home: Path) -> None:
    with chatting(home, "--user", "ana") as terminal:
        terminal.expect("you> ")
        terminal.type(f"Xgreet Anna{HOME_KEY}{DELETE}\n")
        terminal.expect("Hello Anna!")
        assert "ms" in terminal.expect("you> ")
        terminal.type(f"{UP}\n")
        terminal.expect("Hello Anna!")
        terminal.expect("you> ")
        terminal.type("\n")
        terminal.expect("you> ")
        terminal.type(CTRL_D)
        assert terminal.end() == 0
    assert (home / ".chat_history").read_text().splitlines() == ["greet Anna"]
    assert (home / ".chat_history").stat().st_mode & 0o077 == 0


def test_history_lasts_and_exit_ends(home: Path) -> None:
    (home / ".chat_history").write_text("greet Bob\n")
    with chatting(home) as terminal:
        terminal.expect("you> ")
        terminal.type(f"{UP}\n")
        terminal.expect("Hello Bob!")
        terminal.expect("you> ")
        terminal.type("Exit\n")
        assert terminal.end() == 0


def test_what_rings_comes_between_the_lines_and_keeps_what_is_typed(home: Path) -> None:
    with chatting(home) as terminal:
        terminal.expect("you> ")
        terminal.type("strike the gong\n")
        terminal.expect("Bong.")
        terminal.expect("you> ")
        terminal.type("greet An")
        terminal.expect("[gong] Echo!")
        terminal.expect("you> greet An")
        terminal.type("na\n")
        terminal.expect("Hello Anna!")


def test_what_cannot_be_served_is_told_and_the_talk_goes_on(home: Path) -> None:
    with chatting(home) as terminal:
        terminal.expect("you> ")
        terminal.type("\u200b\n")
        terminal.expect("text: holds no words")
        terminal.expect("you> ")
        terminal.type("grüß 🥚\n")
        terminal.expect(" ms")
        terminal.expect("you> ")
        assert terminal.interrupt() == 130


def piped(home: Path, said: bytes, *options: str) -> list[str]:
    done = subprocess.run(
        [*SAYSO, "chat", str(home), *options], input=said, capture_output=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.decode().splitlines()


def test_lines_from_a_pipe_are_answered_one_by_one(home: Path) -> None:
    out = piped(home, b"greet Anna\n\nstrike the gong \xff\nquit\ngreet Bob\n")
    assert out[0] == "  Hello Anna!"
    assert not any("Bob" in line for line in out)
    assert not any("you>" in line for line in out)


def test_json_is_a_line_each(home: Path) -> None:
    replies = [json.loads(line) for line in piped(home, b"greet Anna\nwell greet Bob\n", "--json")]
    assert [reply["turn"] for reply in replies] == [1, 2]


def test_empty_line_is_silence_while_something_is_asked(home: Path) -> None:
    out = [json.loads(line) for line in piped(home, b"\nopen greeter\n\n\n\n\n", "--json")]
    assert [reply["turn"] for reply in out] == [1, 2, 3]
    assert [reply["ended"] for reply in out] == [False, False, True]
