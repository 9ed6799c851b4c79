import {registry} from "@web/core/registry";

const ROW = ".o_field_widget[name=doubtful_partner_ids] .o_kanban_record";

/** A sales manager looks at contacts that match, and decides who is the same person. */
registry.category("web_tour.tours").add("crm_lead_api_same_person_tour", {
    steps: () => [
        {
            content: "the phone that matches",
            trigger: `${ROW}:contains('Mẹ của Ánh'):contains('0900000203')`,
        },
        {
            content: "open the contact",
            trigger: `${ROW} button:contains('Mẹ của Ánh')`,
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name]:has(:value('Mẹ của Ánh'))",
        },
        {trigger: ".o_back_button, .breadcrumb-item a", run: "click"},
        {
            trigger: `${ROW}:contains('Mẹ của Ánh') button:contains('Not the Same Person')`,
            run: "click",
        },
        {
            content: "the chatter tells it",
            trigger: ".o-mail-Message:contains('Mẹ của Ánh is not the same person as Bà Ánh')",
        },
        {
            trigger: `.o_form_view:not(:has(${ROW}:contains('Mẹ của Ánh'))) ${ROW}:contains('Cô Ánh') button:contains('Merge')`,
            run: "click",
        },
        {trigger: ".modal .o_kanban_record:contains('Cô Ánh')"},
        {trigger: ".modal button[name=action_merge]", run: "click"},
        {
            content: "no doubt is left",
            trigger: `body:not(:has(.modal)) .o_form_view:not(:has(${ROW})) .o_lead_api_customer`,
        },
    ],
});

const PROPOSALS = ".o_field_widget[name=pending_proposal_ids] .o_kanban_record";

/** A salesperson refuses one change of the contact, and accepts all others. */
registry.category("web_tour.tours").add("crm_lead_api_proposals_tour", {
    steps: () => [
        {
            content: "old beside new",
            trigger: `${PROPOSALS}:contains('rieng@example.com'):contains('thao.tran@example.com')`,
        },
        {
            content: "a screen reader tells the buttons apart",
            trigger: `${PROPOSALS} button:contains('Refuse new e-mail')`,
            run: "click",
        },
        {
            trigger: `.o_form_view:not(:has(${PROPOSALS}:contains('rieng@example.com'))):has(${PROPOSALS}) button[name=action_accept_proposals]`,
            run: "click",
        },
        {
            content: "all is decided, and folded away",
            trigger: `.o_form_view:not(:has(${PROPOSALS})) [name=lead_api_proposals] details:not([open]) summary`,
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=decided_proposal_ids] .o_kanban_record:contains('thao.tran@example.com') .badge:contains('Refused')",
        },
    ],
});
