# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Render samples of a request in several programming languages."""

import json
import re
from functools import cache
from pathlib import Path

TOKEN_PLACEHOLDER = "YOUR_TOKEN"  # noqa: S105  no secret: the reader replaces it
FOLDER = Path(__file__).parent / "samples"
LANGUAGES = {
    "curl.sh.tmpl": "curl",
    "python.py.tmpl": "Python",
    "php.php.tmpl": "PHP",
    "javascript.mjs.tmpl": "JavaScript",
    "csharp.cs.tmpl": "C#",
}
# Texts are found as well, so that the words in them stay.
JSON_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|true|false|null')
PYTHON_WORDS = {"true": "True", "false": "False", "null": "None"}


def render_samples(url: str, payload: dict) -> list[dict[str, str]]:
    """Render samples that send a lead to a server, whose address ends with a slash:
    ``lang``, ``label`` and ``source`` of each. They are dry runs until the reader takes
    that out, and have no token."""
    text = json.dumps(payload, ensure_ascii=False, indent=2)
    return [
        {
            "lang": name.partition(".")[0],
            "label": label,
            "source": render_sample(name, url, text),
        }
        for name, label in LANGUAGES.items()
    ]


def render_sample(name: str, url: str, payload: str) -> str:
    """Render a sample of :data:`LANGUAGES`; the payload is JSON."""
    source, ticket = _read(name), str(json.loads(payload)["ticket_id"])
    if name == "python.py.tmpl":
        payload = JSON_WORD.sub(lambda w: PYTHON_WORDS.get(w[0], w[0]), payload)
    # The payload last: typed texts in it may contain a placeholder.
    values = {"url": url, "ticket_id": ticket, "token": TOKEN_PLACEHOLDER}
    for gap, value in {**values, "payload": payload}.items():
        source = source.replace(f"{{{{{gap}}}}}", value)
    return source


@cache
def _read(name):
    return (FOLDER / name).read_text()
