// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import type {IDataObject, INodeProperties, INodePropertyOptions} from "n8n-workflow";

import {type Attribute, makeCollection, makeFields, readFields} from "./attributes";
import type {Request} from "./send";

type Get = <T>(name: string) => T;

/** An operation of the addons for phone calls and bookings. */
interface Operation {
  name: string;
  description: string;
  /** Where it sends its request, and what. */
  makeRequest: (get: Get) => Request;
}

const CALL: Attribute[] = [
  {name: "direction", displayName: "Direction", options: ["in", "out"]},
  {name: "phone", displayName: "Phone"},
  {name: "agent_email", displayName: "Agent", list: "agents"},
  {name: "started_at", displayName: "Started At"},
  {name: "answered_at", displayName: "Answered At"},
  {name: "ended_at", displayName: "Ended At"},
  {
    name: "outcome",
    displayName: "Outcome",
    options: ["answered", "no_answer", "busy", "voicemail", "wrong_number", "callback"],
  },
  {name: "ticket_id", displayName: "Ticket"},
  {name: "account_id", displayName: "Account", type: "number"},
  {name: "call_type", displayName: "Kind of Call"},
  {name: "note", displayName: "Note"},
  {name: "callback_at", displayName: "Call Back At"},
  {name: "recording_url", displayName: "Recording's Address"},
];

const SERVICES: Attribute = {
  name: "crm_line_ids",
  displayName: "Services",
  type: "multiOptions",
  list: "services",
};
const COMPANY: Attribute = {
  name: "company_id",
  displayName: "Company",
  list: "companies",
};
const SEAT: Attribute = {name: "seat_id", displayName: "Seat", type: "number"};
const NOTE: Attribute = {name: "note", displayName: "Note"};
const START: Attribute = {name: "start", displayName: "Start"};

const NEW_BOOKING: Attribute[] = [
  {name: "duration", displayName: "Duration (Minutes)", type: "number"},
  SEAT,
  SERVICES,
  COMPANY,
  NOTE,
];
const BOOKING: Attribute[] = [
  {
    name: "state",
    displayName: "State",
    options: ["confirmed", "arrived", "done", "no_show", "cancelled"],
  },
  {name: "cancel_reason", displayName: "Reason of Cancelling"},
  START,
  SEAT,
  SERVICES,
  NOTE,
];

const FILTERS: Attribute[] = [
  {name: "ticket_id", displayName: "Ticket"},
  {name: "phone", displayName: "Phone"},
  {name: "updated_since", displayName: "Updated Since"},
];
const DAY: Attribute[] = [COMPANY, {name: "day", displayName: "Day"}];

const toCall = (get: Get, ...more: string[]) =>
  toPath("phone-calls", get("callId"), ...more);
const toBooking = (get: Get) => toPath("bookings", get("booking"));

/** By value: the operations on phone calls. */
const CALL_OPERATIONS: Record<string, Operation> = {
  putPhoneCall: {
    name: "Create or Change Phone Call",
    description: "Send what is new of a phone call",
    makeRequest: (get) => ({
      method: "PUT",
      path: toCall(get),
      body: readFields(get("call")),
    }),
  },
  getPhoneCall: {
    name: "Get Phone Call",
    description: "Read a phone call as it is now",
    makeRequest: (get) => ({method: "GET", path: toCall(get)}),
  },
  listPhoneCalls: {
    name: "Get Many Phone Calls",
    description:
      "Read the phone calls of a ticket or phone, or those that have changed",
    makeRequest: (get) => ({
      method: "GET",
      path: toPath("phone-calls"),
      query: get("callFilters"),
      list: "items",
    }),
  },
  sendRecording: {
    name: "Send Recording",
    description: "Put a sound file onto a phone call",
    makeRequest: (get) => ({
      method: "PUT",
      path: toCall(get, "recording"),
      file: get("file"),
    }),
  },
  getRecording: {
    name: "Get Recording",
    description: "Read the sound file of a phone call",
    makeRequest: (get) => ({
      method: "GET",
      path: toCall(get, "recording"),
      file: get("file"),
    }),
  },
};

/** By value: the operations on bookings. */
const BOOKING_OPERATIONS: Record<string, Operation> = {
  listSlots: {
    name: "Get Free Times",
    description: "Read when a branch has time for services",
    makeRequest: (get) => ({
      method: "GET",
      path: toPath("slots"),
      query: {...readServices(get), from: get("from"), to: get("to")},
      list: "slots",
    }),
  },
  getQuote: {
    name: "Get Quote",
    description: "Read the price of services",
    makeRequest: (get) => ({
      method: "GET",
      path: toPath("quote"),
      query: {...readServices(get), price_list_id: get("price_list_id")},
    }),
  },
  createBooking: {
    name: "Create Booking",
    description: "Make a booking for a lead, or with a new lead",
    makeRequest: (get) => ({
      method: "POST",
      path: toPath("bookings"),
      body: readBooking(get),
      key: get("bookingKey"),
    }),
  },
  getBooking: {
    name: "Get Booking",
    description: "Read a booking as it is now",
    makeRequest: (get) => ({method: "GET", path: toBooking(get)}),
  },
  listBookings: {
    name: "Get Many Bookings",
    description:
      "Read the bookings of a ticket, phone or day, or those that have changed",
    makeRequest: (get) => ({
      method: "GET",
      path: toPath("bookings"),
      query: get("bookingFilters"),
      list: "items",
    }),
  },
  changeBooking: {
    name: "Change Booking",
    description: "Move, change, confirm or cancel a booking",
    makeRequest: (get) => ({
      method: "PATCH",
      path: toBooking(get),
      body: readFields(get("bookingChanges")),
    }),
  },
};

