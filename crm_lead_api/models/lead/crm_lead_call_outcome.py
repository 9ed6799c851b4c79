# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import fields, models

RESULTS = [
    ("no_answer", "Call again after so many working hours"),
    ("call_back", "Call when the customer wants, perhaps after so many hours"),
    ("booked", "Book an appointment"),
    ("not_interested", "The lead is lost"),
    ("not_reached", "Nothing: the customer was not reached"),
    ("done", "Nothing"),
]
NOT_REACHED = ("no_answer", "not_reached")  # nobody spoke with the customer


class CrmLeadCallOutcome(models.Model):
    """List the results of calls, from which salespeople choose.

    It begins with those that telephone systems tell. An administrator adds others.
    """

    _name = "crm.lead.call.outcome"
    _description = "Outcome of a Call"
    _order = "sequence, id"

    name = fields.Char("Result", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    result = fields.Selection(
        RESULTS, string="What Follows", required=True, default="done"
    )
    hours = fields.Float(
        "Hours to the Next Call",
        help="Working hours before you call again; hours of any kind before you call "
        "when the customer wants.",
    )

    def _describe_result(self, note, planned_note):
        """Return the result, with the notes of the call and of the planned call."""
        text = self.env._("Call: %s", self.name)
        note = Markup("<br/>").join((note or "").splitlines())
        note = note and Markup("<p>%s</p>") % note
        return Markup("<p>☎ %s</p>%s%s") % (text, note, planned_note or "")
