// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import {Webhook, WebhookVerificationError} from "standardwebhooks";

import type {Models} from "./models.js";

export type Event = Models["Event"];

/**
 * Return an event, if it is genuine and new.
 *
 * Skip an event whose `id` you have seen, and kinds that you do not know.
 *
 * @param secret the client's *Signing Secret*
 * @param headers of the request
 * @param body of the request, unchanged
 * @throws WebhookVerificationError the signature is wrong, or older than five minutes
 */
export function readEvent(
  secret: string,
  headers: Headers | Record<string, string | string[] | undefined>,
  body: string | Buffer
): Event {
  const pairs =
    headers instanceof Headers ? headers.entries() : Object.entries(headers);
  const texts = Object.fromEntries(
    [...pairs].map(([name, value]) => [name, String(value)])
  );
  const webhook = new Webhook(secret);
  try {
    return webhook.verify(body, texts) as Event;
  } catch (error) {
    if (error instanceof WebhookVerificationError) throw error;
    // Of headers and bodies that nobody would sign
    throw new WebhookVerificationError(String(error));
  }
}
