# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The same leads as requests send them, and as a salesperson enters them."""

# Alone, and the last three together
CASES = ("new", "known", "new-together", "known-together", "nobody-together")
TICKETS = dict(zip(CASES, range(101, 106), strict=True))

# The fields of contact and lead, by the attributes of a request
PROFILE = {
    **{"phone_no1": "phone", "phone_no2": "phone2", "phone_no3": "phone3"},
    **{"gender": "gender", "birth_date": "birthdate_date", "street": "street"},
    **{name: name for name in ("district_id", "state_id", "country_id")},
    **{"facebook_acc": "facebook_account", "zalo_acc": "zalo_account"},
    "overseas_vietnamese": "overseas_vietnamese",
}
LEAD = {
    **{"contact_name": "contact_name", "email_from": "email_from"},
    **{"ticket_id": "ticket_ref", "agent_email": "agent_email"},
    **{"user_id": "creator_id", "company_id": "company_id"},
    **{"price_list_id": "pricelist_id", "category_source_id": "source_group_id"},
    **{name: name for name in ("source_id", "campaign_id", "work_online")},
    **{name: name for name in ("send_info_facebook", "send_info_zalo", "shuttle_bus")},
    "online_counseling": "online_counseling",
}
ITEMS = {"hobby": "hobby", "pain_point": "pain_point", "desires": "desire"}

DESCRIBE = """
import json
demo = lambda name: env.ref(f"crm_lead_api.demo_{name}")
demo("client").plans_call = False  # Odoo itself plans none
demo("client").team_id = demo("team")  # of agents whom nobody knows
env.cr.commit()
print(">>" + json.dumps({
    "services": [demo("service_nang_mui").id, demo("service_kham").id],
    "names": "Nâng mũi cấu trúc +1",
    "known": [demo("partner_tuan").id, demo("partner_huong").id],
    "client": demo("client").id, "caller": demo("caller").id,
    "follower": demo("caller").partner_id.id,
    "team": demo("team").id, "agent": demo("agent").id,
    "states": [env.ref("base.state_vn_VN-HN").id, env.ref("base.state_vn_VN-SG").id],
    "districts": [demo("district_hoan_kiem").id, demo("district_sai_gon").id],
}))
"""
MAKE_RULE = """
from odoo.fields import Command
model = env["ir.model"]._get_id("crm.lead")
field = env["ir.model.fields"]._get("crm.lead", "user_id")
env["base.automation"].create({
    "name": "Rule", "model_id": model, "trigger": "on_create_or_write",
    "trigger_field_ids": [Command.link(field.id)],
    "action_server_ids": [Command.create({
        "name": "Rule", "model_id": model, "state": "code",
        "code": "record.message_post(body='By a rule')",
    })],
})
env.cr.commit()
"""
# Also those that have been triggered, but the one that asks a service in the internet.
RUN_ACTIONS = """
names = [
    "mail.ir_cron_send_scheduled_message", "mail.ir_cron_mail_scheduler_action",
]
others = env["ir.cron.trigger"].search([]).cron_id
others -= env.ref("crm_iap_enrich.ir_cron_lead_enrichment")
for action in 2 * [*map(env.ref, names), *others]:
    action.method_direct_trigger()
    env.cr.commit()  # or it keeps what has been triggered since
"""
MAKE_BY_HAND = """
import json
from odoo.fields import Command
user = env["res.users"].browse({caller})
for each in json.loads({leads!r}):
    context = {{"lang": user.lang, "tz": user.tz}}
    leads = env(user=user, context=context)["crm.lead"]
    env.transaction.default_env = leads.env  # as in a request of the user's
    leads = leads.with_company(each["lead"]["company_id"])
    partner = leads.env["res.partner"].browse(each["partner_id"] or ())
    if not partner:
        partner = partner.create(each["partner"])
    elif each["partner"]:
        # As staff would: the user of a client may write its own contacts alone
        partner.sudo().write(each["partner"])
    portrait = leads.env["crm.customer.portrait"]
    if each["portrait"]:
        items = [Command.create(item) for item in each["items"]]
        portrait = portrait.create({{
            **each["portrait"], "item_ids": items, "partner_id": partner.id
        }})
    leads.create({{
        **each["lead"], "partner_id": partner.id, "portrait_id": portrait.id,
        "service_ids": [Command.create(service) for service in each["services"]],
    }})
    env.cr.commit()
"""


