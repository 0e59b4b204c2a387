"""What is installed with voicecoach, and under which licence, from the packages' own metadata.

`python -m tests.privacy.licences` writes the table of docs/licences.md anew.
"""

import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).parents[2]
DOCUMENT = REPOSITORY / "docs" / "licences.md"
BEGIN, END = "<!-- packages: begin -->", "<!-- packages: end -->"

UNSTATED = {
    "espeakng-loader": "not stated by the package; what it carries is GPL-3.0-or-later",
}
"""Packages whose metadata has no licence."""

OF_THE_PLATFORM = re.compile(r"nvidia-|cuda-|triton$|colorama$|setuptools$")
"""Not in constraints.txt, since pip brings them on some systems only."""

_LONGEST_NAME = 60
"""A longer License field is the text of a licence rather than its name."""


def direct_requirements() -> list[Requirement]:
    """Of pyproject.toml, with the piper extra: what a person may install."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    lines = (*project["dependencies"], *project["optional-dependencies"]["piper"])
    return [Requirement(line) for line in lines]


def pinned() -> dict[str, str]:
    """Versions of constraints.txt by package."""
    lines = (REPOSITORY / "constraints.txt").read_text("utf-8").splitlines()
    pins = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pins}


def closure(requirements: Iterable[Requirement]) -> set[str]:
    """Every package that these bring on this system, themselves included."""
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = list(requirements)
    while waiting:
        requirement = waiting.pop()
        name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        for line in distribution(name).requires or ():
            needed = Requirement(line)
            marker = needed.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras or {""}):
                waiting.append(needed)
    return {name for name, _ in seen}


def licence_of(package: Distribution) -> str:
    """Its licence as its metadata names it.

    Raises:
        LookupError: It names none, and UNSTATED does not either.
    """
    found = package.metadata.json
    expression, named = found.get("license_expression"), found.get("license")
    if isinstance(expression, str) and expression:
        return expression
    if isinstance(named, str) and named and "\n" not in named and len(named) <= _LONGEST_NAME:
        return named
    classifiers = [str(each) for each in found.get("classifier", ())]
    licences = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License :: ")]
    if licences:
        return ", ".join(licences)
    return UNSTATED[canonicalize_name(package.metadata["Name"])]


def table() -> str:
    """The table of packages, in Markdown."""
    pins = pinned()
    direct = {canonicalize_name(each.name) for each in direct_requirements()}
    lines = ["| package | licence | brought by |", "|---|---|---|"]
    for name in sorted(closure(direct_requirements()) & pins.keys()):
        by = "voicecoach" if name in direct else "another package"
        lines.append(f"| {name} | {licence_of(distribution(name))} | {by} |")
    return "\n".join(lines)


def main() -> None:
    """Write the document's table anew."""
    head, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
    _, _, tail = rest.partition(END)
    DOCUMENT.write_text(f"{head}{BEGIN}\n{table()}\n{END}{tail}", "utf-8")


if __name__ == "__main__":
    main()
