// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import type {components, operations} from "./schema.js";

/** The objects of requests and answers, by their names in the OpenAPI document. */
export type Models = components["schemas"];

/** The parameters of an operation that are optional for its method. */
export type Query<
  Operation extends keyof operations,
  Without extends string = never,
> = Omit<NonNullable<operations[Operation]["parameters"]["query"]>, Without>;