def make_payloads(known: dict) -> dict[str, dict]:
    """Return the payload of each case.

    :param known: what :data:`DESCRIBE` prints, and a payload that makes a lead
    """
    portrait = {
        **{"term_goals": "Tự tin", "affected_by": "friend", "work_start_time": 8.5},
        **{"hobby": ["âm nhạc", "câu cá"], "pain_point": ["đau"]},
    }
    payload = {
        **known["payload"],
        "agent_email": "lan.nguyen@example.com",
        "crm_line_ids": known["services"],
        **{"work_online": "no", "send_info_zalo": "sent", "shuttle_bus": "yes"},
    }
    tuan = {
        **{"contact_name": "Lê Anh Tuấn", "gender": "male", "street": "7 Tràng Tiền"},
        **{"state_id": known["states"][0], "district_id": known["districts"][0]},
        "account_id": known["known"][0],
    }
    huong = {
        **{"contact_name": "Phạm Thu Hương", "street": "45 Nguyễn Huệ"},
        **{"state_id": known["states"][1], "district_id": known["districts"][1]},
    }
    cases = {
        "new": {
            **{"phone_no1": "0968 000 101", "phone_no2": "028 3822 0000"},
            **{"email_from": "khach.101@example.com", "birth_date": "1990-05-20"},
            **{"facebook_acc": "fb.101", "customer_portrait": portrait},
        },
        "known": {
            **tuan,
            **{"phone_no1": "0900 000 102", "facebook_acc": "fb.102"},
            "customer_portrait": {**portrait, "hobby": ["đá bóng"]},
        },
        "new-together": {
            **{"phone_no1": "0968 000 103", "email_from": "khach.103@example.com"},
            "customer_portrait": {**portrait, "desires": ["trẻ", "đẹp"]},
        },
        "known-together": {**huong, "phone_no1": "0900 000 101"},
        "nobody-together": {
            **{"phone_no1": "0968 000 105", "agent_email": "nobody@example.com"},
        },
    }
    return {
        case: {
            **payload,
            "contact_name": f"Khách {TICKETS[case]}",
            "ticket_id": TICKETS[case],
            **changes,
        }
        for case, changes in cases.items()
    }


def translate(case: str, payload: dict, known: dict) -> dict:
    """Translate a payload into a salesperson's values, for :data:`MAKE_BY_HAND`."""
    profile = {
        field: payload[name] for name, field in PROFILE.items() if name in payload
    }
    partner = {**profile, "name": payload["contact_name"]}
    if email := payload.get("email_from"):
        partner["email"] = email
    partner_id, match = None, {"match_method": "none"}
    if case == "known":
        partner_id = known["known"][0]
        match = {"match_method": "account", "match_value": str(partner_id)}
        partner = {"facebook_account": payload["facebook_acc"]}  # which was empty
    elif case == "known-together":
        partner_id = known["known"][1]
        match = {"match_method": "phone", "match_value": "+84900000101"}
        partner = {}
    lead = {field: payload[name] for name, field in LEAD.items() if name in payload}
    lead |= {
        "ticket_ref": str(payload["ticket_id"]),
        "name": f"{payload['contact_name']} – {known['names']}",
        "user_id": known["agent"],
        "lead_api_client_id": known["client"],
    }
    if case == "nobody-together":  # else Odoo knows the salesperson's team
        lead |= {"user_id": False, "team_id": known["team"]}
    portrait = dict(payload.get("customer_portrait", {}))
    items = [
        {"kind": kind, "sequence": sequence, "name": item}
        for name, kind in ITEMS.items()
        for sequence, item in enumerate(portrait.pop(name, []))
    ]
    return {
        **{"partner_id": partner_id, "partner": partner},
        "lead": {**profile, **lead, **match},
        **{"portrait": portrait, "items": items},
        "services": [
            {"sequence": sequence, "product_id": service, "quantity": 1}
            for sequence, service in enumerate(payload["crm_line_ids"])
        ],
    }
