# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that the pages about connections have the table of the platforms as the addon's
data have them; with CRM_LEAD_API_PLATFORMS=1 it is written."""

import os
import re
from pathlib import Path

import polib
import pytest
from connection_sender import read_platforms

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
TRANSLATIONS = ROOT / "crm_lead_api_connection/i18n/vi.po"
TABLE = re.compile(
    r"(?<=^\.\. platforms\n\n).*?(?=^\.\. end)", re.MULTILINE | re.DOTALL
)
SENT_AS = {
    "application/json": ("JSON", "JSON"),
    "application/x-www-form-urlencoded": ("form", "biểu mẫu"),
    "multipart/form-data": ("form in parts", "biểu mẫu nhiều phần"),
}
HEADINGS = (
    ("Platform", "Proof", "Its id of a lead", "Sent as"),
    ("Nền tảng", "Bằng chứng", "Mã lead của nền tảng", "Dạng gửi"),
)


def describe_proof(platform, lang: int) -> str:
    algorithm = platform.algorithm.upper().replace("SHA", "SHA-")
    header = f"``{platform.header}``"
    texts = {
        "none": ("the address alone", "chỉ dựa vào địa chỉ"),
        "header": (f"secret in {header}", f"mã bí mật trong {header}"),
        "body": (
            f"secret in ``{platform.secret_place}``",
            f"mã bí mật trong ``{platform.secret_place}``",
        ),
        "hmac": (f"HMAC, {algorithm}, {header}",) * 2,
        "digest": (f"{algorithm}, {header}",) * 2,
        "standard_webhooks": ("Standard Webhooks",) * 2,
    }
    old = ("; at most 5 minutes old", "; không cũ quá 5 phút")[lang]
    return texts[platform.proof][lang] + (old if platform.max_age == 300 else "")


def describe_id(platform, lang: int) -> str:
    if platform.id_header:
        return f"header ``{platform.id_header}``"
    places = re.split(r"\|\||&&", platform.id_place or "")
    names = [place.strip() for place in places if "(" not in place and place.strip()]
    none = ("none: equal content", "không có: theo nội dung")[lang]
    return ", ".join(f"``{name}``" for name in names) or none


def render(lang: int) -> str:
    rows = [HEADINGS[lang]]
    names = {entry.msgid: entry.msgstr for entry in polib.pofile(TRANSLATIONS)}
    for platform in read_platforms().values():
        name = names.get(platform.name) if lang else platform.name
        proof, ref = describe_proof(platform, lang), describe_id(platform, lang)
        rows.append((name, proof, ref, SENT_AS[platform.media_type][lang]))
    lines = [".. list-table::", "   :header-rows: 1", ""]
    for row in rows:
        lines += [
            f"   {'-' if number else '* -'} {cell}" for number, cell in enumerate(row)
        ]
    return "\n".join(lines).replace("\n   - ", "\n     - ") + "\n\n"


@pytest.mark.parametrize(("lang", "name"), [(0, "connections"), (1, "connections_vi")])
def test_table_of_platforms(lang, name):
    page = DOCS / f"{name}.rst"
    text = page.read_text()
    if os.environ.get("CRM_LEAD_API_PLATFORMS"):
        page.write_text(TABLE.sub(lambda _found: render(lang), text))
        text = page.read_text()
    assert TABLE.search(text)[0] == render(lang)


def test_limits_and_errors():
    """The pages name the limits and errors that the code has."""
    root = DOCS.parent / "crm_lead_api_connection"
    code = (root / "models" / "crm_lead_api_connection.py").read_text()
    for text in ("MAX_SIZE = 256 * 1024", "MAX_ITEMS = 1000", "timedelta(days=7)"):
        assert text in code
    for name in ("connections", "connections_vi"):
        page = (DOCS / f"{name}.rst").read_text()
        for text in ("no_proof", "malformed", "too_large", "unsupported_media_type"):
            assert f"``{text}``" in page
