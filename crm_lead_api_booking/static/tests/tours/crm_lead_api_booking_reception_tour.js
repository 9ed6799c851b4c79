import {registry} from "@web/core/registry";

const CARD = ".o_kanban_record:contains('Khách đến')";
const OTHER = ".o_kanban_record:contains('Khách hủy')";

/** The reception receives a customer of today, and cancels for another. */
registry.category("web_tour.tours").add("crm_lead_api_booking_reception_tour", {
    steps: () => [
        {
            content: "on a phone, the day's list comes first",
            isActive: ["mobile"],
            trigger: ".o_cp_switch_buttons button",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".o-dropdown-item:contains('Kanban')",
            run: "click",
        },
        {
            content: "other days are not shown",
            trigger: ".o_kanban_view:not(:contains('Khách hôm sau'))",
        },
        {trigger: `${CARD} button[name=action_arrive]`, run: "click"},
        {trigger: `${CARD} button[name=action_undo]`, run: "click"},
        {trigger: `${CARD} button[name=action_arrive]`, run: "click"},
        {trigger: `${CARD} button[name=action_finish]`},
        {
            content: "who has arrived cannot arrive again",
            trigger: `${CARD}:not(:has(button[name=action_arrive]))`,
        },
        {trigger: `${CARD} button[name=action_finish]`, run: "click"},
        {trigger: `${CARD}:not(:has(button:not([name=action_undo])))`},
        {
            content: "who comes in is booked by phone number",
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        {trigger: ".modal [name=phone] input", run: "edit 0912 345 678"},
        {trigger: ".modal [name=contact_name] input", run: "edit Khách vãng lai"},
        {trigger: ".modal .o_booking_slot:eq(0)", run: "click"},
        {trigger: ".modal button[name=action_book]", run: "click"},
        {trigger: ".o_notification:contains('BK-')"},
        {trigger: `${OTHER} button:contains('Cancel')`, run: "click"},
        {trigger: ".modal footer button:contains('Keep It')", run: "click"},
        {
            trigger: `body:not(:has(.modal)) ${OTHER} button:contains('Cancel')`,
            run: "click",
        },
        {trigger: ".modal [name=note] input", run: "edit Bận việc"},
        {trigger: ".modal footer button:contains('Cancel the Booking')", run: "click"},
        {trigger: ".o_notification:contains('calls the customer on')"},
        {trigger: `${OTHER}:not(:has(button))`},
    ],
});
