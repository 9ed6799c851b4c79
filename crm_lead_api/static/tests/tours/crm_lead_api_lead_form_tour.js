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
            trigger:
                ".o_form_view .o_field_widget[name=name]:has(:value('Mẹ của Ánh'))",
        },
        {trigger: ".o_back_button, .breadcrumb-item a", run: "click"},
        {
            trigger: `${ROW}:contains('Mẹ của Ánh') button:contains('Not the Same Person')`,
            run: "click",
        },
        {
            content: "the chatter tells it",
            trigger:
                ".o-mail-Message:contains('Mẹ của Ánh is not the same person as Bà Ánh')",
        },
        {
            trigger: `.o_form_view:not(:has(${ROW}:contains('Mẹ của Ánh'))) ${ROW}:contains('Cô Ánh') button:contains('Merge')`,
            run: "click",
        },
        {
            content: "each contact with its number",
            trigger: ".modal .o_kanban_record:contains(/Cô Ánh\\s*\\(\\d+\\)/)",
        },
        {trigger: ".modal button[name=action_merge]", run: "click"},
        {
            content: "no doubt is left",
            trigger: `body:not(:has(.modal)) .o_form_view:not(:has(${ROW})) .o_lead_api_customer`,
        },
    ],
});

const DIFFERENT = ".o_field_widget[name=different_partner_ids] .o_kanban_record";

/** A sales manager takes back that two contacts are different persons. */
registry.category("web_tour.tours").add("crm_lead_api_perhaps_same_person_tour", {
    steps: () => [
        {trigger: ".nav-link[name=customer_profile]", run: "click"},
        {
            trigger: `${DIFFERENT}:contains('Mẹ của Ánh') button:contains('Perhaps the Same Person')`,
            run: "click",
        },
        {
            content: "the chatter tells it",
            trigger: `.o_form_view:not(:has(${DIFFERENT})) .o-mail-Message:contains('may be the same person')`,
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

/** The first page has all of the customer; showing empty fields changes nothing. */
registry.category("web_tour.tours").add("crm_lead_api_first_page_tour", {
    steps: () => [
        {
            content: "the address",
            trigger:
                ".o_lead_api_customer .o_field_widget[name=street] input:value('12 Lê Lợi')",
        },
        {
            trigger:
                ".o_field_widget[name=zalo_url] a[href='https://zalo.me/0900000202'][target=_blank]",
            run: ({anchor}) => {
                const value = document.querySelector("[name=zalo_account] textarea");
                const [top, line] = [value, anchor].map(
                    (each) => each.getBoundingClientRect().top
                );
                if (Math.abs(line - top) > 8) {
                    throw new Error(`the link is ${line - top} pixels below its value`);
                }
            },
        },
        {
            trigger:
                ".o_field_widget[name=facebook_url] a[href='https://www.facebook.com/thao.tran.demo']",
        },
        {
            content: "a second portrait can be added",
            trigger:
                ".o_form_view:has(button[name=action_open_portrait]) button[name=action_add_portrait]",
        },
        {
            content: "the date is said to be the portrait's",
            trigger: ".o_portrait_card:contains('Recorded on')",
        },
        {
            trigger:
                ".o_form_view:not(:has(.o_lead_api_customer .o_field_widget[name=street2])) .o_field_widget[name=show_empty_fields] input",
            run: "click",
        },
        {
            content: "empty fields are there, and nothing is to be saved",
            trigger:
                ".o_form_view:has(.o_lead_api_customer .o_field_widget[name=street2]):not(:has(.o_form_status_indicator_buttons:not(.invisible)))",
        },
        {
            trigger: ".o_lead_api_customer .o_field_widget[name=street2] input",
            run: "edit Tầng 2",
        },
        {
            content: "a real change is to be saved",
            trigger:
                ".o_form_status_indicator_buttons:not(.invisible) .o_form_button_save",
            run: "click",
        },
        {
            trigger:
                ".o_form_view:not(:has(.o_form_status_indicator_buttons:not(.invisible)))",
        },
    ],
});

/** A salesperson follows the link of a colleague's lead. */
registry.category("web_tour.tours").add("crm_lead_api_colleague_tour", {
    steps: () => [
        {
            content: "a page tells whose it is and whom to ask, and nothing else",
            trigger:
                "body:not(:has(.modal)):not(:has(.o_kanban_view)):not(:has(.o_form_view)):not(:contains('Trần Thị Thanh Thảo')) .o_lead_of_colleague:contains('belongs to Lê Thu Hương'):contains('Trưởng nhóm')",
        },
        {trigger: ".o_lead_of_colleague button", run: "click"},
        {trigger: "body:not(:has(.o_lead_of_colleague)) .o_kanban_view"},
    ],
});

const STRIP = ".o_lead_strip";

/** The next step of a lead stands before everything else, on a phone, too. */
registry.category("web_tour.tours").add("crm_lead_api_strip_tour", {
    steps: () => [
        {
            content:
                "who calls by when, why by then, what to check, and what was before",
            trigger: `${STRIP}:contains('Lê Thu Hương'):contains('minutes ago'):contains('within 15 working minutes'):contains('Proposed changes'):contains('Earlier leads: 1')`,
        },
        {trigger: `${STRIP} a[href^='tel:'].btn:contains('Call')`},
        {
            content: "all of it in the first screen",
            trigger: STRIP,
            run: ({anchor}) => {
                const {bottom} = anchor.getBoundingClientRect();
                if (bottom > window.innerHeight) {
                    throw new Error(`${bottom} of ${window.innerHeight} pixels`);
                }
            },
        },
        {
            trigger: `${STRIP} [name=call_date] .text-danger`,
        },
        {
            content: "no other button is as important",
            trigger: `.o_form_view:not(:has(.o_form_statusbar .btn-primary)) ${STRIP} .btn-primary[name=action_log_call]`,
            run: "click",
        },
        {trigger: ".modal label:contains('Call back')", run: "click"},
        {trigger: ".modal button[name=action_save]", run: "click"},
        {
            content: "the customer is called, and will be again",
            trigger: `body:not(:has(.modal)):not(:has(${STRIP} .text-danger)) ${STRIP}:has([name=call_date]) .btn-secondary[name=action_log_call]`,
        },
    ],
});

/** A salesperson decides on what the call centre would change of a lead. */
registry.category("web_tour.tours").add("crm_lead_api_lead_proposals_tour", {
    steps: () => [
        {
            content: "the salesperson's phone stays, the sent one is proposed",
            trigger: `${PROPOSALS}:contains('Phone (lead)'):contains('0911 111 111'):contains('0922 222 222') button:contains('Accept new phone (lead)')`,
            run: "click",
        },
        {
            content: "the accepted phone is on the lead, the chatter tells it",
            trigger:
                ".o_form_view:has(.o_field_widget[name=phone] :value('0922 222 222')) .o-mail-Message:contains('changed, as'):contains('0911 111 111'):contains('0922 222 222')",
        },
        {
            content: "a service that the salesperson removed",
            trigger: `${PROPOSALS}:contains('Services (lead)'):contains('+ Khám') button:contains('Refuse new services (lead)')`,
            run: "click",
        },
        {
            trigger: `.o_form_view:not(:has(${PROPOSALS}:contains('Services (lead)'))) .o-mail-Message:contains('Services (lead) stays')`,
        },
    ],
});
