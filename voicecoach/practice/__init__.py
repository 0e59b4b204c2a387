"""A take from question to card, for the TUI and the command line alike."""
