"""Real Whispers of the true shapes, whose words depend on what sounds.

A real Whisper's words cannot be had without its weights. These models have Whisper's shapes and do its
arithmetic, on random weights, but for a few hand-made dimensions of the residual stream that hear markers:
chords of three quiet tones above the speech, one chord a word (see `mark_speech`). The decoder looks for
the next marker after the one of its last word, wherever a window begins, so the words and their number
follow from the sound: what is cut off is not heard, and what is heard twice comes twice.

How the hand-made part works:

- conv1 and conv2 turn the log-mel bands of the tones into 0 (silent) or about 1 (sounds), frame by frame.
- Every text token says a word and carries the time in its window, in steps of 0.06 s, at which the word
  sounded; the tokenizer's decoder drops the time.
- The embedding of such a token is the query for the next marker: the first head of the first layer looks
  some 0.2 to 4 s ahead of that time, for the earliest frame in which a marker sounds.
- What the head finds there, tones and time, is compared with the row of each token. Where it finds no tone,
  a closing timestamp wins, and after that the end of the text.

All other heads and layers work on random weights, and write next to nothing into the residual stream. Two
of its dimensions hold large opposite constants, so that layer normalisation is as good as a fixed scale.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.support.marked_speech import CHORDS, TONE_BANDS, WORDS
from tests.support.marker_search import (
    AHEAD_S,
    CELLS,
    OVERTONES,
    TIMES,
    Values,
    cells,
    queries,
    query_gains,
    waves,
)

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a Whisper; encoder and decoder are alike.

    Attributes:
        layers: In the encoder, and again in the decoder.
        width: Of the residual stream; a head has 64 dimensions of it.
        alignment_heads: Layers and heads of the decoder that word times come from.
    """

    layers: int
    width: int
    alignment_heads: tuple[tuple[int, int], ...]

    @property
    def heads(self) -> int:
        """Attention heads in a layer."""
        return self.width // HEAD_WIDTH


HEAD_WIDTH = 64
_TINY_HEADS = ((1, 0), (2, 0), (2, 5), (3, 0), (3, 1), (3, 2), (3, 3), (3, 4))
_BASE_HEADS = ((3, 3), (4, 7), (5, 1), (5, 5), (5, 7))
_SMALL_HEADS = (
    *((6, 6), (7, 0), (7, 3), (7, 8), (8, 2), (8, 5), (8, 7), (9, 0), (9, 4), (9, 8)),
    *((9, 10), (10, 0), (10, 1), (10, 2), (10, 3), (10, 6), (10, 11), (11, 2), (11, 4)),
)
SHAPES = {
    "test": Shape(1, 256, ((0, 0),)),
    "tiny.en": Shape(4, 384, _TINY_HEADS),
    "base.en": Shape(6, 512, _BASE_HEADS),
    "small.en": Shape(12, 768, _SMALL_HEADS),
}
"""By name. "test" is small and fast, the others are those of the models of that name."""

MEL_BANDS = 80
AUDIO_FRAMES = 1500
TEXT_POSITIONS = 448
FRAME_S = 0.02

TONE_THRESHOLD = 0.36
"""Log-mel value, as faster-whisper scales it, from which a tone sounds: some 14 dB below its own."""
TONE_STEEPNESS = 40.0

READ_OVERTONES = 20
"""Those that the head reads: tones and times together fit a head."""
READ_TIMES = 2 * READ_OVERTONES + CELLS
STEP_S = 0.06
STEPS = 500
"""Times that a token can carry."""

# Logits, in nats.
TONE_LOGIT = 12.0
TONE_LOGIT_OF_TIMESTAMP = -10.0
TIMESTAMP_LOGIT = 20.0
END_LOGIT = 28.0
OVERTONE_LOGIT = 1.5
CELL_LOGIT = 12.0
FLAG_LOGIT = 40.0
FLAG = 0.5
"""What a flag is in the row of the token that is not its own."""

# Dimensions of the residual streams.
BALLAST = (0, 1)
BALLAST_LEVEL = 60.0
COUNTERWEIGHTS = slice(-64, None)
"""Hold the negative sum of the others, so that their mean is 0; many, so that each is small."""
CONSTANT, OPENING, CLOSED = 2, 3, 4
TONES_AT = 8
"""Encoder: the tones of a frame, then its time."""
QUERY_AT = 8
"""Decoder: the query for the next marker, then what was found, tones and time."""
FOUND_AT = QUERY_AT + HEAD_WIDTH

