"""The app in a browser on this machine, through textual-serve."""

WEB_DRIVER = "voicecoach.tui.web:LoopbackDriver"
"""Named in TEXTUAL_DRIVER of an app whose screen is a browser's."""
