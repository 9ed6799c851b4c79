import {delay} from "@web/core/utils/concurrency";
import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const STEP = ".o_lead_api_step";
let address = "";

/** Send a customer's form as Google does. */
async function send() {
    const answers = {
        FULL_NAME: "Đỗ Thị Kim Liên",
        PHONE_NUMBER: "0900 000 222",
        "Bạn cần tư vấn gì?": "Chăm sóc da",
    };
    const response = await fetch(new URL(address).pathname, {
        method: "POST",
        headers: {"Content-Type": "application/json"},
        body: JSON.stringify({
            lead_id: "tour-1",
            google_key: "secret-of-tour",
            campaign_id: 123456,
            user_column_data: Object.entries(answers).map(([name, text]) => ({
                column_id: name,
                column_name: name,
                string_value: text,
            })),
        }),
    });
    if (response.status !== 200) {
        throw new Error(`${response.status}: ${await response.text()}`);
    }
}

function value(text) {
    return `.o_lead_api_row_of_tree:contains('${text}') .o_lead_api_value`;
}

registry.category("web_tour.tours").add("crm_lead_api_connection_tour", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {trigger: ".o_app[data-menu-xmlid='crm.crm_menu_root']", run: "click"},
        {
            trigger: ".o_menu_sections [data-menu-xmlid='crm.crm_menu_config']",
            run: "click",
        },
        {
            trigger:
                ".dropdown-item[data-menu-xmlid='crm_lead_api_connection.crm_lead_api_connection_menu']",
            run: "click",
        },
        {trigger: ".o_lead_api_connections"},
        {trigger: ".o-kanban-button-new", run: "click"},
        // 1. The platform
        {trigger: ".o_field_widget[name=name] input", run: "edit Khuyến mãi tháng 12"},
        {
            trigger: ".o_field_widget[name=platform_id] input",
            run: "edit Google lead",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Google lead form')",
            run: "click",
        },
        {trigger: ".o_field_widget[name=client_id] input", run: "click"},
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Client of tour')",
            run: "click",
        },
        {trigger: `${STEP}[data-step=platform] button.btn-primary`, run: "click"},
        {trigger: `${STEP}[data-step=platform] h2 .fa-check-circle`},
        // 2. The address
        {
            trigger: `${STEP}[data-step=address] .o_field_widget[name=secret] input`,
            run: "edit secret-of-tour",
        },
        {
            trigger: `${STEP}[data-step=address] button[name=action_new_address]`,
            run: "click",
        },
        {
            content: "who makes an address says once more who he is",
            trigger: ".modal .o_field_widget[name=password] input",
            run: "edit manager-of-tour",
        },
        {trigger: ".modal button[name=run_check]", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=key]:contains('/connections/')",
            run({anchor}) {
                address = anchor.textContent.match(/http\S+connections\/[\w-]{43}/)[0];
            },
        },
        {trigger: ".modal button:contains('Done')", run: "click"},
        {
            content: "the secret is not shown again",
            trigger: `body:not(:has(.modal)) ${STEP}[data-step=address]:has(.badge:contains('Entered')) h2 .fa-check-circle`,
            run() {
                const input = document.querySelector("[name=secret] input");
                if (input.value) {
                    throw new Error("the secret is shown");
                }
            },
        },
        // 3. The first message
        {
            trigger: ".o_lead_api_first_message:contains('changes by itself')",
            run: () => send(),
        },
        {trigger: ".o_lead_api_first_message:contains('Messages arrive')"},
        {trigger: `${STEP}[data-step=message] h2 .fa-check-circle`},
        // 4. Mapping
        {trigger: ".o_lead_api_preview:contains('No lead yet')"},
        {trigger: value("0900 000 222"), run: "click"},
        {
            trigger: ".o_lead_api_attributes .dropdown-item[data-attribute=phone_no1]",
            run: "click",
        },
        {trigger: `${value("0900 000 222")}:contains('Phone')`},
        {trigger: value("Đỗ Thị Kim Liên"), run: "click"},
        {
            trigger:
                ".o_lead_api_attributes [data-attribute=phone_no1]:contains('Already mapped')",
        },
        {
            content: "attributes are found without their marks",
            trigger: ".o_lead_api_attributes input",
            run: "edit contact name",
        },
        {
            trigger:
                ".o_lead_api_attributes .dropdown-item[data-attribute=contact_name]",
            run: "click",
        },
        {
            trigger:
                ".o_lead_api_preview:not(:contains('No lead yet')):contains('Đỗ Thị Kim Liên'):contains('A new one')",
        },
        {trigger: "button[name=action_propose]", run: "click"},
        {trigger: ".o_lead_api_preview:contains('123456')"},
        {
            trigger: `${STEP}[data-step=mapping] h2:contains('Which answer goes where?') .fa-check-circle`,
        },
        // 5. Live
        {
            trigger: `${STEP}[data-step=live]:contains('Messages that wait') button[name=action_go_live]`,
            run: "click",
        },
        {trigger: `${STEP}[data-step=live] h2 .fa-check-circle`},
        {trigger: ".o_breadcrumb a:contains('Connections')", run: "click"},
        {trigger: ".o_kanban_record:contains('Khuyến mãi tháng 12')"},
    ],
});

