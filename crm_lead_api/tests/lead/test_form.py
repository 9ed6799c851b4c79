# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the number of SQL queries of the lead's page and list."""

from lxml import etree

from odoo.tests import tagged

from ..common import LeadApiCase

OUR_VIEWS = (
    "crm_lead_api.crm_lead_view_form",
    "crm_lead_api.crm_case_tree_view_leads",
    "crm_lead_api.crm_case_tree_view_oppor",
    "crm_lead_api.crm_case_kanban_view_leads",
    "crm_lead_api.view_crm_lead_kanban",
)
MAX_MORE = 36


@tagged("post_install", "-at_install")
class TestForm(LeadApiCase):
    def setUp(self):
        super().setUp()
        self.views = self.env["ir.ui.view"].browse(
            self.env.ref(xmlid).id for xmlid in OUR_VIEWS
        )
        # Those of our other addons, which stand in them
        others = self.views.search(
            [
                ("inherit_id", "=", self.env.ref("crm.crm_lead_view_form").id),
                ("name", "=like", "crm.lead.form.inherit.crm_lead_api_%"),
            ]
        )
        others.active = False

    def count_queries(self, function):
        """Return the number of queries with caches as in a new request."""
        self.env.invalidate_all()
        function()  # fills what is cached over requests
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        return self.env.cr.sql_log_count - before

    def create_full_lead(self):
        """Return a lead with all that a lead can have: several contacts with its
        phone, changes to propose, services, an earlier portrait, a creator, a link."""
        self.client.ticket_url = "https://tickets.example.com/{ticket_id}"
        address = {"street": "1 Tràng Tiền", "state_id": self.other_state.id}
        address |= {"district_id": self.other_district.id}
        self.env["res.partner"].create(
            [
                {"name": name, "phone": "0900000202", **address}
                for name in ("Khác", "Khác nữa")
            ]
        )
        self.create_lead(customer_portrait={"hobby": ["bơi"]})
        lead = self.create_lead(ticket_id=2)
        lead.creator_id = self._new_user("creator", "base.group_user")
        self.assertTrue(lead.proposal_ids and lead.match_candidate_ids)
        return lead

    def get_spec(self, records, arch):
        """Return the specification that the web client sends to show a view."""
        spec = {}
        for node in arch.xpath(".//field[not(ancestor::field)]"):
            name, views = node.get("name"), list(node.iterchildren("list", "kanban"))
            field = records._fields[name]
            spec[name] = {"fields": {}} if field.relational else {}
            hidden = node.get("column_invisible") or node.get("invisible")
            if field.relational and hidden not in ("1", "True"):
                spec[name]["fields"]["display_name"] = {}
            if views:
                mode = node.get("mode", "list,kanban").split(",")[0]
                view = next(view for view in views if view.tag == mode)
                view = etree.fromstring(etree.tostring(view))
                spec[name]["fields"] |= self.get_spec(
                    records.env[field.comodel_name], view
                )
        return spec

    def open_view(self, records, view_type):
        arch = etree.fromstring(records.get_view(view_type=view_type)["arch"])
        spec = self.get_spec(records, arch)
        return lambda: records.web_read(spec)

    def test_form(self):
        lead = self.create_full_lead().with_user(self.agent)
        ours = self.count_queries(self.open_view(lead, "form"))
        self.views.active = False
        odoo = self.count_queries(self.open_view(lead, "form"))
        self.assertLessEqual(ours - odoo, MAX_MORE)

    def test_lists_cost_the_same_however_long(self):
        leads = self.env["crm.lead"]
        for ticket in range(1, 81):
            leads += self.create_lead(
                ticket_id=ticket,
                phone_no1=f"09680{ticket:05}",
                customer_portrait={"hobby": [f"sở thích {ticket}"]},
            )
        leads = leads.with_user(self.agent)
        for view_type in ("list", "kanban"):
            with self.subTest(view_type):
                few = self.count_queries(self.open_view(leads[:2], view_type))
                many = self.count_queries(self.open_view(leads, view_type))
                self.assertLessEqual(many, few)
