# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Change the addon's code at random, and tell which changes no test notices.

Run by setup/mutants. The general tools for mutation testing change code that a process
has imported; Odoo builds its registry once, so each change gets a pytest of its own. A
change is tried by the tests that run its line, which coverage has found out before.
"""

import argparse
import ast
import hashlib
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coverage import CoverageData
from odoo_database import CONFIG

ADDON = "crm_lead_api"
FOLDERS = ("tools", "schemas", "models", "wizard", "report", "openapi", "http")
ALL_TESTS = f"{ADDON}/tests"
TIMEOUT = 1200  # seconds; a changed condition may let a loop run for ever
CONTROL_TIMEOUT = 3600
OPPOSITES = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Lt: ">=",
    ast.GtE: "<",
    ast.Gt: "<=",
    ast.LtE: ">",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}


@dataclass(frozen=True)
class Mutant:
    """A small change of a file.

    :param path: of the file, below the addon
    :param line: number of the changed line
    :param lines: numbers of the first and the last line of the statement
    :param start: offset of the replaced text
    :param end: offset after the replaced text
    :param text: the new text
    """

    path: str
    line: int
    lines: tuple[int, int]
    start: int
    end: int
    text: str

    def apply(self, source: str) -> str:
        return source[: self.start] + self.text + source[self.end :]

    def describe(self, source: str) -> str:
        before = " ".join(source[self.start : self.end].split())
        return f"{self.path}:{self.line}  {before}  ->  {self.text}"


def find_mutants(path: str, source: str) -> Iterator[Mutant]:
    """Yield all changes of a file."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    lines = source.splitlines()
    tree = ast.parse(source)
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]

    def offset(line, column):
        # ast counts bytes
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    def replace(node, text):
        return Mutant(
            path,
            node.lineno,
            find_statement(node, statements),
            offset(node.lineno, node.col_offset),
            offset(node.end_lineno, node.end_col_offset),
            text,
        )

    def get_source(node):
        return ast.get_source_segment(source, node)

    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                opposite = OPPOSITES[type(operator)]
                left, right = get_source(left), get_source(right)
                yield replace(node, f"({left}) {opposite} ({right})")
            case ast.Call(func=ast.Attribute(attr="sudo", value=value), args=[]):
                yield replace(node, get_source(value))
            case ast.Return(value=value) if not is_empty(value):
                yield replace(node, "return None")
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield replace(node, f"({get_source(operand)})")
            case ast.Dict(keys=keys):
                for key in keys:
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield replace(key, repr(f"{key.value}_x"))


def find_statement(node, statements) -> tuple[int, int]:
    """Return the first and the last line of the innermost statement of a node; of a
    statement with others in it, such as ``if``, only its own lines."""
    around = [
        statement
        for statement in statements
        if statement.lineno <= node.lineno and node.end_lineno <= statement.end_lineno
    ]
    inner = min(around, key=lambda each: each.end_lineno - each.lineno)
    body = getattr(inner, "body", None)
    last = max(inner.lineno, body[0].lineno - 1) if body else inner.end_lineno
    return inner.lineno, last


def compute_digest(sources: dict[str, str]) -> str:
    """Return a hash of the code, to know a measurement of the same code again."""
    return hashlib.sha256(repr(sorted(sources.items())).encode()).hexdigest()


def is_empty(value) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def find_tests(coverage: CoverageData, path: Path, mutant: Mutant) -> list[str]:
    """Return the tests that may notice a change: the tests that run its statement or,
    of a statement that runs when Odoo starts, the tests of its file, or else of its
    folder, or else all tests."""
    contexts = coverage.contexts_by_lineno(str(path))
    first, last = mutant.lines
    folder = [
        coverage.contexts_by_lineno(str(each)) for each in path.parent.glob("*.py")
    ]
    return (
        _collect_tests(contexts, range(first, last + 1))
        or _collect_tests(contexts, contexts)
        or sorted({test for each in folder for test in _collect_tests(each, each)})
        or [ALL_TESTS]
    )


