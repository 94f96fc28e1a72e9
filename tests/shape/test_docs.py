import pytest
from docs import generate


@pytest.mark.parametrize("page", generate.PAGES)
def test_a_reference_page_says_what_the_code_says(page: str) -> None:
    path = generate.HERE / page
    assert path.exists(), "run `make docs`"
    assert path.read_text() == generate.PAGES[page](), "run `make docs`"
