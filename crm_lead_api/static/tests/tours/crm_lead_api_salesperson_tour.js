import {registry} from "@web/core/registry";

/** From the link of a lead: dial, accept a change, add a portrait, find it again. */
registry.category("web_tour.tours").add("crm_lead_api_salesperson_tour", {
    steps: () => [
        {
            content: "a link that dials, without the mouse on it",
            trigger:
                ".o_lead_strip .o_field_widget[name=phone] a[href='tel:0900000202']",
        },
        {
            trigger:
                ".o_field_widget[name=ticket_links] a[href='https://tickets.example.com/4711']",
        },
        // A change that the customer proposes
        {
            trigger:
                ".o_field_widget[name=pending_proposal_ids] .o_kanban_record:contains('Bà Ánh'):contains('Lê Thị Ánh') button:contains('Accept new name')",
            run: "click",
        },
        {
            content: "the decided change is folded away, and can be unfolded",
            trigger:
                ".o_form_view:not(:has([name=pending_proposal_ids])) [name=lead_api_proposals] details:not([open]) summary",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=decided_proposal_ids] .badge:contains('Accepted')",
        },
        // A portrait
        {trigger: "button[name=action_add_portrait]", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=term_goals] textarea",
            run: "edit Tự tin hơn",
        },
        {trigger: ".modal .nav-link:contains('Hobbies')", run: "click"},
        {
            trigger:
                ".modal .o_field_widget[name=hobby_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=tag_id] input",
            run: "edit am nhac",
        },
        {
            content: "what others said before, whatever way it is typed",
            trigger: ".o-autocomplete--dropdown-item:contains('Âm nhạc')",
            run: "click",
        },
        {trigger: ".modal .o_form_button_save", run: "click"},
        {
            trigger:
                "body:not(:has(.modal)) .o_portrait_card:contains('Tự tin hơn') .o_portrait_tag:contains('Âm nhạc')",
        },
        // Found again
        {trigger: ".o_back_button, .breadcrumb-item a", run: "click"},
        {trigger: ".o_searchview_input", run: "edit am nhac"},
        {
            content: "a list that fits the page",
            trigger:
                ".o_searchview_autocomplete:has(.o-dropdown-item:contains('Portrait'))",
            run() {
                const entries = [...this.anchor.querySelectorAll(".o-dropdown-item")];
                const texts = entries.map((entry) => entry.textContent.trim());
                if (texts.length > 12 || new Set(texts).size < texts.length) {
                    throw new Error(`too many entries: ${texts.join(" | ")}`);
                }
            },
        },
        {
            trigger: ".o_searchview_autocomplete .o-dropdown-item:contains('Portrait')",
            run: "click",
        },
        {trigger: ".o_searchview_facet:contains('am nhac')"},
        {trigger: ".o_switch_view.o_list", run: "click"},
        {
            trigger:
                ".o_list_view:has(.o_data_row:contains('4711')):has(.o_data_row:contains('4713')):not(:has(.o_data_row:contains('4714')))",
        },
    ],
});

/** An administrator loads the communes and wards. */
registry.category("web_tour.tours").add("crm_lead_api_districts_tour", {
    steps: () => [
        {trigger: ".o_control_panel button:contains('Load Vietnam')", run: "click"},
        {
            trigger: ".modal .o_load_districts:contains('communes and wards')",
            timeout: 60000,
        },
        {trigger: ".modal .progress[aria-valuenow='100']"},
        {trigger: ".modal button:contains('Close')", run: "click"},
        {trigger: "body:not(:has(.modal)) .o_pager_limit:contains(/33/)"},
    ],
});

