"""`python -m voicecoach` is the `voicecoach` program."""

from voicecoach.cli.main import main

main()
