import {delay} from "@web/core/utils/concurrency";
import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const STEP = ".o_lead_api_first_steps li";
let token = "";

function getCookie(name) {
    return document.cookie.match(`${name}=([^;]*)`)[1];
}

/**
 * Call the lead API as an outside system does.
 *
 * @param {Number} expected the status of the answer
 * @param {Object} changes attributes that differ from the payload of the test
 */
async function post(expected, changes = {}) {
    const payload = JSON.parse(decodeURIComponent(getCookie("payload")));
    const response = await fetch("/api/v1/lead", {
        method: "POST",
        headers: {"Content-Type": "application/json", Authorization: `Bearer ${token}`},
        body: JSON.stringify({...payload, ...changes}),
    });
    if (response.status !== expected) {
        throw new Error(`${response.status}: ${await response.text()}`);
    }
}

const openMenu = [
    {
        trigger: ".o_menu_sections [data-menu-xmlid='crm.crm_menu_config']",
        run: "click",
    },
    {
        trigger:
            ".dropdown-item[data-menu-xmlid='crm_lead_api.crm_lead_api_client_menu']",
        run: "click",
    },
];

registry.category("web_tour.tours").add("crm_lead_api_client_tour", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {trigger: ".o_app[data-menu-xmlid='crm.crm_menu_root']", run: "click"},
        // A client, and the steps to its first request
        ...openMenu,
        {trigger: ".o_list_button_add", run: "click"},
        {
            content: "letters below the line are not cut off",
            trigger: ".oe_title .o_field_widget[name=name] input",
            run: ({anchor}) => {
                const {fontSize, lineHeight} = getComputedStyle(anchor);
                if (parseFloat(lineHeight) < 1.4 * parseFloat(fontSize)) {
                    throw new Error(`${lineHeight} for letters of ${fontSize}`);
                }
            },
        },
        {trigger: ".o_field_widget[name=name] input", run: "edit Chatbot Zalo"},
        {trigger: `${STEP}[data-step=client]:not(.o_done)`},
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: `${STEP}[data-step=client].o_done`},
        // Its token
        {
            trigger: `${STEP}[data-step=token]:not(.o_done) button:contains('New Test Token')`,
            run: "click",
        },
        {trigger: ".modal button[name=action_make_token]", run: "click"},
        {
            content: "who makes a token says once more who he is",
            trigger: ".modal .o_field_widget[name=password] input",
            run: "edit manager-of-tour",
        },
        {trigger: ".modal button[name=run_check]", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=key]:contains('crmlead_test_')",
            run({anchor}) {
                token = anchor.textContent.match(/crmlead_test_[0-9a-f]{40}/)[0];
            },
        },
        {trigger: ".modal button:contains('Done')", run: "click"},
        {trigger: `body:not(:has(.modal)) ${STEP}[data-step=token].o_done`},
        {
            content: "the light turns green by itself",
            trigger: `${STEP}[data-step=request]:not(.o_done)`,
            run: () => post(200),
        },
        {
            content: "so do the figures of the page",
            trigger: "button[name=action_open_requests]:contains('0 · Tests: 1')",
        },
        {
            trigger: `${STEP}[data-step=request].o_done:contains('has arrived')`,
            run: () => post(422, {gender: "nữ", ticket_id: 4712}),
        },
        // Its calls
        ...openMenu,
        {trigger: ".o_data_cell:contains('Chatbot Zalo')", run: "click"},
        {
            content: "the list has tests, if there is nothing else",
            trigger: "button[name=action_open_requests]:contains('0 · Tests: 2')",
            run: "click",
        },
        {
            trigger:
                ".o_data_row:has(.badge:contains('Refused')) .o_data_cell:contains('Send one of')",
            run: "click",
        },
        // The refused one is corrected, and sent again
        {
            trigger: ".alert:contains('Send one of: male, female, other.')",
        },
        {
            trigger: "button:contains('Send Again'):visible",
            run: "click",
        },
        {
            trigger: ".modal .o_lead_api_corrections select",
            run: "selectByLabel Female",
        },
        {trigger: ".modal button[name=action_send]", run: "click"},
        {
            content: "its lead opens, with a banner",
            trigger: ".o_form_view .alert:contains('This is a test')",
        },
        {
            trigger:
                ".o_form_view .o_field_widget[name=partner_id] input:value('Trần Thị Thanh Thảo')",
        },
        {
            content: "and leads back to its request",
            trigger: "button[name=action_open_lead_api_requests]",
            run: "click",
        },
        {trigger: ".o_data_row .badge:contains('Sent Again')"},
        // Revoked
        ...openMenu,
        {trigger: ".o_data_cell:contains('Chatbot Zalo')", run: "click"},
        {trigger: "button[name=action_open_revocation]", run: "click"},
        {trigger: ".modal .o_field_widget[name=client_id]:contains('Chatbot Zalo')"},
        {trigger: ".modal button[name=action_revoke]", run: "click"},
        {
            trigger: ".badge:contains('Revoked')",
            run: () => post(401),
        },
    ],
});

/** The light of the next client turns green, too, after one whose light was green. */
registry.category("web_tour.tours").add("crm_lead_api_next_client_tour", {
    steps: () => [
        {trigger: ".o_data_cell:contains('tong-dai')", run: "click"},
        {
            content: "a while in which the page looks for a request",
            trigger: `${STEP}[data-step=request].o_done`,
            run: () => delay(4000),
        },
        {trigger: ".o_pager_next", run: "click"},
        {
            trigger: `${STEP}[data-step=request]:not(.o_done)`,
            run() {
                token = getCookie("token");
                return post(200);
            },
        },
        {trigger: `${STEP}[data-step=request].o_done`},
    ],
});

/** An answer that comes late, about the client before, changes no light. */
registry.category("web_tour.tours").add("crm_lead_api_late_answer_tour", {
    steps: () => [
        {trigger: ".o_data_cell:contains('tong-dai')", run: "click"},
        {
            content: "a request arrives, of which the page learns late",
            trigger: `${STEP}[data-step=request]:not(.o_done)`,
            async run() {
                const {prototype} = XMLHttpRequest;
                const {send} = prototype;
                const look = await new Promise((resolve) => {
                    prototype.send = function (body) {
                        if (!body.includes("get_first_steps")) {
                            return send.call(this, body);
                        }
                        prototype.send = send;
                        return resolve(() => send.call(this, body));
                    };
                });
                token = getCookie("token");
                await post(200);
                setTimeout(look, 3000);
            },
        },
        {trigger: ".o_pager_next", run: "click"},
        {
            trigger: ".o_field_widget[name=name] input:value('web-form')",
            run: () => delay(5000),
        },
        {trigger: `${STEP}[data-step=request]:not(.o_done)`},
    ],
});
