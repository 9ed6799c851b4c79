// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

export {WebhookVerificationError} from "standardwebhooks";
export {type Answer, LeadApiError} from "./answer.js";
export {LeadApi} from "./api.js";
export {type Event, readEvent} from "./event.js";
export type {Models, Query} from "./models.js";
export type {
  ChangeOptions,
  LeadsOptions,
  SendOptions,
  WriteOptions,
} from "./options.js";
export type {RetryOptions} from "./retry.js";
export type {LeadApiOptions} from "./transport.js";
