// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import {createHmac, timingSafeEqual} from "node:crypto";

import type {
  IDataObject,
  INodeType,
  INodeTypeDescription,
  IWebhookFunctions,
  IWebhookResponseData,
} from "n8n-workflow";

const TOLERANCE = 5 * 60; // seconds
const LEAD = toKinds(
  "lead",
  ...["assigned", "recalled", "contacted", "won", "lost", "merged"]
);
const BOOKING = toKinds(
  "booking",
  ...["booked", "confirmed", "moved", "arrived", "done", "no_show", "cancelled"],
  "reminder_due"
);

/** Start a workflow with each event that Odoo sends. */
export class CrmLeadApiTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: "CRM Lead API Trigger",
    name: "crmLeadApiTrigger",
    icon: "file:icon.svg",
    group: ["trigger"],
    version: 1,
    description:
      "Starts when a lead in Odoo is assigned, recalled, contacted, won, lost or" +
      " merged, or a booking is made or changed",
    defaults: {name: "CRM Lead API Trigger"},
    inputs: [],
    outputs: ["main"],
    credentials: [{name: "crmLeadApiEvents", required: true}],
    webhooks: [
      {
        name: "default",
        httpMethod: "POST",
        responseMode: "onReceived",
        path: "events",
      },
    ],
    properties: [
      {
        displayName:
          "Enter the webhook's address in Odoo: page <i>Events</i> of the client.",
        name: "notice",
        type: "notice",
        default: "",
      },
      {
        displayName: "Events",
        name: "events",
        type: "multiOptions",
        default: LEAD.map(({value}) => value),
        options: [...LEAD, ...BOOKING],
      },
    ],
  };

  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
    const {secret} = await this.getCredentials<{secret: string}>("crmLeadApiEvents");
    const {rawBody} = this.getRequestObject();
    if (!isGenuine(secret, this.getHeaderData(), rawBody)) {
      this.getResponseObject().status(401).end();
      return {noWebhookResponse: true};
    }
    const event = JSON.parse(rawBody.toString()) as IDataObject;
    const events = this.getNodeParameter("events") as string[];
    // Other kinds are answered with 200, and start nothing.
    if (!events.includes(String(event.type))) return {};
    return {workflowData: [this.helpers.returnJsonArray(event)]};
  }
}

function toKinds(subject: string, ...kinds: string[]) {
  return kinds.map((kind) => {
    const words = [subject, ...kind.split("_")];
    const name = words.map((word) => word[0].toUpperCase() + word.slice(1)).join(" ");
    return {name, value: `${subject}.${kind}`};
  });
}

/** Tell whether an event is signed as Standard Webhooks says, and is not an old one. */
function isGenuine(secret: string, headers: IDataObject, body: Buffer): boolean {
  const [id, timestamp, signatures] = ["id", "timestamp", "signature"].map((name) =>
    String(headers[`webhook-${name}`] ?? "")
  );
  if (!/^[0-9]+$/.test(timestamp)) return false;
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  if (!key.length) return false;
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const digest = Buffer.from(
    `v1,${createHmac("sha256", key).update(content).digest("base64")}`
  );
  return signatures.split(" ").some((signature) => {
    const sent = Buffer.from(signature);
    return sent.length === digest.length && timingSafeEqual(sent, digest);
  });
}