ROW = 0.1
"""The largest value of an embedding."""
FOUND_LEVEL = 4.0
CONSTANT_LEVEL = 8.0
WEIGHT_SPREAD = 0.03
OUTPUT_SPREAD = 1e-5
"""Of the random layers' outputs: not 0, since CTranslate2 would keep equal matrices once."""


def build_sounding_whisper(folder: Path, shape: Shape) -> Path:
    """Write a model that hears markers.

    Args:
        folder: Made if missing.
        shape: One of SHAPES.

    Returns:
        The folder, with model.bin (float16, as published models are), config.json, vocabulary.json,
        tokenizer.json, preprocessor_config.json.
    """
    from ctranslate2.specs.whisper_spec import WhisperConfig, WhisperSpec  # noqa: PLC0415 - heavy

    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = _write_tokenizer(folder / "tokenizer.json")
    ids = {token: index for index, token in enumerate(vocabulary)}
    draw = np.random.default_rng(0)
    spec = WhisperSpec(shape.layers, shape.heads, shape.layers, shape.heads)
    _fill_encoder(spec.encoder, shape, draw)
    _fill_decoder(spec.decoder, _token_rows(ids, shape.width), shape, draw)
    spec.register_vocabulary(vocabulary)
    config: WhisperConfig = spec.config
    config.suppress_ids = []
    config.suppress_ids_begin = [ids["<|endoftext|>"]]
    config.lang_ids = []
    config.alignment_heads = list(shape.alignment_heads)
    spec.validate()
    spec.optimize("float16")
    spec.save(str(folder))
    (folder / "preprocessor_config.json").write_text(json.dumps({"feature_size": MEL_BANDS}), "utf-8")
    return folder


def _token(word: str, step: int) -> str:
    """A word with the time that it sounded at, as byte-level BPE writes it."""
    return f"Ġ{word}@{step}"


def _write_tokenizer(path: Path) -> list[str]:
    """A tokenizer of Whisper's size, in Whisper's order; the vocabulary by id."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers  # noqa: PLC0415 - heavy

    tokens = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokens += [_token(word, step) for word in WORDS for step in range(STEPS)]
    tokens += [f"Ġunused@{index}" for index in range(50_256 - len(tokens))]
    tokenizer = Tokenizer(models.BPE({token: index for index, token in enumerate(tokens)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.Sequence([decoders.Replace(Regex("@[0-9]+$"), ""), decoders.ByteLevel()])
    specials = ["<|endoftext|>", "<|startoftranscript|>"]
    specials += [f"<|language{index}|>" for index in range(99)]
    specials += ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>"]
    specials += ["<|nospeech|>", "<|notimestamps|>"]
    specials += [_timestamp(index) for index in range(AUDIO_FRAMES + 1)]
    tokenizer.add_special_tokens(specials)
    tokenizer.save(str(path))
    return tokens + specials


def _timestamp(index: int) -> str:
    return f"<|{index * FRAME_S:.2f}|>"


def _found_logits() -> Values:
    """What each value of what the head finds counts at the most, in nats."""
    return np.concatenate(
        [
            np.full(len(TONE_BANDS), TONE_LOGIT),
            np.full(2 * READ_OVERTONES, OVERTONE_LOGIT),
            np.full(CELLS, CELL_LOGIT),
        ]
    )


def _token_rows(ids: dict[str, int], width: int) -> Array:
    """Each token's embedding, which is its row of the output projection too, shape (tokens, width)."""
    rows = np.zeros((len(ids), width), np.float32)
    query = slice(QUERY_AT, QUERY_AT + HEAD_WIDTH)
    tones = slice(FOUND_AT, FOUND_AT + len(TONE_BANDS))
    times = slice(tones.stop, tones.stop + READ_TIMES)
    seconds = STEP_S * (np.arange(STEPS) + 0.5)
    searches = queries(seconds)
    codes = np.concatenate([waves(seconds, READ_OVERTONES), cells(seconds)], axis=1)
    for word, chord in zip(WORDS, CHORDS, strict=True):
        first = ids[_token(word, 0)]
        rows[first : first + STEPS, query] = searches
        rows[first : first + STEPS, [tones.start + tone for tone in chord]] = 1
        rows[first : first + STEPS, times] = codes
    zero = ids[_timestamp(0)]
    closing = zero + 1 + np.arange(STEPS) * round(STEP_S / FRAME_S)
    rows[closing, tones] = TONE_LOGIT_OF_TIMESTAMP / TONE_LOGIT
    rows[closing, times] = codes
    rows[closing, CONSTANT] = TIMESTAMP_LOGIT / END_LOGIT
    rows[zero + 1 :, CLOSED] = FLAG
    end = ids["<|endoftext|>"]
    rows[end, [CONSTANT, CLOSED]] = 1
    # A window without any marker: no closing timestamp may follow the opening one.
    rows[end, OPENING] = 0.7
    rows[end, tones] = -1
    begin = [zero, ids["<|notimestamps|>"]]
    rows[begin, query] = queries(np.array([-AHEAD_S]))
    rows[zero, OPENING] = FLAG
    rows[ids["<|startoftranscript|>"], OPENING] = 1
    rows *= ROW
    rows[:, COUNTERWEIGHTS] = -rows.sum(axis=1, keepdims=True) / 64
    return rows


