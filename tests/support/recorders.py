"""A recorder whose sound comes from a program, through the same intake and file as a microphone's."""

from tests.support.embedding import RememberingMiniLm, remembering_minilm
from voicecoach.audio.hold import TakeHold
from voicecoach.audio.intake import Intake
from voicecoach.audio.recorder import Recording, RecordingStatus
from voicecoach.audio.takes import Take
from voicecoach.audio.wav import WavWriter
from voicecoach.clip import SPEECH_RATE, Samples
from voicecoach.config import Paths, Settings
from voicecoach.wiring import WiredEngines

NAME = "fed"


class FedRecording:
    """A recording of what `feed` is given.

    Args:
        take: Its folder must exist.
    """

    def __init__(self, take: Take) -> None:
        self._take = take
        self._hold = TakeHold(take.folder)
        self._intake = Intake(WavWriter(take.audio), SPEECH_RATE, 1, NAME)
        self._intake.begin()

    @property
    def take(self) -> Take:
        """Where it goes."""
        return self._take

    def feed(self, samples: Samples, *, overflowed: bool = False) -> None:
        """Deliver a block, 16 kHz, shape (n,)."""
        self._intake.push(samples.reshape(-1, 1).copy(), overflowed=overflowed)

    def status(self) -> RecordingStatus:
        """A snapshot."""
        return self._intake.status

    def stop(self) -> Take:
        """Write what was fed, and close the file."""
        self._intake.stop()
        self._hold.release()
        return self._take


class FedRecorder:
    """Makes recordings that a program feeds.

    Attributes:
        latest: The recording that was started last.
    """

    def __init__(self) -> None:
        self.latest: FedRecording | None = None

    def devices(self) -> tuple[str, ...]:
        """One."""
        return (NAME,)

    def start(self, take: Take) -> Recording:
        """Begin to record into a take."""
        self.latest = FedRecording(take)
        return self.latest


class FedEngines(WiredEngines):
    """The real engines, with a microphone that a program speaks into; one process has one MiniLM.

    Args:
        settings: As for WiredEngines.
        paths: As for WiredEngines.
    """

    def __init__(self, settings: Settings, paths: Paths) -> None:
        super().__init__(settings, paths)
        self._fed = FedRecorder()

    def recorder(self) -> FedRecorder:
        """The microphone."""
        return self._fed

    def _minilm(self) -> RememberingMiniLm:
        return remembering_minilm()

    @property
    def recording(self) -> FedRecording:
        """The recording that was started last."""
        if self._fed.latest is None:
            raise RuntimeError("nothing is being recorded")
        return self._fed.latest
