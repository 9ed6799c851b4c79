# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that users see what they need on a desktop and on a phone."""

from odoo.tests import tagged

from ..common import LeadApiHttpCase
from ..data import MANAGER_GROUP

# Succeeds once all elements of the selectors are there, within the window and uncut.
LOOK = """
(async () => {
    const selectors = %s;
    let seen;
    for (let i = 0; i < 200; i++) {
        seen = selectors.map((selector) => {
            const found = [...document.querySelectorAll(selector)];
            const wrong = found.filter((element) => {
                const { left, right, width } = element.getBoundingClientRect();
                const frame = element.closest(
                    ".o_list_renderer, .o_kanban_renderer, .o_form_view"
                );
                const edge = frame.getBoundingClientRect().right;
                const isCut = element.scrollWidth > element.clientWidth + 1;
                const isOutside = left < 0 || right > Math.min(edge, innerWidth);
                return !width || isOutside || isCut;
            });
            return `${selector}: ${found.length}, cut: ${wrong.length}`;
        });
        if (seen.every((text) => !text.includes(": 0,") && text.endsWith("cut: 0"))) {
            console.log("test successful");
            return;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    console.error(seen.join(" | "));
})();
"""
LANGS = ("en_US", "vi_VN")


class PageWidthCase(LeadApiHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._new_user("manager-of-tour", MANAGER_GROUP)
        cls.env["res.lang"]._activate_lang("vi_VN")

    def _look(self, path, *selectors):
        """Look for elements on a page, in both languages."""
        for lang in LANGS:
            self.manager.lang = lang
            with self.subTest(path, lang=lang):
                code = LOOK % list(selectors)
                self.browser_js(path, code, login=self.manager.login)

    def _refuse(self):
        payload = {
            **self.payload,
            "contact_name": "Nguyễn Hoàng Phương Thảo",
            "gender": "nữ",
        }
        self.assertEqual(self.post(payload).status_code, 422)


@tagged("post_install", "-at_install")
class TestDesktopWidths(PageWidthCase):
    browser_size = "1400x900"

    def test_tokens_of_a_client(self):
        self._look(
            f"/odoo/lead-api-clients/{self.client.id}",
            ".o_data_row .badge",
            ".o_data_row button[name=action_rotate]",
            ".o_data_row button[name=action_open_revocation]",
        )

    def test_codes(self):
        values = {"client_id": self.client.id, "attribute": "crm_line_ids"}
        self.env["crm.lead.api.code"].create({**values, "code": "NM"})
        names = ("call_count", "last_call_date")
        self._look(
            "/odoo/lead-api-codes?view_type=list",
            ".o_group_name",
            *(f"th[data-name={name}] span" for name in names),
        )

    def test_requests(self):
        self.client.name = "Tổng đài Sen Hồng"
        self._refuse()
        self._look(
            "/odoo/lead-api-requests",
            ".o_data_row .badge",
            ".o_data_cell[name=client_id]",
            ".o_data_cell[name=name]",
            ".o_data_cell[name=first_phone]",
            ".o_data_cell[name=kind]",
            ".o_data_cell[name=first_problem]",
            "th[data-name=lead_id]",
        )

    def test_leads(self):
        for number in range(3):  # with long texts, which leave less for the others
            lead = self.create_lead(ticket_id=100_000_000 + number)
            lead.user_id = self.manager
            lead.activity_schedule(summary="Khách không đến hẹn: gọi lại để đặt lịch")
        columns = ("ticket_ref", "phone", "source_id", "activity_ids", "user_id")
        for action, more in (
            ("crm_lead_all_leads", ()),
            ("crm_lead_opportunities", ("expected_revenue", "stage_id")),
        ):
            self._look(
                f"/odoo/action-crm.{action}?view_type=list",
                ".o_data_cell[name=phone]",
                *(f"th[data-name={name}] span" for name in (*columns, *more)),
            )

    def test_intake(self):
        self.create_lead()
        names = ("source_group_id", "user_id", "won_amount", "hours_to_activity")
        self._look(
            "/odoo/action-crm_lead_api.crm_lead_intake_report_action?view_type=list",
            *(f"th[data-name={name}] span" for name in names),
        )

    def test_proposed_changes(self):
        contact = {"name": "Nguyễn Thị Bích Thủy", "email": "rieng@example.com"}
        partner = self.env["res.partner"].create(contact)
        self.client.name = "Tổng đài Sen Hồng"
        self.create_lead(account_id=partner.id).user_id = self.manager
        self._look(
            "/odoo/action-crm_lead_api.crm_lead_proposal_action",
            ".o_data_cell[name=proposal_origin]",
        )

    def test_a_new_lead_begins_with_the_phone(self):
        for action in ("crm_lead_all_leads", "crm_lead_opportunities"):
            self._look(
                f"/odoo/action-crm.{action}/new",
                ".o_form_renderer .o_field_widget[name=phone] input:focus",
            )

    def test_a_contact_opens_on_its_timeline(self):
        customer = self.create_lead().partner_id
        self._look(
            f"/odoo/res.partner/{customer.id}", ".o_customer_timeline li:first-child"
        )

    def test_calls_today(self):
        lead = self.create_lead(contact_name="Nguyễn Thị Bích Thủy")
        lead.user_id = self.manager
        self._look(
            "/odoo/action-crm_lead_api.crm_lead_call_action",
            ".o_data_cell[name=call_name]",
            ".o_data_cell[name=phone]",
            ".o_data_cell[name=first_service]",
        )


@tagged("post_install", "-at_install")
class TestDialogWidths(PageWidthCase):
    browser_size = "978x768"  # as wide as a dialog on a desktop

    def test_leads_to_merge(self):
        self.manager.name = "Nguyễn Thị Bích Thủy"
        lead = self.create_lead(contact_name="Nguyễn Hoàng Phương Thảo")
        lead.user_id = self.manager
        wizard = self.env["crm.merge.opportunity"].with_user(self.manager)
        wizard = wizard.create({"opportunity_ids": lead.ids})
        self._look(
            f"/odoo/crm.merge.opportunity/{wizard.id}",
            *(
                f".o_data_cell[name={name}]"
                for name in ("create_date", "name", "contact_name", "phone")
            ),
            ".o_data_cell[name=user_id] span",
        )


@tagged("post_install", "-at_install")
class TestPhoneWidths(PageWidthCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_requests(self):
        self._refuse()
        self._look(
            "/odoo/lead-api-requests",
            ".o_kanban_record .fw-bold",
            ".o_kanban_record .badge",
            ".o_kanban_record .d-flex.text-muted span",
            ".o_kanban_record .text-danger",
            ".o_kanban_record .text-break span",
        )

    def test_a_lead_that_nobody_has(self):
        lead = self.create_lead()
        lead.user_id = False
        buttons = ("action_log_call", "action_write_message", "action_take")
        self._look(
            f"/odoo/crm.lead/{lead.id}",
            *(f".o_lead_strip button[name={name}]" for name in buttons),
        )
