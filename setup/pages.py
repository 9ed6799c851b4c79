# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read the pages of the documentation: their commands, JSON and code."""

import re
import subprocess
import textwrap
from functools import cache
from pathlib import Path

from docutils.core import publish_doctree
from docutils.nodes import document, literal, literal_block

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
# The guides from a test token to production
GUIDES = [DOCS / "integrators.rst", DOCS / "integrators_vi.rst"]
LIST = ("git", "ls-files", "*.rst", "*.md")
NAMES = subprocess.check_output(LIST, cwd=ROOT, text=True)
# Without the history, and without what READMEs are made of
PAGES = [ROOT / name for name in NAMES.split() if not re.match("HIST|.*/readme/", name)]
# Code with its language, a block without, and words within a sentence
MARKDOWN = re.compile(r"^```(\w+)\n([^`]+)```$|^((?:    .+\n)+)|`([^`\n]+)`", re.M)
# Within a sentence; not a setting such as ``workers = 0``
COMMAND = re.compile(r"(?:[A-Z_]+=\S+ )?(?:setup/\w+|[a-z][\w./-]* (?!= )\S.*[^;])")
# A command or an object of JSON, with the lines that go on
PART = re.compile(r"^\S.*(?:\n .*)*", re.M)
SHOWN = (literal, literal_block)


@cache
def parse(page: Path) -> document:
    return publish_doctree(
        page.read_text(), str(page), settings_overrides={"halt_level": 2}
    )


def find(page: Path | str, *kinds: str) -> list[str]:
    """Return the texts of some kinds that a page shows, in the page's order.

    :param kinds: languages of code, ``json``, ``shell`` for a command, ``word`` for
        another literal in a sentence
    """
    return [text for kind, text in _read(ROOT / page) if kind in kinds]


@cache
def _read(page):
    pieces = []
    for kind, text in _find_blocks(page):
        if kind == "word":
            text = " ".join(text.split())
            kind = "shell" if COMMAND.fullmatch(text) else kind
        parts = [text] if kind else PART.findall(textwrap.dedent(text))
        for part in parts:
            name = kind or ("json" if part[0] in '{"' else "shell")
            pieces.append((name, part.removeprefix("$ ")))
    return pieces


def _find_blocks(page):
    """Yield language and text of each block, and ``word`` with each other literal."""
    if page.suffix == ".md":
        for language, code, block, words in MARKDOWN.findall(page.read_text()):
            yield language or "word" * bool(words), code or block or words
        return
    for node in parse(page).findall(lambda node: isinstance(node, SHOWN)):
        is_word = isinstance(node, literal)
        yield "word" if is_word else "".join(node["classes"][1:]), node.astext()
