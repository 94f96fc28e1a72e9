"""A client in Node, on `megalodon` (the library under Whalebird), which finds out by itself whose API is spoken.

    python -m tests.contracts.megalodon

It signs a member in out of band: this script opens the address that the client prints in Chromium, says yes on the real
page of consent, and hands the code back on its standard input.
"""

import asyncio
import io
import pathlib
import shutil
import sys
import tempfile

from PIL import Image
from tests.contracts.instance import Place, opened
from tests.contracts.packages import chromium, fetched
from tests.rig import PASSWORD, open_member

from parvis.people.accounts import Account
from parvis.posts.drafts import Draft
from parvis.posts.publish import publish

HERE = pathlib.Path(__file__).parent
PACKAGE = "megalodon@10.0.5"


async def code_from(ask: str) -> str:
    """The code that the page of consent shows."""
    async with chromium() as page:
        await page.goto(ask)
        await page.fill("#login", "ada")
        await page.fill("#password", PASSWORD)
        await page.click("form.sheet button.sun")
        await page.click("button[value=allow]")
        return await page.locator("#code").inner_text()


async def drive(client: asyncio.subprocess.Process, place: Place, ben: Account) -> None:
    """Answer what the client waits for."""
    assert client.stdin is not None
    assert client.stdout is not None
    ask = (await client.stdout.readline()).decode().strip()
    client.stdin.write(f"{await code_from(ask)}\n".encode())
    assert (await client.stdout.readline()).decode().strip() == "listening"
    async with place.house.store.transaction() as tx:
        await publish(tx, ben, Draft("@ada, hear this"))
    await place.house.settle()
    assert (await client.stdout.readline()).decode().strip() == "done"


async def main() -> int:
    """Fetch, serve, drive; the client's exit status."""
    with tempfile.TemporaryDirectory(prefix="parvis-megalodon-") as name:
        folder = pathlib.Path(name)
        await fetched(folder, PACKAGE)
        shutil.copy(HERE / "megalodon.cjs", folder)
        out = io.BytesIO()
        Image.new("RGB", (64, 48), "#d6336c").save(out, "PNG")
        (folder / "field.png").write_bytes(out.getvalue())
        async with opened() as place:
            async with place.house.store.transaction() as tx:
                ben = await open_member(tx, "ben")
                for number in range(3):
                    await publish(tx, ben, Draft(f"number {number}"))
            client = await asyncio.create_subprocess_exec(
                *("node", "megalodon.cjs", place.url, "field.png"),
                cwd=folder,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            await drive(client, place, ben)
            assert await client.wait() == 0
    print(f"{PACKAGE}: all flows, signed in out of band")  # noqa: T201 - a script says how it went
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
