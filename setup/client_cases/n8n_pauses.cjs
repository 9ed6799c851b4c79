// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

// Node.js loads this before n8n: the cases decide how long the pauses of the node are.

const Module = require("node:module");

const PACKAGE = "n8n-nodes-crm-lead-api";
const load = Module._load;

Module._load = function (name, parent, isMain) {
  const loaded = load.call(this, name, parent, isMain);
  const isOurs = name === "n8n-workflow" && parent?.filename?.includes(PACKAGE);
  return isOurs ? Object.create(loaded, {sleep: {value: pause}}) : loaded;
};

async function pause(milliseconds) {
  const body = String(milliseconds / 1000);
  await fetch(process.env.CRM_LEAD_API_PAUSES, {method: "POST", body});
}
