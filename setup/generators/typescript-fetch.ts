// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import {readFileSync} from "node:fs";

import {
  BookingsApi,
  Configuration,
  LeadRequestFromJSON,
  LeadsApi,
  PhoneCallsApi,
} from "./client/index";

const scene = JSON.parse(readFileSync(process.argv[2], "utf8"));
const configuration = new Configuration({
  basePath: scene.url,
  accessToken: scene.token,
});
const leads = new LeadsApi(configuration);
const bookings = new BookingsApi(configuration);
const calls = new PhoneCallsApi(configuration);

async function main(): Promise<void> {
  const leadRequest = LeadRequestFromJSON(scene.lead);
  const leadId = (await leads.createLead({leadRequest})).data.idLead;
  await leads.changeLead({
    leadId,
    leadChange: {street: scene.street, workOnline: null},
  });
  const {slots} = (
    await bookings.readSlots({
      companyId: scene.lead.company_id,
      crmLineIds: scene.lead.crm_line_ids,
      from: scene.from,
      to: scene.to,
    })
  ).data;
  const booking = await bookings.createBooking({
    bookingRequest: {
      idLead: leadId,
      start: slots[0].start,
      crmLineIds: scene.lead.crm_line_ids,
    },
  });
  await calls.putPhoneCall({
    callId: scene.call,
    phoneCallRequest: {
      direction: "in",
      phone: scene.lead.phone_no1,
      agentEmail: scene.lead.agent_email,
      startedAt: new Date(scene.now),
      ticketId: scene.lead.ticket_id,
    },
  });
  const sound = readFileSync(scene.sound);
  await calls.putRecording({callId: scene.call, body: new Blob([sound])});
  const recording = await calls.readRecording({callId: scene.call});
  const isSame = Buffer.from(await recording.arrayBuffer()).equals(sound);
  console.log(JSON.stringify([leadId, booking.data.code, isSame]));
}

main();
