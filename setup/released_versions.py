# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The released versions: their code, and scripts for ``odoo shell`` in their
databases."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
VERSIONS = [
    *("19.0.1.0.0", "19.0.2.0.0", "19.0.3.0.0", "19.0.4.0.0", "19.0.5.0.0"),
    *("19.0.6.0.0", "19.0.7.0.0", "19.0.8.0.0"),
]

# Version 1 had API keys of users, and no clients.
MAKE_OLD_KEY = """
from datetime import datetime, timedelta
caller = env.ref("crm_lead_api.demo_caller")
caller.copy({"login": "strict", "lead_api_replay_content": False})
expires = datetime.now() + timedelta(days=1)
keys = env["res.users.apikeys"].sudo()
print(">>" + keys._generate_lead_api_token(caller, "test", expires))
env.cr.commit()
"""
LET_STAFF_WORK = """
env = env(user=env.ref("crm_lead_api.demo_agent"))
Lead = env["crm.lead"]
new, again = Lead.search([("ticket_ref", "in", ["1", "2"])], order="ticket_ref")
comment = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
new.message_post(body="Xin chào", **comment)
new.service_ids.price_unit = 123
again.write({"name": "Tên khác", "stage_id": env.ref("crm.stage_lead2").id})
again.portrait_id.hobby_ids[0].name = "đọc sách"
again.partner_id.write({"phone3": "028 3822 0000", "birthdate_date": "1990-01-31"})
Lead.create({"name": "Đến tận nơi", "contact_name": "Khách"}).active = False
env.cr.commit()
"""


def unpack(version: str, folder: Path) -> None:
    """Write the addon's last files of a version into a folder.

    Skip the test if the git history does not reach back so far, or if the version
    cannot be imported on this Python: no database of it was ever run there.
    """
    oldest = (3, 11) if version in VERSIONS[:2] else (3, 13)
    if sys.version_info < oldest:
        pytest.skip(f"version {version} needs Python {'.'.join(map(str, oldest))}")
    change = f'-S"version": "{version}"'
    path = "crm_lead_api/__manifest__.py"
    git = ("git", "-C", ROOT)
    log = subprocess.run(
        [*git, "log", "--format=%H", change, "--", path], capture_output=True, text=True
    )
    if not log.stdout:
        pytest.skip(f"version {version} is not in the git history that is here")
    # The newest is the one that raised the version.
    commit = f"{log.stdout.split()[0]}~1"
    archive = subprocess.run(
        [*git, "archive", commit, "crm_lead_api"], stdout=subprocess.PIPE, check=True
    )
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
