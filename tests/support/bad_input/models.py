"""Bad input for models, voices and cached vectors."""

import json
import re
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.support.bad_input.probe import (
    Prepared,
)
from tests.support.mutations import (
    ODD_TEXTS,
    Content,
    Sparse,
    Special,
    json_bombs,
    json_of,
    place,
    spoilt_bytes,
    spoilt_tree,
)


def vectors(folder: Path) -> Prepared:
    """Cached vectors of a rubric."""
    import numpy as np  # noqa: PLC0415 - heavy

    from voicecoach.embedding.cache import VectorCache  # noqa: PLC0415 - brings numpy
    from voicecoach.embedding.minilm import MiniLmEmbedder  # noqa: PLC0415 - brings numpy

    texts = ("name the baseline", "say what the label was")
    cache = VectorCache(MiniLmEmbedder(), folder / "vectors")
    right = cache.encode(texts)
    (path,) = (folder / "vectors").iterdir()
    whole = path.read_bytes()

    def probe(content: Content) -> None:
        place(path, content)
        found = cache.encode(texts)  # what is damaged is made again
        assert found.shape == right.shape
        assert np.allclose(np.linalg.norm(found, axis=1), 1.0, atol=2e-3)

    shapes = ("(999999999999, 384)", f"({10**30}, 384)", "(2, 0)", "(2,)", "(-2, -384)", "(2, 384, 0)")
    bombs: list[Content] = [whole.replace(b"(2, 384)", shape.encode()) for shape in shapes]
    bombs += [whole.replace(b"'<f4'", kind) for kind in (b"'|O'", b"'<f8'", b"[[]]", b"{[]:1}")]
    bombs += [*Special, Sparse(whole, 8 << 30), whole[:10] + b"(" * 5_000]
    return spoilt_bytes([whole]), bombs, probe


def whisper(folder: Path) -> Prepared:
    """The small files of a Whisper model."""
    from tests.support.scripted_whisper import build_scripted_whisper  # noqa: PLC0415 - heavy
    from tests.support.sounds import noise  # noqa: PLC0415 - brings numpy
    from voicecoach.speech.whisper import WhisperTranscriber  # noqa: PLC0415 - a probe's own

    model = build_scripted_whisper(folder / "scripted.en", "I split the data by time.")
    names = ("config.json", "vocabulary.json", "tokenizer.json", "preprocessor_config.json")
    whole = {name: (model / name).read_bytes() for name in names}
    sound = noise(2.0)

    def probe(case: tuple[str, Content]) -> None:
        for name, content in whole.items():
            place(model / name, content)
        place(model / case[0], case[1])
        WhisperTranscriber(model, "scripted.en", "en").hear(sound)

    def spoilt(name: str) -> st.SearchStrategy[tuple[str, Content]]:
        contents = spoilt_bytes([whole[name]])
        if name in ("config.json", "preprocessor_config.json"):  # the others hold thousands of tokens
            trees = spoilt_tree([json.loads(whole[name])]).map(json_of)
            contents = contents | trees | trees
        return st.tuples(st.just(name), contents)

    config = json.loads(whole["config.json"])
    wrong: tuple[Any, ...] = ([10**9], [-1], [[10**6, 0]], [[0, 10**6]], [[31, 19]], "x", {})
    bombs: list[tuple[str, Content]] = [
        ("config.json", json_of({**config, key: value})) for key in config for value in wrong
    ]
    sizes = ("feature_size", "n_fft", "hop_length", "chunk_length", "sampling_rate")
    bombs += [
        ("preprocessor_config.json", json_of({"feature_size": 80, key: value}))
        for key in sizes
        for value in (0, -1, 1, 10**9, 1e300, "x", None)
    ]
    bombs += [(name, bomb) for name in names for bomb in json_bombs()]
    return st.sampled_from(names).flatmap(spoilt), bombs, probe


def whisper_weights(folder: Path) -> Prepared:
    """What a C++ library reads: the weights, bent anywhere, and names, shapes and sizes of single ones."""
    from tests.support.scripted_whisper import build_scripted_whisper  # noqa: PLC0415 - heavy
    from tests.support.sounds import noise  # noqa: PLC0415 - brings numpy
    from voicecoach.speech.whisper import WhisperTranscriber  # noqa: PLC0415 - a probe's own

    model = build_scripted_whisper(folder / "scripted.en", "I split the data by time.")
    whole = (model / "model.bin").read_bytes()
    heads = [found.end() for found in re.finditer(rb"(?:en|de)coder/[a-z_0-9/]+\0", whole)]
    sound = noise(2.0)

    def probe(content: Content) -> None:
        place(model / "model.bin", content)
        WhisperTranscriber(model, "scripted.en", "en").hear(sound)

    def bent(edits: list[tuple[int, int, int]]) -> bytes:
        content = bytearray(whole)
        for head, offset, value in edits:
            content[head + offset] = value
        return bytes(content)

    edit = st.tuples(st.sampled_from(heads), st.integers(0, 25), st.integers(0, 255))
    bombs: list[Content] = [*Special, Sparse(whole, 8 << 30), b"", whole[:8], whole[:8] + b"\xff" * 8]
    return st.lists(edit, min_size=1, max_size=2).map(bent) | spoilt_bytes([whole]), bombs, probe


def piper_weights(folder: Path) -> Prepared:
    """The network of a Piper voice, which a C++ library reads."""
    from tests.support.piper_voice import write_piper_voice  # noqa: PLC0415 - brings numpy
    from voicecoach.voice.piper import PiperVoice  # noqa: PLC0415 - brings numpy

    model = write_piper_voice(folder)
    whole = model.read_bytes()

    def probe(content: Content) -> None:
        place(model, content)
        clip = PiperVoice(model).synthesize("What is recall?")
        assert clip.duration_s < 3_600

    bombs: list[Content] = [*Special, Sparse(whole, 8 << 30), b"", whole[:20], whole + whole]
    return spoilt_bytes([whole]), bombs, probe


def piper(folder: Path) -> Prepared:
    """The settings of a Piper voice."""
    from tests.support.piper_voice import write_piper_voice  # noqa: PLC0415 - brings numpy
    from voicecoach.voice.piper import PiperVoice  # noqa: PLC0415 - brings numpy

    model = write_piper_voice(folder)
    path = model.with_name(model.name + ".json")
    whole = path.read_bytes()
    config = json.loads(whole)

    def probe(content: Content) -> None:
        place(path, content)
        clip = PiperVoice(model).synthesize("What is recall?")
        assert clip.duration_s < 60

    trees = spoilt_tree([config]).map(json_of)
    bombs: list[Content] = [
        json_of({**config, "audio": {"sample_rate": rate}}) for rate in (0, -1, 1e9, "x", True)
    ]
    bombs += [json_of({**config, "inference": {"length_scale": scale}}) for scale in (0, -1, 1e300, "x")]
    bombs += [
        json_of({**config, "phoneme_type": kind}) for kind in ("pinyin", "thai", "hebrew", "japanese", 3)
    ]
    bombs += [json_of({**config, "espeak": {"voice": text}}) for text in ODD_TEXTS]
    return trees | spoilt_bytes([whole]), [*bombs, *json_bombs()], probe
