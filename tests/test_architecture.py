"""The rules of the house, held by reading the source: who may import what, where time is read."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STAGES = (
    "ears", "understanding", "knowledge", "decision", "mouth", "translation", "platforms", "web", "engage",
)  # fmt: skip
SHARED = {
    "cohost.common", "cohost.trust", "cohost.events", "cohost.ports", "cohost.languages", "cohost.errors",
    "cohost.clock", "cohost.deadline", "cohost.stage", "cohost.settings", "cohost.resources", "cohost.models",
}  # fmt: skip
PURE = ("common", "trust", "languages", "events", "report")
PURE_FILES = ("ports.py", "errors.py")
IMPURE_MODULES = {"asyncio", "socket", "time", "random", "secrets", "threading", "subprocess", "sqlite3"}


@cache
def sources() -> dict[str, ast.Module]:
    """Module name → tree, for cohost, evals and bench."""
    found = {}
    for package in ("cohost", "evals", "bench"):
        for file in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found[name] = ast.parse(file.read_text(encoding="utf-8"))
    return found


def file_of(name: str) -> Path:
    base = ROOT.joinpath(*name.split("."))
    return base / "__init__.py" if base.is_dir() else base.with_suffix(".py")


def imports(tree: ast.AST) -> set[str]:
    """Full names of what is imported, `from a import b` as both a and a.b."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def room_of(name: str) -> str:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "cohost" else ""


def under(name: str, roots: set[str]) -> bool:
    return any(name == root or name.startswith(root + ".") for root in roots)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_imports_no_other_stage(stage: str) -> None:
    for name, tree in sources().items():
        if room_of(name) != stage:
            continue
        own = f"cohost.{stage}"
        for imported in imports(tree):
            if imported.split(".")[0] == "cohost" and imported != "cohost":
                assert under(imported, SHARED | {own}), f"{name} imports {imported}"


def test_the_law_and_the_common_ground_are_pure() -> None:
    for name, tree in sources().items():
        pure = room_of(name) in PURE or (
            file_of(name).name in PURE_FILES and room_of(name) == file_of(name).stem
        )
        if not pure:
            continue
        wrong = {i.split(".")[0] for i in imports(tree)} & IMPURE_MODULES
        assert not wrong, f"{name} imports {wrong}"
        assert (
            not any(isinstance(n, ast.AsyncFunctionDef) for n in ast.walk(tree)) or room_of(name) == "ports"
        )
        for imported in imports(tree):
            assert room_of(imported) not in STAGES, f"{name} imports {imported}"


def test_only_the_clock_reads_time_sleeps_or_draws() -> None:
    forbidden = {
        ("time", "time"), ("time", "monotonic"), ("time", "perf_counter"), ("time", "sleep"),
        ("datetime", "now"), ("date", "today"), ("datetime", "today"), ("asyncio", "sleep"),
    }  # fmt: skip
    for name, tree in sources().items():
        if name == "cohost.clock" or not name.startswith("cohost"):
            continue
        assert "random" not in {i.split(".")[0] for i in imports(tree)}, f"{name} imports random"
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
                base = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
                assert (base, node.attr) not in forbidden, f"{name}:{node.lineno} {base}.{node.attr}"


def test_no_task_is_loose() -> None:
    for name, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in ("create_task", "ensure_future"):
                owner = node.value.id if isinstance(node.value, ast.Name) else ""
                assert owner not in ("asyncio", "loop"), f"{name}:{node.lineno}: tasks live in a TaskGroup"


def test_cohost_never_imports_evals_or_bench() -> None:
    for name, tree in sources().items():
        if name.startswith("cohost"):
            assert not {i.split(".")[0] for i in imports(tree)} & {"evals", "bench", "tests"}, name


def test_there_is_no_import_cycle() -> None:
    names = set(sources())
    graph = {n: {i for i in _top_level_imports(t) if i in names and i != n} for n, t in sources().items()}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " → ".join([*path, name])
        if name in done:
            return
        for imported in graph[name]:
            if not name.startswith(imported + "."):  # a package's own __init__
                visit(imported, (*path, name))
        done.add(name)

    for name in graph:
        visit(name, ())


def _top_level_imports(tree: ast.Module) -> set[str]:
    body = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    return imports(ast.Module(body=body, type_ignores=[]))


def test_files_and_functions_stay_small() -> None:
    for name, tree in sources().items():
        lines = file_of(name).read_text(encoding="utf-8").count("\n")
        assert lines <= 400, f"{name}: {lines} lines"
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= 60, f"{name}:{node.lineno} {node.name}: {length} lines"


def test_no_broad_except_but_at_a_supervisor_boundary() -> None:
    allowed = {"cohost.stage"}
    for name, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                broad = node.type is None or (
                    isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
                )
                assert not broad or name in allowed, f"{name}:{node.lineno}"


def test_the_locks_name_no_host() -> None:
    for file in ROOT.glob("requirements*.lock"):
        assert "://" not in file.read_text(encoding="utf-8"), file.name
