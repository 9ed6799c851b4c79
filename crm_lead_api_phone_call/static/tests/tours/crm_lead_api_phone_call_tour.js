import {registry} from "@web/core/registry";

/** From a lead to its phone calls: a player that plays, and the call's own page. */
registry.category("web_tour.tours").add("crm_lead_api_phone_call_tour", {
    steps: () => [
        {
            trigger: "button[name=action_view_phone_calls]:contains('2')",
            run: "click",
        },
        {
            content: "a missed call with its number, and a button to call back",
            trigger:
                ".o_list_view .o_data_row:contains('No answer'):contains('0912 345 678'):not(:has(audio)) a.btn[href='tel:0912345678']:contains('Call Back')",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('03:20'):not(:has(a.btn))",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('03:20') audio",
            async run() {
                const sound = this.anchor;
                await new Promise((resolve, reject) => {
                    sound.addEventListener("loadedmetadata", resolve);
                    sound.addEventListener("error", reject);
                    sound.load();
                    sound.preload = "metadata";
                });
                if (Math.round(sound.duration) !== 2) {
                    throw new Error(`The recording lasts ${sound.duration} seconds`);
                }
            },
        },
        {
            content: "a click on the player does not open the call",
            trigger: ".o_list_view .o_data_row audio",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('03:20') td[name=start_date]",
            run: "click",
        },
        {trigger: ".o_form_view .o_field_widget[name=note]:contains('Hỏi giá')"},
        {trigger: ".o_form_view audio"},
    ],
});
