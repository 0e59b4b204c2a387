import hashlib
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import close_session

from tests.support.disks import mode
from tests.support.hub import Faults, LoopbackHub
from tests.support.scripted_whisper import build_scripted_whisper
from voicecoach.errors import DownloadError, ModelError
from voicecoach.speech.catalogue import CATALOGUE, DEFAULT_MODEL, PinnedFile, PinnedModel
from voicecoach.speech.hub import HubShelf
from voicecoach.speech.local import BEST_FIRST, find_model, hub_cache
from voicecoach.speech.shelf import DownloadDone, DownloadEvent, DownloadProgress
from voicecoach.speech.whisper import WhisperTranscriber

NAME = "scripted.en"
REVISION = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_scripted_whisper(tmp_path_factory.mktemp("scripted"), "recall counts the positives we found")


@pytest.fixture
def model(scripted: Path, monkeypatch: pytest.MonkeyPatch) -> PinnedModel:
    files = tuple(
        PinnedFile(path.name, path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(scripted.iterdir())
    )
    pinned = PinnedModel(NAME, "Systran/faster-whisper-scripted.en", REVISION, files, "none", "none")
    monkeypatch.setitem(CATALOGUE, NAME, pinned)
    return pinned


@pytest.fixture
def hub(model: PinnedModel, scripted: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    content = {path.name: path.read_bytes() for path in scripted.iterdir()}
    with LoopbackHub(model.repository, model.revision, content) as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        monkeypatch.setenv("HF_TOKEN", "hf_secret")
        yield running


def fetched(hub: LoopbackHub) -> list[tuple[str, int]]:
    return [(request.file, request.first_byte) for request in hub.requests]


def progress(events: list[DownloadEvent]) -> list[int]:
    return [event.done_bytes for event in events if isinstance(event, DownloadProgress)]


def test_a_download_arrives_whole_and_can_be_heard_with(
    hub: LoopbackHub, model: PinnedModel, tmp_path: Path
) -> None:
    shelf = HubShelf((), tmp_path)
    events = list(shelf.download(NAME))
    assert events[-1] == DownloadDone(tmp_path / NAME)
    assert [event for event in events if isinstance(event, DownloadDone)] == events[-1:]
    done = progress(events)
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, model.size_bytes)
    assert len(set(done)) > len(model.files)
    assert sorted(path.name for path in tmp_path.iterdir()) == [NAME]
    assert {path.name for path in (tmp_path / NAME).iterdir()} == {file.name for file in model.files}
    assert all(request.authorization == "" for request in hub.requests)
    assert WhisperTranscriber(tmp_path / NAME, NAME, "en").info.model == NAME
    entry = next(entry for entry in shelf.entries() if entry.name == NAME)
    assert (entry.path, entry.problem) == (tmp_path / NAME, "")


def test_a_second_download_fetches_nothing(hub: LoopbackHub, tmp_path: Path) -> None:
    shelf = HubShelf((), tmp_path)
    list(shelf.download(NAME))
    hub.requests.clear()
    assert list(shelf.download(NAME))[-1] == DownloadDone(tmp_path / NAME)
    assert hub.requests == []


def test_a_cut_connection_is_taken_up_where_it_broke(
    hub: LoopbackHub, model: PinnedModel, tmp_path: Path
) -> None:
    hub.faults.cuts = [1_500_000, 700_000]
    events = list(HubShelf((), tmp_path).download(NAME))
    assert events[-1] == DownloadDone(tmp_path / NAME)
    offsets = [first for file, first in fetched(hub) if file == "model.bin"]
    assert len(offsets) == 3
    assert offsets[0] == 0
    assert 0 < offsets[1] <= 1_500_000
    assert offsets[1] < offsets[2] <= offsets[1] + 700_000


def test_a_later_download_fetches_only_the_rest(hub: LoopbackHub, model: PinnedModel, tmp_path: Path) -> None:
    hub.faults.cuts = [2_000_000, 0]
    with pytest.raises(DownloadError) as caught:
        list(HubShelf((), tmp_path).download(NAME))
    assert "\n" not in str(caught.value)
    assert not (tmp_path / NAME).exists()
    kept = (tmp_path / f"{NAME}.partial" / "model.bin.part").stat().st_size
    assert kept > 0
    hub.requests.clear()
    events = list(HubShelf((), tmp_path).download(NAME))
    assert fetched(hub) == [("model.bin", kept)]
    assert progress(events)[0] == model.size_bytes - (_size(model, "model.bin") - kept)
    assert events[-1] == DownloadDone(tmp_path / NAME)


def test_a_hub_that_ignores_ranges_is_read_from_the_start(hub: LoopbackHub, tmp_path: Path) -> None:
    hub.faults.cuts = [2_000_000]
    hub.faults.ignores_ranges = True
    assert list(HubShelf((), tmp_path).download(NAME))[-1] == DownloadDone(tmp_path / NAME)


@pytest.mark.parametrize(
    "fault",
    [
        {"page": b"<html>Log in</html>"},
        {"page": b"<html>Log in</html>", "unsized": True},
        {"page": b"<html>Log in</html>", "compresses": True},
        {"misplaced": 1_000_000},
    ],
    ids=["page", "unsized page", "compressed page", "misplaced range"],
)
def test_what_is_not_the_file_leaves_what_has_arrived(
    hub: LoopbackHub, tmp_path: Path, fault: dict[str, object]
) -> None:
    hub.faults.cuts = [2_900_000, 0]
    with pytest.raises(DownloadError):
        list(HubShelf((), tmp_path).download(NAME))
    part = tmp_path / f"{NAME}.partial" / "model.bin.part"
    kept = part.read_bytes()
    hub.faults = Faults(**fault)  # type: ignore[arg-type]
    with pytest.raises(DownloadError, match=r"not model\.bin of scripted\.en") as caught:
        list(HubShelf((), tmp_path).download(NAME))
    assert "\n" not in str(caught.value)
    assert "HF_ENDPOINT" in caught.value.hint
    assert "kept" in caught.value.hint
    assert part.read_bytes() == kept
    hub.faults = Faults()
    hub.requests.clear()
    assert list(HubShelf((), tmp_path).download(NAME))[-1] == DownloadDone(tmp_path / NAME)
    assert fetched(hub) == [("model.bin", len(kept))]


def test_a_page_instead_of_the_first_file_is_not_kept(hub: LoopbackHub, tmp_path: Path) -> None:
    hub.faults.page = b"<html>Log in</html>"
    with pytest.raises(DownloadError, match="sent something that is not"):
        list(HubShelf((), tmp_path).download(NAME))
    assert sum(part.stat().st_size for part in tmp_path.rglob("*.part")) == 0


@pytest.mark.parametrize("fault", [{"unsized": True}, {"compresses": True}], ids=["unsized", "compressed"])
def test_a_whole_file_may_come_without_its_length(
    hub: LoopbackHub, tmp_path: Path, fault: dict[str, bool]
) -> None:
    hub.faults = Faults(**fault)  # type: ignore[arg-type]
    assert list(HubShelf((), tmp_path).download(NAME))[-1] == DownloadDone(tmp_path / NAME)


def test_an_answer_that_brings_nothing_says_what_to_do(hub: LoopbackHub, tmp_path: Path) -> None:
    hub.faults.cuts = [2_000_000, 0]
    with pytest.raises(DownloadError):
        list(HubShelf((), tmp_path).download(NAME))
    hub.faults = Faults(cuts=[0], unsized=True)
    with pytest.raises(DownloadError, match=r"nothing more of model\.bin") as caught:
        list(HubShelf((), tmp_path).download(NAME))
    assert "kept" in caught.value.hint


def test_a_cancelled_download_keeps_what_arrived(
    hub: LoopbackHub, model: PinnedModel, tmp_path: Path
) -> None:
    download = HubShelf((), tmp_path).download(NAME)
    for event in download:
        if isinstance(event, DownloadProgress) and event.done_bytes > model.size_bytes // 2:
            break
    download.close()  # type: ignore[attr-defined]  # the shelf yields from a generator
    assert not (tmp_path / NAME).exists()
    kept = (tmp_path / f"{NAME}.partial" / "model.bin.part").stat().st_size
    hub.requests.clear()
    list(HubShelf((), tmp_path).download(NAME))
    assert fetched(hub) == [("model.bin", kept)]


def test_a_wrong_checksum_names_the_file_and_removes_it(hub: LoopbackHub, tmp_path: Path) -> None:
    hub.faults.altered = {"tokenizer.json"}
    with pytest.raises(DownloadError, match=r"tokenizer\.json .* wrong checksum"):
        list(HubShelf((), tmp_path).download(NAME))
    assert not list(tmp_path.rglob("tokenizer.json*"))
    assert not (tmp_path / NAME).exists()
    hub.faults.altered = set()
    assert list(HubShelf((), tmp_path).download(NAME))[-1] == DownloadDone(tmp_path / NAME)


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (401, "HF_ENDPOINT"),
        (403, "HF_ENDPOINT"),
        (404, "HF_ENDPOINT"),
        (407, "proxy"),
        (429, "Try again later."),
        (503, "Try again later."),
        (511, "login"),
    ],
)
def test_a_refusal_is_one_line_with_its_remedy(
    hub: LoopbackHub, tmp_path: Path, status: int, remedy: str
) -> None:
    hub.faults.refused = status
    with pytest.raises(DownloadError, match=f"answered {status}") as caught:
        list(HubShelf((), tmp_path).download(NAME))
    assert "\n" not in str(caught.value)
    assert remedy in caught.value.hint


