"""The catalogue is whole, and tells plainly when a file is not there."""

import pathlib

import pytest

from parvis.ai import catalogue
from parvis.ai.protocols import Unavailable


@pytest.mark.parametrize("entry", catalogue.ENTRIES.values(), ids=lambda entry: entry.name)
def test_every_file_is_the_sum_of_its_sources_and_pinned(entry: catalogue.Entry) -> None:
    assert entry.licence
    assert entry.credit
    for file in entry.files:
        assert file.size == sum(source.size for source in file.sources)
        for sha256 in (file.sha256, *(source.sha256 for source in file.sources)):
            assert len(bytes.fromhex(sha256)) == 32


def test_a_file_that_was_not_pulled_is_unavailable_and_the_sentence_says_what_to_do(tmp_path: pathlib.Path) -> None:
    with pytest.raises(Unavailable, match="parvis models pull noto"):
        catalogue.path("noto", tmp_path)
    assert not catalogue.is_pulled("noto", tmp_path)


def test_a_file_of_another_size_does_not_count(tmp_path: pathlib.Path) -> None:
    (tmp_path / "lid-176").mkdir()
    (tmp_path / "lid-176" / "lid.176.ftz").write_bytes(b"short")
    assert catalogue.find_path("lid-176", tmp_path) is None


def test_the_folder_is_the_setting_or_the_users_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    assert catalogue.folder("/somewhere") == pathlib.Path("/somewhere")
    monkeypatch.setenv("XDG_CACHE_HOME", "/cache")
    assert catalogue.folder() == pathlib.Path("/cache/parvis/models")
