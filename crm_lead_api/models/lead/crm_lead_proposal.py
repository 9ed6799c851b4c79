# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from contextlib import suppress

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import MissingError
from odoo.tools import format_date

from .customer_profile_mixin import PHONE_FIELDS

LABELS = [
    ("name", "Name"),
    ("phone", "Phone"),
    ("phone2", "Second Phone"),
    ("phone3", "Third Phone"),
    ("email", "E-mail"),
    ("address", "Address"),
    ("gender", "Gender"),
    ("birthdate_date", "Date of Birth"),
    ("facebook_account", "Facebook Account"),
    ("zalo_account", "Zalo Account"),
    ("overseas_vietnamese", "Overseas Vietnamese"),
]
ADDRESS_ORDER = {
    name: position
    for position, name in enumerate(
        ("street", "street2", "district_id", "city", "zip", "state_id", "country_id")
    )
}


class CrmLeadProposal(models.Model):
    """Propose a change of a contact, because a request sent a different value.

    The contact stays unchanged until a member of staff accepts the proposal.
    """

    _name = "crm.lead.proposal"
    _description = "Proposed Change of a Contact"
    _order = "id"

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", string="Contact", required=True, index=True, ondelete="cascade"
    )
    subject = fields.Selection(LABELS, string="Detail", required=True)
    old_values = fields.Json(help="Of the contact, by field, as for a write.")
    new_values = fields.Json(required=True)
    old_text = fields.Char("On the Contact", compute="_compute_texts")
    new_text = fields.Char("Proposed", compute="_compute_texts")
    # Names of the buttons for screen readers, which read each button by itself
    accept_label = fields.Char(compute="_compute_button_labels")
    refuse_label = fields.Char(compute="_compute_button_labels")
    state = fields.Selection(
        [("pending", "Pending"), ("accepted", "Accepted"), ("refused", "Refused")],
        string="Status",
        default="pending",
        required=True,
    )

    @api.depends("old_values", "new_values")
    @api.depends_context("lang")
    def _compute_texts(self):
        # Read the records of all addresses at once.
        all_values = [*self.mapped("old_values"), *self.mapped("new_values")]
        records = {
            name: self.env[field.comodel_name].browse(
                {values[name] for values in all_values if values and values.get(name)}
            )
            for name, field in self.env["res.partner"]._fields.items()
            if name in ADDRESS_ORDER and field.type == "many2one"
        }
        for proposal in self:
            proposal.old_text = self._format_values(proposal.old_values, records)
            proposal.new_text = self._format_values(proposal.new_values, records)

    @api.depends("subject")
    @api.depends_context("lang")
    def _compute_button_labels(self):
        subjects = dict(self._fields["subject"]._description_selection(self.env))
        for proposal in self:
            subject = subjects.get(proposal.subject, "")
            if not subject.startswith(("Facebook", "Zalo")):
                subject = subject[:1].lower() + subject[1:]
            proposal.accept_label = self.env._("Accept new %s", subject)
            proposal.refuse_label = self.env._("Refuse new %s", subject)

    def action_accept(self):
        """Write the proposed values on the contact, with the user's own rights."""
        lines = defaultdict(list)
        for proposal in self.filtered(lambda p: p.state == "pending"):
            partner = proposal.partner_id
            current = partner._read_for_write(proposal.new_values)
            values = {**proposal.new_values, **proposal._keep_old_phone(current)}
            # The line below tells old and new, and whose proposal it was.
            partner.with_context(mail_notrack=True).write(values)
            # sudo: staff may not edit proposals, only decide on them
            proposal.sudo().old_values = current
            lines[partner].append(proposal._decide("accepted"))
        self._log_decisions(lines)

    def action_refuse(self):
        """Refuse the proposals; the user must be allowed to change the contact."""
        self.partner_id.write({})  # for write's checks, which exceed the access rights
        lines = defaultdict(list)
        for proposal in self.filtered(lambda p: p.state == "pending"):
            lines[proposal.partner_id].append(proposal._decide("refused"))
        self._log_decisions(lines)

    @api.model
    def _log_decisions(self, lines):
        """Note decisions in the chatter of contacts: one message for one click.

        :param dict lines: the lines to note, by contact
        """
        for partner, texts in lines.items():
            partner._message_log(body=Markup("<br/>").join(texts))

    def _keep_old_phone(self, current):
        """Return the values that move a replaced phone to a free field, if any."""
        if self.subject not in PHONE_FIELDS or not current[self.subject]:
            return {}
        free = [name for name in PHONE_FIELDS if not self.partner_id[name]]
        return dict.fromkeys(free[:1], current[self.subject])

    def _decide(self, state):
        """Settle the proposal, and equal proposals of other leads.

        :return: the line for the contact's chatter
        """
        self.ensure_one()
        same = self.sudo().search(  # sudo: also proposals on other users' leads
            [
                ("partner_id", "=", self.partner_id.id),
                ("subject", "=", self.subject),
                ("state", "=", "pending"),
            ]
        )
        same.filtered(lambda p: p.new_values == self.new_values).state = state
        text = {
            "accepted": self.env._(
                "%(subject)s changed, as %(lead)s proposed: %(old)s → %(new)s",
                **self._get_message_values(),
            ),
            "refused": self.env._(
                "%(subject)s stays %(old)s; %(lead)s proposed %(new)s",
                **self._get_message_values(),
            ),
        }
        return escape(text[state])  # Markup stays as it is

    def _get_message_values(self):
        subjects = dict(self._fields["subject"]._description_selection(self.env))
        return {
            "subject": subjects[self.subject],
            "lead": self.lead_id._get_html_link(),  # Markup: other values are escaped
            "old": self.old_text or "–",
            "new": self.new_text,
        }

    @api.model
    def _format_values(self, values, records):
        """Format values of a contact as one text, in the user's language.

        :param dict records: the records to read together, by field
        """
        texts = []
        for name, value in sorted(
            (values or {}).items(),  # JSON in PostgreSQL has no order
            key=lambda item: ADDRESS_ORDER.get(item[0], 0),
        ):
            field = self.env["res.partner"]._fields[name]
            if not value:
                continue
            if field.type == "many2one":
                with suppress(MissingError):  # the record was deleted meanwhile
                    texts.append(
                        records[name]
                        .browse(value)
                        .with_prefetch(records[name].ids)
                        .name
                    )
            elif field.type == "selection":
                texts.append(dict(field._description_selection(self.env)).get(value))
            elif field.type == "date":
                texts.append(format_date(self.env, value))
            else:
                texts.append(value)
        return ", ".join(filter(None, texts))

    @api.model
    def _create_from_differences(self, leads, all_differences):
        """Create proposals for the differences between requests and their contacts.

        :param leads: the requests' leads
        :param all_differences: for each lead, by subject, the different values of the
            contact, as for ``write``
        """
        self.create(
            [
                {
                    "lead_id": lead.id,
                    "partner_id": lead.partner_id.id,
                    "subject": subject,
                    "old_values": lead.partner_id._read_for_write(differences[subject]),
                    "new_values": differences[subject],
                }
                for lead, differences in zip(leads, all_differences, strict=True)
                for subject, _label in LABELS
                if subject in differences
            ]
        )
