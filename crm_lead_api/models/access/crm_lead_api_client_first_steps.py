# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from http import HTTPStatus
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.http import db_list, request

from ...tools.action import get_notice
from ...tools.domain import find_last
from .crm_lead_api_client import OWN_REQUESTS

VALID_STATES = ("valid", "replaced")  # of tokens
PRICE_LISTS = "product.group_product_pricelist"  # Odoo's setting


class FirstStep(NamedTuple):
    """Describe something that the first lead needs."""

    name: str
    text: str  # what is needed
    is_done: bool
    button: str = ""  # label of what calls the client's _do_first_step_<name>
    refusal: str = ""  # why this user may not press the button
    action: str = ""  # XML id of the action that shows the records
    link: str = ""  # label of that action
    is_repeatable: bool = False  # the button stays when the step is done


class CrmLeadApiClient(models.Model):
    """Guide an administrator to the first lead of a client."""

    _inherit = "crm.lead.api.client"

    has_requests = fields.Boolean(
        compute="_compute_has_requests",
        help="Odoo has taken a live request of the client.",
    )
    first_steps = fields.Json(compute="_compute_first_steps")

    @api.depends("request_ids")
    def _compute_has_requests(self):
        taken = Domain("status", "<", HTTPStatus.BAD_REQUEST) & OWN_REQUESTS
        last = find_last(self.env["crm.lead.api.request"], "client_id", self, taken)
        for client in self:
            client.has_requests = bool(last[client])

    @api.depends("has_requests", "token_ids.state", "webhook_url")
    def _compute_first_steps(self):
        for client in self:
            # The page of a client with requests has no steps, and opens faster.
            steps = {} if client.has_requests else client.get_first_steps()
            client.first_steps = steps

    def action_first_step(self, name):
        """Do a first step, and return the action that follows, or ``None``."""
        self.check_access("write")
        records = self._find_named_records()
        [step] = [each for each in self._get_first_steps(records) if each.name == name]
        if step.refusal:
            raise AccessError(step.refusal)
        if step.button and (step.is_repeatable or not step.is_done):
            return getattr(self, f"_do_first_step_{name}")(records)

    def get_first_steps(self) -> dict[str, bool | str | list | dict]:
        """Return the state of each first step. The page of a client without requests
        asks again and again; that of a client that is not saved yet asks for no client.

        :return: under ``setup`` each :class:`FirstStep`, as a dictionary; whether there
            are ``client``, ``token`` for tests, ``live_token``, ``request`` and
            ``events``; ``problem``: the result of the last request, ``422 gender``, if
            it was refused; ``lead_url`` of the last request; ``payload`` of a lead that
            the client can send; ``missing``: required attributes that have no record
            yet; ``database``: the name that a request has to say
        """
        self.check_access("read")
        client = self._origin  # what is typed in, but not saved, counts for nothing
        records = client._find_named_records()
        requests = self.env["crm.lead.api.request"]
        entry = find_last(requests, "client_id", client).get(client, requests)
        # A dry run may be refused, too.
        is_refused = entry.status >= HTTPStatus.BAD_REQUEST
        valid = self.token_ids.filtered(lambda token: token.state in VALID_STATES)
        are_tests = valid.mapped("is_test")
        payload, missing, database = {}, [], ""
        if client:
            schema, reference = client._get_schema(), client._get_reference()
            example = reference._get_example(schema, records)
            payload = {
                name: value
                for name, value in example.items()
                if schema.is_required(name) or name == "phone_no1"
            }
            missing = reference._find_missing(schema, example)
            if request and len(db_list(force=True)) > 1:
                database = self.env.cr.dbname
        return {
            "setup": [step._asdict() for step in client._get_first_steps(records)],
            "client": bool(client),
            # After the tests their token may be revoked.
            "token": any(are_tests) or bool(entry) and not is_refused,
            "live_token": not all(are_tests),
            "request": bool(entry),
            "problem": entry._get_summary() if is_refused else "",
            "lead_url": entry.lead_id._get_staff_url() if entry.lead_id else "",
            "events": bool(self.webhook_url),
            "payload": payload,
            "missing": missing,
            "database": database,
        }

    # ------------------------------------------------------------ what a lead needs

    def _get_reference(self):
        """Return the lists of records for the client, or else for the user."""
        reference = self.env["crm.lead.api.reference"]
        if not self.user_id:
            return reference
        # With the client's companies, not with those that the user has chosen
        reference = reference.with_context(allowed_company_ids=None)
        return reference.with_user(self.user_id)

    def _find_named_records(self):
        """Find the records that the client's first lead can name, by attribute."""
        return self._get_reference()._find_examples(self)

    def _get_first_steps(self, records) -> list[FirstStep]:
        """Return the steps to the first lead, in the order of their work. An addon adds
        a :class:`FirstStep`, and for one with a button the method
        ``_do_first_step_<name>(records)``, which returns an action or ``None``.

        :param dict records: that the first lead can name, by attribute
        """
        company = records["company_id"]
        no_price_list = self._explain_refusal("product.pricelist")
        if not self.env.user.has_group(PRICE_LISTS):
            no_price_list = no_price_list or self._explain_refusal(
                "res.groups", "write"
            )
        return [
            FirstStep(
                "company",
                self.env._(
                    "The country of the company, by which currency and time zone go: "
                    "%(country)s.",
                    country=company.country_id.name or "?",
                ),
                bool(company.country_id),
                self.env._("Choose the Country"),
                self._explain_refusal("res.company", "write"),
                "base.action_res_company_form",
                self.env._("Companies"),
                # Odoo's invoicing, which Sales brings, begins in the United States.
                is_repeatable=True,
            ),
            FirstStep(
                "price_list",
                self.env._(
                    "A price list in %(currency)s.", currency=company.currency_id.name
                ),
                "price_list_id" in records,
                self.env._("Make a Price List"),
                no_price_list,
                "product.product_pricelist_action2",
                self.env._("Price Lists"),
            ),
            FirstStep(
                "service",
                self.env._("A service that customers ask for."),
                "crm_line_ids" in records,
                self.env._("Make a Service"),
                self._explain_refusal("product.template"),
                "product.product_template_action",
                self.env._("Services"),
            ),
            FirstStep(
                "source_group",
                self.env._("A group of sources, such as social networks."),
                "category_source_id" in records,
                self.env._("Make a Source Group"),
                self._explain_refusal("utm.source.group"),
                "crm_lead_api.utm_source_group_action",
                self.env._("Source Groups"),
            ),
            FirstStep(
                "source",
                self.env._(
                    "A source in a group. Give your other sources their groups, too."
                ),
                "source_id" in records,
                self.env._("Make a Source"),
                self._explain_refusal("utm.source"),
                "utm.utm_source_action",
                self.env._("Sources"),
            ),
            FirstStep(
                "campaign",
                self.env._("A campaign."),
                "campaign_id" in records,
                self.env._("Make a Campaign"),
                self._explain_refusal("utm.campaign"),
                "utm.utm_campaign_action",
                self.env._("Campaigns"),
            ),
            FirstStep(
                "districts",
                self.env._("The communes and wards, if your systems send them."),
                bool(self.env["res.country.district"].search([], limit=1)),
                action="crm_lead_api.res_country_district_action",
                link=self.env._("Districts"),
            ),
        ]

    def _explain_refusal(self, model, operation="create"):
        """Explain why the user may not do something; ``""``: the user may."""
        if self.env[model].has_access(operation):
            return ""
        groups = self.env["ir.model.access"].group_names_with_access(model, operation)
        return self.env._(
            "You do not have the right. Ask somebody in one of these groups: "
            "%(groups)s.",
            groups=", ".join(groups),
        )

    def _tell_first_step(self, record):
        """Return the action that tells which record was made."""
        text = self.env._("“%(name)s” has been made.", name=record.display_name)
        return get_notice("success", text)

    def _do_first_step_company(self, records):
        name = self.env._("Choose the Country")
        company = records["company_id"].with_env(self.env)
        return company._get_records_action(name=name, target="new", context={})

    def _do_first_step_price_list(self, records):
        """Let Odoo make the company's price list. Odoo archives all price lists with
        the next change of any settings, while its setting for price lists is off."""
        if not self.env.user.has_group(PRICE_LISTS):
            self.env["res.groups"].check_access("write")
            # sudo: as by Odoo's settings. The check of rights in between would keep the
            # old groups of the user in a cache.
            users = self.env.ref("base.group_user").sudo()
            users._apply_group(self.env.ref(PRICE_LISTS).sudo())
        company = records["company_id"].with_env(self.env)
        company._activate_or_create_pricelists()
        domain = [("company_id", "=", company.id)]
        return self._tell_first_step(
            self.env["product.pricelist"].search(domain, limit=1)
        )

    def _do_first_step_service(self, records):
        values = {"name": self.env._("Consultation"), "type": "service"}
        if self.service_category_id:
            values["categ_id"] = self.service_category_id.id
        return self._tell_first_step(self.env["product.product"].create(values))

    def _do_first_step_source_group(self, records):
        group = self.env["utm.source.group"].create({"name": self.env._("Online")})
        return self._tell_first_step(group)

    def _do_first_step_source(self, records):
        if "category_source_id" not in records:
            self._do_first_step_source_group(records)
            records = self._find_named_records()
        group = records["category_source_id"]
        source = self.env["utm.source"].create(
            {"name": self.env._("Website"), "group_id": group.id}
        )
        return self._tell_first_step(source)

    def _do_first_step_campaign(self, records):
        campaign = self.env["utm.campaign"].create({"title": self.env._("General")})
        return self._tell_first_step(campaign)
