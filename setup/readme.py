# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Render the README of each addon from the fragments in its folder readme: run by
setup/docs.

Fragments, their order and titles are those of OCA's oca-gen-addon-readme, which is no
package of PyPI: a repository of OCA may take over the fragments as they are.
"""

import ast
from pathlib import Path

from docutils.core import publish_parts
from docutils.writers.html5_polyglot import Writer

ROOT = Path(__file__).parents[1]
SECTIONS = {
    "CONTEXT": "Use Cases / Context",
    "INSTALL": "Installation",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "DEVELOP": "Development",
    "ROADMAP": "Known issues / Roadmap",
    "HISTORY": "Changelog",
}
CREDITS = {"CONTRIBUTORS": "Contributors", "CREDITS": "Other credits"}
README = """\
{line}
{name}
{line}

..
   Made by setup/docs from the folder readme: change the files there.

:Maturity: {maturity}
:License: {license}

{description}

**Table of contents**

.. contents::
   :local:

{sections}
"""
MARK = "<!-- Made by setup/docs from README.rst -->"
# Where a fragment finds the pictures of its addon
PICTURES = "../static/description/"
PAGE = """\
{mark}
<section class="container py-5">
<h1>{title}</h1>
{body}
</section>
"""


def get_addons() -> list[Path]:
    """Return the folders of the addons."""
    return [path.parent for path in sorted(ROOT.glob("*/__manifest__.py"))]


def render_html(text: str, source: str | None = None, **settings) -> dict[str, str]:
    """Return the parts of a page.

    :param settings: of docutils
    """
    safe = {"file_insertion_enabled": False, "halt_level": 2, "raw_enabled": False}
    return publish_parts(
        text, source, writer=Writer(), settings_overrides={**safe, **settings}
    )


def read_manifest(addon: Path) -> dict:
    return ast.literal_eval((addon / "__manifest__.py").read_text())


def render(addon: Path) -> dict[Path, str]:
    """Return the texts of the files that an addon has from its fragments.

    A README without fragments stays, and a page of the app store that somebody has
    written by hand.
    """
    if not (addon / "readme" / "DESCRIPTION.rst").exists():
        return {}
    readme = _render_readme(addon)
    texts = {addon / "README.rst": readme.replace(PICTURES, PICTURES[3:])}
    page = addon / "static" / "description" / "index.html"
    if not page.exists() or MARK in page.read_text():
        texts[page] = _render_page(readme.replace(PICTURES, ""))
    return texts


def _render_readme(addon):
    manifest = read_manifest(addon)
    fragments = {
        path.stem: path.read_text().strip()
        for path in sorted((addon / "readme").glob("*.rst"))
    }
    authors = "\n".join(f"* {each.strip()}" for each in manifest["author"].split(","))
    sections = [
        *_render_sections(SECTIONS, fragments, "="),
        "Credits\n=======",
        f"Authors\n-------\n\n{authors}",
        *_render_sections(CREDITS, fragments, "-"),
    ]
    return README.format(
        line="=" * len(manifest["name"]),
        name=manifest["name"],
        maturity=manifest.get("development_status", "Beta"),
        license=manifest["license"],
        description=fragments["DESCRIPTION"],
        sections="\n\n".join(sections),
    )


def _render_sections(titles, fragments, underline):
    return [
        f"{title}\n{underline * len(title)}\n\n{fragments[name]}"
        for name, title in titles.items()
        if name in fragments
    ]


def _render_page(readme):
    parts = render_html(readme)
    return PAGE.format(mark=MARK, title=parts["title"], body=parts["body"].strip())
