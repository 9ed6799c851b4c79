// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import {LeadApiError} from "./answer.js";

// Waiting makes no token right.
const WRONG_TOKENS = "wrong_tokens";
// No answer; too many requests; the proxy or Odoo is busy, or away
const TEMPORARY = [0, 429, 502, 503, 504];

/**
 * How often a request is sent, and how long the pauses are.
 *
 * The pauses grow twofold and are random, so that many clients do not come back at once.
 * `Retry-After` of an answer makes a pause longer.
 */
export interface RetryOptions {
  /** How often a request is sent at most: 8 unless named. */
  attempts?: number;
  /** The longest first pause, in seconds: 0.5 unless named. */
  firstPause?: number;
  /**
   * The longest pause, in seconds: 120 unless named. If an answer asks for a longer
   * pause, the request fails at once.
   */
  maxPause?: number;
  /** Wait for some seconds, instead of by `setTimeout`. */
  sleep?: (seconds: number) => Promise<void>;
}

/** Run a function again after each temporary failure, and return its result. */
export async function retry<T>(
  send: () => Promise<T>,
  options: RetryOptions
): Promise<T> {
  const {attempts = 8, firstPause = 0.5, maxPause = 120, sleep = wait} = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof LeadApiError) || !TEMPORARY.includes(error.status))
        throw error;
      if (error.type === WRONG_TOKENS) throw error;
      const asked = error.retryAfter ?? 0;
      if (attempt >= attempts || asked > maxPause) throw error;
      const longest = Math.min(firstPause * 2 ** (attempt - 1), maxPause);
      await sleep(Math.max((1 + Math.random()) * (longest / 2), asked));
    }
  }
}

function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
