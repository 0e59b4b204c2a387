"""Switches that keep the libraries from telling their makers anything.

They are read once, when a library is first imported, and other libraries import it too: so they are set
before anything else of voicecoach is imported (voicecoach/__init__.py), and win over the environment.
"""

import os

SWITCHES = {
    # huggingface_hub, and transformers and sentence-transformers through it: what it sends with its requests,
    # and a registry that it would fetch. faster-whisper imports it for the speech detector already.
    "HF_HUB_DISABLE_TELEMETRY": "1",
    # onnxruntime from 1.29 on: its builds would keep an identifier of the machine in the person's cache, and
    # report to Microsoft which models are loaded. Its disable_telemetry_events() comes too late for that.
    "ORT_DISABLE_TELEMETRY": "1",
}
"""Environment variables. Textual, torch, tokenizers, ctranslate2, PyAV and pocketsphinx report nothing."""


def switch_off() -> None:
    """Set the switches, for this process and those that it starts."""
    os.environ.update(SWITCHES)
