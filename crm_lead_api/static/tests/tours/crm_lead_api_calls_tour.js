import {registry} from "@web/core/registry";

const ROW = ".o_list_view .o_data_row";
const CARD = ".o_kanban_record";

/** Whom to call today, the phone and Zalo at hand. */
registry.category("web_tour.tours").add("crm_lead_api_calls_today_tour", {
    steps: () => [
        {
            content: "the first due first; its number dials, and opens Zalo",
            trigger: `${ROW}:nth-child(1):contains('Lê An'):contains('Nâng mũi +1') a[href='tel:0968011112']`,
        },
        {
            trigger: `${ROW}:nth-child(1) a[href='https://zalo.me/0968011112'][target=_blank]`,
        },
        {
            trigger: `${ROW}:nth-child(1):has([name=call_date] [title*='Agreed call back']) td[name=call_reason]:contains('Agreed call back')`,
        },
        {
            content: "a missed call is red",
            trigger: `${ROW}:nth-child(1) td[name=call_date] .text-danger:contains('10 minutes ago')`,
        },
        {trigger: `${ROW}:nth-child(2):contains('Trần Bình'):contains('3 hours ago')`},
        {
            trigger: `${ROW}:nth-child(2) td[name=call_date]:contains(/in \\d+ minutes/):not(:has(.text-danger))`,
        },
        {
            content: "who was called is not here",
            trigger: ".o_list_view:not(:contains('Phạm Mai'))",
        },
        {trigger: `${ROW}:nth-child(2) td[name=call_name]`, run: "click"},
        {trigger: ".o_form_view .o_field_widget[name=name]"},
        // The pipeline's cards
        {
            trigger: ".o_menu_sections [data-menu-xmlid='crm.crm_menu_sales']",
            run: "click",
        },
        {trigger: "[data-menu-xmlid='crm_lead_api.crm_lead_call_menu']"},
        {trigger: "[data-menu-xmlid='crm.menu_crm_opportunities']", run: "click"},
        {
            content: "first service in the title, the other one beside it",
            trigger:
                ".o_kanban_record:contains('Lê An – Nâng mũi +1') .o_field_many2many_tags:contains(/^Khám$/)",
        },
        {trigger: ".o_kanban_record:contains('Lê An') a[href='tel:0968011112']"},
        {trigger: ".o_kanban_record:contains('Trần Bình'):contains('3 hours ago')"},
        // Somebody who is not to call rings
        {
            trigger: ".o_menu_sections [data-menu-xmlid='crm.crm_menu_sales']",
            run: "click",
        },
        {trigger: "[data-menu-xmlid='crm_lead_api.crm_lead_call_menu']", run: "click"},
        {trigger: `${ROW}:contains('Lê An')`},
        {trigger: ".o_searchview_input", run: "edit 0968 011 113"},
        {
            trigger: ".o_searchview_autocomplete .o-dropdown-item:contains('Phone')",
            run: "click",
        },
        {trigger: "a.o_lead_search_in_all", run: "click"},
        {
            content: "the number is searched for in all leads",
            trigger: ".o_searchview_facet:contains('0968 011 113')",
        },
        {trigger: `${ROW}:contains('Phạm Mai')`},
    ],
});

/** A call asks for its result, in the chatter and in the list. */
registry.category("web_tour.tours").add("crm_lead_api_call_result_tour", {
    steps: () => [
        {
            trigger: ".o-mail-Activity:contains('Call by') .o-mail-Activity-markDone",
            run: "click",
        },
        {
            content: "the dialog tells whose call it is",
            trigger:
                ".modal .o_field_widget[name=lead_id]:contains('Lê An – Nâng mũi')",
        },
        {trigger: ".modal button[name=action_save]", run: "click"},
        {
            content: "in the user's language, which Odoo's own words for it are not in",
            trigger:
                ".modal:contains('Choose the result of the call.') .modal-footer button",
            run: "click",
        },
        {
            trigger:
                ".modal:contains('Result of the Call') label:contains('Not interested')",
            run: "click",
        },
        {trigger: ".modal .o_field_widget[name=lost_reason_id] input", run: "edit Đắt"},
        {trigger: ".o-autocomplete--dropdown-item:contains('Đắt quá')", run: "click"},
        {trigger: ".modal button[name=action_save]", run: "click"},
        {trigger: ".o_form_view .ribbon:contains('Lost')"},
        {trigger: ".o-mail-Message:contains('Not interested')"},
        // The list of calls
        {
            trigger: ".o_menu_sections [data-menu-xmlid='crm.crm_menu_sales']",
            run: "click",
        },
        {trigger: "[data-menu-xmlid='crm_lead_api.crm_lead_call_menu']", run: "click"},
        {
            trigger: `${ROW}:contains('Trần Bình') .o-mail-ActivityButton`,
            run: "click",
        },
        {trigger: ".o-mail-ActivityListPopoverItem-markAsDone", run: "click"},
        {trigger: ".modal label:contains('No answer')", run: "click"},
        {
            content: "a next call is suggested",
            trigger: ".modal .o_field_widget[name=date]:contains(/\\d:\\d\\d/)",
        },
        {trigger: ".modal button[name=action_save]", run: "click"},
        {
            content: "a call that nobody had planned",
            trigger: `body:not(:has(.modal)) ${ROW}:contains('Phạm Mai') button[name=action_log_call]`,
            run: "click",
        },
        {trigger: ".modal label:contains('Not interested')", run: "click"},
        {trigger: ".modal button[name=action_save]", run: "click"},
        {trigger: "body:not(:has(.modal)) .o_list_view:not(:contains('Phạm Mai'))"},
        // The pipeline's cards
        {
            trigger: ".o_menu_sections [data-menu-xmlid='crm.crm_menu_sales']",
            run: "click",
        },
        {trigger: "[data-menu-xmlid='crm.menu_crm_opportunities']", run: "click"},
        {
            trigger: `${CARD}:contains('Chưa qua API')`,
            run: `hover && click ${CARD}:contains('Chưa qua API') .o_dropdown_kanban button`,
        },
        {
            content: "leads that were made by hand, too",
            trigger: ".o-dropdown--menu:has([role=menuitem]) [name=action_log_call]",
        },
        {
            trigger: `${CARD}:contains('Trần Bình')`,
            run: `hover && click ${CARD}:contains('Trần Bình') .o_dropdown_kanban button`,
        },
        {trigger: ".o-dropdown--menu [name=action_log_call]", run: "click"},
        {trigger: ".modal .o_field_widget[name=lead_id]:contains('Trần Bình')"},
        {trigger: ".modal footer button:contains('Discard')", run: "click"},
        {trigger: "body:not(:has(.modal))"},
    ],
});
