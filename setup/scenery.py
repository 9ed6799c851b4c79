# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Make what many scenes need: for scripts in ``odoo shell``, which know these names."""

from datetime import datetime, timedelta

from odoo.fields import Command

DEMO = "setup/demo"  # the name of a token


def set_hours(calendar, *hours):
    """Set the working hours of all days.

    :param hours: (start, end) of each part of a day
    """
    lines = [
        {
            **{"name": "Ca", "dayofweek": str(day), "hour_from": start, "hour_to": end},
            "day_period": "afternoon" if start >= 12 else "morning",
        }
        for day in range(7)
        for start, end in hours
    ]
    calendar.attendance_ids = [Command.clear(), *map(Command.create, lines)]


def make_user(env, login, companies, **values):
    """Make a salesperson of companies, the first of which is the main one.

    :rtype: res.users
    """
    return env["res.users"].create(
        {
            **{"name": login, "login": login, "email": f"{login}@example.com"},
            **{"company_id": companies[0].id, "company_ids": companies.ids},
            "group_ids": env.ref("sales_team.group_sale_salesman").ids,
            **values,
        }
    )


def make_key(user):
    """Return an API key of a user for a day."""
    keys = user.env["res.users.apikeys"].with_user(user).sudo()
    return keys._generate("rpc", "test", datetime.now() + timedelta(days=1))


def make_token(env):
    """Make a token for the demo's client, in place of the last start's token."""
    client = env.ref("crm_lead_api.demo_client")
    old = client.token_ids.filtered(lambda token: token.name == DEMO)
    old.filtered(lambda token: token.state == "valid").action_revoke()
    return client._generate_token(DEMO, datetime.now() + timedelta(days=30))


def make_payload(env):
    """Return the documentation's example, with records of the demo clinic."""

    def demo(name):
        return env.ref(f"crm_lead_api.demo_{name}").id

    schema = env.ref("crm_lead_api.demo_client")._get_schema()
    payload = {
        **env["crm.lead.api.reference"]._get_example(schema),
        # Another ticket at each start, or the lead would be there already.
        "ticket_id": int(datetime.now().strftime("%j%H%M%S")),
        "user_id": demo("agent"),
        "country_id": env.ref("base.vn").id,
        "state_id": env.ref("base.state_vn_VN-SG").id,
        "district_id": demo("district_ben_thanh"),
        "company_id": demo("company"),
        "price_list_id": demo("pricelist_promotion"),
        "category_source_id": demo("source_group_social"),
        "source_id": demo("source_facebook"),
        "campaign_id": demo("campaign_beauty"),
        "crm_line_ids": [demo("service_nang_mui"), demo("service_kham")],
    }
    return {name: payload[name] for name in schema.model_fields if name in payload}


def make_giving_team(env, users, is_on_duty=True, **values):
    """Make a team that gives its leads out to users.

    :rtype: crm.team
    """
    team = env["crm.team"].create({"gives_leads_out": True, **values})
    env["crm.team.member"].create(
        [
            {"crm_team_id": team.id, "user_id": user.id, "is_on_duty": is_on_duty}
            for user in users
        ]
    )
    return team
