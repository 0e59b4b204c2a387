"""What the global options ask for, built when a command first needs it."""

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.talk import say
from voicecoach.config import Paths, Settings, find_paths, load_settings
from voicecoach.content.model import Bank, Question
from voicecoach.errors import UnknownQuestionError
from voicecoach.outside import quoted

if TYPE_CHECKING:
    from voicecoach.practice.coach import Coach
    from voicecoach.wiring import Assembly

LONGEST_NAME = 100
"""Characters of a name that are compared with those that there are."""


class Session:
    """One run of the program.

    Args:
        bank_folder: Where further questions are, from --bank; None for the usual places alone.
        flags: Settings given on the command line.
    """

    def __init__(self, bank_folder: Path | None, flags: Mapping[str, str]) -> None:
        self.bank_folder = bank_folder
        self._flags = flags

    @property
    def arguments(self) -> list[str]:
        """The global options that it was given, for a process of its own."""
        bank = ["--bank", str(self.bank_folder.absolute())] if self.bank_folder is not None else []
        return bank + [part for key, value in self._flags.items() for part in (f"--{key}", value)]

    @cached_property
    def paths(self) -> Paths:
        """The person's folders."""
        return find_paths()

    @cached_property
    def settings(self) -> Settings:
        """Settings from every source.

        Raises:
            SettingsError: A source has a wrong key or value.
        """
        settings = load_settings(self.paths.settings_file, flags=self._flags)
        names_model = self._flags.get("model", "auto") != "auto" and "engine" not in self._flags
        if names_model and settings.engine == "pocketsphinx":
            # PocketSphinx has a model of its own: whoever names another on the command line means Whisper.
            return replace(settings, engine="whisper")
        return settings

    @cached_property
    def bank(self) -> Bank:
        """Every question, read without loading any engine; what is left out of it is told.

        Raises:
            ContentError: A prompt or rubric is wrong, and none of the person's own.
        """
        if self._bank.left_out:
            say(self._bank.left_out_note)
        return self._bank

    @cached_property
    def _bank(self) -> Bank:
        """The same without a word: the app tells on its own screen what is left out."""
        from voicecoach.wiring import read_bank  # noqa: PLC0415 - --help needs none

        return read_bank(self.paths, self.bank_folder)

    def question(self, question_id: str) -> Question:
        """The question with that id.

        Raises:
            UnknownQuestionError: There is none; the hint names the nearest ids.
            ContentError: A prompt or rubric is wrong.
        """
        return find_question(self.bank, question_id)

    @cached_property
    def assembly(self) -> "Assembly":
        """Everything that needs an engine, each engine still unloaded; its bank is this one."""
        from voicecoach.wiring import Assembly  # noqa: PLC0415 - --help needs none

        return Assembly(self.settings, self.paths, lambda: self._bank)

    @property
    def coach(self) -> "Coach":
        """The trainer without a screen; what is left out of its bank is told.

        Raises:
            SettingsError: A source has a wrong key or value.
            ContentError: A prompt or rubric is wrong, and none of the person's own.
        """
        _ = self.bank  # which tells, the first time
        return self.assembly.coach


def find_question(bank: Bank, question_id: str) -> Question:
    """The question with that id.

    Raises:
        UnknownQuestionError: There is none; the hint names the nearest ids.
    """
    question = bank.find(question_id)
    if question is not None:
        return question
    known = [each.id for each in bank.questions]
    near = get_close_matches(question_id[:LONGEST_NAME], known, n=3, cutoff=0.5)
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    raise UnknownQuestionError(
        f"There is no question {quoted(question_id, 60)}.", f"{meant}`voicecoach list` names them all."
    )


pass_session = click.make_pass_decorator(Session)
