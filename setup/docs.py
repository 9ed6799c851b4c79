# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Render the guides and the history as HTML for the addon, those for integrators as
Markdown, too, and READMEs: run by setup/docs."""

import re
from pathlib import Path

import history
import pypandoc
import readme
from docutils.core import publish_doctree, publish_parts
from docutils.nodes import paragraph
from released_documents import find_newest

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "crm_lead_api" / "static" / "guides"
SOURCES = {path.stem: path for path in sorted((ROOT / "docs").glob("*.rst"))}
SOURCES["history"] = ROOT / "HISTORY.rst"
# The pages of the navigation, in the order of their readers
LABELS = {
    "salespeople": "Salespeople",
    "salespeople_vi": "Nhân viên kinh doanh",
    "administrators": "Administrators",
    "administrators_vi": "Quản trị viên",
    "integrators": "Integrators",
    "integrators_vi": "Bên tích hợp",
    "clients": "Clients",
    "phone_calls": "Phone calls",
    "bookings": "Bookings",
    "bookings_vi": "Lịch hẹn",
    "versions": "Versions",
    "developers": "Developers",
    "odoo": "Odoo",
    "install": "Installation",
    "deployment": "Deployment",
    "performance": "Performance",
    "history": "History",
}
# For integrators, whose programs read Markdown; each costs some space in the addon.
MARKDOWN = (
    *("integrators", "clients", "phone_calls", "bookings", "versions", "history"),
)
# Files that the pages show or link to
FILES = (
    *("bench.svg", "bench.json"),
    *(f"deployment/{name}" for name in ("nginx.conf", "odoo.conf", "odoo.service")),
    *(f"deployment/{name}" for name in ("Dockerfile", "compose.yaml", "pgbouncer.ini")),
)
# Of the project, from the guides
LLMS = "../../../llms.txt"
# Links between the sources, as the pages have them
LINKS = {
    r"(?:\.\./)?HISTORY\.rst": "history.{ending}",
    r"(\w+)\.rst": r"\1.{ending}",
    r"\.\./crm_lead_api/static/description/": "../description/",
    r"\.\./(crm_lead_api_\w+)/static/description/": r"../../../\1/static/description/",
    r"lead\.png": "../description/lead.png",
}
# Pandoc's place for a table of contents
CONTENTS = re.compile(r'<div class="contents".*?</div>\n\n', re.DOTALL)
SETTINGS = {
    "doctitle_xform": True,
    "embed_stylesheet": False,
    "file_insertion_enabled": False,
    "halt_level": 2,
    "raw_enabled": False,
    "syntax_highlight": "none",
    "toc_backlinks": False,
}
PAGE = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<nav>
{navigation}
</nav>
{body}
</body>
</html>
"""


LLMS_PAGE = """\
# crm_lead_api

> Outside systems put leads into Odoo's CRM with one POST: an addon for Odoo 19.

The OpenAPI document of this version, with all addons, is {document}; each server has \
its own, `/api/v1/openapi.json`.

## Guides

{guides}
"""


def render() -> dict[str, bytes]:
    """Return the contents of all files, by name."""
    pages = {f"{name}.html": _render(name) for name in LABELS}
    pages |= {f"{name}.md": _render_markdown(name) for name in MARKDOWN}
    folder = str(TARGET.relative_to(ROOT))
    document = str(find_newest().relative_to(ROOT))
    pages[LLMS] = _render_llms(f"{folder}/", f"[{document}]({document})")
    pages["llms.txt"] = _render_llms("", f"`{document}`")
    return {name: page.encode() for name, page in pages.items()} | {
        name: (ROOT / "docs" / name).read_bytes() for name in FILES
    }


def _render_markdown(name):
    text = pypandoc.convert_text(
        SOURCES[name].read_text(), "gfm", "rst", extra_args=["--wrap=none"]
    )
    text = CONTENTS.sub("", _follow_links(text, r"\]\(|=\"", "md"))
    others = "|".join(LABELS.keys() - {*MARKDOWN})
    return re.sub(rf"(?<=\]\()({others})\.md", r"\1.html", text)


def _follow_links(text, before, ending):
    for pattern, link in LINKS.items():
        text = re.sub(f"(?<={before}){pattern}", link.format(ending=ending), text)
    return text


def _render_llms(folder, document):
    """Render the list of the guides, after https://llmstxt.org.

    :param folder: of the guides, for the links
    """
    guides = []
    for name, label in LABELS.items():
        page = publish_doctree(
            SOURCES[name].read_text(), settings_overrides={"report_level": 5}
        )
        first = next(iter(page.findall(paragraph)), None)
        sentence = first.astext().replace("\n", " ").partition(". ")[0] if first else ""
        path = f"{folder}{name}.{'md' if name in MARKDOWN else 'html'}"
        guides.append(f"- [{label}]({path}): {sentence.rstrip('.')}.")
    return LLMS_PAGE.format(document=document, guides="\n".join(guides))


def _render(name):
    path = SOURCES[name]
    parts = publish_parts(
        path.read_text(),
        str(path.relative_to(ROOT)),
        writer="html5",
        settings_overrides=SETTINGS,
    )
    body = _follow_links(parts["html_body"], 'href="|.src="', "html")
    navigation = [
        f'<a href="{each}.html"{" aria-current=page" if each == name else ""}>'
        f"{label}</a>"
        for each, label in LABELS.items()
    ]
    return PAGE.format(
        lang="vi" if name.endswith("_vi") else "en",
        title=parts["title"],
        navigation="\n".join(navigation),
        body=body.strip(),
    )


def main() -> None:
    for name, content in render().items():
        (TARGET / name).parent.mkdir(exist_ok=True)
        (TARGET / name).write_bytes(content)
    history.TARGET.write_text(history.render())
    for addon in readme.get_addons():
        for path, text in readme.render(addon).items():
            path.write_text(text)


if __name__ == "__main__":
    main()
