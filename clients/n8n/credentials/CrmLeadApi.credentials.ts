// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import type {
  IAuthenticate,
  ICredentialTestRequest,
  ICredentialType,
  INodeProperties,
} from "n8n-workflow";

/** The address of Odoo, and the token of a client. */
export class CrmLeadApi implements ICredentialType {
  name = "crmLeadApi";
  displayName = "CRM Lead API";
  icon = "file:icon.svg" as const;
  properties: INodeProperties[] = [
    {
      displayName: "Address",
      name: "url",
      type: "string",
      default: "",
      required: true,
      placeholder: "https://odoo.example.com",
      description: "Of Odoo, without a path",
    },
    {
      displayName: "Token",
      name: "token",
      type: "string",
      typeOptions: {password: true},
      default: "",
      required: true,
      description: "In Odoo: CRM > Configuration > Lead API > Clients",
    },
    {
      displayName: "Database",
      name: "database",
      type: "string",
      default: "",
      description: "The name of the database, on a server with several",
    },
  ];
  authenticate: IAuthenticate = async ({database, token}, request) => ({
    ...request,
    headers: {
      ...request.headers,
      Authorization: `Bearer ${token}`,
      ...(database ? {"X-Odoo-Database": database} : {}),
    },
  });
  test: ICredentialTestRequest = {
    request: {baseURL: "={{$credentials.url}}", url: "/api/v1/me"},
  };
}
