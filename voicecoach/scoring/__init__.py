"""Judging: pure functions from a question, a transcript and vectors to a ScoreCard."""
