# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command

from ..common import URL
from .common import ChangeCase


class TestChangeServices(ChangeCase):
    def setUp(self):
        super().setUp()
        self.third = self.env["product.product"].create(
            {"name": "Chăm sóc da", "list_price": 50}
        )

    def _get_services(self):
        return {
            line.product_id: (line.quantity, line.price_unit)
            for line in self.lead.service_ids
        }

    def _get_line(self, service):
        return self.lead.service_ids.filtered(lambda line: line.product_id == service)

    def test_a_whole_list(self):
        self._get_line(self.service).with_user(self.agent).write(
            {"quantity": 3, "price_unit": 700}
        )
        self.assertChanged(
            self.change({"crm_line_ids": [self.service.id, self.third.id]})
        )
        self.assertEqual(
            self._get_services(), {self.service: (3, 700), self.third: (1, 40)}
        )
        self.assertEqual(self.lead.expected_revenue, 2140)

    def test_add_and_remove(self):
        data = self.assertChanged(
            self.change(
                {
                    "add_crm_line_ids": [self.service.id, self.third.id, self.third.id],
                    "remove_crm_line_ids": [self.service_2.id],
                }
            )
        )
        quantities = {
            line: quantity for line, (quantity, _) in self._get_services().items()
        }
        self.assertEqual(quantities, {self.service: 2, self.third: 2})
        self.assertEqual(
            data["crm_line_ids"], [self.service.id] * 2 + [self.third.id] * 2
        )

    def test_a_service_that_is_sent_several_times_has_a_quantity(self):
        twice = {"crm_line_ids": [self.service.id] * 2 + [self.service_2.id]}
        once = {"crm_line_ids": [self.service.id, self.service_2.id]}
        line = self._get_line(self.service)
        for change in (twice, twice, once):
            self.assertChanged(self.change(change))
            self.assertEqual(line.quantity, 2)
        self.write_as_staff(line, quantity=5)
        [proposed] = self.change(twice).json()["data"]["proposed"]
        self.assertEqual(proposed["field"], "crm_line_ids")
        self.assertEqual(proposed["sent"], twice["crm_line_ids"])
        self.env.invalidate_all()
        self.assertEqual(line.quantity, 5)
        self.lead.pending_proposal_ids.with_user(self.agent).action_accept()
        self.assertEqual(line.quantity, 2)

    def test_what_is_told_of_quantities_changes_nothing(self):
        line = self._get_line(self.service)
        for quantity, told in ((2.5, 2), (0.5, 1), (99, 99), (150, 1)):
            with self.subTest(quantity):
                self.write_as_staff(line, quantity=quantity)
                ids = self.read_lead().json()["data"]["crm_line_ids"]
                self.assertEqual(ids.count(self.service.id), told)
                self.assertChanged(self.change({"crm_line_ids": ids}))
                self.assertEqual(line.quantity, quantity)

    def test_services_of_a_lead_from_before_values_were_kept(self):
        self.lead.lead_api_values = False
        self.env.flush_all()
        self.assertChanged(self.change({"remove_crm_line_ids": [self.service.id]}))
        self.assertEqual({*self._get_services()}, {self.service_2})

    def test_either_the_list_or_its_changes(self):
        response = self.change(
            {
                "crm_line_ids": [self.service.id],
                "add_crm_line_ids": [self.third.id],
                "remove_crm_line_ids": [self.service_2.id],
            }
        )
        self.assertErrors(
            response,
            [("add_crm_line_ids", "mismatch"), ("remove_crm_line_ids", "mismatch")],
        )

    def test_remove_a_service_that_is_not_there(self):
        response = self.change(
            {"remove_crm_line_ids": [self.service.id, self.third.id]}
        )
        self.assertErrors(response, [("remove_crm_line_ids.1", "unknown")])

    def test_one_service_stays(self):
        response = self.change(
            {"remove_crm_line_ids": [self.service.id, self.service_2.id]}
        )
        self.assertErrors(response, [("crm_line_ids", "required")])

    def test_a_service_that_staff_added_stays(self):
        self.write_as_staff(service_ids=[Command.create({"product_id": self.third.id})])
        self.assertChanged(self.change({"crm_line_ids": [self.service.id]}))
        self.assertEqual({*self._get_services()}, {self.service, self.third})
        self.assertChanged(
            self.change({"remove_crm_line_ids": [self.third.id]}),
            [
                (
                    "lead",
                    "remove_crm_line_ids",
                    [self.service.id, self.third.id],
                    [self.third.id],
                )
            ],
        )
        proposal = self.lead.pending_proposal_ids
        self.assertEqual(proposal.new_text, "− Chăm sóc da")
        proposal.with_user(self.agent).action_accept()
        self.assertEqual({*self._get_services()}, {self.service})

    def test_a_service_that_staff_added_is_not_the_clients_by_another_unit(self):
        self.write_as_staff(service_ids=[Command.create({"product_id": self.third.id})])
        self.assertChanged(self.change({"add_crm_line_ids": [self.third.id]}))
        self.assertEqual(self._get_services()[self.third][0], 2)
        data = self.change({"remove_crm_line_ids": [self.third.id]}).json()["data"]
        fields = [each["field"] for each in data["proposed"]]
        self.assertEqual(fields, ["remove_crm_line_ids"])
        self.env.invalidate_all()
        self.assertIn(self.third, self._get_services())

    def test_a_service_that_staff_removed_is_proposed(self):
        self._get_line(self.service).with_user(self.agent).unlink()
        self.env.flush_all()
        self.assertChanged(
            self.change({"crm_line_ids": [self.service.id, self.service_2.id]}),
            [
                (
                    "lead",
                    "crm_line_ids",
                    [self.service_2.id],
                    [self.service.id, self.service_2.id],
                )
            ],
        )
        self.assertEqual({*self._get_services()}, {self.service_2})
        proposal = self.lead.pending_proposal_ids
        self.assertEqual(proposal.new_text, "+ Nâng mũi")
        proposal.with_user(self.agent).action_accept()
        self.assertEqual({*self._get_services()}, {self.service, self.service_2})

    def test_a_proposed_service_that_staff_add_meanwhile_is_not_doubled(self):
        self._get_line(self.service).with_user(self.agent).unlink()
        self.env.flush_all()
        self.change({"crm_line_ids": [self.service.id, self.service_2.id]})
        self.env.invalidate_all()
        added = Command.create({"product_id": self.service.id, "quantity": 3})
        self.write_as_staff(service_ids=[added])
        self.lead.pending_proposal_ids.with_user(self.agent).action_accept()
        self.assertEqual(
            self.lead.service_ids.mapped(lambda line: (line.product_id, line.quantity)),
            [(self.service_2, 1), (self.service, 1)],
        )

    def test_one_service_stays_where_staff_removed_the_wanted_service(self):
        self._get_line(self.service).with_user(self.agent).unlink()
        self.env.flush_all()
        self.assertChanged(
            self.change({"crm_line_ids": [self.service.id]}),
            [("lead", "crm_line_ids", [self.service_2.id], [self.service.id])],
        )
        self.assertEqual({*self._get_services()}, {self.service_2})
        proposal = self.lead.pending_proposal_ids
        self.assertIn("+ Nâng mũi", proposal.new_text)
        self.assertIn("− ", proposal.new_text)
        proposal.with_user(self.agent).action_accept()
        self.assertEqual({*self._get_services()}, {self.service})

    def test_typed_prices_survive_another_price_list(self):
        self._get_line(self.service).with_user(self.agent).price_unit = 700
        self.env.flush_all()
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Thường",
                "currency_id": self.env.ref("base.VND").id,
                "company_id": self.company.id,
            }
        )
        self.assertChanged(self.change({"price_list_id": pricelist.id}))
        self.assertEqual(
            self._get_services(), {self.service: (1, 700), self.service_2: (1, 300)}
        )

    def test_typed_prices_end_with_their_currency(self):
        dong, dollar = self.env.ref("base.VND"), self.env.ref("base.USD")
        dollar.active = True
        of_all = {"name": "2020-01-01", "company_id": False}
        self.env["res.currency.rate"].create(
            [
                {**of_all, "currency_id": each.id, "rate": rate}
                for each, rate in ((dong, 25000), (dollar, 1))
            ]
        )
        pricelist = self.pricelist.copy({"name": "USD", "currency_id": dollar.id})
        line = self._get_line(self.service)
        self.write_as_staff(line, quantity=2, price_unit=20_000_000)
        self.assertChanged(self.change({"price_list_id": pricelist.id}))
        self.assertEqual(self.lead.service_ids.currency_id, dollar)
        self.assertAlmostEqual(line.price_unit, 800 / 25000)
        self.assertAlmostEqual(line.price_subtotal, 2 * 800 / 25000, 2)

    def test_one_service_stays_where_staff_removed_the_added_service(self):
        self._get_line(self.service).with_user(self.agent).unlink()
        self.env.flush_all()
        response = self.change(
            {
                "add_crm_line_ids": [self.service.id],
                "remove_crm_line_ids": [self.service_2.id],
            }
        )
        self.assertErrors(response, [("crm_line_ids", "required")])
        self.assertEqual({*self._get_services()}, {self.service_2})

    def test_the_list_of_one_ticket_leaves_the_services_of_another(self):
        payload = {**self.payload, "ticket_id": 5, "crm_line_ids": [self.third.id]}
        leads = self.lead | self.assertSuccess(self.post(payload))
        self.lead.probability = 90  # Odoo keeps the lead of the highest probability.
        self.assertEqual(leads.with_user(self.agent).merge_opportunity(), self.lead)
        self.env.flush_all()
        services = {self.service, self.service_2, self.third}
        for sent in (payload, self.payload, payload):
            self.assertChanged(self.change(sent, URL, "PUT"))
            self.assertEqual({*self._get_services()}, services)
        self.assertChanged(self.change({"remove_crm_line_ids": [self.service.id]}))
        self.assertEqual({*self._get_services()}, services - {self.service})

    def test_what_odoo_computes_for_staff_is_not_of_staff(self):
        half = self.pricelist.copy({"name": "Nửa giá"})
        half.item_ids.percent_price = 50
        self.write_as_staff(pricelist_id=half.id)
        self.assertEqual(self._get_services()[self.service], (1, 500))
        self.assertChanged(self.change({"remove_crm_line_ids": [self.service_2.id]}))
        self.assertEqual({*self._get_services()}, {self.service})

    def test_prices_follow_another_price_list_after_a_move(self):
        self.client.company_ids = self.company + self.other_company
        half = self.pricelist.copy({"name": "Nửa giá", "company_id": False})
        half.item_ids.percent_price = 50
        self.pricelist.company_id = False
        other = {"company_id": self.other_company.id}
        self.write_as_staff(**other, user_id=False, team_id=False)
        self.assertChanged(self.change({"price_list_id": half.id}))
        self.assertEqual(
            self._get_services(), {self.service: (1, 500), self.service_2: (1, 150)}
        )

    def test_typed_prices_survive_another_unit_and_another_price_list(self):
        self.write_as_staff(self._get_line(self.service), price_unit=700)
        half = self.pricelist.copy({"name": "Nửa giá"})
        half.item_ids.percent_price = 50
        self.assertChanged(self.change({"add_crm_line_ids": [self.service.id]}))
        self.assertChanged(self.change({"price_list_id": half.id}))
        self.assertEqual(
            self._get_services(), {self.service: (2, 700), self.service_2: (1, 150)}
        )
