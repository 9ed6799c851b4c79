// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import {type Answer, toAnswer} from "./answer.js";

/** What openapi-fetch returns. */
export interface Result<T> {
  data?: {data: T};
  response: Response;
}

/** Return the answer in a result. */
export function unwrap<T>(result: Result<T>): Answer<T> {
  // There is data: the client's fetch throws errors.
  return toAnswer(result.data!.data, result.response.headers);
}
