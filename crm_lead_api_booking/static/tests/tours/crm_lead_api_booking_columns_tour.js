import {ORM} from "@web/core/orm_service";
import {delay} from "@web/core/utils/concurrency";
import {registry} from "@web/core/registry";

const MOVED = ".o_booking_block:contains('Khách dời')";
const OTHER = ".o_booking_block:contains('Khách khác')";
const LONG = ".o_booking_block:contains('Khách lâu')";
const ARRIVING = ":contains('Khách đến')";
const NIGHT = ".o_booking_block:contains('23:00')";
const UNDO = ".o_notification:contains('Khách đến') button:contains('Undo')";

/** Return a step that drags a booking to a column, so many minutes later, while a part of
 * it is out of sight. */
function drag(content, booking, column, minutes, hiddenPixels = 0) {
    return {
        content,
        trigger: `body:not(:has(.modal)) ${booking}`,
        async run(helpers) {
            const {anchor} = helpers;
            anchor.scrollIntoView({block: hiddenPixels ? "end" : "center"});
            anchor.closest(".o_booking_day_renderer").scrollTop -= hiddenPixels;
            const columns = document.querySelectorAll(".o_booking_column");
            const {top} = columns[column].getBoundingClientRect();
            const block = anchor.getBoundingClientRect();
            // A row of 8 pixels has 5 minutes.
            const middle = block.top - top + block.height / 2 + (minutes / 5) * 8;
            await helpers.drag_and_drop(`.o_booking_column:eq(${column})`, {
                position: {top: middle, left: 50},
                relative: true,
            });
        },
    };
}

/** Let the next change take a second on its way. */
function slowDown() {
    const {write} = ORM.prototype;
    ORM.prototype.write = async function (...args) {
        ORM.prototype.write = write;
        await delay(1000);
        return this.write(...args);
    };
}

const arrive = (booking) => [
    {
        trigger: `${booking}.o_booking_booked .o_booking_press:contains('Mark Arrived')`,
        run: "click",
    },
    {trigger: `${booking}.o_booking_arrived .o_booking_press:contains('Undo')`},
];

/** Return the steps that take back twice that a customer has arrived. */
const receive = (booking) => [
    ...arrive(booking),
    {trigger: UNDO, run: "click"},
    ...arrive(booking),
    {
        content: "also when the notice has gone",
        trigger: `${booking} .o_booking_press:contains('Undo')`,
        run: "click",
    },
    ...arrive(booking),
];

/** The day of a branch by room: a booking is moved, and a customer received. */
registry.category("web_tour.tours").add("crm_lead_api_booking_columns_tour", {
    steps: () => [
        {trigger: "h2:contains(/day. [A-Z][a-z][a-z] /)"},
        {trigger: ".o_booking_seat:eq(1):contains('Phòng 2')"},
        {trigger: ".o_booking_now"},
        drag("onto a taken time", MOVED, 1, 120),
        {trigger: ".modal-body:contains('already has a booking')"},
        {trigger: ".modal-footer button", run: "click"},
        {trigger: `${MOVED}[style*='grid-column: 2']:contains('09:00')`},
        drag("onto a free time", MOVED, 1, 60),
        {
            content: "a tap takes back what slipped",
            trigger:
                ".o_notification:contains('Khách dời is moved to 10:00, Phòng 2') button:contains('Undo')",
            run: "click",
        },
        {trigger: `${MOVED}[style*='grid-column: 2']:contains('09:00')`},
        drag("onto it again", MOVED, 1, 60),
        {trigger: `${MOVED}[style*='grid-column: 3']:contains('10:00')`},
        {
            content: "each key moves it a step on, however slow the first is",
            trigger: `${MOVED} .o_booking_open`,
            async run({anchor, press}) {
                slowDown();
                anchor.focus();
                await press("Control+ArrowUp");
                await press("Control+ArrowUp");
            },
        },
        {trigger: ".o_notification:contains('Khách dời is moved to 09:30')"},
        {
            content: "it stays there, and keeps the focus",
            trigger: `${MOVED}:contains('09:30') .o_booking_open:focus`,
        },
        drag("by the pointer, whatever is seen of the booking", LONG, 1, -15, 100),
        {trigger: `${LONG}:not(.o_dragged):contains('13:45')`},
        {
            content: "the time is outside the working hours, the other ones were not",
            trigger:
                ".o_notification_manager:not(:contains('10:00')):not(:contains('09:30')) " +
                ".o_notification:contains('13:45 is outside the working hours of Phòng 2')",
        },
        ...receive(`.o_booking_block${ARRIVING}`),
        ...arrive(NIGHT),
        {
            content: "a booking without a customer has its code",
            trigger: ".o_notification:contains('BK-')",
        },
        {
            content: "a booking that somebody else has cancelled meanwhile",
            trigger: OTHER,
            async run({anchor}) {
                const ids = [Number(anchor.dataset.id)];
                await new ORM().call("crm.booking", "action_cancel", [ids]);
            },
        },
        {trigger: `${OTHER} .o_booking_press`, run: "click"},
        {trigger: ".modal-body:contains('is “Cancelled”')"},
        {trigger: ".modal-footer button", run: "click"},
        {trigger: `.o_booking_grid:not(:has(${OTHER}))`},
        {trigger: ".o_booking_chip:contains('Booked')", run: "click"},
        {trigger: `.o_booking_grid:not(:has(.o_booking_block${ARRIVING}))`},
        {
            trigger: ".o_booking_chip[aria-pressed=true]:contains('Booked')",
            run: "click",
        },
        {
            content: "a free time, with its room",
            trigger: ".o_booking_column:eq(2)",
            run: "click",
        },
        {trigger: ".modal [name=seat_id] input:value('Zoe')"},
        {
            content: "why there is no time in the afternoon",
            trigger: ".modal .o_booking_slots:contains('Zoe has no free time: off')",
        },
        {trigger: ".modal [name=product_ids] input", run: "edit Nâng"},
        {trigger: ".o-autocomplete--dropdown-item:contains('Nâng mũi')", run: "click"},
        {
            content: "why there is no time at all",
            trigger:
                ".modal .o_booking_slots .alert:contains('Zoe does not do: Nâng mũi')",
        },
        {trigger: ".modal button:contains('Discard')", run: "click"},
        {trigger: "body:not(:has(.modal)) [aria-label='Later Day']", run: "click"},
        {
            content: "until one o'clock, from midnight on",
            trigger: `${NIGHT}[style*='grid-row: 2 / 14']`,
        },
        {trigger: ".o_booking_print", run: "click"},
        {
            content: "the day that is shown is printed",
            trigger: ".modal [name=day] input[data-value=other]:checked",
        },
        {trigger: ".modal button:contains('Discard')", run: "click"},
        {trigger: ".o_booking_open:contains('Khách hôm sau')", run: "click"},
        {trigger: ".o_form_view:contains('Khách hôm sau')"},
        {trigger: ".o_back_button, .breadcrumb-item a", run: "click"},
        {
            content: "the same day again, whose customers do not arrive yet",
            trigger:
                ".o_booking_block:contains('Khách hôm sau'):not(:has(.o_booking_press))",
        },
        {
            content: "a customer of any day, by name",
            trigger: ".o_booking_find",
            run: "edit khách lâu && press Enter",
        },
        {trigger: ".o_kanban_view .o_kanban_record:contains('Khách lâu')"},
        {trigger: ".o_kanban_view:not(:contains('Khách hôm sau'))"},
    ],
});

