"""A small real Whisper, in the format that faster-whisper runs, that says what it is told to.

Its weights are made so that each decoder position predicts the next token of a script and attends to a
chosen moment of the audio. Everything else is real: the mel features, CTranslate2's encoder, beam search
with Whisper's timestamp rules, the cross-attention alignment and the tokenizer.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

WIDTH = 128
SCRIPT_WIDTH = 64
AUDIO_FRAMES = 1500
TEXT_POSITIONS = 448
MEL_BANDS = 80
EMPTY_WORD = "<empty>"
"""Stands in the tokenizer for the vocabulary's empty string, CTranslate2's sign of a multilingual model."""

FRAME_S = 0.02
ATTENTION_SHARPNESS = np.float32(6)

LANGUAGES = ("en", "de", "fr", "es")


def build_scripted_whisper(
    folder: Path, text: str, language: str = "en", *, first_word_s: float = 0.2, seconds_per_word: float = 0.3
) -> Path:
    """Write a model that hears `text` in every window of audio it is given, whatever the audio holds.

    faster-whisper hands over at most 30 s at a time, so longer speech yields the text once a window; a clip
    that fits one window yields it once. Word k is heard to begin first_word_s + k * seconds_per_word into
    the window, within 0.1 s (the first may come sooner), so the audio should last as long as the text.

    Args:
        folder: Made if missing.
        text: Up to about 90 plain words; brackets and other symbols that Whisper suppresses never come out.
        language: "en" gives an English-only model, any other of LANGUAGES a multilingual one.
        first_word_s: When the first word begins, in seconds from the start of the window.
        seconds_per_word: Time from one word to the next.

    Returns:
        The folder, with model.bin, config.json, vocabulary.json, tokenizer.json, preprocessor_config.json.
    """
    from ctranslate2.specs.whisper_spec import WhisperConfig, WhisperSpec  # noqa: PLC0415 - heavy

    folder.mkdir(parents=True, exist_ok=True)
    multilingual = language != "en"
    words, vocabulary = _write_tokenizer(folder / "tokenizer.json", text, multilingual)
    ids = {token: index for index, token in enumerate(vocabulary)}
    zero = ids["<|notimestamps|>"] + 1
    starts = [first_word_s + seconds_per_word * k for k in range(len(words))]
    pieces = [
        (ids[piece], start + seconds_per_word * (index + 0.5) / len(word))
        for word, start in zip(words, starts, strict=True)
        for index, piece in enumerate(word)
    ]
    end_s = first_word_s + seconds_per_word * len(words)
    prompt = 3 if multilingual else 1
    steps = [ids["<|startoftranscript|>"]] * (prompt - 1) + [zero]
    steps += [piece for piece, _ in pieces] + [zero + min(AUDIO_FRAMES, round(end_s / FRAME_S))]
    steps.append(ids["<|endoftext|>"])
    # The aligner feeds the same tokens at the same positions, and cuts half-way between two neighbours'
    # moments, so each token attends to the middle of its share of its word.
    times = [0.0] * prompt + [middle for _, middle in pieces]
    times += [end_s + seconds_per_word / 2] * (TEXT_POSITIONS - len(times))

    spec = WhisperSpec(1, 1, 1, 1)
    _fill_encoder(spec.encoder)
    _fill_decoder(spec.decoder, steps, times, len(vocabulary))
    spec.register_vocabulary(vocabulary)
    config: WhisperConfig = spec.config
    config.suppress_ids = []
    config.suppress_ids_begin = [ids["<|endoftext|>"]]
    config.lang_ids = [ids[f"<|{code}|>"] for code in LANGUAGES] if multilingual else []
    config.alignment_heads = [(0, 0)]
    spec.validate()
    spec.save(str(folder))
    (folder / "preprocessor_config.json").write_text(json.dumps({"feature_size": MEL_BANDS}), "utf-8")
    return folder


def _write_tokenizer(path: Path, text: str, multilingual: bool) -> tuple[list[list[str]], list[str]]:
    """A byte-level BPE that has learnt the text; the text as pieces by word, and the whole vocabulary."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers  # noqa: PLC0415 - heavy

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    spoken = " " + text.strip()
    trainer = trainers.BpeTrainer(
        vocab_size=20_000,
        min_frequency=1,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([spoken], trainer)
    timestamps = [f"<|{index * 0.02:.2f}|>" for index in range(AUDIO_FRAMES + 1)]
    specials = ["<|endoftext|>", "<|startoftranscript|>"]
    specials += [f"<|{code}|>" for code in LANGUAGES] if multilingual else []
    specials += ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>"]
    specials += ["<|nospeech|>", "<|notimestamps|>"]
    if multilingual:
        tokenizer.add_tokens([EMPTY_WORD])
    tokenizer.add_special_tokens(specials + timestamps)
    tokenizer.save(str(path))
    tokens = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    vocabulary = ["" if token == EMPTY_WORD else token for token, _ in tokens]
    words: list[list[str]] = []
    for piece in tokenizer.encode(spoken, add_special_tokens=False).tokens:
        if piece.startswith("Ġ") or not words:
            words.append([piece])
        else:
            words[-1].append(piece)
    return words, vocabulary


def _moment_codes(frames: npt.NDArray[np.float64]) -> Array:
    """A code of each moment, shape (n, WIDTH - SCRIPT_WIDTH), whose dot product with a neighbour's fades."""
    count = (WIDTH - SCRIPT_WIDTH) // 4
    angles = frames[:, None] * np.geomspace(2 * np.pi / 6000, 2 * np.pi / 30, count)[None, :]
    # Each value stands beside its negative, so that layer normalisation only scales a code.
    waves = np.concatenate([np.cos(angles), np.sin(angles)], axis=1)
    return np.concatenate([waves, -waves], axis=1).astype(np.float32)


def _fill_encoder(encoder: Any) -> None:
    """Pass the position of each frame through, and nothing of the sound."""
    positions = _zeros(AUDIO_FRAMES, WIDTH)
    positions[:, SCRIPT_WIDTH:] = _moment_codes(np.arange(AUDIO_FRAMES, dtype=np.float64))
    encoder.conv1.weight, encoder.conv1.bias = _zeros(WIDTH, MEL_BANDS, 3), _zeros(WIDTH)
    encoder.conv2.weight, encoder.conv2.bias = _zeros(WIDTH, WIDTH, 3), _zeros(WIDTH)
    encoder.position_encodings.encodings = positions
    _fill_layer(encoder.layer[0])
    _fill_norm(encoder.layer_norm)


def _fill_decoder(decoder: Any, steps: list[int], times: list[float], vocabulary: int) -> None:
    """Let each position point at its next token and at its moment of the audio."""
    script = np.random.default_rng(0).standard_normal((TEXT_POSITIONS, SCRIPT_WIDTH // 2))
    positions = _zeros(TEXT_POSITIONS, WIDTH)
    positions[:, :SCRIPT_WIDTH] = np.concatenate([script, -script], axis=1)
    positions[:, SCRIPT_WIDTH:] = _moment_codes(np.asarray(times) / FRAME_S)
    projection = _zeros(vocabulary, WIDTH)
    for position, token in enumerate(steps):
        projection[token, :SCRIPT_WIDTH] += positions[position, :SCRIPT_WIDTH]
    decoder.embeddings.weight = _zeros(vocabulary, WIDTH)
    decoder.position_encodings.encodings = positions
    decoder.projection.weight = projection
    layer = decoder.layer[0]
    _fill_layer(layer)
    _fill_norm(layer.attention.layer_norm)
    moments = np.eye(WIDTH, dtype=np.float32)
    moments[:SCRIPT_WIDTH] = 0
    queries, keys_values, out = layer.attention.linear
    queries.weight, queries.bias = ATTENTION_SHARPNESS * moments, _zeros(WIDTH)
    keys_values.weight, keys_values.bias = np.concatenate([moments, 0 * moments]), _zeros(2 * WIDTH)
    out.weight, out.bias = _zeros(WIDTH, WIDTH), _zeros(WIDTH)
    _fill_norm(decoder.layer_norm)


def _fill_layer(layer: Any) -> None:
    """A self-attention and a feed-forward network that add nothing."""
    for linear, rows, columns in (
        (layer.self_attention.linear[0], 3 * WIDTH, WIDTH),
        (layer.self_attention.linear[1], WIDTH, WIDTH),
        (layer.ffn.linear_0, WIDTH, WIDTH),
        (layer.ffn.linear_1, WIDTH, WIDTH),
    ):
        linear.weight, linear.bias = _zeros(rows, columns), _zeros(rows)
    _fill_norm(layer.self_attention.layer_norm)
    _fill_norm(layer.ffn.layer_norm)


def _fill_norm(norm: Any) -> None:
    norm.gamma, norm.beta = np.ones(WIDTH, np.float32), _zeros(WIDTH)


def _zeros(*shape: int) -> Array:
    return np.zeros(shape, np.float32)
