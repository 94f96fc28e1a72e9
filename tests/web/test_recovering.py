"""Coming back without the password, by the pages."""

from urllib.parse import parse_qs, urlsplit

from tests.web.conftest import Browser, join

from parvis.people.recovering import link_for
from parvis.people.signing import credentials_of
from parvis.web.door import Door


async def test_the_page_behind_the_letter_is_kept_nowhere_and_says_whose_it_is_after_a_refusal(
    door: Door, browser: Browser
) -> None:
    await join(browser, "ada")
    async with door.store.reading() as tx:
        found = await credentials_of(tx, "ada")
        assert found is not None
        link = link_for(found, door.settings, tx.now)
    shown = await browser.get(link)
    ticket = parse_qs(urlsplit(link).query)["ticket"][0]
    refused = await browser.post("/sign-in/anew", data={"ticket": ticket, "password": "short"})
    assert (shown.status_code, refused.status_code) == (200, 422)
    for page in (shown, refused):
        assert page.headers["cache-control"] == "no-store"
        assert '<meta name="robots" content="noindex">' in page.text
        assert 'name="username" value="ada"' in page.text
