// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import {
  type IDataObject,
  type IExecuteFunctions,
  type ILoadOptionsFunctions,
  type INodeExecutionData,
  type INodePropertyOptions,
  type INodeType,
  type INodeTypeDescription,
} from "n8n-workflow";

import {OPERATIONS} from "./addons";
import {LISTS, PARENTS, REQUIRED, readFields} from "./attributes";
import {PROPERTIES} from "./properties";
import {type Request, describe, send} from "./send";

const LEAD = "/api/v1/lead";

/** Make, find and change leads, phone calls and bookings; look customers up. */
export class CrmLeadApi implements INodeType {
  description: INodeTypeDescription = {
    displayName: "CRM Lead API",
    name: "crmLeadApi",
    icon: "file:icon.svg",
    group: ["output"],
    version: 1,
    subtitle: '={{$parameter["operation"]}}',
    description: "Put leads into Odoo's CRM, find them, and change them",
    defaults: {name: "CRM Lead API"},
    inputs: ["main"],
    outputs: ["main"],
    usableAsTool: true,
    credentials: [{name: "crmLeadApi", required: true}],
    properties: PROPERTIES,
  };

  methods = {
    loadOptions: {
      ...Object.fromEntries(LISTS.map((list) => [list, makeLoader(list)])),
      agent_emails: makeLoader("agents", "email"),
    },
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    const results: INodeExecutionData[] = [];
    for (let item = 0; item < this.getInputData().length; item++) {
      try {
        for (const each of await run(this, item)) {
          results.push({...each, pairedItem: {item}});
        }
      } catch (error) {
        if (!this.continueOnFail()) throw error;
        const {error: message, ...rest} = describe(error);
        // To an output for errors n8n gives what has nothing but an error.
        const hasOutput = this.getNode().onError === "continueErrorOutput";
        const json = hasOutput
          ? {error: {message, ...rest}}
          : {error: message, ...rest};
        results.push({json, pairedItem: {item}});
      }
    }
    return [results];
  }
}

/** Send the request of an item, and return what its answer has. */
async function run(
  node: IExecuteFunctions,
  item: number
): Promise<INodeExecutionData[]> {
  const request = makeRequest(node, item);
  const {file, list} = request;
  if (list) {
    const items = await readPages(node, request, item);
    return items.map((json) => ({json}));
  }
  if (file && request.method === "PUT") {
    const {mimeType} = node.helpers.assertBinaryData(item, file);
    request.body = await node.helpers.getBinaryDataBuffer(item, file);
    request.headers = {...request.headers, "Content-Type": mimeType};
  }
  const data = await send<IDataObject | Buffer>(node, request, item);
  if (!Buffer.isBuffer(data)) return [{json: data}];
  const binary = {[file!]: await node.helpers.prepareBinaryData(data)};
  return [{json: {}, binary}];
}

/** Read items, page by page, until there are enough. */
async function readPages(
  node: IExecuteFunctions,
  request: Request,
  item: number
): Promise<IDataObject[]> {
  const limit = node.getNodeParameter("limit", item) as number;
  const found: IDataObject[] = [];
  let cursor: unknown;
  do {
    const query = {...request.query, ...(cursor ? {cursor: String(cursor)} : {})};
    const data = await send(node, {...request, query}, item);
    found.push(...(data[request.list!] as IDataObject[]));
    cursor = data.next_cursor;
  } while (cursor && found.length < limit);
  return found.slice(0, limit);
}

/** Return the function that reads a reference list for a field. */
function makeLoader(list: string, value = "id") {
  return async function (this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
    const query: IDataObject = {limit: 1000};
    for (const name of PARENTS) {
      const parent = this.getCurrentNodeParameter(name);
      if (parent) query[name] = parent as string;
    }
    const {items} = await send(this, {
      method: "GET",
      path: `/api/v1/ref/${list}`,
      query,
    });
    return (items as IDataObject[])
      .filter((each) => each[value])
      .map((each) => ({name: String(each.name), value: each[value] as string}));
  };
}

function makeRequest(node: IExecuteFunctions, item: number): Request {
  const get = <T>(name: string) => node.getNodeParameter(name, item) as T;
  const operation = get<string>("operation");
  if (operation in OPERATIONS) {
    const {key, ...request} = OPERATIONS[operation].makeRequest(get);
    if (request.method === "GET") return request;
    const headers = key ? {"Idempotency-Key": key} : makeKey(node, item);
    return {...request, headers};
  }
  if (operation === "lookUp") {
    return {method: "GET", path: "/api/v1/customers", query: readCaller(get)};
  }
  if (operation === "create" || operation === "put") {
    const body = {...pick(REQUIRED, get), ...readFields(get("fields"))};
    if (operation === "put") {
      return {method: "PUT", path: LEAD, body, headers: makeKey(node, item)};
    }
    const ticket = encodeURIComponent(String(body.ticket_id).trim());
    const key = get<string>("key") || `ticket-${ticket}`;
    return {
      method: "POST",
      path: LEAD,
      body,
      headers: {"Idempotency-Key": key},
    };
  }
  const isTicket = get<string>("by") === "ticket";
  const lead = get<string>("lead");
  const target = isTicket ? LEAD : `${LEAD}/${encodeURIComponent(lead)}`;
  const query = isTicket ? {ticket_id: lead} : undefined;
  if (operation === "get") return {method: "GET", path: target, query};
  if (operation === "change") {
    const headers = makeKey(node, item);
    return {
      method: "PATCH",
      path: target,
      query,
      body: readFields(get("changes")),
      headers,
    };
  }
  const body = {
    text: get<string>("text"),
    agent_email: get<string>("note_agent_email"),
  };
  return {
    method: "POST",
    path: `${target}/notes`,
    query,
    body,
    headers: makeKey(node, item),
  };
}

/** Return the key of a request: the same if n8n runs the node again after a failure. */
function makeKey(node: IExecuteFunctions, item: number): IDataObject {
  const run = node.evaluateExpression("{{ $runIndex }}", item);
  const parts = [
    node.getWorkflow().id,
    node.getExecutionId(),
    node.getNode().id,
    run,
    item,
  ];
  return {"Idempotency-Key": `n8n-${parts.join("-")}`};
}

function pick(names: string[], get: <T>(name: string) => T): IDataObject {
  return Object.fromEntries(names.map((name) => [name, get<string>(name)]));
}

function readCaller(get: <T>(name: string) => T): IDataObject {
  const phones = get<string>("phone")
    .split(",")
    .map((phone) => phone.trim());
  return {phone: phones, agent_email: get<string>("caller_agent_email")};
}
