"""The tree of errors a person may see.

VoicecoachError
├── ContentError          a prompt or rubric is wrong; lists every problem at once
├── AuthoringError        the files of a question cannot be written
│   └── ChangedFileError      they were changed by something else meanwhile
├── DocumentError         a résumé, notes file or job description cannot be read
├── SettingsError         the settings file, an environment variable or a flag is wrong
├── UnknownQuestionError  no question has that id
├── AudioError            microphone, playback, decoding
│   ├── NoPortAudioError      the PortAudio library is missing
│   ├── NoMicrophoneError     no input device, or not the one that was asked for
│   ├── DeviceLostError       the device stopped delivering mid-answer
│   └── UnreadableAudioError  a file cannot be decoded
├── NoSpeechError         nothing was said, so nothing can be scored
├── EngineError           a recogniser, voice or embedder cannot be loaded or run
│   └── ModelError            weights are missing, damaged or made for something else
├── EvaluationError       labelled answers cannot be used
├── DownloadError         a model download failed; what arrived is kept and resumed
├── ReportError           a report or an export cannot be written
├── ServeError            the app cannot be opened to a browser
└── HistoryError          the database or a take on disk cannot be read or written
"""


class VoicecoachError(Exception):
    """One clear line for a person.

    Args:
        message: What happened and where (file, key, device).
        hint: What to do about it; empty when the message says it all.
    """

    title = "Something went wrong"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class ContentError(VoicecoachError):
    """A prompt or rubric file is wrong.

    Args:
        problems: Every problem found, each naming its file and key.
    """

    title = "The question bank has errors"

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems), "Run `voicecoach check` after mending them.")
        self.problems = problems


class AuthoringError(VoicecoachError):
    """The files of a question cannot be written."""

    title = "The question was not written"


class ChangedFileError(AuthoringError):
    """The files of a question were changed by something else since they were read."""


class DocumentError(VoicecoachError):
    """A résumé, a notes file or a job description cannot be read, or a job cannot be kept."""

    title = "That file cannot be read"


class SettingsError(VoicecoachError):
    """The settings file, an environment variable or a flag is wrong."""

    title = "A setting is wrong"


class UnknownQuestionError(VoicecoachError):
    """No question has the id that was asked for."""

    title = "No such question"


class AudioError(VoicecoachError):
    """The microphone, playback or a recording failed."""

    title = "Audio problem"


class NoPortAudioError(AudioError):
    """The PortAudio library is not on this machine."""

    title = "PortAudio is missing"


class NoMicrophoneError(AudioError):
    """There is no input device, or not the one that was asked for."""

    title = "No microphone"


class DeviceLostError(AudioError):
    """The device stopped delivering while it was in use."""

    title = "The microphone went away"


class UnreadableAudioError(AudioError):
    """A file cannot be decoded as audio."""

    title = "That file cannot be read"


class NoSpeechError(VoicecoachError):
    """Nothing was said, so nothing can be scored."""

    title = "No speech was heard"


class EngineError(VoicecoachError):
    """A recogniser, voice or embedder cannot be loaded or run."""

    title = "An engine failed"


class ModelError(EngineError):
    """Weights are missing, damaged or made for something else."""

    title = "A model cannot be used"


class EvaluationError(VoicecoachError):
    """Labelled answers that the judge is to be measured on cannot be used."""

    title = "The labelled answers cannot be used"


class DownloadError(VoicecoachError):
    """A model download failed; what has arrived is kept and resumed."""

    title = "The download did not finish"


class ReportError(VoicecoachError):
    """A report or an export cannot be written."""

    title = "The report was not written"


class ServeError(VoicecoachError):
    """The app cannot be opened to a browser."""

    title = "The app cannot be served"


class HistoryError(VoicecoachError):
    """The history database or a take on disk cannot be read or written."""

    title = "The history cannot be used"


class DamagedHistoryError(HistoryError):
    """The history's content is not as it was written."""
