"""How large a Whisper's decoder is, read from the head of each entry of its model.bin.

Source of the format: https://github.com/OpenNMT/CTranslate2/blob/master/python/ctranslate2/specs/model_spec.py
"""

import os
import re
import struct
from pathlib import Path
from typing import BinaryIO

_LAYER = re.compile(rb"decoder/layer_(\d+)/")
_HEADS = b"decoder/num_heads"


def decoder_size(file: Path) -> tuple[int, int]:
    """Layers, and attention heads of each.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is not in CTranslate2's format.
    """
    layers, heads = 0, 0
    try:
        with file.open("rb") as stream:
            stream.seek(4, os.SEEK_CUR)
            _name(stream)
            _revision, count = struct.unpack("<II", stream.read(8))
            for _ in range(count):
                name = _name(stream)
                (rank,) = stream.read(1)
                stream.seek(4 * rank + 1, os.SEEK_CUR)
                (size,) = struct.unpack("<I", stream.read(4))
                layer = _LAYER.match(name)
                layers = max(layers, int(layer[1]) + 1) if layer else layers
                if name == _HEADS:
                    heads = int.from_bytes(stream.read(size), "little")
                else:
                    stream.seek(size, os.SEEK_CUR)
    except struct.error as error:
        raise ValueError("it ends too soon") from error
    return layers, heads


def _name(stream: BinaryIO) -> bytes:
    (length,) = struct.unpack("<H", stream.read(2))
    return stream.read(length).rstrip(b"\0")
