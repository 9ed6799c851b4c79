import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const ASKED = ".modal:contains('Close Without the Token?')";
const TOKEN = ".o_field_widget[name=key]:contains('crmlead_')";
const TOGGLE = ".o_field_widget[name=is_paused] input";

/** The only copy of a token is not lost by a key or a click. */
tours.add("crm_lead_api_token_dialog_tour", {
    steps: () => [
        {trigger: "button[name=action_new_token]:visible", run: "click"},
        {trigger: ".modal button[name=action_make_token]", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=password] input",
            run: "edit manager-of-tour",
        },
        {trigger: ".modal button[name=run_check]", run: "click"},
        {trigger: TOKEN, run: "press Escape"},
        {trigger: `${ASKED} .btn-primary:contains('Go Back')`, run: "click"},
        {trigger: `body:not(:has(${ASKED}))`},
        {
            content: "a click beside the dialog",
            trigger: `.modal:has(${TOKEN})`,
            run: "click",
        },
        {trigger: TOKEN},
        {trigger: `.modal:has(${TOKEN}) .btn-close`, run: "click"},
        {trigger: ASKED, run: "press Escape"},
        {trigger: `body:not(:has(${ASKED})) ${TOKEN}`, run: "press Escape"},
        {trigger: `${ASKED} .btn-secondary:contains('Close')`, run: "click"},
        {trigger: "body:not(:has(.modal)) .o_data_row:contains('Valid')"},
    ],
});

/** A client is paused after a question, on its form and in the list. */
tours.add("crm_lead_api_pause_tour", {
    steps: () => [
        {trigger: ".o_form_label:contains('Requests Paused')"},
        {trigger: `${TOGGLE}:not(:checked)`, run: "click"},
        {
            trigger: ".modal:contains('tong-dai') .btn-secondary",
            run: "click",
        },
        {trigger: `body:not(:has(.modal)) ${TOGGLE}:not(:checked)`, run: "click"},
        {trigger: ".modal .btn-primary:contains('Pause')", run: "click"},
        {trigger: ".ribbon:contains('Paused')"},
        {
            trigger: "body:not(:has(.modal)) .breadcrumb-item a:contains('Clients')",
            run: "click",
        },
        {trigger: "th[data-name=is_paused]:contains('Requests Paused')"},
        {
            content: "a click beside the switch opens nothing",
            trigger:
                ".o_data_row:contains('web-form') .o_field_widget[name=is_paused] > div",
            run: "click",
        },
        {
            content: "a click with the mouse",
            trigger: `.o_list_view .o_data_row:contains('web-form') ${TOGGLE}`,
            run({anchor}) {
                const {x, y, width, height} = anchor.getBoundingClientRect();
                document.elementFromPoint(x + width / 2, y + height / 2).click();
            },
        },
        {trigger: ".modal:contains('web-form') .btn-secondary", run: "click"},
        {
            content: "a pause ends without a question",
            trigger: `body:not(:has(.modal)) .o_data_row:contains('tong-dai') ${TOGGLE}:checked`,
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) .o_data_row:contains('tong-dai') ${TOGGLE}:not(:checked)`,
        },
        {
            trigger: `.o_data_row:contains('web-form') ${TOGGLE}:not(:checked)`,
            run: "click",
        },
        {
            trigger: ".modal:contains('web-form') .btn-primary:contains('Pause')",
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) .o_data_row:contains('web-form') ${TOGGLE}:checked`,
        },
    ],
});

/** A code gets its meaning, and the requests that waited for it are sent again. */
tours.add("crm_lead_api_code_tour", {
    steps: () => [
        {
            trigger: "button[name=action_open_codes]:contains('Unknown Codes')",
            run: "click",
        },
        {
            trigger:
                ".o_data_row:contains('NM') .o_list_record_open_form_view button, .o_data_row:contains('NM') button.o_list_record_open_form_view",
            run: "click",
        },
        {
            trigger: ".o_form_view .alert:contains('Waiting requests'):contains('2')",
        },
        {trigger: ".o_field_widget[name=res_id] input", run: "edit Khám"},
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Khám')",
            run: "click",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: "button[name=action_send_waiting]:visible", run: "click"},
        {trigger: ".modal .o_form_view:contains('2 requests are sent again')"},
        {trigger: ".modal button[name=action_send]", run: "click"},
        {
            trigger:
                ".o_list_view .o_data_row:contains('Done') + .o_data_row:contains('Done')",
        },
    ],
});

/** The list of clients has its title, and the logs of all clients in its menu. */
tours.add("crm_lead_api_client_logs_tour", {
    steps: () => [
        {
            content: "the whole title",
            trigger:
                ".o_control_panel .o_last_breadcrumb_item span:contains('Clients')",
            run: ({anchor}) => {
                if (anchor.scrollWidth > anchor.clientWidth + 1) {
                    throw new Error(`${anchor.clientWidth} of ${anchor.scrollWidth}`);
                }
            },
        },
        {
            trigger: ".o_control_panel .o_cp_action_menus button:has(.fa-cog)",
            run: "click",
        },
        {trigger: ".o-dropdown--menu .o-dropdown-item:contains('Look-Ups')"},
        {
            trigger:
                ".o-dropdown--menu .o-dropdown-item:contains('Requests without a Token')",
            run: "click",
        },
        {trigger: ".o_last_breadcrumb_item:contains('Requests without a Token')"},
    ],
});