/** The figures of the leads that came in. */
registry.category("web_tour.tours").add("crm_lead_api_intake_tour", {
    steps: () => [
        {trigger: ".o_intake_dashboard [data-name=leads] .fs-2:contains('3')"},
        {trigger: ".o_intake_dashboard [data-name=leads]:contains('before: 1')"},
        {
            trigger:
                ".o_intake_dashboard [data-name=contacted]:contains('before: 0'):contains('share before: 0 %')",
        },
        {trigger: ".o_intake_dashboard [data-name=contacted] [title='higher share']"},
        {
            content: "the days that are compared",
            trigger: ".o_intake_counted:contains('working minutes')",
            run() {
                const {DateTime} = window.luxon;
                const [start, end] = [59, 30].map((days) =>
                    DateTime.now().minus({days}).toFormat("MM/dd/yyyy")
                );
                if (!this.anchor.textContent.includes(`${start} – ${end}`)) {
                    throw new Error(this.anchor.textContent);
                }
            },
        },
        {trigger: ".o_intake_graph canvas"},
        {
            content: "the page can be scrolled down to it",
            trigger: ".o_intake_dashboard",
            run() {
                this.anchor.scrollTop = 10000;
                const {bottom} = this.anchor.getBoundingClientRect();
                if (!this.anchor.scrollTop || bottom > window.innerHeight) {
                    throw new Error("The page does not scroll.");
                }
            },
        },
        {
            content: "no line of sums over the bars",
            trigger: ".o_intake_graph canvas",
            run() {
                const {datasets} = window.Chart.getChart(this.anchor).data;
                if (datasets.some(({type}) => type === "line")) {
                    throw new Error("There is a line over the bars.");
                }
            },
        },
        {trigger: ".o_intake_dashboard button:contains('Today')", run: "click"},
        {trigger: ".o_intake_dashboard button.active:contains('Today')"},
        {trigger: ".o_intake_dashboard button:contains('This month')", run: "click"},
        {
            content: "from the first of the month to this day",
            trigger: ".o_intake_dashboard button.active:contains('This month')",
            run() {
                window.luxon.Settings.now = () => Date.now() + 24 * 60 * 60 * 1000;
            },
        },
        {trigger: ".o_intake_dashboard button:contains('This month')", run: "click"},
        {
            content: "the same on the next day, where the page stays open",
            trigger: ".o_intake_counted",
            async run({anchor, waitUntil}) {
                const {DateTime, Settings} = window.luxon;
                const now = DateTime.now();
                const [start, end] = [2 * now.day - 1, now.day].map((days) =>
                    now.minus({days}).toFormat("MM/dd/yyyy")
                );
                await waitUntil(
                    () => anchor.textContent.includes(`${start} – ${end}`),
                    {
                        timeout: 5000,
                    }
                );
                Settings.now = () => Date.now();
            },
        },
        {trigger: ".o_intake_dashboard .o_intake_analysis", run: "click"},
        {trigger: ".o_searchview_facet:contains('This month')"},
        {trigger: ".breadcrumb-item a:contains('Lead Intake')", run: "click"},
        {trigger: ".o_intake_dashboard button:contains('7 days')", run: "click"},
        {
            content: "a screen reader tells the chosen period, too",
            trigger:
                ".o_intake_dashboard [role=group]:has(button[aria-pressed=true]:contains('7 days')) button[aria-pressed=false]:contains('30 days')",
        },
        {
            trigger:
                ".o_intake_dashboard [data-name=contacted]:contains('1'):contains('33 %')",
            run: "click",
        },
        {
            content: "the leads that the number counts",
            trigger:
                ".o_list_view:has(.o_data_row):not(:has(.o_data_row + .o_data_row))",
        },
        {trigger: ".o_searchview_facet:contains('Contacted · Last 7 days')"},
        {trigger: ".breadcrumb-item a:contains('Lead Intake')", run: "click"},
        {trigger: ".o_intake_dashboard .o_intake_late", run: "click"},
        {
            content: "the one whose minutes are over, of its salesperson",
            trigger: ".o_group_header:contains('(1)') .o_group_name",
            run: "click",
        },
        {
            trigger:
                ".o_list_view:has(.o_data_row):not(:has(.o_data_row + .o_data_row))",
        },
        {trigger: ".breadcrumb-item a:contains('Lead Intake')", run: "click"},
        {trigger: ".o_intake_dashboard .o_intake_won", run: "click"},
        {
            content: "the one that came long before",
            trigger: ".o_group_header:contains('(1)') .o_group_name",
        },
        {trigger: ".o_searchview_facet:contains('Won · Last 7 days')"},
        {trigger: ".breadcrumb-item a:contains('Lead Intake')", run: "click"},
        // What each campaign has in it
        {trigger: ".o_intake_dashboard button:contains('Campaign')", run: "click"},
        {
            trigger: ".o_intake_rows tr:contains('Tháng làm đẹp') button:contains('3')",
            run: "click",
        },
        {trigger: ".o_searchview_facet:contains('Tháng làm đẹp')"},
        {trigger: ".breadcrumb-item a:contains('Lead Intake')", run: "click"},
        {
            content: "the dashboard is as it was left",
            trigger: ".o_intake_rows tr:contains('Tháng làm đẹp')",
        },
        {trigger: ".o_intake_dashboard .o_intake_analysis", run: "click"},
        {trigger: ".o_pivot"},
        {trigger: ".o_searchview_facet:contains('Last 7 days')"},
        {trigger: ".breadcrumb-item a:contains('Lead Intake')", run: "click"},
        // A bar opens its leads
        {
            trigger: ".o_intake_graph canvas",
            run() {
                const canvas = this.anchor;
                const chart = window.Chart.getChart(canvas);
                // Or the bars still grow
                chart.update("none");
                const [bar] = chart.getDatasetMeta(0).data;
                const {left, top} = canvas.getBoundingClientRect();
                const {x, y} = bar.getCenterPoint();
                canvas.dispatchEvent(
                    new MouseEvent("click", {
                        clientX: left + x,
                        clientY: top + y,
                        bubbles: true,
                    })
                );
            },
        },
        {trigger: ".o_searchview_facet:contains('Mạng xã hội')"},
        {
            trigger:
                ".o_list_view .o_data_row:contains('Lost') td[name=stage_id]:not(:contains(/./))",
        },
        {trigger: ".o_list_view .o_data_row:contains('Pending')"},
    ],
});
