// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import {readFileSync} from "node:fs";

import {BookingsApi, Configuration, LeadsApi, PhoneCallsApi} from "./client/index";

const scene = JSON.parse(readFileSync(process.argv[2], "utf8"));
const configuration = new Configuration({
  basePath: scene.url,
  accessToken: scene.token,
});
const leads = new LeadsApi(configuration);
const bookings = new BookingsApi(configuration);
const calls = new PhoneCallsApi(configuration);

async function main(): Promise<void> {
  const leadId = (await leads.createLead(scene.lead)).data.data.id_lead;
  await leads.changeLead(leadId, {street: scene.street, work_online: null});
  const {slots} = (
    await bookings.readSlots(
      scene.lead.company_id,
      scene.lead.crm_line_ids,
      scene.from,
      scene.to
    )
  ).data.data;
  const booking = await bookings.createBooking({
    id_lead: leadId,
    start: slots[0].start,
    crm_line_ids: scene.lead.crm_line_ids,
  });
  await calls.putPhoneCall(scene.call, {
    direction: "in",
    phone: scene.lead.phone_no1,
    agent_email: scene.lead.agent_email,
    started_at: scene.now,
    ticket_id: scene.lead.ticket_id,
  });
  const sound = readFileSync(scene.sound);
  // Axios sends a Buffer as it is; the type is that of a browser's file.
  await calls.putRecording(scene.call, sound as unknown as File);
  const recording = await calls.readRecording(scene.call, undefined, undefined, {
    responseType: "arraybuffer",
  });
  const isSame = Buffer.from(recording.data as unknown as ArrayBuffer).equals(sound);
  console.log(JSON.stringify([leadId, booking.data.data.code, isSame]));
}

main();
