"""Every job that some room enqueues has a kind that the worker runs."""

import ast
import pathlib

from parvis import worker
from parvis.ai.fake import FakeModels
from parvis.core.config import Settings
from parvis.core.outbound import Outbound
from parvis.store.blobs import FolderBlobs

SOURCE = pathlib.Path(__file__).parents[2] / "src" / "parvis"


def enqueued() -> set[str]:
    """The kinds named in calls of `enqueue`, be it by a string or by a constant of the same module."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text())
        constants = {
            node.targets[0].id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "enqueue":
                kind = node.args[0]
                found.add(kind.value if isinstance(kind, ast.Constant) else constants[ast.unparse(kind)])
    return {str(kind) for kind in found}


def test_every_job_is_run_by_somebody(tmp_path: pathlib.Path) -> None:
    kinds = {kind.name for kind in worker.kinds(Settings(), FolderBlobs(tmp_path), FakeModels(), Outbound(Settings()))}
    assert enqueued() <= kinds


def test_no_two_kinds_share_a_name(tmp_path: pathlib.Path) -> None:
    names = [kind.name for kind in worker.kinds(Settings(), FolderBlobs(tmp_path), FakeModels(), Outbound(Settings()))]
    assert len(names) == len(set(names))
