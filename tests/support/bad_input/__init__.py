"""Everything of the product that reads what comes from outside, with bad input for it."""

from tests.support.bad_input.content import bank_file, environment, settings_file
from tests.support.bad_input.documents import document
from tests.support.bad_input.history import card, database_file, database_rows
from tests.support.bad_input.labelled import labelled_answers
from tests.support.bad_input.models import piper, piper_weights, vectors, whisper, whisper_weights
from tests.support.bad_input.probe import QUESTION_ID, Parser, attempt
from tests.support.bad_input.program import batch, command_line, typed_answer
from tests.support.bad_input.sound import recording, take_description, take_sound, take_tail

__all__ = ["PARSERS", "Parser", "attempt"]

PARSERS: tuple[Parser, ...] = (
    Parser("prompt TOML", 900, bank_file("prompts", QUESTION_ID)),
    Parser("rubric TOML", 900, bank_file("rubrics", QUESTION_ID)),
    Parser("structures TOML", 400, bank_file("rubrics", "structures")),
    Parser("warnings TOML", 400, bank_file("rubrics", "warnings")),
    Parser("training TOML", 400, bank_file("prompts", "training")),
    Parser("settings.toml", 800, settings_file),
    Parser("environment", 400, environment),
    Parser("command line", 700, command_line),
    Parser("batch lines", 900, batch),
    Parser("typed answer", 300, typed_answer),
    Parser("audio file", 1_200, recording),
    Parser("take's WAV", 400, take_sound),
    Parser("take's tail", 200, take_tail),
    Parser("take.json", 400, take_description),
    Parser("database rows", 600, database_rows),
    Parser("database file", 300, database_file),
    Parser("card JSON", 700, card),
    Parser("cached vectors", 300, vectors),
    Parser("Whisper folder", 400, whisper),
    Parser("Whisper weights", 200, whisper_weights),
    Parser("Piper voice", 300, piper),
    Parser("Piper weights", 200, piper_weights),
    Parser("document", 300, document),
    Parser("labelled answers", 300, labelled_answers),
)
