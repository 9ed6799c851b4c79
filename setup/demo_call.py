# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run by setup/demo in ``odoo shell``: makes a token and writes a call that uses it.

Writes ``$CALL.sh``, the call by curl, and ``$CALL.token``.
"""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

NAME = "setup/demo"


def make_token(env):
    """Make a token for the demo's client, in place of the one of the run before."""
    client = env.ref("crm_lead_api.demo_client")
    old = client.token_ids.filtered(lambda token: token.name == NAME)
    old.filtered(lambda token: token.state == "valid").action_revoke()
    return client._generate_token(NAME, datetime.now() + timedelta(days=30))


def make_payload(env):
    """Return a lead of a new customer, with ids that exist in this database."""

    def demo(name):
        return env.ref(f"crm_lead_api.demo_{name}").id

    return {
        "account_id": "",
        "phone_no1": "0900 000 202",
        # Another one at each start, or the call would be one that was made already.
        "ticket_id": int(datetime.now().strftime("%j%H%M%S")),
        "agent_email": "lan.nguyen@example.com",
        "user_id": demo("agent"),
        "contact_name": "Trần Thị Thanh Thảo",
        "gender": "female",
        "country_id": env.ref("base.vn").id,
        "state_id": env.ref("base.state_vn_VN-SG").id,
        "district_id": demo("district_ben_thanh"),
        "street": "12 Lê Lợi",
        "company_id": demo("company"),
        "price_list_id": demo("pricelist_promotion"),
        "category_source_id": demo("source_group_social"),
        "source_id": demo("source_facebook"),
        "campaign_id": demo("campaign_beauty"),
        "crm_line_ids": [demo("service_nang_mui"), demo("service_kham")],
        "birth_date": "1992-10-20",
        "email_from": "thao.tran@example.com",
        "facebook_acc": "thao.tran.demo",
        "zalo_acc": "0900000202",
        "send_info_facebook": "sent",
        "send_info_zalo": "not_response",
        "overseas_vietnamese": "no",
        "work_online": "no",
        "online_counseling": "yes",
        "shuttle_bus": "yes",
        "customer_portrait": {
            "revenue_source": "Giáo viên",
            "term_goals": "Tự tin hơn khi đứng lớp",
            "social_influence": "Hội phụ huynh",
            "behavior_on_the_internet": "Xem TikTok buổi tối",
            "affected_by": "friend",
            "work_start_time": 7.5,
            "work_end_time": 16.5,
            "break_start_time": 11.5,
            "break_end_time": 13,
            "transport": "scooter",
            "hobby": ["âm nhạc", "xem phim"],
            "pain_point": ["mũi thấp", "sợ đau"],
            "desires": ["mũi cao tự nhiên", "nghỉ ít ngày"],
        },
    }


def main(env):
    call, port = os.environ["CALL"], os.environ["PORT"]
    url = f"http://localhost:{port}"
    parameters = env["ir.config_parameter"].sudo()
    parameters.set_param("web.base.url", url)
    parameters.set_param("web.base.url.freeze", "True")
    token = make_token(env)
    body = json.dumps(make_payload(env), ensure_ascii=False, indent=2)
    env.cr.commit()
    os.umask(0o077)
    Path(f"{call}.token").write_text(token)
    Path(f"{call}.sh").write_text(
        f"curl -sS -w '\\n' {url}/api/v1/lead \\\n"
        f"  -H 'Authorization: Bearer {token}' \\\n"
        "  -H 'Content-Type: application/json' \\\n"
        f"  -d '{body}'\n"
    )


main(env)  # noqa: F821  given by the shell
