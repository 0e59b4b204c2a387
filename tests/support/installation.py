"""Fresh processes, and copies of this installation that a test may break."""

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def run_python(
    code: str, packages: Path | None = None, environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run code in a fresh process.

    Args:
        code: Python source; it can import voicecoach.
        packages: A folder from `copy_packages` that replaces site-packages; None keeps this installation.
        environment: The whole environment, but for what finds the packages.
    """
    path = {"PYTHONPATH": str(packages)} if packages else {}
    return subprocess.run(
        [sys.executable, *(["-S"] if packages else []), "-c", code],
        env={**(environment or {}), **path},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


def copy_packages(folder: Path, own: str, without: bool = False) -> Path:
    """A folder that links to every installed package but one, which it copies or leaves out.

    Args:
        folder: Made here.
        own: The package whose copy may be broken.
        without: Leave that package out.
    """
    folder.mkdir(parents=True)
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if entry.name != own and entry.suffix != ".pth":
            (folder / entry.name).symlink_to(entry)
        elif entry.name == own and not without:
            shutil.copytree(entry, folder / own)
    return folder
