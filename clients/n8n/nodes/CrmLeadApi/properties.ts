// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import type {INodeProperties} from "n8n-workflow";

import {ADDON_PROPERTIES} from "./addons";
import {makeLeadCollection, makeRequiredFields} from "./attributes";

const ofNew = {show: {operation: ["create", "put"]}};
const ofKnown = {show: {operation: ["change", "get", "note"]}};

/** The fields of the node CRM Lead API. */
export const PROPERTIES: INodeProperties[] = [
  {
    displayName: "Resource",
    name: "resource",
    type: "options",
    noDataExpression: true,
    default: "lead",
    options: [
      {name: "Lead", value: "lead"},
      {name: "Phone Call", value: "phoneCall"},
      {name: "Booking", value: "booking"},
    ],
  },
  {
    displayName: "Operation",
    name: "operation",
    type: "options",
    noDataExpression: true,
    default: "create",
    displayOptions: {show: {resource: ["lead"]}},
    options: [
      {
        name: "Create Lead",
        value: "create",
        action: "Create a lead",
        description: "Make a lead; the same ticket again makes no second lead",
      },
      {
        name: "Create or Change Lead",
        value: "put",
        action: "Create or change a lead",
        description: "Change the open lead of the ticket, or make a lead",
      },
      {
        name: "Change Lead",
        value: "change",
        action: "Change a lead",
        description: "Change some attributes of a lead",
      },
      {
        name: "Get Lead",
        value: "get",
        action: "Get a lead",
        description: "Read a lead as it is now, or the leads of a ticket",
      },
      {
        name: "Add Note",
        value: "note",
        action: "Add a note to a lead",
        description: "Put an internal note into the chatter of a lead",
      },
      {
        name: "Look Up Customer",
        value: "lookUp",
        action: "Look up a customer",
        description: "Tell who is calling",
      },
    ],
  },
  ...makeRequiredFields(ofNew),
  makeLeadCollection("fields", "More Attributes", ofNew),
  {
    displayName: "Idempotency Key",
    name: "key",
    type: "string",
    default: "",
    description:
      "For a second lead of the same ticket; else the key comes from the ticket",
    displayOptions: {show: {operation: ["create"]}},
  },
  {
    displayName: "Lead By",
    name: "by",
    type: "options",
    default: "ticket",
    displayOptions: ofKnown,
    options: [
      {name: "Ticket", value: "ticket"},
      {name: "ID", value: "id"},
    ],
  },
  {
    displayName: "Lead",
    name: "lead",
    type: "string",
    required: true,
    default: "",
    description: "The ticket, or the ID of the lead",
    displayOptions: ofKnown,
  },
  makeLeadCollection("changes", "Changes", {show: {operation: ["change"]}}, true),
  {
    displayName: "Text",
    name: "text",
    type: "string",
    typeOptions: {rows: 3},
    required: true,
    default: "",
    displayOptions: {show: {operation: ["note"]}},
  },
  {
    displayName: "Agent's E-Mail",
    name: "note_agent_email",
    type: "string",
    required: true,
    default: "",
    description: "The author of the note",
    displayOptions: {show: {operation: ["note"]}},
  },
  {
    displayName: "Phone",
    name: "phone",
    type: "string",
    required: true,
    default: "",
    description: "In any notation; up to three, with commas between them",
    displayOptions: {show: {operation: ["lookUp"]}},
  },
  {
    displayName: "Agent's E-Mail",
    name: "caller_agent_email",
    type: "string",
    required: true,
    default: "",
    description: "The agent who looks",
    displayOptions: {show: {operation: ["lookUp"]}},
  },
  ...ADDON_PROPERTIES,
];
