"""Microphone, playback, takes on disk, decoding, speech activity."""
