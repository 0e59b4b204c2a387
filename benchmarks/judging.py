"""Print the judge's figures on the labelled answers of this checkout, by the embedded voice and recogniser.

    python -m benchmarks.judging [--spoken [--limit N]] [--json]

The table is that of `voicecoach eval`; docs/judging.md says how each figure is computed.
"""

import sys

from voicecoach.cli.main import run

if __name__ == "__main__":
    sys.exit(run(["--engine", "pocketsphinx", "--voice", "espeak", "eval", *sys.argv[1:]]))
