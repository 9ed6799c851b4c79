// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import {readFileSync} from "node:fs";

import createClient from "openapi-fetch";

import type {paths} from "./client/schema";

const scene = JSON.parse(readFileSync(process.argv[2], "utf8"));
const client = createClient<paths>({
  baseUrl: scene.url,
  headers: {Authorization: `Bearer ${scene.token}`},
});

/** Return the body of an answer, which is a success. */
function take<Body>({data, error}: {data?: Body; error?: unknown}): Body {
  if (data === undefined) {
    throw new Error(JSON.stringify(error));
  }
  return data;
}

async function main(): Promise<void> {
  const made = take(await client.POST("/api/v1/lead", {body: scene.lead}));
  const leadId = made.data.id_lead;
  take(
    await client.PATCH("/api/v1/lead/{lead_id}", {
      params: {path: {lead_id: leadId}},
      body: {street: scene.street, work_online: null},
    })
  );
  const free = take(
    await client.GET("/api/v1/slots", {
      params: {
        query: {
          company_id: scene.lead.company_id,
          crm_line_ids: scene.lead.crm_line_ids,
          from: scene.from,
          to: scene.to,
        },
      },
    })
  );
  const booking = take(
    await client.POST("/api/v1/bookings", {
      body: {
        id_lead: leadId,
        start: free.data.slots[0].start,
        crm_line_ids: scene.lead.crm_line_ids,
      },
    })
  );
  const path = {call_id: scene.call};
  take(
    await client.PUT("/api/v1/phone-calls/{call_id}", {
      params: {path},
      body: {
        direction: "in",
        phone: scene.lead.phone_no1,
        agent_email: scene.lead.agent_email,
        started_at: scene.now,
        ticket_id: scene.lead.ticket_id,
      },
    })
  );
  const sound = readFileSync(scene.sound);
  take(
    await client.PUT("/api/v1/phone-calls/{call_id}/recording", {
      params: {path},
      headers: {"Content-Type": "application/octet-stream"},
      body: "",
      bodySerializer: () => sound,
    })
  );
  const recording = take(
    await client.GET("/api/v1/phone-calls/{call_id}/recording", {
      params: {path},
      parseAs: "arrayBuffer",
    })
  );
  const isSame = Buffer.from(recording).equals(sound);
  console.log(JSON.stringify([leadId, booking.data.code, isSame]));
}

main();