def _fill_encoder(encoder: Any, shape: Shape, draw: np.random.Generator) -> None:
    """Pass on which tones sound in a frame, and its time."""
    width, tones = shape.width, len(TONE_BANDS)
    # A tone's log-mel value is about 0.7, a quiet frame's below 0, and that of padding 0. conv1 rises with
    # what a tone lacks, and is 0 where it sounds, so that what conv2 makes of it is the same however loud.
    detect, offsets = np.zeros((width, MEL_BANDS, 3)), np.zeros(width)
    detect[range(tones), TONE_BANDS, 1] = -TONE_STEEPNESS
    offsets[:tones] = TONE_STEEPNESS * TONE_THRESHOLD
    encoder.conv1.weight, encoder.conv1.bias = _float32(detect), _float32(offsets)
    combine, offsets = np.zeros((width, width, 3)), np.zeros(width)
    combine[TONES_AT + np.arange(tones), range(tones)] = [-0.1, -0.2, -0.1]
    offsets[TONES_AT : TONES_AT + tones] = 1.2
    encoder.conv2.weight, encoder.conv2.bias = _float32(combine), _float32(offsets)

    seconds = FRAME_S * (np.arange(AUDIO_FRAMES) + 0.5)
    positions = np.zeros((AUDIO_FRAMES, width))
    times = slice(TONES_AT + tones, TONES_AT + tones + TIMES)
    positions[:, times] = np.concatenate([waves(seconds), cells(seconds)], axis=1)
    encoder.position_encodings.encodings = _balanced(positions)
    for layer in encoder.layer:
        _fill_random(layer, width, draw)
    scale = _scale(width, OVERTONES + 1)
    gamma = np.zeros(width)
    gamma[TONES_AT : times.stop] = scale
    encoder.layer_norm.gamma, encoder.layer_norm.beta = _float32(gamma), _float32(np.zeros(width))


def _fill_decoder(decoder: Any, rows: Array, shape: Shape, draw: np.random.Generator) -> None:
    """Let the first head of the first layer find the next marker, and the projection name it."""
    width = shape.width
    decoder.embeddings.weight = decoder.projection.weight = rows
    positions = np.zeros((TEXT_POSITIONS, width))
    positions[:, CONSTANT] = CONSTANT_LEVEL
    decoder.position_encodings.encodings = _balanced(positions)
    for layer in decoder.layer:
        _fill_random(layer, width, draw)
        _fill_cross_attention(layer.attention, width, draw)
    for index, head in {(0, 0), *shape.alignment_heads}:
        _aim(decoder.layer[index].attention, head, width)
    _make_listen(decoder.layer[0].attention, width)

    found = _found_logits()
    gamma = np.zeros(width)
    gamma[FOUND_AT : FOUND_AT + len(found)] = found / (ROW * FOUND_LEVEL)
    gamma[CONSTANT] = END_LOGIT / (ROW * CONSTANT_LEVEL)
    gamma[[OPENING, CLOSED]] = FLAG_LOGIT / (ROW * FLAG * ROW)
    gamma *= _scale(width, FOUND_LEVEL**2 * READ_OVERTONES)
    decoder.layer_norm.gamma, decoder.layer_norm.beta = _float32(gamma), _float32(np.zeros(width))


