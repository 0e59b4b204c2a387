"""Sentences to vectors, with rubric vectors cached on disk."""
