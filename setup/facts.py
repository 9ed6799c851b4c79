# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The facts that a request goes by, and what a request gives when they change."""

from dataclasses import dataclass, field
from typing import Any

# Odoo keeps it in a cache of its own, which it empties in all its processes when one of
# them has changed it by a request: no other way of changing it need count at once.
KEPT_BY_ODOO = ("server",)
# Nobody may write it by RPC.
READ_ONLY = ("shell", "sql", "half-way")
ALL = ("shell", "sql", "server", "half-way")
OTHER = "x@other.example"


@dataclass(frozen=True)
class Fact:
    """Something that a request goes by.

    Values that begin with ``#`` are names of ids: see ``facts_database``.

    :param record: the name of the id of the record that is changed
    :param on: what is written to change it
    :param off: what is written to change it back
    :param sent: what a request must have for it to count
    :param before: what a request gives without the change: columns of the lead, the
        ``price`` of its service, else status 200
    :param after: what a request gives with it: also ``status``, or the ``errors``,
        which are the attributes that are wrong
    :param ways: by which it can be changed
    :param columns: for SQL, where they are others than those of ``on`` and ``off``
    """

    name: str
    model: str
    record: str
    on: dict[str, Any]
    off: dict[str, Any]
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    sent: dict[str, Any] = field(default_factory=dict)
    ways: tuple[str, ...] = ALL
    columns: tuple[dict[str, Any], dict[str, Any]] | None = None


def archived(name: str, model: str, record: str, errors: list[str], **options) -> Fact:
    """Return the fact that a record of a request is not archived."""
    on, off = {"active": False}, {"active": True}
    return Fact(name, model, record, on, off, after={"errors": errors}, **options)


CLIENT = ("crm.lead.api.client", "client")
AGENT = {"agent_email": "x@login.example"}
MAIL_AGENT = {"agent_email": "x@mail.example"}