@pytest.mark.usefixtures("hub")
def test_being_offline_by_choice_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(DownloadError, match="HF_HUB_OFFLINE") as caught:
        list(HubShelf((), tmp_path).download(NAME))
    assert "SSL_CERT_FILE" not in caught.value.hint


@pytest.fixture
def fresh_session() -> Iterator[None]:
    """The hub client's session is made anew, in the test and after it."""
    close_session()
    yield
    close_session()


@pytest.mark.usefixtures("hub", "fresh_session")
@pytest.mark.parametrize("content", [None, "no certificate"], ids=["missing", "damaged"])
def test_certificates_that_cannot_be_read_are_not_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    certificates = tmp_path / "certificates.pem"
    if content is not None:
        certificates.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates))
    with pytest.raises(DownloadError, match="could not be downloaded") as caught:
        list(HubShelf((), tmp_path / "models").download(NAME))
    assert "\n" not in str(caught.value)
    assert "SSL_CERT_FILE" in caught.value.hint


def test_no_connection_is_one_line(
    model: PinnedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(DownloadError, match="could not be downloaded") as caught:
            list(HubShelf((), tmp_path).download(NAME))
    assert "\n" not in str(caught.value)


def test_a_full_disk_is_told_before_anything_is_fetched(
    hub: LoopbackHub, model: PinnedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    huge = PinnedFile("model.bin", 1 << 60, "0" * 64)
    pinned = PinnedModel(NAME, model.repository, REVISION, (huge,), "none", "none")
    monkeypatch.setitem(CATALOGUE, NAME, pinned)
    with pytest.raises(DownloadError, match="MB are free"):
        list(HubShelf((), tmp_path).download(NAME))
    assert hub.requests == []


def test_two_downloads_of_one_model_do_not_mix(hub: LoopbackHub, tmp_path: Path) -> None:
    first = HubShelf((), tmp_path).download(NAME)
    next(first)
    with pytest.raises(DownloadError, match="already"):
        list(HubShelf((), tmp_path).download(NAME))
    assert list(first)[-1] == DownloadDone(tmp_path / NAME)


def test_a_target_that_cannot_be_made_is_one_line(model: PinnedModel, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DownloadError, match="cannot be written"):
        list(HubShelf((), tmp_path / "file").download(NAME))


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match=r"no model 'smal'.*small\.en"):
        HubShelf((), tmp_path).download("smal")


def test_a_truncated_model_is_reported_passed_over_and_mended(
    hub: LoopbackHub, scripted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voicecoach.speech.local.BEST_FIRST", (NAME,))
    shutil.copytree(scripted, tmp_path / NAME)
    assert find_model("auto", (tmp_path,)) == (NAME, tmp_path / NAME)
    (tmp_path / NAME / "model.bin").write_bytes(b"half")
    shelf = HubShelf((), tmp_path)
    entry = next(entry for entry in shelf.entries() if entry.name == NAME)
    assert entry.path == tmp_path / NAME
    assert entry.problem.startswith("model.bin has 4 of ")
    assert find_model("auto", (tmp_path,)) is None
    assert find_model(NAME, (tmp_path,)) == (NAME, tmp_path / NAME)
    list(shelf.download(NAME))
    assert find_model("auto", (tmp_path,)) == (NAME, tmp_path / NAME)


@pytest.mark.parametrize("file", ["model.bin", "config.json", "tokenizer.json", "vocabulary.json"])
def test_a_missing_file_is_a_problem(model: PinnedModel, scripted: Path, tmp_path: Path, file: str) -> None:
    shutil.copytree(scripted, tmp_path / NAME)
    (tmp_path / NAME / file).unlink()
    entry = next(entry for entry in HubShelf((tmp_path,), tmp_path).entries() if entry.name == NAME)
    assert "missing" in entry.problem


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such permission bits")
def test_a_model_that_is_closed_to_us_is_reported_and_passed_over(
    model: PinnedModel, scripted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voicecoach.speech.local.BEST_FIRST", (NAME,))
    shutil.copytree(scripted, tmp_path / NAME)
    with mode(tmp_path / NAME, 0):
        entry = next(entry for entry in HubShelf((), tmp_path).entries() if entry.name == NAME)
        assert (entry.path, entry.problem) == (tmp_path / NAME, "cannot be read: Permission denied")
        assert find_model("auto", (tmp_path,)) is None
        with pytest.raises(ModelError, match=r"scripted\.en cannot be read: Permission denied") as caught:
            WhisperTranscriber(tmp_path / NAME, NAME, "en")
    assert caught.value.hint
    snapshots = tmp_path / f"models--{model.repository.replace('/', '--')}" / "snapshots"
    snapshots.mkdir(parents=True)
    with mode(snapshots, 0):
        assert find_model("auto", (tmp_path,)) == (NAME, tmp_path / NAME)


def test_models_of_other_hugging_face_tools_are_used(
    model: PinnedModel, scripted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = hub_cache({"HF_HOME": str(tmp_path / "hf")})
    repository = cache / "models--Systran--faster-whisper-scripted.en"
    (repository / "blobs").mkdir(parents=True)
    for commit in ("aaaa", REVISION):
        (repository / "snapshots" / commit).mkdir(parents=True)
    for file in scripted.iterdir():
        shutil.copy(file, repository / "blobs" / file.name)
        (repository / "snapshots" / REVISION / file.name).symlink_to(repository / "blobs" / file.name)
    snapshot = repository / "snapshots" / REVISION
    assert find_model(NAME, (tmp_path / "none", cache)) == (NAME, snapshot)
    assert WhisperTranscriber(snapshot, NAME, "en").info.model == NAME
    shelf = HubShelf((cache,), tmp_path / "models")
    entry = next(entry for entry in shelf.entries() if entry.name == NAME)
    assert (entry.path, entry.problem) == (snapshot, "")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"HF_HUB_CACHE": "/a", "HF_HOME": "/b"}, "/a"),
        ({"HF_HOME": "/b", "XDG_CACHE_HOME": "/c"}, "/b/hub"),
        ({"XDG_CACHE_HOME": "/c"}, "/c/huggingface/hub"),
        ({}, str(Path("~/.cache/huggingface/hub").expanduser())),
    ],
)
def test_the_shared_cache_is_where_hugging_face_puts_it(environment: dict[str, str], expected: str) -> None:
    assert hub_cache(environment) == Path(expected)


