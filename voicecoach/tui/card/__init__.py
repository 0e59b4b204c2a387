"""A scorecard as lines of text: what each line says, and the moment it plays."""
