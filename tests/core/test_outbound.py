"""The house calls others within bounds, and never itself or its neighbours."""

import gzip
import ipaddress
import pathlib
import zlib
from collections.abc import AsyncIterator

import pytest
from tests.outside import ALLOWED, Outside, Page, certify, outside

from parvis.core.config import Settings, WrongSetting
from parvis.core.errors import Invalid, TooLarge, Unavailable
from parvis.core.outbound import Outbound
from parvis.core.reach import Reach, is_open


@pytest.fixture
async def there() -> AsyncIterator[Outside]:
    async with outside() as server:
        yield server


@pytest.fixture
async def outbound() -> AsyncIterator[Outbound]:
    opened = Outbound(Settings(outbound_allow=ALLOWED, url="https://square.example"))
    yield opened
    await opened.close()


@pytest.fixture
async def guarded() -> AsyncIterator[Outbound]:
    opened = Outbound(Settings())
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "192.88.99.1",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "fec0::1",
        "ff02::1",
        "2002:7f00:1::1",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "5f00::1",
        "100::1",
    ],
)
def test_what_is_not_of_the_open_web_is_not_open(address: str) -> None:
    assert not is_open(ipaddress.ip_address(address))
    assert not Reach().permits("any.example", 443, address)


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_open_on_the_ports_of_the_web(address: str) -> None:
    assert Reach().permits("any.example", 443, address)
    assert not Reach().permits("any.example", 25, address)


def test_an_operator_allows_blocks_addresses_and_hosts() -> None:
    reach = Reach.of(Settings(outbound_allow="10.0.0.0/8, ::1,push.internal"))
    assert reach.permits("a.example", 6000, "10.9.9.9")
    assert reach.permits("a.example", 6000, "::1")
    assert reach.permits("Push.internal", 6000, "192.168.0.1")
    assert not reach.permits("other.internal", 6000, "192.168.0.1")
    assert not reach.permits("a.example", 80, "fe80::1%eth0")
    with pytest.raises(WrongSetting, match="PARVIS_OUTBOUND_ALLOW"):
        Reach.of(Settings(outbound_allow="http://x/"))


async def test_a_page_is_fetched_with_the_name_of_the_house(there: Outside, outbound: Outbound) -> None:
    page = await outbound.fetch(there.put("/a", "café", "Text/HTML; charset=UTF-8"))
    assert (page.ok, page.data.decode(), page.media_type, page.charset) == (True, "café", "text/html", "utf-8")
    assert there.asked[0].headers["user-agent"].endswith("(+https://square.example)")
    assert (await outbound.fetch(there.url + "/none")).status == 404
    await outbound.fetch(there.put("/b"), method="POST", content=b"hello", headers={"TTL": "60"})
    assert (there.asked[-1].method, there.asked[-1].body, there.asked[-1].headers["ttl"]) == ("POST", b"hello", "60")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://2130706433:{port}/", "http://[::1]:{port}/"]
)
async def test_this_machine_is_never_called(there: Outside, guarded: Outbound, url: str) -> None:
    port = there.url.rpartition(":")[2]
    with pytest.raises(Invalid, match="open web"):
        await guarded.fetch(url.format(port=port))
    assert not there.asked


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org/", "file:///etc/passwd", "https://", "//x", "https://a:b@example.org/", "", "http://[", "x"],
)
async def test_what_is_no_address_of_the_web_is_refused(guarded: Outbound, url: str) -> None:
    with pytest.raises(Invalid):
        await guarded.fetch(url)
    with pytest.raises(Invalid):
        await guarded.fetch("https://example.org/" + "a" * 3000)


async def test_a_redirect_is_judged_like_the_first_address(there: Outside) -> None:
    port = there.url.rpartition(":")[2]
    only = Outbound(Settings(outbound_allow="127.0.0.1"))
    there.redirect("/away", f"http://127.0.0.2:{port}/secret")
    there.redirect("/file", "file:///etc/passwd")
    for path in ("/away", "/file"):
        with pytest.raises(Invalid):
            await only.fetch(there.url + path)
    await only.close()
    assert there.paths == ["/away", "/file"]


async def test_redirects_are_followed_and_counted(there: Outside, outbound: Outbound) -> None:
    there.put("/there", "here")
    there.redirect("/one", "/two", 301)
    there.redirect("/two", there.url + "/there", 308)
    assert (await outbound.fetch(there.url + "/one")).url == there.url + "/there"
    there.redirect("/round", "/round")
    with pytest.raises(Unavailable, match="again and again"):
        await outbound.fetch(there.url + "/round", redirects=3)
    assert there.paths.count("/round") == 4
    assert (await outbound.fetch(there.url + "/one", method="POST")).status == 301


