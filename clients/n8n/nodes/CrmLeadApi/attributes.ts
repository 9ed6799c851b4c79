// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import {
  type IDataObject,
  type INodeProperties,
  type INodePropertyOptions,
  jsonParse,
} from "n8n-workflow";

/** An attribute of the API, as a field of the node. */
export interface Attribute {
  name: string;
  displayName: string;
  type?: INodeProperties["type"];
  options?: string[];
  /** The reference list whose records are offered. */
  list?: string;
  /** The attributes that narrow the list. */
  parents?: string[];
  isRequired?: boolean;
}

const ATTRIBUTES: Attribute[] = [
  {name: "ticket_id", displayName: "Ticket", isRequired: true},
  {name: "contact_name", displayName: "Name", isRequired: true},
  {name: "phone_no1", displayName: "Phone", isRequired: true},
  {
    name: "gender",
    displayName: "Gender",
    options: ["female", "male", "other"],
    isRequired: true,
  },
  {name: "agent_email", displayName: "Agent", list: "agents", isRequired: true},
  {name: "user_id", displayName: "Creator", list: "agents", isRequired: true},
  {name: "country_id", displayName: "Country", list: "countries", isRequired: true},
  {
    name: "state_id",
    displayName: "State",
    list: "states",
    parents: ["country_id"],
    isRequired: true,
  },
  {name: "street", displayName: "Street", isRequired: true},
  {name: "company_id", displayName: "Company", list: "companies", isRequired: true},
  {
    name: "price_list_id",
    displayName: "Price List",
    list: "price-lists",
    parents: ["company_id"],
    isRequired: true,
  },
  {
    name: "category_source_id",
    displayName: "Source Group",
    list: "source-groups",
    isRequired: true,
  },
  {
    name: "source_id",
    displayName: "Source",
    list: "sources",
    parents: ["category_source_id"],
    isRequired: true,
  },
  {
    name: "campaign_id",
    displayName: "Campaign",
    list: "campaigns",
    isRequired: true,
  },
  {
    name: "crm_line_ids",
    displayName: "Services",
    type: "multiOptions",
    list: "services",
    parents: ["company_id", "price_list_id"],
    isRequired: true,
  },
  {name: "account_id", displayName: "Account", type: "number"},
  {name: "birth_date", displayName: "Birth Date"},
  {
    name: "district_id",
    displayName: "District",
    list: "districts",
    parents: ["state_id"],
  },
  {name: "email_from", displayName: "E-Mail"},
  {name: "facebook_acc", displayName: "Facebook Account"},
  {name: "phone_no2", displayName: "Phone 2"},
  {name: "phone_no3", displayName: "Phone 3"},
  {name: "zalo_acc", displayName: "Zalo Account"},
  {name: "customer_portrait", displayName: "Portrait", type: "json"},
];

/** The reference lists that fields offer. */
export const LISTS = [...new Set(ATTRIBUTES.flatMap(({list}) => list ?? []))];

/** The attributes that a list can be narrowed by. */
export const PARENTS = [...new Set(ATTRIBUTES.flatMap(({parents}) => parents ?? []))];

/** The names of the attributes that a new lead needs. */
export const REQUIRED = ATTRIBUTES.filter((each) => each.isRequired).map(
  ({name}) => name
);

/** Return the fields of the attributes that a new lead needs. */
export function makeRequiredFields(displayOptions: INodeProperties["displayOptions"]) {
  return makeFields(
    ATTRIBUTES.filter((each) => each.isRequired),
    displayOptions
  );
}

/** Return the field of the attributes of a lead that may be left out: all of a change. */
export function makeLeadCollection(
  name: string,
  displayName: string,
  displayOptions: INodeProperties["displayOptions"],
  isChange = false
): INodeProperties {
  const attributes = ATTRIBUTES.filter((each) => isChange || !each.isRequired);
  return makeCollection(name, displayName, displayOptions, attributes);
}

/** Return fields that have to be filled in. */
export function makeFields(
  attributes: Attribute[],
  displayOptions: INodeProperties["displayOptions"]
): INodeProperties[] {
  return attributes.map((each) => ({
    ...toField(each),
    required: true,
    displayOptions,
  }));
}

/** Return the field to which attributes are added as needed. */
export function makeCollection(
  name: string,
  displayName: string,
  displayOptions: INodeProperties["displayOptions"],
  attributes: Attribute[],
  hasMore = true
): INodeProperties {
  const more: INodeProperties = {
    displayName: "More Attributes (JSON)",
    name: "more",
    type: "json",
    default: "{}",
    description:
      "An object, such as of your custom attributes; null empties an attribute",
  };
  return {
    displayName,
    name,
    type: "collection",
    placeholder: "Add Attribute",
    default: {},
    displayOptions,
    options: [...attributes.map(toField), ...(hasMore ? [more] : [])],
  };
}

/** Return the attributes that a collection holds. */
export function readFields({
  more,
  customer_portrait,
  ...fields
}: IDataObject): IDataObject {
  const portrait = customer_portrait && {
    customer_portrait: toObject(customer_portrait),
  };
  return {...fields, ...(portrait as object), ...toObject(more ?? {})};
}

function toObject(value: unknown): IDataObject {
  return typeof value === "string"
    ? jsonParse<IDataObject>(value)
    : (value as IDataObject);
}

function toField({
  name,
  displayName,
  type,
  options,
  list,
  parents,
}: Attribute): INodeProperties {
  const field: INodeProperties = {
    displayName,
    name,
    type: type ?? "string",
    default: "",
  };
  if (type === "multiOptions") field.default = [];
  if (type === "json") field.default = "{}";
  if (type === "number") field.default = 0;
  if (options)
    return {
      ...field,
      type: "options",
      options: options.map(toOption),
      default: options[0],
    };
  if (!list) return field;
  return {
    ...field,
    type: type ?? "options",
    description: "Choose from the list, or give an ID by an expression",
    typeOptions: {
      loadOptionsMethod: name === "agent_email" ? "agent_emails" : list,
      loadOptionsDependsOn: parents,
    },
  };
}

function toOption(value: string): INodePropertyOptions {
  return {name: value[0].toUpperCase() + value.slice(1), value};
}
