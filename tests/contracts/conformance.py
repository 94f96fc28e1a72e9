"""Mastodon's contract, asked of a running instance by schemathesis: what is not as the contract says is printed.

python -m tests.contracts.conformance [schemathesis' options]
"""

import asyncio
import sys
import tempfile

from docs import contract
from tests.contracts.instance import opened

CHECKS = "not_a_server_error,response_schema_conformance,status_code_conformance,content_type_conformance"
ENDLESS = "^/api/v1/streaming/(?!health)"  # streams never end; a stateless client waits for ever


async def main(*options: str) -> int:
    """Serve and ask; schemathesis' exit status."""
    async with opened() as place:
        with tempfile.TemporaryDirectory() as folder:
            asking = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "schemathesis.cli", "--no-color", "run", str(contract.FILE)),
                *("--url", place.url, "--header", f"Authorization: Bearer {place.token}", "--checks", CHECKS),
                *("--phases", "coverage,stateful", "--exclude-path-regex", ENDLESS, "--seed", "20"),
                *("--generation-deterministic", "--request-timeout", "20", "--continue-on-failure"),
                *("--suppress-health-check", "all", "--warnings", "off", *options),
                cwd=folder,
            )
            return await asking.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*sys.argv[1:])))
