"""The command line: `sayso VERB`. One file a verb; errors become words and an exit code here."""

from __future__ import annotations

import os


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 a goal missed, 2 an error, 130 interrupted."""
    # One utterance is too small to share: threads of BLAS only wait for each other. Set before
    # numpy is imported, and inherited by every process that a verb starts.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

    from sayso.cli.app import app
    from sayso.cli.output import complain
    from sayso.errors import SaysoError

    try:
        app()
    except SaysoError as error:
        complain(str(error))
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:
        raise SystemExit(0) from None
