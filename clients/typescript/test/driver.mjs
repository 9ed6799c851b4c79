// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

// Uses the client as setup/client_cases asks: a JSON object in each line.

import {createInterface} from "node:readline";

import {LeadApi, LeadApiError, readEvent} from "../dist/index.js";

const lines = createInterface({input: process.stdin})[Symbol.asyncIterator]();

function print(object) {
  process.stdout.write(`${JSON.stringify(object)}\n`);
}

/** Let the case decide how long a pause is. */
async function sleep(seconds) {
  print({pause: seconds});
  await lines.next();
}

function toCamel(name) {
  return name.replace(/_([a-z])/g, (_match, letter) => letter.toUpperCase());
}

function toCamels(object) {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [toCamel(name), value])
  );
}

async function call({method, args = [], query, options, settings}) {
  if (method === "read_event") return {data: readEvent(...args)};
  if (method === "put_recording") args[1] = Buffer.from(args[1], "base64");
  const {url, token, retry = {}, ...rest} = settings;
  const api = new LeadApi(url, token, {
    ...rest,
    retry: {...toCamels(retry), sleep},
  });
  const more = query ?? (options && toCamels(options));
  const result = api[toCamel(method)](...args, ...(more ? [more] : []));
  if (Symbol.asyncIterator in result) {
    const data = [];
    for await (const item of result) data.push(item);
    return {data};
  }
  const answer = await result;
  if (Array.isArray(answer)) return {data: answer};
  if (answer instanceof Uint8Array) {
    return {data: Buffer.from(answer).toString("base64")};
  }
  const {data, etag, isReplayed, leadState, ignoredFields} = answer;
  return {
    data,
    etag,
    is_replayed: isReplayed,
    lead_state: leadState,
    ignored_fields: ignoredFields,
  };
}

for (let line; !(line = await lines.next()).done;) {
  try {
    print({answer: await call(JSON.parse(line.value))});
  } catch (error) {
    const {status, type, message, errors, retryAfter, body} = error;
    const isApi = error instanceof LeadApiError;
    print({
      error: isApi
        ? {status, type, message, errors, body, retry_after: retryAfter}
        : {type: error.name, message},
    });
  }
}
