# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Render the guides and the history as HTML for the addon, and READMEs: run by
setup/docs."""

import re
from pathlib import Path

import history
import readme
from docutils.core import publish_parts

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
    "versions": "Versions",
    "developers": "Developers",
    "odoo": "Odoo",
    "install": "Installation",
    "deployment": "Deployment",
    "performance": "Performance",
    "history": "History",
}
# Files that the pages show or link to
FILES = (
    *("bench.svg", "bench.json"),
    *(f"deployment/{name}" for name in ("nginx.conf", "odoo.conf", "odoo.service")),
)
# Links between the sources, as the pages have them
LINKS = {
    r'"(?:\.\./)?HISTORY\.rst': '"history.html',
    r'"(\w+)\.rst': r'"\1.html',
    r'"\.\./crm_lead_api/static/description/': '"../description/',
    r'"lead\.png"': '"../description/lead.png"',
}
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


def render() -> dict[str, bytes]:
    """Return the contents of all files, by name."""
    pages = {f"{name}.html": _render(name).encode() for name in LABELS}
    return pages | {name: (ROOT / "docs" / name).read_bytes() for name in FILES}


def _render(name):
    path = SOURCES[name]
    parts = publish_parts(
        path.read_text(),
        str(path.relative_to(ROOT)),
        writer="html5",
        settings_overrides=SETTINGS,
    )
    body = parts["html_body"]
    for pattern, link in LINKS.items():
        body = re.sub(f"(?<=href=|.src=){pattern}", link, body)
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
