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
  jsonParse,
} from "n8n-workflow";

import {LISTS, PARENTS, REQUIRED} from "./attributes";
import {PROPERTIES} from "./properties";
import {type Request, describe, send} from "./send";

const LEAD = "/api/v1/lead";

/** Make, find and change leads; note something; look customers up. */
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
        const json = await send(this, makeRequest(this, item), item);
        results.push({json, pairedItem: {item}});
      } catch (error) {
        if (!this.continueOnFail()) throw error;
        results.push({json: describe(error), pairedItem: {item}});
      }
    }
    return [results];
  }
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

function readFields({more, customer_portrait, ...fields}: IDataObject): IDataObject {
  const portrait = customer_portrait && {
    customer_portrait: toObject(customer_portrait),
  };
  return {...fields, ...(portrait as object), ...toObject(more ?? {})};
}

function readCaller(get: <T>(name: string) => T): IDataObject {
  const phones = get<string>("phone")
    .split(",")
    .map((phone) => phone.trim());
  return {phone: phones, agent_email: get<string>("caller_agent_email")};
}

function toObject(value: unknown): IDataObject {
  return typeof value === "string"
    ? jsonParse<IDataObject>(value)
    : (value as IDataObject);
}