def test_a_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "my-model"
    assert find_model(str(folder), ()) == ("my-model", folder)
    assert find_model("my-model", (tmp_path,)) is None
    folder.mkdir()
    assert find_model("my-model", (tmp_path,)) == ("my-model", folder)


def test_auto_takes_the_best_for_the_language(
    scripted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("small.en", "base", "tiny"):
        shutil.copytree(scripted, tmp_path / name)
        sizes = {path.name: path.stat().st_size for path in scripted.iterdir()}
        files = tuple(PinnedFile(file, size, "") for file, size in sizes.items())
        monkeypatch.setitem(CATALOGUE, name, PinnedModel(name, f"x/{name}", REVISION, files, "", ""))
    assert find_model("auto", (tmp_path,)) == ("small.en", tmp_path / "small.en")
    assert find_model("auto", (tmp_path,), language="de") == ("base", tmp_path / "base")
    assert find_model("auto", ()) is None


def test_the_catalogue_is_pinned_and_free_of_pickles() -> None:
    allowed = {"model.bin", "config.json", "tokenizer.json", "preprocessor_config.json"}
    allowed |= {"vocabulary.txt", "vocabulary.json"}
    assert DEFAULT_MODEL in CATALOGUE
    assert set(BEST_FIRST) == set(CATALOGUE)
    sizes = [model.size_bytes for model in CATALOGUE.values()]
    assert sizes == sorted(sizes)
    for name, model in CATALOGUE.items():
        assert model.name == name
        assert len(model.revision) == 40
        assert (
            {"model.bin", "config.json", "tokenizer.json"} <= {file.name for file in model.files} <= allowed
        )
        for file in model.files:
            assert len(bytes.fromhex(file.sha256)) == 32
            assert file.size_bytes > 0


def _size(model: PinnedModel, name: str) -> int:
    return next(file.size_bytes for file in model.files if file.name == name)


def test_a_folder_of_ones_own_may_be_called_like_a_model_and_hold_another(tmp_path: Path) -> None:
    own = build_scripted_whisper(tmp_path / "small.en", "yes")
    shelf = HubShelf((tmp_path / "none",), tmp_path / "models")
    assert shelf.has(str(own), "en")
    (own / "model.bin").unlink()
    assert not shelf.has(str(own), "en")
