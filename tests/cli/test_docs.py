import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import click
import pytest

from voicecoach.cli.main import cli
from voicecoach.cli.talk import EXIT_CODES
from voicecoach.scoring.card import ScoreCard

DOCS = Path(__file__).resolve().parents[2] / "docs"


def sections(file: str) -> dict[str, str]:
    """The text under each second-level heading."""
    _, *rest = re.split(r"^## ", (DOCS / file).read_text("utf-8"), flags=re.MULTILINE)
    return {text.partition("\n")[0].strip(): text.partition("\n")[2] for text in rest}


def types_in(hint: Any) -> Iterator[Any]:
    yield hint
    for argument in get_args(hint):
        if get_origin(hint) is not Literal:
            yield from types_in(argument)


def dataclasses_of(root: type) -> dict[str, type]:
    found = {root.__name__: root}
    for hint in get_type_hints(root).values():
        for kind in types_in(hint):
            if is_dataclass(kind) and isinstance(kind, type) and kind is not root:
                found |= dataclasses_of(kind)
    return found


def all_commands(group: click.Group, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, group
    for key, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from all_commands(command, f"{name} {key}")
        else:
            yield f"{name} {key}", command


COMMANDS = dict(all_commands(cli, "voicecoach"))
CARD_TYPES = dataclasses_of(ScoreCard)


@pytest.mark.parametrize("name", CARD_TYPES)
def test_card_page_names_every_field_and_every_word_a_field_can_hold(name: str) -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*)$", sections("card.md")[name], flags=re.MULTILINE))

    assert list(rows) == [field.name for field in fields(CARD_TYPES[name])]
    for field, hint in get_type_hints(CARD_TYPES[name]).items():
        for kind in types_in(hint):
            if get_origin(kind) is Literal:
                assert set(get_args(kind)) <= set(re.findall(r"`([\w-]+)`", rows[field]))
            elif is_dataclass(kind) and isinstance(kind, type):
                assert kind.__name__ in rows[field]


def test_card_page_has_no_section_for_what_is_not_on_the_card() -> None:
    assert set(sections("card.md")) == set(CARD_TYPES)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_an_example(name: str) -> None:
    command = COMMANDS[name]

    assert command.help
    assert re.search(rf"^  {name}\b", command.epilog or "", flags=re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_help(name: str) -> None:
    for parameter in COMMANDS[name].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_page_with_its_options(name: str) -> None:
    section = sections("commands.md")[f"`{name}`"]

    for parameter in COMMANDS[name].params:
        for option in parameter.opts if isinstance(parameter, click.Option) else ():
            assert f"`{option}" in section, f"{name} {option}"


def test_the_page_has_no_command_that_is_gone() -> None:
    named = {title.strip("`") for title in sections("commands.md") if title.startswith("`")}

    assert named == set(COMMANDS)


def test_exit_codes_are_in_the_page_and_in_the_help() -> None:
    section = sections("commands.md")["Exit codes"]

    for code, meaning in EXIT_CODES:
        assert f"| {code.value} | {meaning} |" in section
        assert f"{code.value:>3}  {meaning}" in (cli.epilog or "")
