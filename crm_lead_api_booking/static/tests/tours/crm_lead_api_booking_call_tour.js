import {registry} from "@web/core/registry";

/** A call that ends with a booking; without a time it goes on. */
registry.category("web_tour.tours").add("crm_lead_api_booking_call_tour", {
    steps: () => [
        {trigger: "button[name=action_log_call]", run: "click"},
        {trigger: ".modal .o_radio_item:contains('Booked') input", run: "click"},
        {trigger: ".modal button:contains('Choose a Time')", run: "click"},
        {trigger: ".modal .o_booking_slot"},
        {trigger: ".modal button:contains('Discard')", run: "click"},
        {
            content: "the call is still to be made",
            trigger: "body:not(:has(.modal)) .o-mail-Activity:contains('Call by')",
        },
        {trigger: "button[name=action_log_call]", run: "click"},
        {trigger: ".modal .o_radio_item:contains('Booked') input", run: "click"},
        {trigger: ".modal button:contains('Choose a Time')", run: "click"},
        {trigger: ".modal .o_booking_slot:eq(0)", run: "click"},
        {trigger: ".modal .o_booking_slot.btn-primary"},
        {trigger: ".modal button[name=action_book]", run: "click"},
        {trigger: ".o_notification:contains('BK-')"},
        {
            content: "the call is over",
            trigger: "body:not(:has(.o-mail-Activity)):not(:has(.modal)) .o_form_view",
        },
    ],
});
