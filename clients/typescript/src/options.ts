// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import {makeKey} from "./key.js";

/** What a request that writes may have besides its body. */
export interface WriteOptions {
  /** From your own data; else as the method says. */
  idempotencyKey?: string;
  /** Tell what would happen, and save nothing. */
  dryRun?: boolean;
}

/** What a change may have besides its body. */
export interface ChangeOptions extends WriteOptions {
  /** The `etag` of what you change; if it has changed since, the error is a 412. */
  ifMatch?: string;
}

/** What a request with many leads may have besides them. */
export interface LeadsOptions {
  /** Make all leads or none; for up to `size` leads. */
  atomic?: boolean;
  /** Tell what would happen, and save nothing. */
  dryRun?: boolean;
  /** For imports: without creation notes, notices and planned calls. */
  quiet?: boolean;
  /** The number of leads in a request: 200 unless named, or all or none are made. */
  size?: number;
}

/** What a request to any address may have. */
export interface SendOptions {
  query?: Record<string, string | number | undefined>;
  /** Sent in JSON; bytes are sent as they are, with a `Content-Type` in the headers. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** Return the parameter of a dry run. */
export function toFlag({dryRun}: {dryRun?: boolean}): {dry_run?: "1"} {
  return dryRun ? {dry_run: "1"} : {};
}

/** Return the headers of a request that writes. */
export function toHeaders({idempotencyKey = makeKey(), ifMatch}: ChangeOptions) {
  return {
    "Idempotency-Key": idempotencyKey,
    ...(ifMatch && {"If-Match": ifMatch}),
  };
}
