"""What `make` installs is named once in constraints.txt and, with checksums, in requirements/."""

import re

import pytest
from packaging.utils import canonicalize_name

from tests.privacy.licences import REPOSITORY, closure, direct_requirements, pinned

DECIDED_BY_PIP = {"torch", "setuptools", "pip"}
"""torch has a build for each kind of machine; the others come with Python's venv."""


def locked(name: str) -> dict[str, tuple[str, list[str]]]:
    """Version and checksums by package, as a lock file has them."""
    text = (REPOSITORY / "requirements" / f"{name}.txt").read_text("utf-8").replace("\\\n", " ")
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    pins = [(first.split("=="), checksums) for first, *checksums in lines]
    return {canonicalize_name(package): (version, checksums) for (package, version), checksums in pins}


@pytest.mark.parametrize("name", ["app", "dev"])
def test_every_locked_package_has_the_pinned_version_and_checksums(name: str) -> None:
    pins = pinned()
    for package, (version, checksums) in locked(name).items():
        assert pins.get(package) == version, package
        assert checksums
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", each) for each in checksums), package


def test_what_the_app_needs_is_locked_and_the_tests_lock_holds_it_all() -> None:
    needed = closure(r for r in direct_requirements() if r.name != "piper-tts") - DECIDED_BY_PIP
    assert needed <= locked("app").keys()
    assert locked("app").items() <= locked("dev").items()
    assert pinned().keys() - DECIDED_BY_PIP == locked("dev").keys()
