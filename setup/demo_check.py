# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run by ``setup/demo --once``: prints the answer, and exits 1 if it is wrong."""

import json
import sys
from pathlib import Path

text = Path(sys.argv[1]).read_text()
print(text)
answer = json.loads(text)
data = answer.get("data") or {}
portrait = data.get("customer_portrait") or {}
link = (
    f"{sys.argv[2]}/web#id={data.get('id_lead')}&model=crm.lead&view_type=form&action="
)
checks = {
    "error and message": (answer.get("error"), answer.get("message")) == (0, "Success"),
    "id_lead": isinstance(data.get("id_lead"), int),
    "link_lead_detail": data.get("link_lead_detail", "").startswith(link),
    "customer_portrait": len(portrait) == 13
    and portrait.get("work_start_time") == 7.5
    and portrait.get("hobby") == ["âm nhạc", "xem phim"],
}
wrong = [name for name, is_right in checks.items() if not is_right]
sys.exit(f"Wrong: {', '.join(wrong)}" if wrong else 0)
