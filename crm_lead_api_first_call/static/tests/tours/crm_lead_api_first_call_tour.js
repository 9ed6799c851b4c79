import {registry} from "@web/core/registry";
import {user} from "@web/core/user";

const tours = registry.category("web_tour.tours");
const ROW = ".o_list_view .o_data_row";
const OPEN = ".o_last_breadcrumb_item";

/** Shows notices of the user's leads, the oldest first, as the server sends them. */
async function showNotices(...titles) {
    const {first_call: firstCall, orm} = odoo.__WOWL_DEBUG__.root.env.services;
    const own = [["user_id", "=", user.userId]];
    const leadIds = await orm.search("crm.lead", own, {order: "id"});
    const show = (title, ids) =>
        firstCall.showNotice({title, message: "", sticky: true, lead_ids: ids});
    titles.forEach((title, index) => show(title, [leadIds[index]]));
    show("Both: Khách", leadIds);
}

/** The most urgent lead, until none is left. */
tours.add("crm_lead_api_first_call_next_tour", {
    steps: () => [
        {
            trigger: `${ROW}:contains('Khách 1')`,
            run: () => showNotices("New: Khách 1", "New: Khách 2"),
        },
        {
            trigger:
                "body:has(.o_notification:contains('New: Khách 1')) .o_control_panel button[name=action_open_next_call]",
            run: "click",
        },
        {
            content: "the lead says why it is the user's",
            trigger:
                ".o_lead_strip:contains('Lan: next by weight of 1 on duty') a[href^='tel:']",
        },
        {
            content: "the notice of the lead that is open has gone",
            trigger:
                "body:not(:has(.o_notification:contains('Khách 1'))):has(.o_notification:contains('Both')) .o_breadcrumb:contains('Khách 1')",
            run: () => showNotices("Late: Khách 1", "Late: Khách 2"),
        },
        {
            trigger:
                "body:not(:has(.o_notification:contains('Khách 1'))):has(.o_notification:contains('New: Khách 2')) .o_notification:contains('Late: Khách 2') button:contains('Open the Lead')",
            run: "click",
        },
        {
            trigger: `body:not(:has(.o_notification:contains('Khách'))) ${OPEN}:contains('Khách 2')`,
        },
        {trigger: ".o_breadcrumb a:contains('Khách 1')", run: "click"},
        {trigger: `${OPEN}:contains('Khách 1')`},
        {trigger: ".o_notebook .nav-link[name=first_call]", run: "click"},
        {
            trigger:
                ".o_field_widget[name=first_call_decision_ids] .o_data_row:contains('Lan')",
        },
        {
            trigger: ".o_lead_strip button[name=action_log_call]:visible",
            run: "click",
        },
        {trigger: ".modal label:contains('Not interested')", run: "click"},
        {trigger: ".modal button[name=action_save]", run: "click"},
        {
            trigger:
                "body:not(:has(.modal)) .o_menu_sections [data-menu-xmlid='crm.crm_menu_sales']",
            run: "click",
        },
        {
            trigger:
                "[data-menu-xmlid='crm_lead_api_first_call.crm_lead_next_call_menu']",
            run: "click",
        },
        {trigger: ".o_breadcrumb:contains('Khách 2')"},
        {
            trigger: ".o_lead_strip button[name=action_log_call]:visible",
            run: "click",
        },
        {trigger: ".modal label:contains('Not interested')", run: "click"},
        {trigger: ".modal button[name=action_save]", run: "click"},
        {
            trigger:
                "body:not(:has(.modal)) .o_menu_sections [data-menu-xmlid='crm.crm_menu_sales']",
            run: "click",
        },
        {
            trigger:
                "[data-menu-xmlid='crm_lead_api_first_call.crm_lead_next_call_menu']",
            run: "click",
        },
        {trigger: ".o_notification:contains('No lead waits for a call of yours')"},
    ],
});

/** A salesperson takes leads that wait: in the list, on the form. */
tours.add("crm_lead_api_first_call_waiting_tour", {
    steps: () => [
        {
            trigger: `${ROW}:contains('Khách 1'):contains('Nobody is on duty') button[name=action_take_waiting]`,
            run: "click",
        },
        {
            trigger:
                ".o_form_view .o_lead_strip:contains('Lan, chosen by hand') a[href^='tel:']",
        },
        {trigger: ".o_back_button, .breadcrumb-item a", run: "click"},
        {trigger: `${ROW}:contains('Khách 2') td[name=call_name]`, run: "click"},
        {
            trigger: ".o_lead_strip button[name=action_take]",
            run: "click",
        },
        {
            trigger:
                ".o_lead_strip:contains('Lan, chosen by hand'):not(:has(button[name=action_take]))",
        },
        {trigger: ".o_back_button, .breadcrumb-item a", run: "click"},
        {trigger: ".o_list_view:contains('No lead waits')"},
    ],
});

/** A manager gives a waiting lead to who is on duty. */
tours.add("crm_lead_api_first_call_give_tour", {
    steps: () => [
        {trigger: `${ROW} button[name=action_give]`, run: "click"},
        {trigger: ".modal .o_field_widget[name=user_id] input", run: "click"},
        {
            trigger:
                ".o-autocomplete--dropdown-item:first:contains('Minh'):contains('On Duty')",
            run: "click",
        },
        {trigger: ".modal button[name=action_tell_given]", run: "click"},
        {trigger: ".o_notification:contains('Minh has the lead now; call by')"},
        {trigger: "body:not(:has(.modal)) .o_list_view:contains('No lead waits')"},
    ],
});

/** The choices of a team come with its switch. */
tours.add("crm_lead_api_first_call_team_tour", {
    steps: () => [
        {trigger: ".o_notebook .nav-link[name=first_call]", run: "click"},
        {
            content: "no choice without the switch",
            trigger:
                ".tab-pane.active:not(:has([name=first_call_minutes])) .o_field_widget[name=gives_leads_out] input",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=first_call_minutes] input",
            run: "edit 10",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {
            trigger:
                ".o_form_saved, .o_form_status_indicator:not(:has(.o_form_button_save:visible))",
        },
        {trigger: ".o_notebook .nav-link[name=members_users]", run: "click"},
        {
            trigger:
                ".o_field_widget[name=crm_team_member_ids] .o_kanban_record:contains('Lan'):contains('On duty')",
            run: "click",
        },
        {trigger: ".modal .nav-link[name=first_call]", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=first_call_weight] input",
            run: "edit 3",
        },
        {trigger: ".modal .o_field_widget[name=is_on_duty] input", run: "click"},
        {trigger: ".modal .o_form_button_save", run: "click"},
        {
            trigger:
                "body:not(:has(.modal)) .o_kanban_record:contains('Lan'):contains('Off duty')",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {
            trigger:
                ".o_form_saved, .o_form_status_indicator:not(:has(.o_form_button_save:visible))",
        },
    ],
});

/** On a phone the switch is in the same menu, and a dot shows its state. */
tours.add("crm_lead_api_first_call_duty_tour", {
    steps: () => [
        {trigger: ".o_first_call_duty .fa-circle-o"},
        {trigger: ".o_mobile_menu_toggle", run: "click"},
        {
            trigger:
                ".o_burger_menu .form-switch:contains('On Duty') input:not(:checked)",
            run: "click",
        },
        {trigger: ".o_notification:contains('You are on duty')"},
        {trigger: ".o_first_call_duty[aria-checked=true] .fa-circle"},
    ],
});
