// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import type {ICredentialType, INodeProperties} from "n8n-workflow";

/** The secret by which Odoo signs events. */
export class CrmLeadApiEvents implements ICredentialType {
  name = "crmLeadApiEvents";
  displayName = "CRM Lead API Events";
  icon = "file:icon.svg" as const;
  properties: INodeProperties[] = [
    {
      displayName: "Signing Secret",
      name: "secret",
      type: "string",
      typeOptions: {password: true},
      default: "",
      required: true,
      placeholder: "whsec_…",
      description: "In Odoo: page Events of the client",
    },
  ];
}
