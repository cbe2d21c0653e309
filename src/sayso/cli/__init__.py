"""The command line: `sayso VERB`. One file a verb; errors become words and an exit code here."""

from __future__ import annotations


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 a goal was missed, 2 an error, 130 interrupted."""
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
