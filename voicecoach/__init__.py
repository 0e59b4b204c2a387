"""An offline trainer for spoken interview answers."""

from voicecoach.telemetry import switch_off

switch_off()
