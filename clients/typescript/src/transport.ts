// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import {check, LeadApiError} from "./answer.js";
import {retry, type RetryOptions} from "./retry.js";

/** The settings of a client. */
export interface LeadApiOptions {
  /** The name of the database, on a server with several. */
  database?: string;
  /** Of messages, `en` or `vi`. */
  language?: string;
  /** How long an answer may take, in seconds: 60 unless named. */
  timeout?: number;
  /** How often a request is sent, and after which pauses. */
  retry?: RetryOptions;
  /** A fetch of yours, such as one that goes through a proxy. */
  fetch?: (request: Request) => Promise<Response>;
}

/** Return the headers of all requests. */
export function makeHeaders(
  token: string,
  options: LeadApiOptions
): Record<string, string> {
  return {
    Authorization: `Bearer ${token}`,
    "User-Agent": "crm-lead-api-client (TypeScript)",
    ...(options.database && {"X-Odoo-Database": options.database}),
    ...(options.language && {"Accept-Language": options.language}),
  };
}

/** Return a fetch that sends a request until it is answered, and throws errors. */
export function makeFetch(
  options: LeadApiOptions
): (request: Request) => Promise<Response> {
  const {timeout = 60, fetch = globalThis.fetch} = options;

  async function sendOnce(request: Request): Promise<Response> {
    // No redirect: after it a POST would be a GET.
    const signal = AbortSignal.timeout(timeout * 1000);
    const copy = new Request(request.clone(), {redirect: "manual", signal});
    const [response, bytes] = await fetch(copy)
      .then(async (response) => [response, await response.arrayBuffer()] as const)
      .catch((error: unknown) => {
        throw new LeadApiError(0, "connection", describe(error), {}, undefined, {
          cause: error,
        });
      });
    const {headers, status} = response;
    if (headers.has("Deprecation")) warn(request, headers);
    check(response, bytes);
    return new Response(bytes, {headers, status});
  }

  return (request) => retry(() => sendOnce(request), options.retry ?? {});
}

function describe(error: unknown): string {
  const {cause} = error as {cause?: unknown};
  return [error, cause].filter(Boolean).map(String).join(": ");
}

function warn(request: Request, headers: Headers): void {
  const end = headers.get("Sunset") ?? "a day that is not known yet";
  const page = headers.get("Link") ?? "the documentation of the lead API";
  const {pathname} = new URL(request.url);
  console.warn(
    `${request.method} ${pathname} is deprecated, and ends on ${end}: see ${page}`
  );
}