def _collect_tests(contexts, lines) -> list[str]:
    tests = {
        context.rpartition("|")[0]
        for line in lines
        for context in contexts.get(line, ())
    }
    return sorted(tests - {""})


def find_failed(output: str) -> list[str]:
    """Return the tests that failed, by the output of pytest."""
    return re.findall(r"^(?:SUBFAILED|FAILED|ERROR) (\S+)", output, re.MULTILINE)


def main() -> int:
    parser = argparse.ArgumentParser(prog="setup/mutants")
    parser.add_argument("--seed", type=int, nargs="+", default=[1])
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--start", type=int, default=1)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    root, config = Path(__file__).parents[1], Path(CONFIG)
    tree = config.parent / "tree"
    output = config.with_name("pytest.log")
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(root / ADDON, tree / ADDON)
    shutil.copy(root / "pyproject.toml", tree)
    shutil.copytree(root / "setup", tree / "setup")
    text = re.sub(
        rf"^addons_path = {re.escape(str(root))}\b",
        f"addons_path = {tree}",
        config.read_text(),
        flags=re.MULTILINE,
    )
    own_config = config.with_name("tree.conf")
    own_config.write_text(text)
    sources = {
        path.relative_to(root / ADDON).as_posix(): path.read_text()
        for folder in FOLDERS
        for path in sorted((root / ADDON / folder).rglob("*.py"))
        if arguments.only in str(path.relative_to(root))
    }
    mutants = [m for path, text in sources.items() for m in find_mutants(path, text)]
    print(f"{len(mutants)} changes are possible.", flush=True)
    drawn = []
    for seed in arguments.seed:
        # Not for secrets: the same seed draws the same changes.
        chance = random.Random(seed)  # noqa: S311
        sample = chance.sample(mutants, min(arguments.count, len(mutants)))
        drawn += [(seed, number, each) for number, each in enumerate(sample, 1)]
    drawn = drawn[arguments.start - 1 :]
    survivors = 0

    def passes(*tests, timeout=TIMEOUT):
        command = [sys.executable, "-m", "pytest", f"--odoo-config={own_config}"]
        options = ["--odoo-http", "-q"]
        try:
            with output.open("w") as log:
                run = subprocess.run(
                    [*command, *options, *tests],
                    cwd=tree,
                    stdout=log,
                    stderr=log,
                    timeout=timeout,
                )
        except subprocess.TimeoutExpired:
            return False
        return run.returncode == 0

    measured, stamp = config.with_name("coverage"), config.with_name("coverage.stamp")
    digest = compute_digest(sources)
    if not (stamp.exists() and stamp.read_text() == digest):
        # Or broken tests would catch all changes. A browser that a busy machine has
        # slowed down gets a second chance.
        measuring = (f"--cov={ADDON}", "--cov-context=test", "--cov-report=")
        is_right = passes(*measuring, ALL_TESTS, timeout=CONTROL_TIMEOUT)
        failed = find_failed(output.read_text())
        if not is_right and not (failed and passes(*failed)):
            sys.exit(f"The tests fail without any change: see {output}")
        shutil.copy(tree / ".coverage", measured)
        stamp.write_text(digest)
    coverage = CoverageData(str(measured))
    coverage.read()
    for seed, number, mutant in drawn:
        source, file = sources[mutant.path], tree / ADDON / mutant.path
        file.write_text(mutant.apply(source))
        survives = passes("-x", *find_tests(coverage, file, mutant))
        file.write_text(source)
        survivors += survives
        verdict = "SURVIVED" if survives else "caught  "
        print(f"{seed:2} {number:3} {verdict} {mutant.describe(source)}", flush=True)
        for test in find_failed(output.read_text()):
            print(f"                by {test}", flush=True)
    print(f"{len(drawn) - survivors} of {len(drawn)} caught.")
    return int(bool(survivors))


if __name__ == "__main__":
    sys.exit(main())
