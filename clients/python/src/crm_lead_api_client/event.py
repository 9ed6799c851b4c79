# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The events that Odoo sends to your system."""

from collections.abc import Mapping
from typing import cast

from standardwebhooks import Webhook, WebhookVerificationError

from .models import Event


def read_event(secret: str, headers: Mapping[str, str], body: bytes | str) -> Event:
    """Return an event, if it is genuine and new.

    Skip an event whose ``id`` you have seen, and kinds that you do not know.

    :param secret: the client's *Signing Secret*
    :param headers: of the request
    :param body: of the request, unchanged
    :raise WebhookVerificationError: the signature is wrong, or older than five minutes
    """
    webhook = Webhook(secret)
    try:
        return cast(Event, webhook.verify(body, dict(headers)))
    except ValueError as error:  # of headers and bodies that nobody would sign
        raise WebhookVerificationError(str(error)) from error