FACTS = (
    # Prices
    Fact(
        *("price rule", "product.pricelist.item", "rule"),
        *({"fixed_price": 777000}, {"fixed_price": 500000}),
        *({"price": 500000}, {"price": 777000}),
    ),
    archived("price list", "product.pricelist", "price_list", ["price_list_id"]),
    Fact(
        *("price list's company", "product.pricelist", "plain"),
        *({"company_id": "#main"}, {"company_id": "#company"}),
        after={"errors": ["price_list_id"]},
        sent={"price_list_id": "#plain"},
    ),
    Fact(
        *("product's price", "product.template", "other_template"),
        *({"list_price": 1234}, {"list_price": 1000}),
        *({"price": 1000}, {"price": 1234}, {"crm_line_ids": ["#other_product"]}),
    ),
    archived("product", "product.product", "product", ["crm_line_ids"]),
    Fact(
        *("product for sale", "product.template", "template"),
        *({"sale_ok": False}, {"sale_ok": True}),
        after={"errors": ["crm_line_ids"]},
    ),
    Fact(
        *("product's name", "product.template", "template"),
        *({"name": "Renamed"}, {"name": "Fact A"}),
        *({"title": "Khách – Fact A"}, {"title": "Khách – Renamed"}),
        columns=({"name": {"en_US": "Renamed"}}, {"name": {"en_US": "Fact A"}}),
    ),
    Fact(
        *("company's currency", "res.company", "company"),
        *({"currency_id": "#usd"}, {"currency_id": "#vnd"}),
        *({"expected_revenue": 500000}, {"expected_revenue": 20}),
    ),
    Fact(
        *("currency rate", "res.currency.rate", "rate"),
        *({"rate": 0.00005}, {"rate": 0.00004}),
        *({"expected_revenue": 250000}, {"expected_revenue": 200000}),
        {"price_list_id": "#dollars"},
    ),
    # Who gets the lead
    Fact(
        *("team", "crm.team", "demo_team", {"active": False}, {"active": True}),
        *({"team_id": "#demo_team"}, {"team_id": "#team"}),
        {"agent_email": "minh.tran@example.com"},
    ),
    Fact(
        *("team member", "crm.team.member", "member"),
        *({"active": False}, {"active": True}),
        *({"team_id": "#demo_team"}, {"team_id": "#team"}),
        {"agent_email": "minh.tran@example.com"},
    ),
    Fact(
        *("client's team", *CLIENT),
        *({"team_id": "#demo_team"}, {"team_id": "#team"}),
        *({"team_id": "#team"}, {"team_id": "#demo_team"}),
    ),
    Fact(
        *("stage", "crm.stage", "first_stage", {"fold": True}, {"fold": False}),
        *({"stage_id": "#first_stage"}, {"stage_id": "#second_stage"}),
    ),
    Fact(
        *("agent's login", "res.users", "agent"),
        *({"login": OTHER}, {"login": "x@login.example"}),
        *({"user_id": "#agent"}, {"user_id": None}, AGENT),
    ),
    Fact(
        *("agent's e-mail", "res.partner", "agent_partner"),
        *({"email": OTHER}, {"email": "x@mail.example"}),
        *({"user_id": "#agent"}, {"user_id": None}, MAIL_AGENT),
        columns=(
            {"email": OTHER, "email_normalized": OTHER},
            {"email": "x@mail.example", "email_normalized": "x@mail.example"},
        ),
    ),
    Fact(
        *("agent", "res.users", "agent", {"active": False}, {"active": True}),
        *({"user_id": "#agent"}, {"user_id": None}, AGENT),
    ),
    Fact(
        *("agent's companies", "res.users", "agent"),
        {"company_ids": [[6, 0, ["#main"]]], "company_id": "#main"},
        {"company_ids": [[6, 0, ["#company"]]], "company_id": "#company"},
        *({"user_id": "#agent"}, {"user_id": None}, AGENT),
        ways=KEPT_BY_ODOO,
    ),
    archived("creator", "res.users", "agent", ["user_id"], sent={"user_id": "#agent"}),
    # Places
    Fact(
        *("state", "res.country.state", "state"),
        *({"country_id": "#france"}, {"country_id": "#vietnam"}),
        after={"errors": ["state_id"]},
    ),
    Fact(
        *("district's state", "res.country.district", "district"),
        *({"state_id": "#other_state"}, {"state_id": "#state"}),
        after={"errors": ["district_id"]},
        sent={"district_id": "#district"},
    ),
    archived(
        *("district", "res.country.district", "district", ["district_id"]),
        sent={"district_id": "#district"},
    ),
    # Marketing
    archived("source group", "utm.source.group", "group", ["category_source_id"]),
    Fact(
        *("source", "utm.source", "source"),
        *({"group_id": "#other_group"}, {"group_id": "#group"}),
        after={"errors": ["source_id"]},
    ),
    archived("campaign", "utm.campaign", "campaign", ["campaign_id"]),
    # The client's own codes, attributes and defaults
    Fact(
        *("client's code", "crm.lead.api.code", "code"),
        *({"res_id": "#other_campaign"}, {"res_id": "#campaign"}),
        *({"campaign_id": "#campaign"}, {"campaign_id": "#other_campaign"}),
        {"campaign_id": "C1"},
    ),
    Fact(
        *("custom attribute", "crm.lead.api.attribute", "attribute"),
        *({"is_required": True}, {"is_required": False}),
        after={"errors": ["referrer"]},
    ),
    Fact(
        *("client's default", *CLIENT),
        *({"campaign_id": "#other_campaign"}, {"campaign_id": "#campaign"}),
        *({"campaign_id": "#campaign"}, {"campaign_id": "#other_campaign"}),
        {"campaign_id": None},
    ),
    Fact(
        *("client's codes", *CLIENT),
        *({"takes_own_codes": False}, {"takes_own_codes": True}),
        after={"errors": ["campaign_id"]},
        sent={"campaign_id": "C1"},
    ),
    # The client's rights
    Fact(
        *("client paused", *CLIENT, {"is_paused": True}, {"is_paused": False}),
        after={"status": 403},
    ),
    Fact(
        *("client's networks", *CLIENT),
        *({"networks": "203.0.113.7"}, {"networks": None}),
        after={"status": 403},
    ),
    Fact(
        *("client's limit", *CLIENT),
        *({"requests_per_minute": 5000}, {"requests_per_minute": 0}),
        *({"limit": None}, {"limit": 5000}),
    ),
    Fact(
        *("client", *CLIENT, {"active": False}, {"active": True}),
        after={"status": 401},
    ),
    Fact(
        *("client's user", "res.users", "caller", {"active": False}, {"active": True}),
        after={"status": 401},
    ),
    Fact(
        *("token expired", "crm.lead.api.token", "token"),
        {"expiration_date": "2026-01-01 00:00:00"},
        {"expiration_date": "2099-01-01 00:00:00"},
        after={"status": 401},
        ways=READ_ONLY,
    ),
    Fact(
        *("token revoked", "crm.lead.api.token", "token"),
        *({"date_revoked": "2026-01-01 00:00:00"}, {"date_revoked": None}),
        after={"status": 401},
        ways=READ_ONLY,
    ),
    # Records and settings that Odoo keeps
    Fact(
        *("client's group", "res.users", "caller"),
        *({"group_ids": [[3, "#callers"]]}, {"group_ids": [[4, "#callers"]]}),
        after={"status": 403},
        ways=KEPT_BY_ODOO,
    ),
    Fact(
        *("record rule", "ir.rule", "record_rule"),
        *({"active": True}, {"active": False}),
        after={"errors": ["campaign_id"]},
        sent={"campaign_id": "#other_campaign"},
        ways=KEPT_BY_ODOO,
    ),
    Fact(
        *("parameter", "ir.config_parameter", "parameter"),
        *({"value": "1"}, {"value": "100"}),
        after={"errors": ["crm_line_ids"]},
        sent={"crm_line_ids": ["#product", "#other_product"]},
        ways=KEPT_BY_ODOO,
    ),
)
