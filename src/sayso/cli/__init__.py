"""The command line: `sayso VERB`. One file a verb; errors become words and an exit code here."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line. Exit codes: 0 done, 1 a goal missed, 2 an error, 130 interrupted."""
    # One utterance is too small to share: threads of BLAS only wait for each other. Set before
    # numpy is imported, and inherited by every process that a verb starts.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _speak_any_script()

    from sayso.cli.app import app
    from sayso.cli.output import complain
    from sayso.errors import SaysoError

    try:
        app(arguments, prog_name="sayso")
    except SaysoError as error:
        complain(error)
        raise SystemExit(2) from None
    except OSError as error:  # a file or folder that no room looks at: disk full, not permitted
        what = error.strerror or str(error)
        complain(f"{error.filename}: {what}" if error.filename else what)
        raise SystemExit(2) from None


def _speak_any_script() -> None:
    """Never fail for a character that the terminal does not know, in or out."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace" if stream is sys.stdin else "backslashreplace")
