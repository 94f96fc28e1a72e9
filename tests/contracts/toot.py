"""The integration suite of `toot`, a client that nobody here wrote, against an instance at http://localhost:3000.

    python -m tests.contracts.toot [pytest's options]

The suite comes in the client's source distribution, fetched through the package index's ordinary client and run in a
virtual environment of its own. One of its tests wants the password grant, which is gone from Mastodon too.
"""

import asyncio
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import venv

from tests.contracts.instance import opened

PACKAGE = "toot==0.52.1"
PORT = 3000


def unpacked(folder: pathlib.Path) -> pathlib.Path:
    """The client's source, with what it and its tests stand on installed beside it."""
    python = folder / "venv" / "bin" / "python"
    venv.create(folder / "venv", with_pip=True)
    pip = (str(python), "-m", "pip", "--quiet", "--disable-pip-version-check")
    run(*pip, "download", "--no-deps", "--no-binary", ":all:", "--dest", str(folder), PACKAGE)
    with tarfile.open(next(folder.glob("toot-*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    source = next(path for path in folder.glob("toot-*") if path.is_dir())
    run(*pip, "install", str(source), "pytest", "pillow")
    return source


def run(*command: str) -> None:
    """Run a command; raise when it fails."""
    subprocess.run(command, check=True)  # noqa: S603 - written out above


async def main(*options: str) -> int:
    """Fetch the suite, serve, run it; its exit status."""
    with tempfile.TemporaryDirectory(prefix="parvis-toot-") as folder:
        source = await asyncio.to_thread(unpacked, pathlib.Path(folder))
        async with opened(PORT) as place:
            suite = await asyncio.create_subprocess_exec(
                str(pathlib.Path(folder) / "venv" / "bin" / "python"),
                *("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/integration", *options),
                cwd=source,
                env={**os.environ, "TOOT_TEST_BASE_URL": place.url},
            )
            return await suite.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*sys.argv[1:])))
