"""What Lighthouse gives a page, as a phone sees it: npm fetches the newest edition that runs on the Node that is here.

An address and whose session flow in; scores of a hundred flow out, and what is held against a page that has less.
"""

import json
import os
import pathlib
import shutil
import subprocess
from typing import Any

from tests.journeys.conftest import QUIET, find_browser

KINDS = ("performance", "accessibility", "best-practices", "seo")
NEWEST = ((22, "13"), (18, "12"))  # the first Node that each edition runs on
PATIENCE = 180  # seconds for a page


def edition() -> str | None:
    """The edition of Lighthouse that runs on this Node; none without npm, or with an old one."""
    if not (shutil.which("node") and shutil.which("npx")):
        return None
    told = subprocess.run(["node", "--version"], capture_output=True, check=True, text=True)  # noqa: S607 - on the path
    node = int(told.stdout.lstrip("v").split(".")[0])
    return next((name for least, name in NEWEST if node >= least), None)


def judged(edition: str, url: str, cookie: str, folder: pathlib.Path) -> dict[str, Any]:
    """Lighthouse's report of a page, as somebody with this cookie sees it; the folder holds what it needs."""
    headers, report = folder / "headers.json", folder / "report.json"
    headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
    command = ["npx", "--yes", f"lighthouse@{edition}", url, "--quiet", "--output=json", f"--output-path={report}"]
    command += [f"--only-categories={','.join(KINDS)}", f"--extra-headers={headers}"]
    command += [f"--chrome-flags={' '.join(QUIET)}"]
    given = os.environ | {"CHROME_PATH": find_browser() or ""}
    subprocess.run(command, env=given, check=True, timeout=PATIENCE, stdout=subprocess.DEVNULL)  # noqa: S603 - as above
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def scores(report: dict[str, Any]) -> dict[str, int]:
    """What each kind got, of a hundred."""
    return {kind: round(100 * (report["categories"][kind]["score"] or 0)) for kind in KINDS}


def complaints(report: dict[str, Any]) -> list[str]:
    """What was held against the page, in the order of the kinds."""
    found = []
    for kind in KINDS:
        for told in report["categories"][kind]["auditRefs"]:
            audit = report["audits"][told["id"]]
            if told["weight"] and audit["score"] is not None and audit["score"] < 1:
                found.append(f"{kind}: {audit['id']} {audit['score']} {audit.get('displayValue', '')}")
    return found
