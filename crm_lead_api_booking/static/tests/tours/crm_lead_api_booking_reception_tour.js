import {registry} from "@web/core/registry";

const CARD = ".o_kanban_record:contains('Khách đến')";
const OTHER = ".o_kanban_record:contains('Khách hủy')";

/** The reception receives a customer of today, and cancels for another. */
registry.category("web_tour.tours").add("crm_lead_api_booking_reception_tour", {
    steps: () => [
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
        {trigger: `${OTHER} button:contains('Cancel')`, run: "click"},
        {trigger: ".modal footer button:contains('Keep It')", run: "click"},
        {
            trigger: `body:not(:has(.modal)) ${OTHER} button:contains('Cancel')`,
            run: "click",
        },
        {trigger: ".modal [name=note] input", run: "edit Bận việc"},
        {trigger: ".modal footer button:contains('Cancel the Booking')", run: "click"},
        {trigger: `${OTHER}:not(:has(button))`},
    ],
});
