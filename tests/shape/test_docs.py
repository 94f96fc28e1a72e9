import pytest
from docs import contract, generate

from parvis.api.map import endpoints


@pytest.mark.parametrize("page", generate.PAGES)
def test_a_reference_page_says_what_the_code_says(page: str) -> None:
    path = generate.HERE / page
    assert path.exists(), "run `make docs`"
    assert path.read_text() == generate.PAGES[page](), "run `make docs`"


@pytest.mark.skipif(not contract.FILE.exists(), reason=contract.ABSENT)
def test_every_operation_that_mastodon_documents_is_there_or_says_why_not() -> None:
    there = {contract.Operation(one.path, one.method).shape for one in endpoints()}
    missing = {one.shape for one in contract.operations()} - there
    assert missing == set(contract.NOT_YET)
