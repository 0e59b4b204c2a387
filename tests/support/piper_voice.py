"""A Piper voice small enough to write by hand: an ONNX graph that turns phoneme ids into a square-ish wave.

The graph is audio = sin(Tile(Cast(input), 1 x 200) * scales[1]), written as protobuf bytes by field number
(onnx.proto: ModelProto 1, 7, 8; GraphProto 1, 2, 5, 11, 12; NodeProto 1, 2, 4, 5).
"""

import json
from pathlib import Path

import numpy as np

RATE = 22_050
SAMPLES_PER_ID = 200

_FLOAT, _INT64 = 1, 7
_ATTRIBUTE_INT = 2


def write_piper_voice(folder: Path, name: str = "tiny") -> Path:
    """Write NAME.onnx and NAME.onnx.json; returns the former."""
    folder.mkdir(parents=True, exist_ok=True)
    model = folder / f"{name}.onnx"
    model.write_bytes(_model())
    letters = "_^$ .,?abcdefghijklmnopqrstuvwxyz" + "ˈˌːəɚɛɜɹɐʌɑɔɪʊæðθŋʃʒɡɾ"
    config = {
        "audio": {"sample_rate": RATE},
        "espeak": {"voice": "en-us"},
        "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
        "num_symbols": 256,
        "num_speakers": 1,
        "phoneme_id_map": {letter: [index] for index, letter in enumerate(letters)},
    }
    model.with_name(model.name + ".json").write_text(json.dumps(config), "utf-8")
    return model


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes | str) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(raw)) + raw


def _node(operator: str, inputs: tuple[str, ...], output: str, attribute: bytes = b"") -> bytes:
    names = b"".join(_bytes(1, name) for name in inputs)
    return _bytes(1, names + _bytes(2, output) + _bytes(4, operator) + attribute)


def _value(field: int, name: str, kind: int, axes: tuple[str | int, ...]) -> bytes:
    """ValueInfoProto: a named tensor of a kind and shape; a named axis may have any length."""
    shape = b"".join(
        _bytes(1, _number(1, axis) if isinstance(axis, int) else _bytes(2, axis)) for axis in axes
    )
    return _bytes(field, _bytes(1, name) + _bytes(2, _bytes(1, _number(1, kind) + _bytes(2, shape))))


def _constant(name: str, values: tuple[int, ...]) -> bytes:
    raw = np.array(values, "<i8").tobytes()
    return _bytes(5, _number(1, len(values)) + _number(2, _INT64) + _bytes(8, name) + _bytes(9, raw))


def _model() -> bytes:
    to_float = _bytes(5, _bytes(1, "to") + _number(3, _FLOAT) + _number(20, _ATTRIBUTE_INT))
    graph = b"".join(
        (
            _node("Cast", ("input",), "ids", to_float),
            _node("Tile", ("ids", "repeats"), "long"),
            _node("Gather", ("scales", "pace"), "scale"),
            _node("Mul", ("long", "scale"), "phase"),
            _node("Sin", ("phase",), "output"),
            _bytes(2, "tiny"),
            _constant("repeats", (1, SAMPLES_PER_ID)),
            _constant("pace", (1,)),
            _value(11, "input", _INT64, ("batch", "phonemes")),
            _value(11, "input_lengths", _INT64, ("batch",)),
            _value(11, "scales", _FLOAT, (3,)),
            _value(12, "output", _FLOAT, ("batch", "time")),
        )
    )
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _number(2, 13))
