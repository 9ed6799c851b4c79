import {registry} from "@web/core/registry";

/** From a lead to a booking on another day, in four clicks. */
registry.category("web_tour.tours").add("crm_lead_api_booking_book_tour", {
    steps: () => [
        {trigger: "button[name=action_book]", run: "click"},
        {
            content: "the dialog tells whom it is for",
            trigger: ".modal .o_field_widget[name=lead_id]",
        },
        {trigger: ".modal .o_booking_other_day:eq(2)", run: "click"},
        {trigger: ".modal .o_booking_other_day:eq(2).btn-primary"},
        {trigger: ".modal .o_booking_slot:eq(0)", run: "click"},
        {
            content: "the start is chosen",
            trigger: ".modal .o_booking_slot.btn-primary",
        },
        {trigger: ".modal button[name=action_book]", run: "click"},
        {trigger: ".o_notification:contains('BK-'):contains('Phòng 1')"},
        {trigger: ".o_lead_strip [name=next_booking]:contains('Phòng 1')"},
        {isActive: ["mobile"], trigger: ".o_button_more", run: "click"},
        {
            content: "the lead has the booking",
            trigger: "button[name=action_view_bookings]:contains('1')",
        },
    ],
});
