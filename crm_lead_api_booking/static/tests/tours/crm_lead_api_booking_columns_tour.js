import {registry} from "@web/core/registry";

const MOVED = ".o_booking_block:contains('Khách dời')";
const ARRIVING = ":contains('Khách đến')";
const UNDO = ".o_notification:contains('Khách đến') button:contains('Undo')";

/** Return a step that drags the booking to the column of the second room, an hour and
 * so many hours later. */
function dragToRoom2(content, hours) {
    return {
        content,
        trigger: `body:not(:has(.modal)) ${MOVED}`,
        async run(helpers) {
            helpers.anchor.scrollIntoView({block: "center"});
            const column = document.querySelectorAll(".o_booking_column")[1];
            const block = helpers.anchor.getBoundingClientRect();
            const {top} = column.getBoundingClientRect();
            await helpers.drag_and_drop(".o_booking_column:eq(1)", {
                position: {
                    top: block.top - top + block.height * (hours + 0.5),
                    left: 50,
                },
                relative: true,
            });
        },
    };
}

const arrive = (booking) => [
    {trigger: `${booking}.o_booking_booked .o_booking_arrive`, run: "click"},
    {trigger: `${booking}.o_booking_arrived:not(:has(.o_booking_arrive))`},
];

/** The day of a branch by room: a booking is moved, and a customer received. */
registry.category("web_tour.tours").add("crm_lead_api_booking_columns_tour", {
    steps: () => [
        {trigger: ".o_booking_seat:eq(1):contains('Phòng 2')"},
        {trigger: ".o_booking_now"},
        dragToRoom2("onto a taken time", 2),
        {trigger: ".modal-body:contains('already has a booking')"},
        {trigger: ".modal-footer button", run: "click"},
        {trigger: `${MOVED}[style*='grid-column: 2']:contains('09:00')`},
        dragToRoom2("onto a free time", 1),
        {trigger: `${MOVED}[style*='grid-column: 3']:contains('10:00')`},
        {
            content: "a key moves it a step on, and it keeps the focus",
            trigger: `${MOVED} .o_booking_open`,
            async run({anchor, press}) {
                anchor.focus();
                await press("Control+ArrowUp");
            },
        },
        {trigger: `${MOVED}:contains('09:45') .o_booking_open:focus`},
        ...arrive(`.o_booking_block${ARRIVING}`),
        {trigger: UNDO, run: "click"},
        ...arrive(`.o_booking_block${ARRIVING}`),
        {trigger: ".o_booking_chip:contains('Arrived')", run: "click"},
        {trigger: `.o_booking_grid:not(:has(.o_booking_block${ARRIVING}))`},
        {
            content: "a free time, with its room",
            trigger: ".o_booking_column:eq(2)",
            run: "click",
        },
        {trigger: ".modal [name=seat_id] input:value('Zoe')"},
        {trigger: ".modal button:contains('Discard')", run: "click"},
        {trigger: "body:not(:has(.modal)) [aria-label='Later Day']", run: "click"},
        {trigger: ".o_booking_open:contains('Khách hôm sau')", run: "click"},
        {trigger: ".o_form_view:contains('Khách hôm sau')"},
        {trigger: ".o_back_button, .breadcrumb-item a", run: "click"},
        {
            content: "the same day again, whose customers do not arrive yet",
            trigger:
                ".o_booking_block:contains('Khách hôm sau'):not(:has(.o_booking_arrive))",
        },
    ],
});

/** The same on a phone: the customers in the order of their times. */
registry.category("web_tour.tours").add("crm_lead_api_booking_cards_tour", {
    steps: () => [
        {trigger: ".o_booking_card:eq(0):contains('Khách dời')"},
        {trigger: ".o_booking_card:eq(1):contains('Khách khác')"},
        {
            content: "the page is as wide as the phone",
            trigger: ".o_booking_card:eq(2):contains('Khách đến')",
            run() {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error("The page scrolls to the side.");
                }
            },
        },
        ...arrive(`.o_booking_card${ARRIVING}`),
        {trigger: UNDO, run: "click"},
        ...arrive(`.o_booking_card${ARRIVING}`),
        {trigger: ".o_booking_chip:contains('Booked')", run: "click"},
        {trigger: "ol:not(:has(.o_booking_booked)) .o_booking_arrived"},
        {trigger: ".o_booking_chip:contains('Booked')", run: "click"},
        {trigger: "[aria-label='Later Day']", run: "click"},
        {trigger: ".o_booking_card:contains('Khách hôm sau')"},
        {trigger: "ol:not(:has(.o_booking_arrive))"},
    ],
});