export const OPERATIONS = {...CALL_OPERATIONS, ...BOOKING_OPERATIONS};

/** The fields of phone calls and bookings. */
export const ADDON_PROPERTIES: INodeProperties[] = [
  toOperations("phoneCall", CALL_OPERATIONS),
  toOperations("booking", BOOKING_OPERATIONS),
  {
    displayName: "Call ID",
    name: "callId",
    type: "string",
    required: true,
    default: "",
    description: "Your own ID of the phone call",
    displayOptions: of("putPhoneCall", "getPhoneCall", "sendRecording", "getRecording"),
  },
  makeCollection("call", "Attributes", of("putPhoneCall"), CALL),
  makeCollection("callFilters", "Filters", of("listPhoneCalls"), FILTERS, false),
  {
    displayName: "File Field",
    name: "file",
    type: "string",
    required: true,
    default: "data",
    description: "The binary field of the sound file",
    displayOptions: of("sendRecording", "getRecording"),
  },
  ...makeFields([COMPANY, SERVICES], of("listSlots", "getQuote")),
  ...makeFields(
    [{name: "price_list_id", displayName: "Price List", list: "price-lists"}],
    of("getQuote")
  ),
  ...makeFields(
    [
      {name: "from", displayName: "First Day"},
      {name: "to", displayName: "Last Day"},
    ],
    of("listSlots")
  ),
  {
    displayName: "Booking For",
    name: "bookingFor",
    type: "options",
    default: "ticket_id",
    displayOptions: of("createBooking"),
    options: [
      {name: "Ticket", value: "ticket_id"},
      {name: "Lead", value: "id_lead"},
      {name: "New Lead", value: "lead"},
    ],
  },
  {
    displayName: "Ticket or Lead",
    name: "bookingLead",
    type: "string",
    required: true,
    default: "",
    description:
      "The ticket; the ID of the lead; or all attributes of a new lead (JSON)",
    displayOptions: of("createBooking"),
  },
  ...makeFields([START], of("createBooking")),
  makeCollection("bookingFields", "More Attributes", of("createBooking"), NEW_BOOKING),
  {
    displayName: "Idempotency Key",
    name: "bookingKey",
    type: "string",
    default: "",
    description: "From your own data; else each run of the workflow has a new one",
    displayOptions: of("createBooking"),
  },
  {
    displayName: "Booking",
    name: "booking",
    type: "string",
    required: true,
    default: "",
    description: "The ID or code of the booking",
    displayOptions: of("getBooking", "changeBooking"),
  },
  makeCollection("bookingChanges", "Changes", of("changeBooking"), BOOKING),
  makeCollection(
    "bookingFilters",
    "Filters",
    of("listBookings"),
    [...FILTERS, ...DAY],
    false
  ),
  {
    displayName: "Limit",
    name: "limit",
    type: "number",
    typeOptions: {minValue: 1},
    default: 50,
    description: "Max number of results to return",
    displayOptions: of("listPhoneCalls", "listBookings", "listSlots"),
  },
];

function of(...operation: string[]): INodeProperties["displayOptions"] {
  return {show: {operation}};
}

function toOperations(
  resource: string,
  operations: Record<string, Operation>
): INodeProperties {
  const options: INodePropertyOptions[] = Object.entries(operations).map(
    ([value, {name, description}]) => ({name, value, action: name, description})
  );
  return {
    displayName: "Operation",
    name: "operation",
    type: "options",
    noDataExpression: true,
    default: options[0].value,
    displayOptions: {show: {resource: [resource]}},
    options,
  };
}

function toPath(...names: string[]): string {
  return ["/api/v1", ...names.map(encodeURIComponent)].join("/");
}

function readServices(get: Get): IDataObject {
  return {company_id: get("company_id"), crm_line_ids: get("crm_line_ids")};
}

function readBooking(get: Get): IDataObject {
  const lead = get<unknown>("bookingLead");
  const isNew = get("bookingFor") === "lead" && typeof lead === "string";
  return {
    [get<string>("bookingFor")]: isNew ? JSON.parse(lead as string) : lead,
    start: get("start"),
    ...readFields(get("bookingFields")),
  };
}
