import {registry} from "@web/core/registry";

/** From the timeline of a contact to a lead. */
registry.category("web_tour.tours").add("crm_lead_api_timeline_tour", {
    steps: () => [
        {trigger: ".nav-link[name=customer_timeline]", run: "click"},
        {
            trigger:
                ".o_customer_timeline li:contains('Portrait'):contains('âm nhạc'):contains('xem phim')",
        },
        {
            content: "Odoo opens links of texts in a new tab; a tour has but one",
            trigger:
                ".o_customer_timeline li:contains('Lead') a:contains('Trần Thị Thanh Thảo')",
            run() {
                window.location = this.anchor.href;
            },
            expectUnloadPage: true,
        },
        {
            trigger: ".o_form_view .o_field_widget[name=service_ids]:contains('Khám')",
        },
    ],
});
