import {registry} from "@web/core/registry";

/** A quotation of a lead, and its total. */
registry.category("web_tour.tours").add("crm_lead_api_sale_tour", {
    steps: () => [
        {trigger: "button[name=action_sale_quotations_new]", run: "click"},
        {
            trigger:
                ".o_field_widget[name=order_line] .o_data_row:nth-child(1):contains('Nâng mũi'):contains('800')",
        },
        {
            trigger:
                ".o_field_widget[name=order_line] .o_data_row:nth-child(2):contains('Khám'):contains('240')",
        },
        {trigger: ".o_field_widget[name=tax_totals]:contains('1,040')"},
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_saved"},
    ],
});
