# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from markupsafe import Markup, escape

from odoo import api, fields, models

from .customer_profile_mixin import PHONE_FIELDS

# The details of a contact, in the order of their proposals
SUBJECTS = (
    *("name", "phone", "phone2", "phone3", "email", "address", "gender"),
    *("birthdate_date", "facebook_account", "zalo_account", "overseas_vietnamese"),
)


class CrmLeadProposal(models.Model):
    """Propose a change of a contact or lead, because a request sent a different value.

    The record stays unchanged until a member of staff accepts the proposal.
    """

    _name = "crm.lead.proposal"
    _description = "Proposed Change of a Contact or Lead"
    _order = "id"
    _has_texts_of_clients = True

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        index=True,
        ondelete="cascade",
        help="The contact to change; without a contact the lead itself is to change.",
    )
    subject = fields.Char(
        "Detail",
        required=True,
        help="A field of the record, or “address” or “services” for several fields.",
    )
    old_values = fields.Json(help="Of the record, by field, as for a write.")
    new_values = fields.Json(required=True)
    subject_text = fields.Char("Changed Detail", compute="_compute_texts")
    old_text = fields.Char("Present", compute="_compute_texts")
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

    @api.depends("subject", "old_values", "new_values")
    @api.depends_context("lang")
    def _compute_texts(self):
        records = self._browse_linked()
        for proposal in self:
            label = proposal._get_label()
            if proposal.partner_id and label:
                label = self.env._("%s (contact)", label)
            proposal.subject_text = label
            proposal.old_text = proposal._format_values(proposal.old_values, records)
            proposal.new_text = proposal._format_values(proposal.new_values, records)

    @api.depends("subject")
    @api.depends_context("lang")
    def _compute_button_labels(self):
        for proposal in self:
            subject = proposal._get_label()
            if not subject.startswith(("Facebook", "Zalo")):
                subject = subject[:1].lower() + subject[1:]
            proposal.accept_label = self.env._("Accept new %s", subject)
            proposal.refuse_label = self.env._("Refuse new %s", subject)

    def _get_target(self):
        """Return the record to change: the contact, or else the lead."""
        self.ensure_one()
        return self.partner_id or self.lead_id

    def action_accept(self):
        """Write the proposed values, with the user's own rights."""
        lines, before = defaultdict(list), {}
        for proposal in self.filtered(lambda p: p.state == "pending"):
            target = proposal._get_target()
            before.setdefault(target, _read_tracked(target))
            current = target._read_for_write(proposal.new_values)
            values = {**proposal.new_values, **proposal._keep_old_phone(current)}
            proposal._apply(target, values)
            # sudo: staff may not edit proposals, only decide on them
            proposal.sudo().old_values = current
            lines[target].append(proposal._decide("accepted"))
        tracked = [each for each in before if _read_tracked(each) != before[each]]
        self._log_decisions(lines, tracked)

    def _apply(self, target, values):
        """Write the accepted values.

        :param target: the contact or lead
        """
        target.write(values)

    def action_refuse(self):
        """Refuse the proposals; the user must be allowed to change the records."""
        # For the checks of write, which exceed the access rights.
        self.partner_id.write({})
        self.filtered(lambda p: not p.partner_id).lead_id.write({})
        lines = defaultdict(list)
        for proposal in self.filtered(lambda p: p.state == "pending"):
            lines[proposal._get_target()].append(proposal._decide("refused"))
        self._log_decisions(lines)

    @api.model
    def _log_decisions(self, lines, tracked=()):
        """Note decisions in the chatter of records: one message for one click.

        :param dict lines: the lines to note, by contact or lead
        :param tracked: the records with changes that Odoo is about to tell
        """
        for target, texts in lines.items():
            body = Markup("<br/>").join(texts)
            if target in tracked:
                target._track_set_log_message(body)
            else:
                target._message_log(body=body)

    def _keep_old_phone(self, current):
        """Return the values that move a replaced phone to a free field, if any."""
        if self.subject not in PHONE_FIELDS or not current[self.subject]:
            return {}
        target = self._get_target()
        free = [name for name in PHONE_FIELDS if not target[name]]
        return dict.fromkeys(free[:1], current[self.subject])

    def _decide(self, state):
        """Settle the proposal, and equal proposals of other leads.

        :return: the line for the record's chatter
        """
        self.ensure_one()
        same = self
        if self.partner_id:
            same |= self.sudo().search(  # sudo: also proposals on other users' leads
                [
                    ("partner_id", "=", self.partner_id.id),
                    ("subject", "=", self.subject),
                    ("state", "=", "pending"),
                ]
            )
        # sudo: staff may not edit proposals, only decide on them
        same.sudo().filtered(lambda p: p.new_values == self.new_values).state = state
        values = self._get_message_values()
        if state == "refused":
            text = self.env._(
                "%(subject)s stays %(old)s; %(lead)s proposed %(new)s", **values
            )
        elif self._get_target()._track_get_fields().issuperset(self.new_values):
            # Odoo itself tells old and new.
            text = self.env._("%(subject)s changed, as %(lead)s proposed", **values)
        else:
            text = self.env._(
                "%(subject)s changed, as %(lead)s proposed: %(old)s → %(new)s", **values
            )
        return escape(text)  # Markup stays as it is

    def _get_message_values(self):
        return {
            "subject": self._get_label(),
            "lead": self._get_proposer(),
            "old": self.old_text or "–",
            "new": self.new_text or "–",
        }

    def _get_proposer(self):
        """Return the lead with a link, for the contact's chatter."""
        return self.lead_id._get_html_link()  # Markup: other values are escaped

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
                for subject in SUBJECTS
                if subject in differences
            ]
        )


def _read_tracked(record):
    """Return the values of a record whose changes Odoo tells in the chatter."""
    # sudo: Odoo tells changes that the user may not read, too
    record = record.sudo()
    return {name: record[name] for name in record._track_get_fields()}
