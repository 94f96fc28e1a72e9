"""Pulling fetches through the real clients (from a folder of wheels and a registry of our own), and survives cuts."""

import base64
import concurrent.futures
import hashlib
import http.server
import io
import json
import pathlib
import shutil
import tarfile
import threading
import zipfile
from collections.abc import Iterator

import pytest

from parvis.ai import catalogue, pull
from parvis.ai.catalogue import Entry, File, Source

ONE, TWO = b"first part, " * 9000, b"second part, " * 7000


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _part(number: int, data: bytes) -> Source:
    return Source("pypi", f"parvis-part{number}", "1.0", f"parvis_part{number}/part.bin", len(data), _sum(data))


def _wheel(shelf: pathlib.Path, number: int, data: bytes) -> pathlib.Path:
    path = shelf / f"parvis_part{number}-1.0-py3-none-any.whl"
    about = f"parvis_part{number}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"parvis_part{number}/__init__.py", "raise SystemExit('imported')")
        wheel.writestr(f"parvis_part{number}/part.bin", data)
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: parvis-part{number}\nVersion: 1.0\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")
    return path


@pytest.fixture
def shelf(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A folder that pip looks in instead of its registry, and a catalogue with one entry of two parts."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    whole = File("whole.bin", len(ONE + TWO), _sum(ONE + TWO), (_part(1, ONE), _part(2, TWO)))
    monkeypatch.setitem(catalogue.ENTRIES, "square", Entry("square", "Square", "art", "MIT", "us", (whole,)))
    return shelf


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / "models"


def test_parts_are_put_together_and_the_progress_ends_at_the_whole(shelf: pathlib.Path, folder: pathlib.Path) -> None:
    _wheel(shelf, 1, ONE)
    _wheel(shelf, 2, TWO)
    told: list[tuple[int, int]] = []
    paths = pull.pull(["square"], folder, lambda done, total: told.append((done, total)))
    assert paths == [catalogue.path("square", folder)]
    assert paths[0].read_bytes() == ONE + TWO
    assert told[-1] == (len(ONE + TWO), len(ONE + TWO))
    assert pull.verify(["square"], folder) == []
    assert sorted(path.name for path in paths[0].parent.iterdir()) == [".lock", "whole.bin"]


def test_a_cut_pull_goes_on_after_its_last_good_part(shelf: pathlib.Path, folder: pathlib.Path) -> None:
    first = _wheel(shelf, 1, ONE)
    with pytest.raises(pull.CannotPull, match="parvis-part2"):
        pull.pull(["square"], folder)
    assert catalogue.find_path("square", folder) is None
    first.unlink()  # the first part cannot be had again
    with (folder / "square" / "whole.bin.partial").open("ab") as partial:
        partial.write(TWO[:500] + b"torn")  # as a kill in the middle of a write leaves it
    (folder / "square" / ".fetch-killed").mkdir()
    _wheel(shelf, 2, TWO)
    assert pull.pull(["square"], folder)[0].read_bytes() == ONE + TWO
    assert not (folder / "square" / ".fetch-killed").exists()


def test_other_bytes_than_promised_never_get_the_name(shelf: pathlib.Path, folder: pathlib.Path) -> None:
    _wheel(shelf, 1, ONE[:-1] + b"!")
    with pytest.raises(pull.CannotPull, match="promises"):
        pull.pull(["square"], folder)
    assert not catalogue.is_pulled("square", folder)


def test_a_damaged_archive_is_refused(shelf: pathlib.Path, folder: pathlib.Path) -> None:
    source = Source("npm", "art", "1.0", "package/a.json", 3, _sum(b"abc"))
    broken = shelf / "art.tgz"
    broken.write_bytes(b"no archive at all")
    with pytest.raises(pull.CannotPull, match="damaged"):
        pull._take(source, broken, io.BytesIO())  # noqa: SLF001 - no registry hands out a broken archive on demand
    assert not folder.exists()


def test_a_file_that_rotted_is_fetched_again(shelf: pathlib.Path, folder: pathlib.Path) -> None:
    _wheel(shelf, 1, ONE)
    _wheel(shelf, 2, TWO)
    (folder / "square").mkdir(parents=True)
    (folder / "square" / "whole.bin").write_bytes(ONE + TWO[:-1] + b"?")
    assert pull.verify(["square"], folder) == ["square"]
    pull.pull(["square"], folder)
    assert pull.verify(["square"], folder) == []


def test_two_pulls_at_once_end_with_one_file(shelf: pathlib.Path, folder: pathlib.Path) -> None:
    _wheel(shelf, 1, ONE)
    _wheel(shelf, 2, TWO)
    with concurrent.futures.ThreadPoolExecutor(2) as both:
        paths = list(both.map(lambda _: pull.pull(["square"], folder), range(2)))
    assert paths[0] == paths[1]
    assert paths[0][0].read_bytes() == ONE + TWO


def test_a_name_that_is_not_in_the_catalogue_is_refused(folder: pathlib.Path) -> None:
    with pytest.raises(pull.CannotPull, match="“nothing”"):
        pull.pull(["nothing"], folder)


def test_a_missing_client_is_told(shelf: pathlib.Path, folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    art = File("a.json", 3, _sum(b"abc"), (Source("npm", "art", "1.0", "package/a.json", 3, _sum(b"abc")),))
    monkeypatch.setitem(catalogue.ENTRIES, "art", Entry("art", "Art", "art", "MIT", "us", (art,)))
    monkeypatch.setenv("PATH", str(shelf))
    with pytest.raises(pull.CannotPull, match="needs npm"):
        pull.pull(["art"], folder)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> Iterator[None]:
    """A registry of one package, spoken to by the real npm."""
    ball = io.BytesIO()
    with tarfile.open(fileobj=ball, mode="w:gz") as tar:
        for name, data in (("package.json", b'{"name": "parvis-art", "version": "1.0.0"}'), ("a.json", b"abc")):
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(ball.getvalue()).digest()).decode()

    class Registry(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here = f"http://127.0.0.1:{server.server_port}"
            dist = {"tarball": f"{here}/parvis-art-1.0.0.tgz", "integrity": integrity}
            version = {"name": "parvis-art", "version": "1.0.0", "dist": dist}
            about = {"name": "parvis-art", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
            body = ball.getvalue() if self.path.endswith(".tgz") else json.dumps(about).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's word
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed here")
@pytest.mark.usefixtures("registry")
def test_art_comes_through_npm(folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source("npm", "parvis-art", "1.0.0", "package/a.json", 3, _sum(b"abc"))
    art = File("a.json", 3, source.sha256, (source,))
    monkeypatch.setitem(catalogue.ENTRIES, "art", Entry("art", "Art", "art", "MIT", "us", (art,)))
    assert pull.pull(["art"], folder)[0].read_bytes() == b"abc"
