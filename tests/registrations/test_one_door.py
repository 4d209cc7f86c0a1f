"""Only services/transitions.py writes the status of a registration; everything else asks it."""

import ast
from pathlib import Path

from django.conf import settings

DOOR = "registrations/services/transitions.py"


def writes_status(node: ast.AST) -> bool:
    """`something.status = …` or `….update(status=…)`."""
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Attribute) and target.attr == "status" for target in node.targets)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
        return any(keyword.arg == "status" for keyword in node.keywords)
    return False


def test_one_module_writes_the_status():
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for folder in ("registrations", "reports", "policies")
        for path in (Path(settings.BASE_DIR) / folder).rglob("*.py")
        if any(writes_status(node) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert found == {DOOR}
