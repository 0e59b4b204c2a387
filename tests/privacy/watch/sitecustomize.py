"""Writes down what a process does that matters for privacy; Python runs this before anything else.

A folder of its own, so that only processes whose PYTHONPATH names it are watched. It sees what goes through
Python (sys.addaudithook); what a C library does by itself it does not see: strace and an empty network
namespace do.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

NETWORK = (
    "socket.bind",
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyaddr",
    "socket.gethostbyname",
    "socket.sendmsg",
    "socket.sendto",
)
LIBRARIES = (
    "ctranslate2",
    "faster_whisper",
    "huggingface_hub",
    "onnxruntime",
    "sentence_transformers",
    "tokenizers",
    "torch",
    "transformers",
)
SWITCHES = ("HF_HUB_DISABLE_TELEMETRY", "ORT_DISABLE_TELEMETRY")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


def watch(log: int) -> Callable[[str, tuple[Any, ...]], None]:
    """A hook that writes one JSON line for each thing to a file descriptor."""

    def tell(what: str, **more: object) -> None:
        # Neither json nor os.write is audited, so this does not call itself.
        os.write(log, (json.dumps({"what": what, **more}, default=repr) + "\n").encode())

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = args
            if flags & WRITING and isinstance(path, str | bytes | os.PathLike):
                tell("write", path=os.path.abspath(os.fsdecode(path)))  # noqa: PTH100 - Path may not be there yet
        elif event == "import":
            if args[0] in LIBRARIES:
                tell("import", library=args[0], switches={name: os.environ.get(name) for name in SWITCHES})
        elif event in NETWORK:
            address = args[1] if hasattr(args[0], "family") else args[0]
            family = getattr(args[0], "family", None)
            tell("network", event=event, family=getattr(family, "name", str(family)), address=str(address))
        elif event in ("tempfile.mkstemp", "tempfile.mkdtemp"):
            tell("write", path=os.path.abspath(os.fsdecode(args[0])))  # noqa: PTH100 - see above
        elif event == "pickle.find_class":
            tell("pickle", name=f"{args[0]}.{args[1]}")
        elif event == "subprocess.Popen":
            tell("program", arguments=[os.fsdecode(part) for part in args[1]])

    return hook


if "WATCH_LOG" in os.environ:
    sys.addaudithook(watch(os.open(os.environ["WATCH_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)))