registry.category("web_tour.tours").add("crm_lead_api_message_tour", {
    steps: () => [
        {
            content: "the card leads to the refused messages",
            trigger:
                ".o_kanban_record:contains('Khuyến mãi tháng 11') button:contains('Refused')",
            run: "click",
        },
        {trigger: ".o_searchview_facet:contains('Refused')"},
        {trigger: ".o_group_header:contains('Contact Name: missing')", run: "click"},
        {
            trigger:
                ".o_data_row:has(.badge:contains('Refused')) .o_data_cell[name=date]",
            run: "click",
        },
        {trigger: ".alert:contains('contact_name')"},
        {trigger: "button:contains('Correct…'):visible", run: "click"},
        {trigger: ".modal button[name=action_send]"},
    ],
});

/** Each connection shows its own message, or its own platform's example. */
registry.category("web_tour.tours").add("crm_lead_api_two_connections_tour", {
    steps: () => [
        {trigger: ".o_kanban_record:contains('Khuyến mãi tháng 11')", run: "click"},
        {trigger: value("0900 000 202")},
        {trigger: ".o_lead_api_first_message:contains('Messages arrive')"},
        {trigger: ".o_field_widget[name=client_id] input", run: "edit web-form"},
        {
            trigger: ".o-autocomplete--dropdown-item:contains('web-form')",
            run: "click",
        },
        {
            content: "the preview is that of the former client until this one is saved",
            trigger: ".o_lead_api_preview:not(:contains('Nhóm của trang'))",
            run: () => delay(2000),
        },
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_lead_api_preview:contains('Nhóm của trang')"},
        {trigger: ".o_pager_next", run: "click"},
        {trigger: value("0900 000 505")},
        {trigger: ".o_lead_api_first_message:contains('changes by itself')"},
        {
            trigger: ".o_field_widget[name=platform_id] input",
            run: "edit Contact Form",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Contact Form 7')",
            run: "click",
        },
        {
            content: "the example stays until the platform is saved",
            trigger: value("0900 000 505"),
            run: () => delay(2000),
        },
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: value("0900 000 606")},
    ],
});

registry.category("web_tour.tours").add("crm_lead_api_came_by_tour", {
    steps: () => [
        {
            trigger:
                ".o_lead_strip:contains('Came by Google lead form “Khuyến mãi tháng 11”')",
        },
        {trigger: ".nav-link[name=lead_api]", run: "click"},
        {
            trigger:
                "[name=other_answers] dl:contains('Bạn cần tư vấn gì?'):contains('Chăm sóc da')",
        },
        {
            content: "what only administrators need is not there",
            trigger:
                ".o_form_view:not(:has([name=gclid])):not(:has([name=action_open_lead_api_messages]))",
        },
    ],
});