def _aim(attention: Any, head: int, width: int) -> None:
    """Let a head of a cross-attention look at the next marker."""
    dimensions, tones = np.arange(HEAD_WIDTH), len(TONE_BANDS)
    rows = head * HEAD_WIDTH + dimensions
    queries, keys_values, _ = attention.linear
    queries.weight[rows] = 0
    # Attention divides by the root of a head's width.
    queries.weight[rows, QUERY_AT + dimensions] = query_gains() * np.sqrt(HEAD_WIDTH)
    keys_values.weight[rows] = 0
    keys_values.weight[rows[:TIMES], TONES_AT + tones + dimensions[:TIMES]] = 1
    keys_values.weight[rows[TIMES], TONES_AT : TONES_AT + tones] = 1 / len(CHORDS[0])


def _make_listen(attention: Any, width: int) -> None:
    """Let the first head of a cross-attention tell what it looks at."""
    tones = len(TONE_BANDS)
    waves = [*range(READ_OVERTONES), *range(OVERTONES, OVERTONES + READ_OVERTONES)]
    read = [*range(tones), *(tones + wave for wave in waves), *range(tones + 2 * OVERTONES, tones + TIMES)]
    places = np.arange(len(read))
    _, keys_values, out = attention.linear
    keys_values.weight[width : width + HEAD_WIDTH] = 0
    keys_values.weight[width + places, TONES_AT + np.array(read)] = 1
    out.weight[FOUND_AT + places, places] = FOUND_LEVEL
    out.weight[COUNTERWEIGHTS, places] = -FOUND_LEVEL / 64


def _fill_random(layer: Any, width: int, draw: np.random.Generator) -> None:
    """A self-attention and a feed-forward network that do their work and add next to nothing."""
    for linear, rows, columns, spread in (
        (layer.self_attention.linear[0], 3 * width, width, WEIGHT_SPREAD),
        (layer.self_attention.linear[1], width, width, OUTPUT_SPREAD),
        (layer.ffn.linear_0, 4 * width, width, WEIGHT_SPREAD),
        (layer.ffn.linear_1, width, 4 * width, OUTPUT_SPREAD),
    ):
        _fill_linear(linear, rows, columns, spread, draw)
    for norm in (layer.self_attention.layer_norm, layer.ffn.layer_norm):
        norm.gamma, norm.beta = np.ones(width, np.float32), np.zeros(width, np.float32)


def _fill_cross_attention(attention: Any, width: int, draw: np.random.Generator) -> None:
    queries, keys_values, out = attention.linear
    _fill_linear(queries, width, width, WEIGHT_SPREAD, draw)
    _fill_linear(keys_values, 2 * width, width, WEIGHT_SPREAD, draw)
    _fill_linear(out, width, width, OUTPUT_SPREAD, draw)
    gamma = np.zeros(width)
    gamma[QUERY_AT : QUERY_AT + HEAD_WIDTH] = _scale(width, 0) / ROW
    attention.layer_norm.gamma, attention.layer_norm.beta = _float32(gamma), np.zeros(width, np.float32)


def _fill_linear(linear: Any, rows: int, columns: int, spread: float, draw: np.random.Generator) -> None:
    linear.weight = draw.standard_normal((rows, columns), np.float32) * np.float32(spread)
    linear.bias = np.zeros(rows, np.float32)


def _balanced(positions: Values) -> Array:
    """Positions with their counterweight and the ballast."""
    positions[:, COUNTERWEIGHTS] = -positions.sum(axis=1, keepdims=True) / 64
    positions[:, BALLAST[0]], positions[:, BALLAST[1]] = BALLAST_LEVEL, -BALLAST_LEVEL
    return _float32(positions)


def _scale(width: int, squares: float) -> float:
    """What layer normalisation divides by, where values beside the ballast have this sum of squares."""
    return float(np.sqrt((2 * BALLAST_LEVEL**2 + squares) / width))


def _float32(values: Values) -> Array:
    return values.astype(np.float32)
