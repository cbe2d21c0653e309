"""A process that runs back-ends: `python -m sayso.fulfilment.worker`, started by the pool.

It reads a job from standard input, answers on what was standard output, and starts over, one job
at a time, until the pipe is closed. What a handler prints goes to standard error, which the pool
keeps the last lines of. The code that runs here is the skill's: it may hang, die and lie, so the
pool kills this process whenever it does not answer in time.

    job      {"call": "python" | "alexa", "skill", "folder", "handler", "data", "request",
              "timeout_s"}, or {"call": "reply", "template", "request", "timeout_s"}
    progress {"progress": words} for what an Alexa skill says while it works
    answers  {"phase": "loading"} and {"phase": "running"} where something had to be imported,
             then {"result"} or {"failure", "worn"}: a worn worker wants to be replaced
"""

from __future__ import annotations

import faulthandler
import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from sayso.errors import FulfilmentError
from sayso.fulfilment.directives import Directives
from sayso.fulfilment.handler import Request, read_request
from sayso.fulfilment.lambda_context import LambdaContext
from sayso.fulfilment.loading import Code, inside, load
from sayso.fulfilment.storage import Storage
from sayso.fulfilment.wire import HEADER, LOADING_S, pack, parse_json

MEMORY_BYTES = 2 << 30  # of address space, libraries included
_GRACE_S = 1.0

Job = Mapping[str, Any]


class Worker:
    """What a worker keeps between jobs: loaded code and open storages.

    say: writes a packed message to the pool.
    """

    def __init__(self, say: Callable[[bytes], object]) -> None:
        self._say = say
        self._directives = Directives(lambda speech: say(pack({"progress": speech})))
        self._code: dict[tuple[str, str], Code] = {}
        self._storages: dict[str, Storage] = {}

    def answer(self, job: Job) -> bytes:
        """The packed answer to a job; whatever the skill's code raises is a failure."""
        try:
            result = self._reply(job) if job["call"] == "reply" else self._run(job)
            return pack({"result": result}, default=_plain)
        except FulfilmentError as error:
            return pack({"failure": str(error)})
        except BaseException as error:  # noqa: BLE001  SystemExit included: the worker lives on
            failure = _describe(error, str(job.get("folder")))
            return pack({"failure": failure, "worn": isinstance(error, MemoryError)})
        finally:
            for storage in self._storages.values():
                storage.settle()

    def _run(self, job: Job) -> Any:
        os.environ["SAYSO_DATA"] = job[
            "data"
        ]  # where a skill may keep files, as others keep theirs
        code = self._loaded(job["folder"], job["handler"], job["timeout_s"])
        with inside(code):
            if job["call"] == "alexa":
                self._directives.begin(job["request"]["request"]["requestId"])
                context = LambdaContext(job["skill"], job["request"], job["timeout_s"])
                return code.call(job["request"], context)
            request = self._request(job)
            response = code.call(request)
            return {"response": response, "attributes": request.attributes}

    def _loaded(self, folder: str, handler: str, timeout_s: float) -> Code:
        code = self._code.get((folder, handler))
        if code is None or code.changed():
            self._code.pop((folder, handler), None)
            self._phase("loading", LOADING_S)
            code = self._code[folder, handler] = load(folder, handler)
            self._phase("running", timeout_s)
        return code

    def _request(self, job: Job) -> Request:
        path = os.path.join(job["data"], "storage.db")
        if path not in self._storages:
            self._storages[path] = Storage(Path(path))
        return read_request(job["request"], self._storages[path])

    def _reply(self, job: Job) -> str:
        self._phase("loading", LOADING_S)
        from sayso.fulfilment.templates import render_confined

        self._phase("running", job["timeout_s"])
        return render_confined(job["template"], job["request"])

    def _phase(self, name: str, limit_s: float) -> None:
        arm(limit_s)
        self._say(pack({"phase": name}))


def _plain(value: Any) -> Any:
    """What a handler may return beyond JSON: the dataclasses of `handler`, and moments."""
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"a {type(value).__name__} is no JSON value")


def _describe(error: BaseException, folder: str) -> str:
    """An exception in one line, with the place in the skill's own code that it comes from."""
    import traceback

    words = traceback.format_exception_only(error)[-1].strip()[:300]
    root, place = os.path.realpath(folder) + os.sep, ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
        if file.startswith(root):
            place = f" ({file.removeprefix(root)}:{line} in {frame.f_code.co_name})"
    if isinstance(error, SyntaxError) and error.filename:
        place = f" ({error.filename.removeprefix(root)}:{error.lineno})"
    return f"{words}{place}"


def arm(limit_s: float) -> None:
    """Let the kernel end this process should the pool, gone itself, not do it in time."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limit_s and limit_s + _GRACE_S)


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pool's two pipes, out of reach of a handler that reads or prints."""
    inbox, outbox = os.dup(0), os.dup(1)  # not inherited by children, as 0 and 1 were
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return open(inbox, "rb"), open(outbox, "wb", buffering=0)


def main() -> None:
    """Serve jobs until the pool closes the pipe."""
    inbox, outbox = _take_pipes()
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY_BYTES if most == resource.RLIM_INFINITY else min(MEMORY_BYTES, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))
    faulthandler.register(signal.SIGUSR1)  # the pool asks where a hanging handler stands
    sys.dont_write_bytecode = True  # a second's edit must not meet a stale file, nor leave litter
    worker = Worker(outbox.write)
    while len(header := inbox.read(HEADER.size)) == HEADER.size:
        job = parse_json(inbox.read(*HEADER.unpack(header)))
        arm(job["timeout_s"])
        answer = worker.answer(job)
        arm(0.0)
        sys.stdout.flush()
        outbox.write(answer)


if __name__ == "__main__":
    main()
