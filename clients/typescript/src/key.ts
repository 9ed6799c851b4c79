// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import {randomUUID} from "node:crypto";

const MAX_LENGTH = 255;

/** Return the key of a request without a name of its own. */
export function makeKey(): string {
  return randomUUID();
}

/**
 * Return the key of a ticket's lead: the same whenever the lead is sent.
 *
 * The client in Python makes the same keys.
 */
export function makeTicketKey(ticket: unknown): string {
  // Without a ticket the lead is refused. A long ticket with letters of three bytes
  // does not fit; then the key is good for the retries of this request.
  const key = `ticket-${encodeURIComponent(String(ticket).trim())}`;
  return ticket != null && key.length <= MAX_LENGTH ? key : makeKey();
}
