"""Attempts, kept in SQLite."""
