"""The terminal app: it renders and decides nothing."""
