// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import {
  type IDataObject,
  type IExecuteFunctions,
  type IHttpRequestMethods,
  type ILoadOptionsFunctions,
  type JsonObject,
  NodeApiError,
  jsonParse,
  sleep,
} from "n8n-workflow";

// Waiting makes no token right.
const WRONG_TOKENS = "wrong_tokens";
// Too many requests; the proxy or Odoo is busy, or away
const TEMPORARY = [429, 502, 503, 504];
const ATTEMPTS = 8;
const FIRST_PAUSE = 0.5; // seconds, the longest first one
const MAX_PAUSE = 120; // seconds

export interface Request {
  method: IHttpRequestMethods;
  path: string;
  query?: IDataObject;
  body?: IDataObject | Buffer;
  headers?: IDataObject;
  /** The `Idempotency-Key`, unless each run of the workflow has a new one. */
  key?: string;
  /** The attribute of the answer that is a list: each item is an item of the output. */
  list?: "items" | "slots";
  /** The binary field of the sound that is sent or read. */
  file?: string;
}

interface Response {
  body: IDataObject | Buffer;
  headers: Record<string, string>;
  statusCode: number;
}

/**
 * Send a request, again after a pause if need be, and return the data of its answer, or
 * the bytes of a sound.
 */
export async function send<T = IDataObject>(
  node: IExecuteFunctions | ILoadOptionsFunctions,
  request: Request,
  itemIndex = 0
): Promise<T> {
  const {url} = await node.getCredentials<{url: string}>("crmLeadApi");
  for (let attempt = 1; ; attempt++) {
    const result = await sendOnce(node, url.replace(/\/+$/, ""), request);
    const response = result instanceof Error ? undefined : result;
    if (response?.statusCode === 200) {
      const {body} = response;
      if (Buffer.isBuffer(body)) return body as T;
      if (body?.data) return body.data as T;
    }
    const asked = Number(response?.headers["retry-after"]) || 0;
    const type = (response?.body as IDataObject | undefined)?.type;
    const isTemporary =
      type !== WRONG_TOKENS && (!response || TEMPORARY.includes(response.statusCode));
    if (!isTemporary || attempt >= ATTEMPTS || asked > MAX_PAUSE) {
      throw toError(node, result, itemIndex);
    }
    const longest = FIRST_PAUSE * 2 ** (attempt - 1);
    await sleep(Math.max((1 + Math.random()) * (longest / 2), asked) * 1000);
  }
}

async function sendOnce(
  node: IExecuteFunctions | ILoadOptionsFunctions,
  url: string,
  {method, path, query, body, headers, file}: Request
): Promise<Response | Error> {
  try {
    const response = (await node.helpers.httpRequestWithAuthentication.call(
      node,
      "crmLeadApi",
      {
        method,
        url: url + path,
        qs: query,
        body,
        headers,
        // Of a sound the bytes as they are
        ...(file ? {encoding: "arraybuffer"} : {json: true}),
        arrayFormat: "repeat",
        disableFollowRedirect: true,
        ignoreHttpStatusErrors: true,
        returnFullResponse: true,
      }
    )) as Response;
    const type = String(response.headers["content-type"]);
    if (Buffer.isBuffer(response.body) && !type.startsWith("audio/")) {
      response.body = jsonParse<IDataObject>(response.body.toString(), {
        fallbackValue: {},
      });
    }
    return response;
  } catch (error) {
    return error as Error;
  }
}

function toError(
  node: IExecuteFunctions | ILoadOptionsFunctions,
  result: Response | Error,
  itemIndex: number
): NodeApiError {
  if (result instanceof Error) {
    const error = new NodeApiError(node.getNode(), result as unknown as JsonObject, {
      itemIndex,
    });
    error.context.data = {status: 0, type: "connection", errors: []};
    return error;
  }
  const {headers, statusCode} = result;
  const body = result.body as IDataObject;
  const errors = (body?.errors ?? []) as Array<{field: string; message: string}>;
  const reason = headers.location
    ? `Use the address ${headers.location} instead.`
    : `Odoo answers ${statusCode}`;
  const error = new NodeApiError(node.getNode(), (body ?? {}) as JsonObject, {
    message: String(body?.message ?? reason),
    description: errors.map(({field, message}) => `${field}: ${message}`).join("\n"),
    httpCode: String(statusCode),
    itemIndex,
  });
  error.context.data = {status: statusCode, type: body?.type ?? "http", errors, body};
  return error;
}

/** Return what a workflow that goes on after an error hears of it. */
export function describe(error: unknown): IDataObject {
  const {context, description, message} = error as Partial<NodeApiError>;
  return {error: message, description, ...(context?.data as object)};
}
