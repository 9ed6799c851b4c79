import {registry} from "@web/core/registry";

const at = (path) => `.modal .o_lead_api_corrections [data-path=${path}]`;

/** A refused request is corrected by choosing and typing, and sent again. */
registry.category("web_tour.tours").add("crm_lead_api_corrections_tour", {
    steps: () => [
        {trigger: "button:contains('Send Again'):visible", run: "click"},
        {
            content: "somebody types",
            trigger: `${at("street")}:contains('It is missing.') input`,
            run({anchor}) {
                anchor.value = "14 Lê Lợi";
                anchor.dispatchEvent(new Event("input", {bubbles: true}));
            },
        },
        {
            trigger: `${at("gender")}:contains('Gender'):contains('nữ') select`,
            run: "selectByLabel Female",
        },
        {trigger: `${at("state_id")} .o-autocomplete input`, run: "edit Hồ Chí"},
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Hồ Chí Minh')",
            run: "click",
        },
        {trigger: `${at("email_from")} input[type=checkbox]`, run: "click"},
        {trigger: `${at("email_from")}:not(:has(input[type=text]))`},
        {
            content: "the typed text is still there, and taken when the field is left",
            trigger: `${at("street")} input:value('14 Lê Lợi')`,
            run: ({anchor}) =>
                anchor.dispatchEvent(new Event("change", {bubbles: true})),
        },
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
