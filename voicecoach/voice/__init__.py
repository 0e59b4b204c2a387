"""Ways of speaking a question aloud. One file per voice."""
