/* The documentation page: Swagger UI, samples in several languages, one token for both. */
/* global SwaggerUIBundle */

const PLACEHOLDER = "YOUR_TOKEN";
// Beside this page, whatever tenant's name stands in front of it.
const DOCUMENT = "openapi.json";
const ME = "me";

const find = (selector) => document.querySelector(selector);
let token = "";
let samples = [];
let chosen = 0;

async function get(address) {
    const headers = {"Accept-Language": document.documentElement.lang};
    if (token) {
        headers.Authorization = `Bearer ${token}`;
    }
    const refused = find("#refused");
    try {
        const answer = await fetch(address, {headers});
        const body = await answer.json();
        if (answer.ok) {
            refused.hidden = true;
            return body;
        }
        // The message of a 401 tells those cases apart for nobody.
        refused.textContent =
            answer.status === 401 ? refused.dataset.refused : body.message;
    } catch {
        refused.textContent = refused.dataset.unreachable;
    }
    refused.hidden = false;
    return null;
}

function showSample() {
    const sample = samples[chosen];
    find("#samples code").textContent = sample.source.replaceAll(
        PLACEHOLDER,
        token || PLACEHOLDER
    );
    for (const [index, tab] of [...find(".tabs").children].entries()) {
        tab.setAttribute("aria-selected", String(index === chosen));
    }
}

function showSamples(found, lacking = []) {
    samples = found;
    find("#missing").hidden = !lacking.length;
    find("#missing strong").textContent = lacking.join(", ");
    find(".tabs").replaceChildren(
        ...samples.map((sample, index) => {
            const tab = document.createElement("button");
            tab.type = "button";
            tab.role = "tab";
            tab.textContent = sample.label;
            tab.addEventListener("click", () => {
                chosen = index;
                showSample();
            });
            return tab;
        })
    );
    find("#samples").hidden = false;
    showSample();
}

/* Changes the document for this page alone: what is tried out saves nothing, and a table
   of headers says only what the table of the first answer does not say. */
function prepare(spec) {
    for (const operation of Object.values(spec.paths).flatMap(Object.values)) {
        for (const parameter of operation.parameters) {
            if (parameter.name === "dry_run") {
                parameter.schema.default = "1";
            }
        }
        const [first, ...others] = Object.values(operation.responses);
        for (const answer of others) {
            for (const name of Object.keys(first.headers)) {
                delete answer.headers[name];
            }
        }
    }
}

async function show() {
    const spec = await get(DOCUMENT);
    if (!spec) {
        return;
    }
    const create = spec.paths["/api/v1/lead"].post;
    showSamples(create["x-codeSamples"], create["x-missing"]);
    prepare(spec);
    const viewer = SwaggerUIBundle({
        spec,
        domNode: find("#reference"),
        deepLinking: true,
        tryItOutEnabled: Boolean(token),
        displayRequestDuration: true,
        defaultModelsExpandDepth: 0,
        docExpansion: "list",
        validatorUrl: null,
        onComplete: () => {
            if (token) {
                viewer.preauthorizeApiKey("bearer", token);
            }
            document.body.dataset.ready = token ? "token" : "public";
        },
    });
}

find("#identify").addEventListener("submit", async (event) => {
    event.preventDefault();
    token = find("#token").value.trim();
    find("#who").textContent = "";
    const me = token && (await get(ME));
    if (me) {
        find("#who").textContent = `✓ ${me.data.name}`;
    }
    await show();
});

find("#copy").addEventListener("click", async (event) => {
    const button = event.currentTarget;
    const before = button.textContent;
    await navigator.clipboard.writeText(find("#samples code").textContent);
    button.textContent = button.dataset.done;
    button.addEventListener("blur", () => (button.textContent = before), {once: true});
});

show();
