# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Put leads into Odoo's CRM by the lead API, read them, and change them."""

from standardwebhooks import WebhookVerificationError

from . import models
from ._async.api import AsyncLeadApi
from ._sync.api import LeadApi
from .answer import Answer, LeadApiError
from .event import read_event
from .retry import Retry

__all__ = [
    "Answer",
    "AsyncLeadApi",
    "LeadApi",
    "LeadApiError",
    "Retry",
    "WebhookVerificationError",
    "models",
    "read_event",
]
