"""Recognisers: audio in, a Transcript out. One file per engine."""
