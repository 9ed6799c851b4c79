# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ..common import LeadApiCase
from ..data import MANAGER_GROUP, PORTRAIT

GOALS = PORTRAIT["term_goals"]
SEARCH_VIEWS = (
    "crm.view_crm_case_opportunities_filter",
    "crm.view_crm_case_leads_filter",
    "crm_lead_api.crm_lead_call_view_search",
    "base.view_res_partner_filter",
)


@tagged("post_install", "-at_install")
class TestViews(LeadApiCase):
    def test_views_open_for_staff(self):
        for model in ("crm.lead", "res.partner", "crm.customer.portrait"):
            records = self.env[model].with_user(self.agent)
            views = [(False, "form"), (False, "list"), (False, "search")]
            with self.subTest(model):
                self.assertTrue(records.get_views(views)["views"])

    def test_buttons_for_companies(self):
        """An administrator switches them on."""
        leads = self.env["crm.lead"].with_user(self.agent)
        conditions = []
        for on in (False, True):
            if on:
                self.env["res.config.settings"].create(
                    {"group_lead_api_companies": True}
                ).execute()
            arch = etree.fromstring(leads.get_view(view_type="form")["arch"])
            for button in arch.findall(".//button[@name='iap_enrich']"):
                conditions.append("lead_api_client_id" in button.get("invisible"))
        half = len(conditions) // 2
        self.assertEqual(conditions, [True] * half + [False] * half)

    def test_what_was_before_the_lead(self):
        first = self.create_lead()
        self.assertFalse(first.customer_history)
        first.action_set_lost()
        lead = self.create_lead(ticket_id=2).with_user(self.agent)
        for text in ("Earlier leads: 1 (the last: ", "Nâng mũi +1", "Lost"):
            self.assertIn(text, lead.customer_history)

    def test_search_offers_a_dozen_entries_at_most(self):
        """Dates are offered for a date only."""
        self.agent.group_ids += self.env.ref(MANAGER_GROUP)
        for xmlid in (
            "crm.view_crm_case_leads_filter",
            "crm.view_crm_case_opportunities_filter",
            "crm_lead_api.crm_lead_call_view_search",
            "crm_lead_api.crm_lead_api_request_view_search",
            "crm_lead_api.crm_lead_intake_report_view_search",
            "crm_lead_api.crm_customer_portrait_view_search",
        ):
            view = self.env.ref(xmlid)
            records = self.env[view.model].with_user(self.agent)
            arch = etree.fromstring(records.get_view(view.id)["arch"])
            fields = [
                (node.get("name"), node.get("string"))
                for node in arch.iterchildren("field")
                if not node.get("invisible")
                and records._fields[node.get("name")].type not in ("date", "datetime")
            ]
            with self.subTest(xmlid):
                self.assertLessEqual(len(fields), 11)  # and Odoo's Custom Filter
                names = [
                    string or records._fields[name]._description_string(records.env)
                    for name, string in fields
                ]
                self.assertEqual(len(set(names)), len(names))

    def test_staff_find_what_was_sent(self):
        lead = self.create_lead()
        leads = self.env["crm.lead"].with_user(self.agent)
        for domain in (
            [("ticket_ref", "=", "4711")],
            [("agent_email", "=", "huong@example.com")],
            [("hobby_tag_ids", "ilike", "Xem Phim")],
            [("portrait_id.item_ids.tag_id", "ilike", "am nhac")],
            [("portrait_id.term_goals", "=", GOALS)],
            [("service_ids.product_id", "ilike", "nâng")],
            [("district_id", "ilike", "bến thành")],
            self._get_search("district_id", "bến thành"),
            self._get_search("district_id", self.state.name),
            self._get_search("agent_email", "huong@"),
            self._get_search("agent_email", "Lê Thu"),
            self._get_search("source_group_id", "mạng xã"),
            self._get_search("source_group_id", "facebook hoa"),
            [("phone_mobile_search", "ilike", "0900000203")],
        ):
            with self.subTest(domain):
                found = leads.search([*domain, ("company_id", "=", self.company.id)])
                self.assertEqual(found, lead)

    def test_a_phone_is_found_in_each_notation(self):
        lead = self.create_lead(phone_no1="+84 912 345 678")
        for view in SEARCH_VIEWS:
            for text in ("0912345678", "912 345 678", "+84912345678", "0084912345678"):
                for name in ("name", "phone_mobile_search"):
                    with self.subTest(view, text=text, name=name):
                        self._check_finds(view, name, text, lead)

    def test_the_last_digits_of_a_phone_find_it(self):
        phones = {"phone_no1": "+84 912 345 678", "phone_no3": "+84 968 011 789"}
        lead = self.create_lead(**phones)
        for view in SEARCH_VIEWS:
            for text in ("5678", "345 678", "1789"):
                with self.subTest(view, text=text):
                    self._check_finds(view, "name", text, lead)
            with self.subTest(view):
                self._check_finds(view, "name", "678", lead.browse())

    def _check_finds(self, view, name, text, lead):
        model = self.env[self.env.ref(view).model].with_user(self.agent)
        record = lead.partner_id if model._name == "res.partner" else lead
        self.assertEqual(model.search(self._get_search(name, text, view)), record)

    def _get_search(self, name, text, view="crm.view_crm_case_opportunities_filter"):
        """Return the domain of a search for a text in a field of the search view."""
        view = self.env.ref(view)
        arch = etree.fromstring(self.env[view.model].get_view(view.id)["arch"])
        (node,) = arch.xpath(f"field[@name='{name}']")
        return safe_eval(node.get("filter_domain"), {"self": text})

    def test_customers_with_several_leads(self):
        leads = self.create_lead() | self.create_lead(ticket_id=2)
        for kind in ("leads", "opportunities"):
            view = self.env.ref(f"crm.view_crm_case_{kind}_filter")
            arch = etree.fromstring(leads.get_view(view.id)["arch"])
            (node,) = arch.xpath("//filter[@string='Customer']")
            name = safe_eval(node.get("context"))["group_by"]
            groups = leads._read_group([("id", "in", leads.ids)], [name], ["__count"])
            self.assertEqual(groups, [(leads.partner_id, 2)])

    def test_staff_export_what_was_sent(self):
        self.agent.group_ids += self.env.ref("base.group_allow_export")
        lead = self.create_lead().with_user(self.agent)
        fields = ["ticket_ref", "portrait_id/work_start_time", "portrait_id/term_goals"]
        self.assertEqual(lead.export_data(fields)["datas"][0], ["4711", 7.5, GOALS])

    def test_link_to_the_portraits(self):
        partner = self.create_lead().partner_id
        action = partner.action_view_portraits()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, partner.portrait_ids)
        self.assertEqual(action["context"], {"default_partner_id": partner.id})

    def test_a_new_lead_of_a_known_customer(self):
        """The form tells the history as soon as the contact is chosen."""
        customer = self.create_lead().partner_id
        with Form(self.env["crm.lead"].with_user(self.agent)) as form:
            form.partner_id = customer
            self.assertIn("Earlier leads: 1", form.customer_history)
            self.assertEqual(form.name, f"{customer.name}'s opportunity", "as Odoo's")

    def test_the_title_of_a_new_lead(self):
        """The form proposes the title that a request's lead has."""
        with Form(self.env["crm.lead"].with_user(self.agent)) as form:
            form.contact_name = "Ngô Thị Hạnh"
            self.assertEqual(form.name, "Ngô Thị Hạnh")
            with form.service_ids.new() as line:
                line.product_id = self.service
            self.assertEqual(form.name, f"Ngô Thị Hạnh – {self.service.name}")
            form.name = "Gọi sau Tết"
            form.contact_name = "Ngô Hạnh"
            self.assertEqual(form.name, "Gọi sau Tết")
