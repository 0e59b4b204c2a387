"""What a machine has to have for some tests."""

import os
from typing import NoReturn

import pytest


def missing(message: str, required: str = "VOICECOACH_REQUIRE_AUDIO") -> NoReturn:
    """End a test for what this machine lacks: skipped, or failed where nothing may be missing.

    Args:
        message: What there is not.
        required: The environment variable that is "1" there.
    """
    if os.environ.get(required) == "1":
        pytest.fail(message)
    pytest.skip(message)
