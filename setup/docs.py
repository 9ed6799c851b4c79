# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Render the guides that the addon serves, the history for its documentation page,
llms.txt and the READMEs of the addons: run by setup/docs, and the guides alone when a
wheel is built or a database is made."""

import re
import shutil
from pathlib import Path

import readme
from documents import find_newest
from docutils.core import publish_doctree
from docutils.nodes import paragraph

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
GUIDES = ROOT / "crm_lead_api" / "static" / "guides"
HISTORY = ROOT / "crm_lead_api" / "openapi" / "history.html"
SOURCES = {path.stem: path for path in sorted(DOCS.glob("*.rst"))}
SOURCES["history"] = ROOT / "HISTORY.rst"
# For those who work in Odoo; the name of a page in Vietnamese ends with _vi
MENU = {
    **{"salespeople": "Salespeople", "salespeople_vi": "Nhân viên sales"},
    **{"administrators": "Administrators", "administrators_vi": "Quản trị viên"},
    **{"connections": "Connections", "connections_vi": "Kết nối"},
    **{"bookings": "Bookings", "bookings_vi": "Lịch hẹn"},
    **{"phone_calls": "Phone calls", "phone_calls_vi": "Cuộc gọi"},
    **{"first_call": "The first call", "first_call_vi": "Cuộc gọi đầu tiên"},
}
# Those who change the code have these beside it
UNSERVED = ("developers", "odoo")
# For the programs of integrators, also as they are
TEXTS = ("integrators", "clients", "phone_calls", "bookings", "versions")
# Links between the sources, as the pages have them
LINKS = {
    r"(?:\.\./)?HISTORY\.rst": "history.html",
    r"(\w+)\.rst": r"\1.html",
    r"\.\./crm_lead_api/static/description/": "../description/",
    r"\.\./(crm_lead_api_\w+)/static/description/": r"../../../\1/static/description/",
    r"lead\.png": "../description/lead.png",
}
SETTINGS = {
    "doctitle_xform": True,
    "embed_stylesheet": False,
    "syntax_highlight": "none",
    "toc_backlinks": False,
}
PAGE = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="../description/icon.png">
<link rel="stylesheet" href="style.css">
</head>
<body>
<nav>
{menu}
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
VERSION = r"^(19\.0\.[^\n]+)\n=+\n"
SECTION = r"^For integrators\n-+\n(.*?)(?=^[^\n]+\n-+$|\Z)"
VERSION_PART = """\
<details{is_open}>
<summary>{version}</summary>
{body}
</details>
"""


# ------------------------------------------------------------------------ guides


def write_guides() -> None:
    """Write the guides, unless those that are there are newer than their sources."""
    sources = [*SOURCES.values(), *DOCS.glob("**/*.*"), Path(__file__)]
    index = GUIDES / "llms.txt"
    if index.exists() and index.stat().st_mtime > max(
        each.stat().st_mtime for each in sources
    ):
        return
    shutil.rmtree(GUIDES, ignore_errors=True)
    (GUIDES / "deployment").mkdir(parents=True)
    for path in (DOCS / "style.css", *DOCS.glob("bench.*"), *DOCS.glob("deployment/*")):
        (GUIDES / path.relative_to(DOCS)).write_bytes(path.read_bytes())
    for name in TEXTS:
        (GUIDES / f"{name}.rst").write_bytes(SOURCES[name].read_bytes())
    served = [name for name in SOURCES if name not in UNSERVED]
    for name in served:
        (GUIDES / f"{name}.html").write_text(_render(name))
    document = f"`{find_newest().relative_to(ROOT)}`"
    links = {name: f"{name}.{'rst' if name in TEXTS else 'html'}" for name in served}
    index.write_text(render_llms(links, document))


def _render(name):
    path = SOURCES[name]
    parts = readme.render_html(path.read_text(), str(path), **SETTINGS)
    body = parts["html_body"].strip()
    for pattern, link in LINKS.items():
        body = re.sub(f'(?<=href="|.src="){pattern}', link, body)
    return PAGE.format(
        lang="vi" if name.endswith("_vi") else "en",
        title=parts["title"],
        menu="\n".join(_render_menu(name)),
        body=body,
    )


def _render_menu(name):
    """Yield links to the pages in the language of a page, and to its translation."""
    is_vietnamese = name.endswith("_vi")
    for each, label in MENU.items():
        if each.endswith("_vi") == is_vietnamese:
            current = " aria-current=page" if each == name else ""
            yield f'<a href="{each}.html"{current}>{label}</a>'
    other = name.removesuffix("_vi") if is_vietnamese else f"{name}_vi"
    if other in SOURCES:
        lang, label = ("en", "English") if is_vietnamese else ("vi", "Tiếng Việt")
        yield f'<a href="{other}.html" lang="{lang}">{label}</a>'


def render_llms(links: dict[str, str], document: str) -> str:
    """Render the list of the guides, after https://llmstxt.org.

    :param links: to the guides, by name
    :param document: text for the newest OpenAPI document
    """
    guides = []
    for name, link in links.items():
        page = publish_doctree(
            SOURCES[name].read_text(), settings_overrides={"report_level": 5}
        )
        first = page.next_node(paragraph)
        sentence = first.astext().replace("\n", " ").partition(". ")[0] if first else ""
        title = page.get("title") or name.capitalize()
        guides.append(f"- [{title}]({link}): {sentence.rstrip('.')}.")
    return LLMS_PAGE.format(document=document, guides="\n".join(guides))


# ------------------------------------------------------- files that are committed


def render() -> dict[Path, str]:
    """Return the texts of the files that are committed."""
    links = {name: f"{path.relative_to(ROOT)}" for name, path in SOURCES.items()}
    document = str(find_newest().relative_to(ROOT))
    texts = {
        ROOT / "llms.txt": render_llms(links, f"[{document}]({document})"),
        HISTORY: render_history(),
    }
    for addon in readme.get_addons():
        texts |= readme.render(addon)
    return texts


def render_history() -> str:
    """Return the changes of each version that has some for integrators, the newest
    first and open."""
    _head, *parts = re.split(VERSION, SOURCES["history"].read_text(), flags=re.M)
    found = [
        (version, section[1])
        for version, text in zip(parts[::2], parts[1::2], strict=True)
        if (section := re.search(SECTION, text, re.M | re.S))
    ]
    return "".join(
        VERSION_PART.format(
            is_open="" if number else " open",
            version=version,
            body=readme.render_html(text)["body"].strip(),
        )
        for number, (version, text) in enumerate(found)
    )


def main() -> None:
    for path, text in render().items():
        path.write_text(text)
    write_guides()


if __name__ == "__main__":
    main()
