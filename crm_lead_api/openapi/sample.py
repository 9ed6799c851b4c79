# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Render samples of a request in several programming languages."""

import json
import re
from pathlib import Path

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


def render_samples(url: str, payload: dict) -> list[dict[str, str]]:
    """Render samples that send a lead to a server, whose address ends with a slash:
    ``lang``, ``label`` and ``source`` of each. They are dry runs until the reader takes
    that out, and have YOUR_TOKEN for the token."""
    text, samples = json.dumps(payload, ensure_ascii=False, indent=2), []
    for name, label in LANGUAGES.items():
        source = (FOLDER / name).read_text()
        literal = JSON_WORD.sub(_to_python, text) if label == "Python" else text
        values = {"url": url, "ticket_id": str(payload["ticket_id"])}
        # The payload last: typed texts in it may contain a placeholder.
        for gap, value in {**values, "payload": literal}.items():
            source = source.replace(f"{{{{{gap}}}}}", value)
        lang = name.partition(".")[0]
        samples.append({"lang": lang, "label": label, "source": source})
    return samples


def _to_python(word):
    return {"true": "True", "false": "False", "null": "None"}.get(word[0], word[0])
