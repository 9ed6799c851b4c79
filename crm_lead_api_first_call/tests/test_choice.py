# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test who gets a lead, by plain data."""

from odoo.tests import BaseCase

from ..tools.choice import Lead, Member, Rules, choose


class TestChoice(BaseCase):
    def test_who_knows_the_customer(self):
        members = [Member(1, True), Member(2, True)]
        choice = choose(Lead(1, owners=(2,)), members, Rules())
        self.assertEqual((choice.user, choice.reason), (2, "owner"))