async def test_a_secret_is_not_carried_to_another_server(there: Outside, outbound: Outbound) -> None:
    async with outside() as other:
        other.put("/end", "end")
        await outbound.fetch(there.redirect("/go", other.url + "/end"), headers={"Authorization": "Bearer x"})
        assert there.asked[0].headers["authorization"] == "Bearer x"
        assert "authorization" not in other.asked[0].headers


async def test_a_name_that_changes_its_mind_leads_nowhere_else(there: Outside) -> None:
    port = int(there.url.rpartition(":")[2])
    answers = [["127.0.0.1"], ["127.0.0.9", "::1"]]

    async def resolve(_host: str, _port: int) -> list[str]:
        return answers.pop(0)

    there.pages["/"] = Page(b"first", headers={"connection": "close"})
    fickle = Outbound(Settings(outbound_allow="127.0.0.1"), resolve)
    assert (await fickle.fetch(f"http://fickle.example:{port}/")).data == b"first"
    assert there.asked[0].headers["host"] == f"fickle.example:{port}"
    with pytest.raises(Invalid, match="open web"):
        await fickle.fetch(f"http://fickle.example:{port}/")
    await fickle.close()
    assert len(there.asked) == 1


async def test_an_answer_is_bounded_in_bytes(there: Outside, outbound: Outbound) -> None:
    url = there.put("/big", "x" * 5000)
    with pytest.raises(TooLarge):
        await outbound.fetch(url, most_bytes=1000)
    cut = await outbound.fetch(url, most_bytes=1000, cut=True)
    assert (len(cut.data), cut.cut) == (1000, True)
    assert len((await outbound.fetch(url, most_bytes=5000)).data) == 5000


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_what_is_packed_is_bounded_unpacked(there: Outside, outbound: Outbound, encoding: str) -> None:
    packed = gzip.compress(bytes(50_000_000)) if encoding == "gzip" else zlib.compress(bytes(50_000_000))
    there.pages["/bomb"] = Page(packed, headers={"content-encoding": encoding})
    cut = await outbound.fetch(there.url + "/bomb", cut=True)
    assert (len(cut.data), cut.cut) == (1 << 20, True)
    small = gzip.compress(b"hello") if encoding == "gzip" else zlib.compress(b"hello")
    there.pages["/small"] = Page(small, headers={"content-encoding": encoding})
    assert (await outbound.fetch(there.url + "/small")).data == b"hello"


async def test_what_cannot_be_unpacked_is_no_answer(there: Outside, outbound: Outbound) -> None:
    for encoding, body in (("gzip", b"not packed"), ("br", b"\x00")):
        there.pages["/x"] = Page(body, headers={"content-encoding": encoding})
        with pytest.raises(Unavailable):
            await outbound.fetch(there.url + "/x")


async def test_a_server_that_hangs_or_is_not_there_is_unavailable(there: Outside, outbound: Outbound) -> None:
    there.pages["/hang"] = Page(hangs=True)
    with pytest.raises(Unavailable, match="in time"):
        await outbound.fetch(there.url + "/hang", seconds=0.2)
    with pytest.raises(Unavailable):
        await outbound.fetch("http://127.0.0.1:1/")
    with pytest.raises(Unavailable):
        await outbound.fetch("http://no-such-host.invalid/")


async def test_no_cookie_is_kept(there: Outside, outbound: Outbound) -> None:
    there.pages["/"] = Page(b"x", headers={"set-cookie": "who=you; path=/"})
    await outbound.fetch(there.url + "/")
    await outbound.fetch(there.url + "/")
    assert all("cookie" not in asked.headers for asked in there.asked)


async def test_tls_is_checked_against_the_name_and_the_operators_authorities(tmp_path: pathlib.Path) -> None:
    pem = certify(tmp_path)
    knowing = Outbound(Settings(outbound_allow=ALLOWED, ca_bundle=str(pem)))
    strange = Outbound(Settings(outbound_allow=ALLOWED))
    async with outside(pem) as there:
        url = there.put("/", "safe")
        assert (await knowing.fetch(url)).data == b"safe"
        with pytest.raises(Unavailable):
            await knowing.fetch(url.replace("localhost", "127.0.0.1"))  # the certificate is for the name
        with pytest.raises(Unavailable):
            await strange.fetch(url)
        await knowing.close()
        await strange.close()
    with pytest.raises(WrongSetting, match="PARVIS_CA_BUNDLE"):
        Outbound(Settings(ca_bundle=str(tmp_path / "none.pem")))
