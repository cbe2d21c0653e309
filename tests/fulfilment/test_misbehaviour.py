"""Handlers that hang, die and lie cost their own call and nobody else's."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from sayso.fulfilment import Backends
from sayso.types.calls import Answer
from sayso.types.skills import Fulfilment, FulfilmentKind
from tests.fulfilment.skills import LAUNCH, asking, context, python_skill, skill

HANGS = """
import time
def handle(request):
    while True:
        time.sleep(0.01)
"""


GIVES_PID = "import os\ndef handle(request): return str(os.getpid())"


def failure_of(backends: Backends, folder: Path, source: str, *, timeout_s: float = 5.0) -> str:
    """What the trace says about a handler; the person hears the plain apology."""
    answer = backends.answer(python_skill(folder, source, timeout_s=timeout_s), asking(), context())
    assert answer.speech == "Sorry, Weather Wise isn't answering right now."
    assert answer.failure is not None
    return answer.failure


def test_an_exception_is_told_with_its_place(backends: Backends, tmp_path: Path) -> None:
    source = "def handle(request):\n    return {}['key']\n"
    assert failure_of(backends, tmp_path, source) == (
        "weather: KeyError: 'key' (handler.py:2 in handle)"
    )


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("return handle(request)", "RecursionError: maximum recursion depth exceeded"),
        ("return bytearray(1 << 40)", "MemoryError"),
        ("a = []; a.append(a); return {'card': a}", "Circular reference"),
        ("request.attributes = 5; return 'x'", "request.attributes is no mapping"),
        ("request.attributes['x'] = {1, 2}; return 'x'", "a set is no JSON value"),
        ("import os; os._exit(7)", "its process exited with 7"),
        ("import os; os.kill(os.getpid(), 9)", "was killed by SIGKILL"),
        ("import ctypes; ctypes.string_at(0)", "was killed by SIGSEGV at __init__.py"),
        ("import os; os.closerange(3, 256); return 'x'", "its process exited with 1"),
    ],
)
def test_whatever_breaks_becomes_an_apology(
    backends: Backends, tmp_path: Path, body: str, complaint: str
) -> None:
    assert complaint in failure_of(backends, tmp_path, f"def handle(request):\n    {body}\n")


def test_what_cannot_be_imported_is_told_with_its_line(backends: Backends, tmp_path: Path) -> None:
    failure = failure_of(backends, tmp_path, "x = 1\ndef handle(request:\n    return 'x'\n")
    assert "SyntaxError: '(' was never closed (handler.py:2)" in failure


def test_a_hanging_handler_costs_its_time_limit_and_is_found(
    backends: Backends, tmp_path: Path
) -> None:
    started = time.monotonic()
    failure = failure_of(backends, tmp_path, HANGS, timeout_s=0.3)
    assert failure == "weather: gave no answer within 0.3 s at handler.py:5 in handle"
    assert time.monotonic() - started < 3


def test_a_handler_that_ignores_signals_is_killed_all_the_same(
    backends: Backends, tmp_path: Path
) -> None:
    source = """
    import signal
    def handle(request):
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGUSR1):
            signal.signal(name, signal.SIG_IGN)
        while True:
            try:
                while True: pass
            except BaseException: pass
    """
    assert "gave no answer within 0.2 s" in failure_of(backends, tmp_path, source, timeout_s=0.2)


def test_what_a_killed_handler_started_dies_with_it(backends: Backends, tmp_path: Path) -> None:
    source = f"""
    import subprocess, sys, time
    def handle(request):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        open({str(tmp_path / "pid")!r}, "w").write(str(child.pid))
        time.sleep(60)
    """
    failure_of(backends, tmp_path, source, timeout_s=0.5)
    child = int((tmp_path / "pid").read_text())
    assert _dead_soon(child)


def test_a_child_that_keeps_the_pipes_open_does_not_hide_a_death(
    backends: Backends, tmp_path: Path
) -> None:
    source = """
    import os, time
    def handle(request):
        if os.fork() == 0:
            time.sleep(60)
        os._exit(4)
    """
    started = time.monotonic()
    assert "its process exited with 4" in failure_of(backends, tmp_path, source)
    assert time.monotonic() - started < 3


def test_a_handler_may_print_read_and_flood_standard_output(
    backends: Backends, tmp_path: Path
) -> None:
    source = """
    import os, sys
    def handle(request):
        print("x" * 3_000_000)
        os.write(1, b"y" * 300_000)
        sys.stderr.write("z" * 300_000)
        return "Fine " + repr(sys.stdin.read())
    """
    answer = backends.answer(python_skill(tmp_path, source), asking(), context())
    assert answer == Answer("Fine ''")


def test_the_last_lines_printed_are_in_the_trace(backends: Backends, tmp_path: Path) -> None:
    source = """
    def handle(request):
        print("connecting to the moon")
        raise OSError("no moon")
    """
    failure = failure_of(backends, tmp_path, source)
    assert failure.endswith(
        "OSError: no moon (handler.py:4 in handle) | printed: connecting to the moon"
    )


def test_garbage_in_the_pipe_is_noticed(backends: Backends, tmp_path: Path) -> None:
    source = """
    import os
    def handle(request):
        for pipe in range(3, 30):
            try: os.write(pipe, b"\\xff" * 64)
            except OSError: pass
        return "x"
    """
    assert "wrote into its pipe what is no message" in failure_of(backends, tmp_path, source)


def test_a_module_that_hangs_while_imported_ends_too(
    backends: Backends, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sayso.fulfilment.process.LOADING_S", 0.6)
    failure = failure_of(backends, tmp_path, "import time\ntime.sleep(60)\ndef handle(r): ...")
    assert failure == "weather: gave no answer within 0.6 s at handler.py:2 in <module>"


def test_a_slow_import_is_not_counted_as_the_first_call(backends: Backends, tmp_path: Path) -> None:
    source = "import time\ntime.sleep(0.5)\ndef handle(request): return 'At last.'"
    slow = python_skill(tmp_path, source, timeout_s=0.2)
    assert backends.answer(slow, asking(), context()) == Answer("At last.")


@pytest.mark.parametrize(
    ("handler", "complaint"),
    [
        (None, "names no handler"),
        ("handler", "write it as module:callable"),
        ("handler:handle()", "write it as module:callable"),
        ("other:handle", "no file"),
        ("../outside:handle", "no such folder"),
        ("handler:nothing", "handler.py has no callable nothing"),
    ],
)
def test_a_handler_that_is_not_there_is_told(
    backends: Backends, tmp_path: Path, handler: str | None, complaint: str
) -> None:
    (tmp_path / "handler.py").write_text("nothing = 5\ndef handle(request): return 'x'\n")
    broken = skill(Fulfilment(FulfilmentKind.PYTHON, handler=handler), folder=tmp_path)
    assert complaint in (backends.answer(broken, LAUNCH, context()).failure or "")


def test_the_skills_own_reply_is_said_instead_of_the_apology(
    backends: Backends, tmp_path: Path
) -> None:
    (tmp_path / "handler.py").write_text("def handle(request): raise ValueError")
    fulfilment = Fulfilment(
        FulfilmentKind.PYTHON,
        replies={"Forecast": ["No weather today."]},
        handler="handler:handle",
    )
    answer = backends.answer(skill(fulfilment, folder=tmp_path), asking(), context())
    assert answer.speech == "No weather today."
    assert answer.failure is not None


@pytest.fixture
def two_workers(tmp_path: Path) -> Iterator[Backends]:
    with Backends(home=tmp_path / "home", workers=2) as made:
        yield made


def test_a_hanging_skill_leaves_a_worker_for_the_others(
    two_workers: Backends, tmp_path: Path
) -> None:
    bad = python_skill(tmp_path / "bad", HANGS, id="bad", timeout_s=1.0)
    good = python_skill(tmp_path / "good", "def handle(request): return 'Here.'", id="good")
    with ThreadPoolExecutor(4) as threads:
        hanging = [threads.submit(two_workers.answer, bad, LAUNCH, context()) for _ in range(3)]
        started = time.monotonic()
        while not all(call.done() for call in hanging):
            assert two_workers.answer(good, LAUNCH, context()) == Answer("Here.")
        assert time.monotonic() - started < 5
    failures = [call.result().failure or "" for call in hanging]
    assert sum("gave no answer within 1 s" in failure for failure in failures) >= 1
    assert all("gave no answer" in f or "no worker became free" in f for f in failures)


def test_eight_threads_get_their_own_answers(two_workers: Backends, tmp_path: Path) -> None:
    echo = python_skill(tmp_path, "def handle(request): return request.user")

    def ask(number: int) -> bool:
        answers = [
            two_workers.answer(echo, LAUNCH, context(user=f"user {number}.{turn}"))
            for turn in range(25)
        ]
        return answers == [Answer(f"user {number}.{turn}") for turn in range(25)]

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(8)))


def test_workers_end_when_the_back_ends_are_closed(tmp_path: Path) -> None:
    pid = python_skill(tmp_path, GIVES_PID)
    with Backends(home=tmp_path) as made:
        worker = int(made.answer(pid, LAUNCH, context()).speech)
    assert _dead_soon(worker)
    assert "closed" in (made.answer(pid, LAUNCH, context()).failure or "")


def test_closing_ends_a_call_that_is_running(tmp_path: Path) -> None:
    made = Backends(home=tmp_path)
    answers: list[Answer] = []
    source = HANGS.replace("while", f"open({str(tmp_path / 'in')!r}, 'w')\n    while")
    hangs = python_skill(tmp_path, source)
    thread = threading.Thread(target=lambda: answers.append(made.answer(hangs, LAUNCH, context())))
    thread.start()
    while not (tmp_path / "in").exists():
        time.sleep(0.01)
    made.close()
    thread.join(3)
    assert "was killed" in (answers[0].failure or "")


def test_workers_do_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    source = f"""
import os
from pathlib import Path
from tests.fulfilment.skills import LAUNCH, context, python_skill
from sayso.fulfilment import Backends
skill = python_skill(Path({str(tmp_path)!r}), {GIVES_PID!r})
print(Backends(home=Path({str(tmp_path)!r})).answer(skill, LAUNCH, context()).speech, flush=True)
os.kill(os.getpid(), 9)
"""
    root = Path(__file__).parents[2]  # where `tests` is; loading a skill may have left it
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, cwd=root)
    assert done.stdout.strip().isdigit(), done.stderr
    assert _dead_soon(int(done.stdout))


def test_a_worker_that_died_in_its_sleep_is_replaced(backends: Backends, tmp_path: Path) -> None:
    pid = python_skill(tmp_path, GIVES_PID)
    os.kill(worker := int(backends.answer(pid, LAUNCH, context()).speech), 9)
    assert _dead_soon(worker)
    assert backends.answer(pid, LAUNCH, context()).failure is None


def _dead_soon(pid: int) -> bool:
    """Whether a process ends within two seconds; a zombie nobody has waited for counts."""
    for _ in range(100):
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


def test_a_worker_starts_with_light_imports_only() -> None:
    source = "import sys, sayso.fulfilment.worker; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True)
    assert not {"pydantic", "jinja2", "numpy", "ask_sdk_core"} & set(done.stdout.split())
    assert "sayso.fulfilment.worker" in done.stdout.split()
