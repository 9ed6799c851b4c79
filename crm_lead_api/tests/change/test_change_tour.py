# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import ChangeCase


@tagged("post_install", "-at_install")
class TestChangeTour(ChangeCase):
    def test_staff_work_between_two_changes(self):
        """Staff change phone, services and stage: theirs stay until they accept."""
        self.assertChanged(self.change({"work_online": "yes"}))
        stage = self.env["crm.stage"].search([], order="sequence", limit=2)[1]
        self.write_as_staff(phone="0911 111 111", stage_id=stage.id)
        line = self.lead.service_ids.filtered(
            lambda line: line.product_id == self.service_2
        )
        line.with_user(self.agent).unlink()
        self.env.flush_all()
        services = [self.service.id, self.service_2.id]
        data = self.change(
            {"phone_no1": "0922 222 222", "crm_line_ids": services, "work_online": "no"}
        ).json()["data"]
        self.assertEqual(
            [(each["on"], each["field"]) for each in data["proposed"]],
            [
                ("lead", "phone_no1"),
                ("lead", "crm_line_ids"),
                ("customer", "phone_no1"),
            ],
        )
        self.assertEqual((data["work_online"], data["state"]), ("no", "qualified"))
        self.start_tour(
            f"/odoo/crm.lead/{self.lead.id}",
            "crm_lead_api_lead_proposals_tour",
            login=self.agent.login,
        )
        self.env.invalidate_all()
        self.assertEqual(self.lead.phone, "0922 222 222")
        self.assertEqual(self.lead.service_ids.product_id, self.service)
        self.assertEqual(self.lead.stage_id, stage)
