# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The pages of the documentation: their links lead somewhere, the map of the code names
files that exist, and the worked example is the code that is tested."""

import ast
import base64
import hashlib
import hmac
import json
import os
import re
import time
from pathlib import Path

import polib
import pytest
import readme
from benchmark.page import FIGURES, TABLES, fill
from connection_sender import read_platforms
from docutils.nodes import literal, reference, row, section
from event_receiver import read_sample
from pages import DOCS, GUIDES, PAGES, ROOT, find, parse

import docs

DEVELOPERS = DOCS / "developers.rst"
EXAMPLE = Path(__file__).parent / "addons" / "crm_lead_api_insurance" / "models"
# A file or a folder, not a command, method or model
# The guides for those who work in Odoo
STAFF = {"salespeople", "administrators", "bookings", "phone_calls", "connections"}
STAFF.add("first_call")
PATH = re.compile(r"(?:\w+/)+(?:\w+(?:\.\w+)*)?|\w+\.py")
# Of connections; CRM_LEAD_API_PLATFORMS=1 writes the table of platforms
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


def test_made_files_are_up_to_date():
    texts = docs.render()
    assert {path: path.read_text() for path in texts} == texts
    assert {addon / "README.rst" for addon in readme.get_addons()} <= texts.keys()


def test_figures_are_those_of_the_benchmark():
    text = (ROOT / "docs" / "performance.rst").read_text()
    report = json.loads((ROOT / "docs" / "bench.json").read_text())
    assert fill(text, report) == text
    assert {*FIGURES.findall(text)} == TABLES.keys()
    assert {part for part, _list_lines in TABLES.values()} == report.keys()


def test_releases_have_all_versions_and_migrations():
    page = ROOT / "docs" / "releases.rst"
    named = {name for names in get_rows(page) for name in names}
    for addon in readme.get_addons():
        manifest = ast.literal_eval((addon / "__manifest__.py").read_text())
        line = rf"^``{addon.name}`` +{manifest['version']} "
        assert re.search(line, page.read_text(), re.MULTILINE)
        assert {path.name for path in addon.glob("migrations/*")} <= named


def test_links_of_guides():
    """Each page links to files that are served; its menu has pages for those who work
    in Odoo, in the page's language."""
    docs.write_guides()
    for page in docs.GUIDES.glob("*.html"):
        text = page.read_text()
        links = re.findall(r'(?:href|src)="([\w./]+)[#"]', text)
        assert [link for link in links if not (page.parent / link).exists()] == []
        menu = re.findall(r'href="(\w+)\.html"', text.partition("</nav>")[0])
        own = [name for name in menu if ("_vi" in name) == ("_vi" in page.stem)]
        assert {name.removesuffix("_vi") for name in own} <= STAFF
        assert len(menu) - len(own) <= 1  # the page in the other language


def test_each_picture_is_shown():
    """Each page shows pictures that exist, and each picture is shown by a page."""
    pictures, shown = set(), set()
    addons = readme.get_addons()
    for addon in addons:
        pictures |= {*addon.glob("static/description/*.png")}
        shown |= {addon / "static/description/icon.png"}  # by Odoo
    names = ("__manifest__.py", "README.rst", "static/description/index.html")
    for page in [*PAGES, *(addon / name for addon in addons for name in names)]:
        links = re.findall(r"[\w./]+\.png", page.read_text())
        shown |= {(page.parent / link).resolve() for link in links}
    assert pictures | {ROOT / "docs/lead.png"} == shown


def get_sections(page: Path) -> set[str]:
    """Return the fragments by which a link leads to a section of a page."""
    return {name for each in parse(page).findall(section) for name in each["ids"]}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.relative_to(ROOT)}")
def test_links(page):
    if page.suffix == ".md":
        links = re.findall(r"\]\(([^)]+)\)", page.read_text())
    else:
        links = [link.get("refuri", "") for link in parse(page).findall(reference)]
    wrong = []
    for link in filter(None, links):
        if re.match(r"https?:", link):
            continue
        target, _hash, fragment = link.partition("#")
        file = (page.parent / target).resolve()
        is_section = not fragment or fragment in get_sections(file)
        if not (file.exists() and is_section):
            wrong.append(link)
    assert not wrong


def test_readme_links_all_pages():
    links = parse(ROOT / "README.rst").findall(reference)
    links = {link.get("refuri") for link in links}
    pages = {f"docs/{page.name}" for page in PAGES if page.parent.name == "docs"}
    assert pages <= links


