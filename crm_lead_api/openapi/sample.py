# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The same call in several languages, to copy."""

import json
from functools import cache
from pathlib import Path

TOKEN_PLACEHOLDER = "YOUR_TOKEN"  # noqa: S105  what a reader puts the token in place of
FOLDER = Path(__file__).parent / "samples"
LANGUAGES = {
    "curl.sh.tmpl": "curl",
    "python.py.tmpl": "Python",
    "php.php.tmpl": "PHP",
    "javascript.mjs.tmpl": "JavaScript",
    "csharp.cs.tmpl": "C#",
}


def render_samples(url: str, payload: dict) -> list[dict[str, str]]:
    """Return calls that make a lead: ``lang``, ``label`` and ``source`` of each.

    The token is left out; :data:`TOKEN_PLACEHOLDER` is where it belongs.

    :param url: the server's address, with a slash at its end
    :param payload: the lead
    """
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
    """Return one call.

    :param name: a key of :data:`LANGUAGES`
    :param url: the server's address, with a slash at its end
    :param payload: the lead, in JSON
    """
    source = _read(name).replace("{{url}}", url)
    # The payload last, for it holds what people typed.
    return source.replace("{{token}}", TOKEN_PLACEHOLDER).replace(
        "{{payload}}", payload
    )


@cache
def _read(name):
    return (FOLDER / name).read_text()
