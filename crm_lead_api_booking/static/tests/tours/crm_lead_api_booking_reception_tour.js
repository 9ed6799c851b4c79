import {registry} from "@web/core/registry";

const CARD = ".o_kanban_record:contains('Khách đến')";

/** The reception receives a customer of today. */
registry.category("web_tour.tours").add("crm_lead_api_booking_reception_tour", {
    steps: () => [
        {
            content: "other days are not shown",
            trigger: ".o_kanban_view:not(:contains('Khách hôm sau'))",
        },
        {trigger: `${CARD} button[name=action_arrive]`, run: "click"},
        {trigger: `${CARD} button[name=action_finish]`},
        {
            content: "who has arrived cannot arrive again",
            trigger: `${CARD}:not(:has(button[name=action_arrive]))`,
        },
        {trigger: `${CARD} button[name=action_finish]`, run: "click"},
        {trigger: `${CARD}:not(:has(button))`},
    ],
});
