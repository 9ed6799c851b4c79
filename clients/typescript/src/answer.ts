// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import type {Models} from "./models.js";

/** The data of an answer, with what its headers say. */
export interface Answer<T> {
  data: T;
  /** The state of what was read or written, for `ifMatch` of a change. */
  etag: string | null;
  /** This repeats an earlier answer: nothing was made. */
  isReplayed: boolean;
  /** `deleted` or `merged`, if staff have done so with a repeated lead. */
  leadState: string | null;
  /** The attributes that mean nothing to Odoo. */
  ignoredFields: string[];
  /** The name of the request in Odoo's log. */
  requestId: string | null;
  headers: Headers;
}

/** The lead API refuses a request, or does not answer. */
export class LeadApiError extends Error {
  override name = "LeadApiError";
  /** Of a 422: field, code and message of each wrong attribute. */
  readonly errors: Models["ErrorItem"][];
  /** Seconds to wait before the request is sent again, if the answer says so. */
  readonly retryAfter: number | null;
  /** The name of the request in Odoo's log. */
  readonly requestId: string | null;

  /**
   * @param status of HTTP; 0: there was no answer, or no whole one
   * @param type the kind of error, such as `validation`
   * @param body the whole answer, if it is JSON
   */
  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
    readonly body: Partial<Models["BookingErrorResponse"]> = {},
    headers: Headers = new Headers(),
    options?: ErrorOptions
  ) {
    const fields = (body.errors ?? []).map(
      (each) => `\n  ${each.field}: ${each.message}`
    );
    super(`${status || "No answer"} ${type}: ${message}${fields.join("")}`, options);
    this.errors = body.errors ?? [];
    const pause = headers.get("Retry-After")?.trim() ?? "";
    this.retryAfter = /^[0-9]+$/.test(pause) ? Number(pause) : null;
    this.requestId = headers.get("X-Request-Id");
  }
}

/** Return the answer in a response that has passed {@link check}. */
export function toAnswer<T>(data: T, headers: Headers): Answer<T> {
  return {
    data,
    etag: headers.get("ETag"),
    isReplayed: headers.get("Idempotency-Replayed") === "true",
    leadState: headers.get("X-Lead-State"),
    ignoredFields: split(headers.get("X-Ignored-Fields")),
    requestId: headers.get("X-Request-Id"),
    headers,
  };
}

function split(names: string | null): string[] {
  const fields = (names ?? "").split(",").map((name) => name.trim());
  return fields.filter(Boolean).map(decodeURIComponent);
}

/**
 * Check that a response is a success of the lead API.
 *
 * @param bytes the body
 * @throws LeadApiError it is an error, or not whole
 */
export function check({headers, ok, status}: Response, bytes: ArrayBuffer): void {
  if (ok && headers.get("Content-Type")?.startsWith("audio/")) return;
  const text = new TextDecoder().decode(bytes);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // A page of a proxy in front of Odoo, another address, or a part of an answer
  }
  if (typeof body === "object" && body !== null) {
    if (ok && "data" in body) return;
    const error = body as Partial<Models["ErrorResponse"]>;
    const message = error.message ?? "This is no answer of the lead API.";
    throw new LeadApiError(status, error.type ?? "http", message, error, headers);
  }
  const message =
    status >= 300 && status < 400
      ? `Use the address ${headers.get("Location")} instead.`
      : "The answer is not in JSON.";
  throw new LeadApiError(ok ? 0 : status, "http", message, {}, headers);
}
