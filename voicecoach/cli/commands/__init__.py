"""One file per family of commands. Importing them loads no engine and no numpy."""