def test_going_live_is_short_and_the_same_in_both_languages():
    for guide in GUIDES:
        going_live = guide.read_text().partition("\nThe documentation page\n===")[0]
        assert len(going_live.splitlines()) <= 150
    english, vietnamese = (find(guide, "shell") for guide in GUIDES)
    assert vietnamese == english[: len(vietnamese)]


def test_readme_is_short():
    assert len((ROOT / "README.rst").read_text().splitlines()) <= 140


def test_named_files_exist():
    names = [each.astext() for each in parse(DEVELOPERS).findall(literal)]
    paths = {name for name in names if PATH.fullmatch(name)} - {"var/", "var/venv"}
    assert len(paths) > 40
    # The worked example has its own folder of models.
    folders = (ROOT / "crm_lead_api", ROOT, EXAMPLE.parent)
    for path in paths:
        assert any((folder / path).exists() for folder in folders), path


def get_rows(page: Path) -> list[list[str]]:
    """Return the literals of each row of a page's tables."""
    rows = parse(page).findall(row)
    return [[each.astext() for each in cells.findall(literal)] for cells in rows]


def test_named_code_exists():
    """A name in a row of a table is defined in a file of the same row."""
    addon = ROOT / "crm_lead_api"
    whole = "\n".join(path.read_text() for path in addon.glob("**/*.py"))
    count, wrong = 0, []
    for names in get_rows(DEVELOPERS):
        paths = [name for name in names if name.endswith(".py")]
        files = [(ROOT if n.startswith("setup/") else addon) / n for n in paths]
        text = "\n".join(file.read_text() for file in files) or whole
        for name in (name.rpartition(".")[2] for name in names):
            if not re.fullmatch(r"_[a-z_]+|[A-Z]\w+|[a-z]+_[a-z]+", name):
                continue
            count += 1
            if not re.search(rf"^ *(def|class) {name}\b|^ *{name} =", text, re.M):
                wrong.append((name, files))
    assert count > 30
    assert not wrong


def test_sample_of_signatures():
    """The receiver in the sample takes or refuses any request, without an exception."""
    verify = read_sample()
    key, body, now = b"x" * 24, b'{"type": "ping"}', str(int(time.time()))

    def sign(timestamp):
        content = f"msg_1.{timestamp}.".encode() + body
        digest = hmac.new(key, content, hashlib.sha256).digest()
        return {
            "webhook-id": "msg_1",
            "webhook-timestamp": timestamp,
            "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
        }

    secret = f"whsec_{base64.b64encode(key).decode()}"
    right = sign(now)
    several = {**right, "webhook-signature": f"v1,é {right['webhook-signature']}"}
    assert verify(secret, right, body) is True
    assert verify(secret, several, body) is True
    texts = ("", "é", "v1,é", "\udcff", "9" * 5000)
    wrong = [{}, sign(str(int(now) - 301)), sign(str(int(now) + 400))]
    for name in right:
        wrong.append({each: right[each] for each in right if each != name})
        wrong += [{**right, name: text} for text in texts]
    for headers in wrong:
        assert verify(secret, headers, body) is False, headers
    assert verify(secret, right, body + b" ") is False


def test_worked_example_is_the_tested_addon():
    files = ("crm_lead_api_client.py", "crm_lead.py")
    files += ("crm_lead_api_customer_reader.py",)
    for block, name in zip(find(DEVELOPERS, "python"), files, strict=True):
        header, code = (EXAMPLE / name).read_text().split("lgpl).\n")
        assert header.startswith("# Copyright")
        assert block == code.strip()


# ------------------------------------------------------------ connections


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
    for cells in rows:
        lines += [
            f"   {'-' if number else '* -'} {cell}" for number, cell in enumerate(cells)
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
    """The pages of connections name the limits and errors that the code has."""
    root = ROOT / "crm_lead_api_connection"
    code = (root / "models" / "crm_lead_api_connection.py").read_text()
    for text in ("MAX_SIZE = 256 * 1024", "MAX_ITEMS = 1000", "timedelta(days=7)"):
        assert text in code
    for name in ("connections", "connections_vi"):
        page = (DOCS / f"{name}.rst").read_text()
        for text in ("no_proof", "malformed", "too_large", "unsupported_media_type"):
            assert f"``{text}``" in page
