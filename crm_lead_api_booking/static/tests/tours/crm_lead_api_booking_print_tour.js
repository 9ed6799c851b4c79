import {registry} from "@web/core/registry";

/** Today is chosen already; no calendar opens over the button. */
registry.category("web_tour.tours").add("crm_lead_api_booking_print_tour", {
    steps: () => [
        {trigger: ".modal .o_radio_item:contains('Today') input:checked"},
        {
            trigger: ".modal button[name=action_print]",
            run() {
                if (document.activeElement.closest("[name=date]")) {
                    throw new Error("The date has the focus, and shows its calendar");
                }
            },
        },
        {trigger: ".modal .o_radio_item:contains('Another day') input", run: "click"},
        {trigger: ".modal [name=date]"},
        {trigger: ".modal button:contains('Discard')", run: "click"},
        {trigger: "body:not(:has(.modal))"},
    ],
});
