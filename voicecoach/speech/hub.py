"""The shelf of Whisper models: what is here, and downloads from the Hugging Face hub.

A download goes file by file through the hub client's HTTP session, over plain HTTPS and without a token.
`hf_hub_download` is not used: it begins a file anew after an interruption, and these files are large.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

from voicecoach.errors import DownloadError
from voicecoach.private import make_private_folder, private_opener
from voicecoach.speech.catalogue import CATALOGUE, PinnedFile, PinnedModel
from voicecoach.speech.local import find_model, locate, problem_of
from voicecoach.speech.shelf import DownloadDone, DownloadEvent, DownloadProgress, ModelEntry

__all__ = ["HubShelf", "find_model"]

PUBLIC_HUB = "https://huggingface.co"
CHUNK_BYTES = 1 << 16
TIMEOUT_S = 20.0
KEPT = "Check the connection. What has arrived is kept: a new download goes on from there."
SETTINGS = "Check the network settings (SSL_CERT_FILE, proxies)."
SOURCE = "Look for a proxy's login page or a wrong HF_ENDPOINT."
PASSING = (408, 425, 429, *range(500, 511))
"""Refusals that end by themselves; 511 asks for a login."""
SPARE_BYTES = 50_000_000
"""Disk space that a download leaves free."""


class _TransportError(Exception):
    """The connection failed; the reason in one line."""


class HubShelf:
    """Models on this machine and on the hub.

    Args:
        search: Folders that may hold models; see find_model.
        target: Where downloads go, one folder a model; made when needed.
    """

    def __init__(self, search: Sequence[Path], target: Path) -> None:
        self._search = tuple(search) if target in search else (*search, target)
        self._target = target

    def entries(self) -> tuple[ModelEntry, ...]:
        """The catalogue, smallest first, with what is already here."""
        return tuple(self._entry(model) for model in CATALOGUE.values())

    def has(self, choice: str, language: str) -> bool:
        """Whether the model that a setting means is on this machine; see ModelShelf."""
        found = find_model(choice, self._search, language)
        if found is None:
            return False
        name, folder = found
        # A folder may be called like a model of the catalogue and hold another's files.
        return not problem_of(name if choice in ("auto", name) else "", folder)

    def download(self, name: str) -> Iterator[DownloadEvent]:
        """Fetch one model at its pinned revision; see ModelShelf.

        What arrives lies in NAME.partial beside the target until all of it is there and checked.
        The environment's HF_ENDPOINT takes the place of the public hub.
        """
        if name not in CATALOGUE:
            raise DownloadError(f"There is no model {name!r}.", f"There are {', '.join(CATALOGUE)}.")
        return self._download(CATALOGUE[name])

    def _entry(self, model: PinnedModel) -> ModelEntry:
        path = locate(model.name, self._search)
        return ModelEntry(
            name=model.name,
            repository=model.repository,
            revision=model.revision,
            size_bytes=model.size_bytes,
            cost=model.cost,
            gain=model.gain,
            path=path,
            problem="" if path is None else problem_of(model.name, path),
        )

    def _download(self, model: PinnedModel) -> Iterator[DownloadEvent]:
        from filelock import FileLock, Timeout  # noqa: PLC0415 - only a download needs it

        final = self._target / model.name
        partial = self._target / f"{model.name}.partial"
        try:
            make_private_folder(partial)
            with FileLock(partial / ".lock", timeout=0, mode=0o600):
                if not _is_checked(model, final):
                    yield from _fetch_all(model, partial)
                    if final.exists():
                        shutil.rmtree(final)
                    _publish(model, partial, final)
            shutil.rmtree(partial, ignore_errors=True)
        except Timeout as error:
            raise DownloadError(
                f"{model.name} is being downloaded already.", "Wait for the other download to end."
            ) from error
        except OSError as error:
            raise DownloadError(
                f"{model.name} cannot be written to {self._target}: {error.strerror or error}.",
                "What has arrived is kept. Make room on the disk or check the folder's permissions.",
            ) from error
        yield DownloadProgress(model.size_bytes, model.size_bytes)
        yield DownloadDone(final)


def _is_checked(model: PinnedModel, folder: Path) -> bool:
    """Whether every file is there, byte for byte."""
    return all(
        (folder / file.name).is_file()
        and (folder / file.name).stat().st_size == file.size_bytes
        and _sha256(folder / file.name) == file.sha256
        for file in model.files
    )


def _publish(model: PinnedModel, partial: Path, final: Path) -> None:
    """Make the model appear as a whole: a folder of its own is filled, then renamed."""
    ready = partial / "ready"
    make_private_folder(ready)
    for file in model.files:
        (partial / file.name).replace(ready / file.name)
    ready.replace(final)


def _fetch_all(model: PinnedModel, partial: Path) -> Iterator[DownloadProgress]:
    """Fetch what is not in `partial` yet, small files first, so that a fault shows early."""
    files = sorted(model.files, key=lambda file: file.size_bytes)
    done = sum(_arrived(partial, file) for file in files)
    _check_space(model, partial, model.size_bytes - done)
    yield DownloadProgress(done, model.size_bytes)
    for file in files:
        if (partial / file.name).is_file():
            continue
        done -= _arrived(partial, file)
        for arrived in _fetch(model, file, partial / f"{file.name}.part"):
            yield DownloadProgress(done + arrived, model.size_bytes)
        done += file.size_bytes
        _check(model, file, partial)


def _arrived(partial: Path, file: PinnedFile) -> int:
    """Bytes of a file that need no fetching again."""
    for path in (partial / file.name, partial / f"{file.name}.part"):
        if path.is_file():
            return path.stat().st_size
    return 0


def _check_space(model: PinnedModel, partial: Path, missing: int) -> None:
    free = shutil.disk_usage(partial).free
    if free < missing + SPARE_BYTES:
        raise DownloadError(
            f"{model.name} needs {(missing + SPARE_BYTES) / 1e6:,.0f} MB more at {partial.parent}, "
            f"and {free / 1e6:,.0f} MB are free.",
            "Free some space, or choose a smaller model.",
        )


def _check(model: PinnedModel, file: PinnedFile, partial: Path) -> None:
    """Accept a file that has arrived, or remove it."""
    part = partial / f"{file.name}.part"
    if _sha256(part) != file.sha256:
        part.unlink()
        raise DownloadError(
            f"{file.name} of {model.name} arrived with a wrong checksum and was removed.",
            "Try again; if it happens twice, something between here and the hub alters files.",
        )
    part.replace(partial / file.name)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _fetch(model: PinnedModel, file: PinnedFile, part: Path) -> Iterator[int]:
    """Fetch the rest of a file, going on after a cut as long as each attempt brings something.

    Yields:
        Bytes of the file that are there.
    """
    if part.is_file() and part.stat().st_size > file.size_bytes:
        part.unlink()
    with open(part, "ab", opener=private_opener) as stream:
        while stream.tell() < file.size_bytes:
            before = stream.tell()
            try:
                for chunk in _stream(model, file, before):
                    if chunk is None:
                        stream.truncate(0)
                        stream.seek(0)
                    else:
                        stream.write(chunk)
                        yield stream.tell()
            except _TransportError as error:
                if stream.tell() <= before:
                    raise DownloadError(f"{model.name} could not be downloaded: {error}.", KEPT) from error
            else:
                if stream.tell() <= before:
                    raise DownloadError(f"The hub sent nothing more of {file.name} of {model.name}.", KEPT)


def _stream(model: PinnedModel, file: PinnedFile, offset: int) -> Iterator[bytes | None]:
    """The bytes of a file from `offset` on; None first where the hub begins from the start after all.

    Raises:
        DownloadError: The network settings are wrong, or what came back is not the file.
        _TransportError: The connection failed.
    """
    try:
        yield from _read(model, file, offset)
    except DownloadError:
        raise
    except Exception as error:
        # The hub client's HTTP library has changed its name and its errors more than once, so what is not
        # ours is taken for the network's.
        raise _TransportError(_reason(error)) from error


def _read(model: PinnedModel, file: PinnedFile, offset: int) -> Iterator[bytes | None]:
    endpoint = (os.environ.get("HF_ENDPOINT") or PUBLIC_HUB).rstrip("/")
    with ExitStack() as stack:
        try:
            response = stack.enter_context(_request(model, file, offset, endpoint))
        except ConnectionError:
            raise
        except OSError as error:
            # The client reads its certificates when it is made.
            raise DownloadError(
                f"{model.name} could not be downloaded: {_reason(error)}.", SETTINGS
            ) from error
        status = response.status_code
        if status not in (200, 206):
            raise DownloadError(
                f"{file.name} of {model.name} could not be downloaded: {endpoint} answered {status}.",
                "Try again later." if status in PASSING else SOURCE,
            )
        if not _is_file(response, file, offset):
            raise DownloadError(
                f"{endpoint} sent something that is not {file.name} of {model.name}.", f"{SOURCE} {KEPT}"
            )
        if offset and status == 200:
            yield None
            offset = 0
        for chunk in response.iter_bytes(CHUNK_BYTES):
            offset += len(chunk)
            if offset > file.size_bytes:
                raise DownloadError(f"{file.name} of {model.name} is longer than it should be.", "Try again.")
            yield chunk


def _request(model: PinnedModel, file: PinnedFile, offset: int, endpoint: str) -> AbstractContextManager[Any]:
    session = _session()
    from huggingface_hub import hf_hub_url  # noqa: PLC0415 - heavy

    url = hf_hub_url(model.repository, file.name, revision=model.revision, endpoint=endpoint)
    # Compressed, a byte range would not be a range of the file.
    headers = {"Accept-Encoding": "identity", "User-Agent": "voicecoach"}
    if offset:
        headers["Range"] = f"bytes={offset}-"
    request: AbstractContextManager[Any] = session.stream("GET", url, headers=headers, timeout=TIMEOUT_S)
    return request


def _is_file(response: Any, file: PinnedFile, offset: int) -> bool:
    """Whether an answer's headers can be those of the file, or of the rest of it."""
    headers = response.headers
    if response.status_code == 206:
        expected = rf"bytes {offset}-\d+/({file.size_bytes}|\*)"
        return re.fullmatch(expected, headers.get("Content-Range", "")) is not None
    length = headers.get("Content-Length")
    if length is None or headers.get("Content-Encoding", "identity") != "identity":
        # Without the file's length the type must do: no file of a model is a web page.
        return not headers.get("Content-Type", "").lower().startswith("text/html")
    return bool(length == str(file.size_bytes))


def _session() -> Any:
    from huggingface_hub import get_session  # noqa: PLC0415 - heavy, and only a download needs it

    return get_session()


def _reason(error: Exception) -> str:
    """A transport error in one line."""
    text = str(getattr(error, "strerror", None) or error).strip().partition("\n")[0].rstrip(".")
    return text or type(error).__name__
