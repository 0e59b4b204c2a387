"""The `voicecoach` program, which `python -m voicecoach` is too."""

import sys

STOPPED = 130
"""As ExitCode.INTERRUPTED, which is not imported yet when it is needed here."""


def main() -> None:
    """Run the program; Ctrl-C while its commands are still being imported stops it without a traceback."""
    try:
        from voicecoach.cli.main import main as program  # noqa: PLC0415 - takes so long that Ctrl-C may come

        program()
    except KeyboardInterrupt:
        if sys.stderr is not None:
            sys.stderr.write("voicecoach: stopped\n")
        sys.exit(STOPPED)


if __name__ == "__main__":
    main()