/** The same on a phone: the customers in the order of their times. */
registry.category("web_tour.tours").add("crm_lead_api_booking_cards_tour", {
    steps: () => [
        {trigger: ".o_booking_branch[aria-pressed=false]:contains('Quận 3')"},
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
        {
            content: "the day begins with what is not over",
            trigger: "ol:not(:has([aria-current] ~ [aria-current])) [aria-current]",
            run({anchor}) {
                const now = luxon.DateTime.now().toFormat("HH:mm");
                const isOver = (card) => card.innerText.split("\n")[1] <= now;
                const earlier = anchor.previousElementSibling;
                if (isOver(anchor) || (earlier && !isOver(earlier))) {
                    throw new Error(`Not the first one after ${now}.`);
                }
            },
        },
        ...receive(`.o_booking_card${ARRIVING}`),
        {
            content: "a state alone",
            trigger: ".o_booking_chip[aria-pressed=false]:contains('Arrived')",
            run: "click",
        },
        {trigger: "ol:not(:has(.o_booking_booked)) .o_booking_arrived"},
        {
            content: "another one with it",
            trigger: ".o_booking_chip:contains('Cancelled')",
            run: "click",
        },
        {trigger: "ol:has(.o_booking_arrived):has(.o_booking_cancelled)"},
        {trigger: "ol:not(:has(.o_booking_booked))"},
        {
            content: "all again, but what is cancelled",
            trigger: ".o_booking_chip[aria-pressed=true]:contains('Cancelled')",
            run: "click",
        },
        {
            trigger: ".o_booking_chip[aria-pressed=true]:contains('Arrived')",
            run: "click",
        },
        {trigger: "ol:has(.o_booking_booked):not(:has(.o_booking_cancelled))"},
        {
            content: "a state is chosen for a day",
            trigger: ".o_booking_chip:contains('Cancelled')",
            run: "click",
        },
        {trigger: ".o_booking_chip[aria-pressed=true]:contains('Cancelled')"},
        {trigger: "[aria-label='Later Day']", run: "click"},
        {trigger: ".o_booking_card:contains('Khách hôm sau')"},
        {trigger: "ol:not(:has(.o_booking_press))"},
        {
            content: "another branch alone, on the same day",
            trigger: ".o_booking_branch:contains('Quận 3')",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".o_booking_branch[aria-pressed=true]:contains('Quận 3')"},
        {trigger: "ol:contains('No booking')"},
        {
            content: "and back",
            trigger: ".o_booking_branch[aria-pressed=false]",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".o_booking_card:contains('Khách hôm sau')"},
    ],
});
