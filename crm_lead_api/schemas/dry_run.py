# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import Any, Literal

import pydantic
from typing_extensions import Self

from odoo.tools.translate import LazyTranslate

from .about import about
from .answer import Answer
from .customer_portrait import CustomerPortrait
from .lead import LeadWarning
from .stored_lead import Owner, Service

_lt = LazyTranslate(__name__, default_lang="en_US")


class DryRunContact(pydantic.BaseModel):
    """The customer."""

    account_id: int | None = about(_lt("The known contact; null: a new one."))
    found_by: Literal["account", "phone", "email", "none"] = about(
        _lt("The attribute by which the customer was found."), default=...
    )
    other_account_ids: list[int] = about(
        _lt("Other contacts that match, too."), default=...
    )


class DryRunProposal(pydantic.BaseModel):
    """A difference between contact and request: staff would decide."""

    subject: str
    proposed: str


class DryRunData(pydantic.BaseModel):
    dry_run: Literal[True] = True
    customer_portrait: CustomerPortrait
    contact: DryRunContact
    name: str = about(_lt("The title of the lead that staff would see."), default=...)
    type: Literal["lead", "opportunity"]
    owner: Owner | None = about(_lt("The salesperson; null: nobody yet."))
    team: str | None = about(_lt("The sales team."))
    services: list[Service]
    proposals: list[DryRunProposal]
    warnings: list[LeadWarning] = []


class DryRunResponse(Answer):
    """The records that a dry run would have made."""

    data: DryRunData

    @classmethod
    def from_lead(cls, lead: Any, made: Any) -> Self:
        """Return the answer for a ``crm.lead`` that is about to be rolled back.

        :param made: the new contacts, ``res.partner``, that are rolled back with it
        """
        return cls(
            data=DryRunData(
                customer_portrait=CustomerPortrait.from_portrait(lead.portrait_id),
                contact=DryRunContact(
                    account_id=(lead.partner_id - made).id or None,
                    found_by=lead.match_method,
                    other_account_ids=(lead.doubtful_partner_ids - made).ids,
                ),
                name=lead.name,
                type=lead.type,
                owner=Owner.from_user(lead.user_id),
                team=lead.team_id.name or None,
                services=[Service.from_line(line) for line in lead.service_ids],
                proposals=[
                    DryRunProposal(
                        subject=proposal.subject, proposed=proposal.new_text or ""
                    )
                    for proposal in lead.proposal_ids
                ],
            )
        )
