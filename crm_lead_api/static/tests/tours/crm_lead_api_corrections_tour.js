import {registry} from "@web/core/registry";

const at = (path) => `.modal .o_lead_api_corrections [data-path=${path}]`;

/** A refused request is corrected by choosing and typing, and sent again. */
registry.category("web_tour.tours").add("crm_lead_api_corrections_tour", {
    steps: () => [
        {trigger: "button:contains('Send Again'):visible", run: "click"},
        {
            trigger: `${at("gender")}:contains('Gender'):contains('nữ') select`,
            run: "selectByLabel Female",
        },
        {trigger: `${at("street")}:contains('Not sent') input`, run: "edit 14 Lê Lợi"},
        {trigger: `${at("state_id")} .o-autocomplete input`, run: "edit Hồ Chí"},
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Hồ Chí Minh')",
            run: "click",
        },
        {trigger: `${at("email_from")} input[type=checkbox]`, run: "click"},
        {trigger: `${at("email_from")}:not(:has(input[type=text]))`},
        {trigger: ".modal button[name=action_check]", run: "click"},
        {trigger: ".modal .alert-success"},
        {trigger: ".modal button[name=action_send]", run: "click"},
        {
            content: "its lead opens",
            trigger:
                ".o_form_view .o_field_widget[name=partner_id] input:value('Trần Thị Thanh Thảo')",
        },
    ],
});
