"""Bad input for recordings and takes."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.support.bad_input.probe import (
    QUESTION_ID,
    Prepared,
)
from tests.support.mutations import (
    Content,
    Sparse,
    Special,
    json_bombs,
    json_of,
    place,
    spoilt_bytes,
    spoilt_tree,
)


def recording(folder: Path) -> Prepared:
    """Any recording that somebody may hand over."""
    from tests.support.encoded import FORMATS, encode  # noqa: PLC0415 - heavy
    from tests.support.sounds import joined, noise, tone  # noqa: PLC0415 - brings numpy
    from voicecoach.audio.decode import decode  # noqa: PLC0415 - brings numpy
    from voicecoach.audio.wav import LONGEST_S  # noqa: PLC0415 - brings numpy

    path = folder / "answer.wav"
    clip = joined(tone(440, 0.4, 48_000), noise(0.3, 48_000))
    whole = [encode(folder / f"a.{ending}", ending, clip).read_bytes() for ending in FORMATS]

    def probe(content: Content) -> None:
        place(path, content)
        found = decode(path)
        assert 0 < found.duration_s <= LONGEST_S + 60

    return spoilt_bytes(whole), [*_sound_bombs(), *json_bombs()], probe


def _sound_bombs() -> Iterator[Content]:
    from voicecoach.audio.wav import _header  # noqa: PLC0415 - brings numpy

    for rate in (1, 7, 4_000, 384_000, 2_000_000_000, 0xFFFFFFFF):
        for size in (0xFFFFFFFF, 20_000):
            yield _wav(rate, 1, size) + bytes(20_000)
    for channels in (0, 2, 255, 65_535):
        yield _wav(16_000, channels, 0xFFFFFFFF) + bytes(200_000)
    yield Sparse(_header(0xFFFFFFFF - 60), 4 << 30)
    yield Sparse(_wav(16_000, 1, 0xFFFFFFF0), 4 << 30)
    yield Sparse(_wav(8_000, 2, 0xFFFFFFF0), 64 << 30)
    yield Sparse(b"ID3\x04\0\0\0\0\0\0", 2 << 30)
    yield b"ffconcat version 1.0\nfile answer.wav\n" * 50
    yield b"ffconcat version 1.0\nfile pipe\n"
    yield b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n/dev/zero\n#EXTINF:9,\nanswer.wav\n"
    yield from _flac_bombs()


def _wav(rate: int, channels: int, size: int) -> bytes:
    """The header of a 16-bit WAV file that claims all this."""
    numbers = (36 + size, 16, rate, rate * channels * 2, size)
    whole, head, pace, per_second, data = ((number % 2**32).to_bytes(4, "little") for number in numbers)
    form = head + (1).to_bytes(2, "little") + channels.to_bytes(2, "little") + pace + per_second
    form += (channels * 2 % 65_536).to_bytes(2, "little") + (16).to_bytes(2, "little")
    return b"RIFF" + whole + b"WAVEfmt " + form + b"data" + data


def _flac_bombs() -> Iterator[bytes]:
    """Silence that is packed so tightly that a small file holds days of it."""
    from fractions import Fraction  # noqa: PLC0415 - as below

    import av  # noqa: PLC0415 - heavy
    import numpy as np  # noqa: PLC0415 - heavy

    for rate, layout, channels in ((16_000, "mono", 1), (192_000, "stereo", 2), (655_350, "7.1", 8)):
        target = io.BytesIO()
        with av.open(target, "w", format="flac") as container:
            stream: Any = container.add_stream("flac", rate=rate, options={"strict": "experimental"})
            stream.layout, stream.format = layout, "s16"
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 65_535 * channels), np.int16), "s16", layout)
            frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), 0
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        encoded = target.getvalue()
        start = encoded.index(b"\xff\xf8")
        # The header no longer says how long it is, so that only decoding tells.
        head = bytearray(encoded[:start])
        head[21] &= 0xF0
        head[22:26] = bytes(4)
        yield bytes(head) + encoded[start:] * 20_000


def take_sound(folder: Path) -> Prepared:
    """audio.wav of a take."""
    from tests.support.sounds import noise  # noqa: PLC0415 - brings numpy
    from voicecoach.audio.levels import sound_problem  # noqa: PLC0415 - brings numpy
    from voicecoach.audio.wav import LONGEST_S, _header, read_wav, write_wav  # noqa: PLC0415 - brings numpy

    path = folder / "audio.wav"
    write_wav(path, noise(0.2))
    whole = path.read_bytes()

    def probe(content: Content) -> None:
        place(path, content)
        clip = read_wav(path)
        assert clip.duration_s <= LONGEST_S
        sound_problem(clip)

    heads = [whole[:size] for size in (0, 1, 43, 44, 45, 46)]
    bombs = [*heads, *Special, Sparse(whole, 4 << 30), Sparse(_header(0xFFFFFFFF - 60), 64 << 30)]
    bombs += [_header(0xFFFFFFFF - 60), _header(0) + whole[44:]]
    return spoilt_bytes([whole]), bombs, probe


def take_tail(folder: Path) -> Prepared:
    """audio.wav of a take, read while it grows."""
    from tests.support.sounds import noise  # noqa: PLC0415 - brings numpy
    from voicecoach.audio.tail import TakeTail  # noqa: PLC0415 - brings numpy
    from voicecoach.audio.wav import write_wav  # noqa: PLC0415 - brings numpy

    path = folder / "audio.wav"
    write_wav(path, noise(0.2))
    whole = path.read_bytes()

    def probe(case: tuple[Content, Content]) -> None:
        place(path, case[0])
        tail = TakeTail(path)
        tail.next(5)
        place(path, case[1])  # what lies there may change between two looks
        assert len(tail.next(5)) <= 5 * 16_000

    contents = spoilt_bytes([whole]) | st.sampled_from([*Special, whole, Sparse(whole, 4 << 30)])
    return st.tuples(contents, contents), [], probe


def take_description(folder: Path) -> Prepared:
    """take.json of a take."""
    from datetime import UTC, datetime  # noqa: PLC0415 - as below

    from tests.support.sounds import noise  # noqa: PLC0415 - brings numpy
    from voicecoach.audio.takes import TakeStore  # noqa: PLC0415 - a probe's own
    from voicecoach.audio.wav import write_wav  # noqa: PLC0415 - brings numpy
    from voicecoach.tui.wording import day_and_time  # noqa: PLC0415 - brings Textual

    store = TakeStore(folder / "takes")
    take = store.create(QUESTION_ID, datetime(2026, 11, 20, 18, 30, tzinfo=UTC))
    write_wav(take.audio, noise(0.2))
    path = take.folder / "take.json"
    whole = path.read_bytes()

    def probe(content: Content) -> None:
        place(path, content)
        (found,) = store.read(store.ids())  # a take with sound is never lost
        assert store.seconds(found) > 0.19
        assert found.question_id.isprintable()
        day_and_time(found.started_at)

    return spoilt_bytes([whole]) | spoilt_tree([json.loads(whole)]).map(json_of), json_bombs(), probe
