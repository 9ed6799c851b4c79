import {ORM} from "@web/core/orm_service";
import {registry} from "@web/core/registry";

const GONE = ".fc-event:contains('Khách báo hủy')";
const MOVED = ".fc-event:contains('Khách dời')";

/** Return a step that drags the booking to a time of the day. */
function dragTo(content, time) {
    const run = `drag_and_drop .fc-timegrid-slot-lane[data-time='${time}']`;
    return {content, trigger: MOVED, run};
}

/** The day of a branch by seat: a booking is moved, but not onto a taken time. */
registry.category("web_tour.tours").add("crm_lead_api_booking_day_tour", {
    steps: () => [
        {trigger: ".o_calendar_filter:contains('Phòng 1'):contains('Phòng 2')"},
        {trigger: ".fc-event:contains('Khách phòng bên')"},
        {
            content: "the time of a cancelled booking is free",
            trigger: "body:not(:has(.fc-event:contains('Khách hủy')))",
        },
        {trigger: ".o_searchview_dropdown_toggler", run: "click"},
        {trigger: ".o_menu_item:contains('Called Again')", run: "click"},
        {trigger: ".fc-event:contains('Khách hủy')"},
        {trigger: ".o_facet_remove", run: "click"},
        {
            content: "the booking's time, and what comes next",
            trigger: ".fc-event:contains('Khách phòng bên')",
            run: "click",
        },
        {
            trigger:
                ".o_popover:contains('11:00'):contains('12:00') button:contains('Move')",
        },
        {trigger: ".o_popover button:contains('Mark Arrived')", run: "click"},
        {
            trigger: "body:not(:has(.o_popover)) .fc-event:contains('Khách phòng bên')",
            run: "click",
        },
        {trigger: ".o_popover button:contains('Undo')"},
        {
            content: "who has arrived is neither moved, nor arrives again",
            trigger: ".o_popover:not(:contains('Move'))",
        },
        {trigger: ".o_popover button:contains('Cancel')", run: "click"},
        {trigger: ".modal button:contains('Keep It')", run: "click"},
        {trigger: `body:not(:has(.modal)) ${GONE}`, run: "click"},
        {
            content: "somebody else cancels it meanwhile",
            trigger: GONE,
            async run({anchor}) {
                const ids = [Number(anchor.dataset.eventId)];
                await new ORM().call("crm.booking", "action_cancel", [ids]);
            },
        },
        {trigger: ".o_popover button:contains('Mark Arrived')", run: "click"},
        {trigger: ".modal-body:contains('is “Cancelled”')"},
        {trigger: ".modal-footer button", run: "click"},
        {trigger: `body:not(:has(.o_popover)):not(:has(${GONE}))`},
        dragTo("onto a taken time", "11:00:00"),
        {trigger: ".modal-body:contains('already has a booking')"},
        {trigger: ".modal-footer button", run: "click"},
        {
            content: "the booking is where it was",
            trigger: `body:not(:has(.modal)) ${MOVED}`,
            async run({queryOne, waitUntil}) {
                const lane = ".fc-timegrid-slot-lane[data-time='09:00:00']";
                const getTop = (node) => node.getBoundingClientRect().top;
                await waitUntil(
                    () =>
                        Math.abs(getTop(queryOne(MOVED)) - getTop(queryOne(lane))) < 5,
                    {timeout: 5000}
                );
            },
        },
        {
            content: "a free time",
            trigger: ".fc-timegrid-slot-lane[data-time='16:00:00']",
            run: "click",
        },
        {trigger: ".modal [name=phone] input", run: "edit 0912 345 678"},
        {trigger: ".modal [name=contact_name] input", run: "edit Khách gọi đến"},
        {trigger: ".modal .o_booking_slot"},
        {trigger: ".modal [name=duration] input", run: "edit 1500"},
        {trigger: ".modal [name=contact_name] input", run: "click"},
        {
            content: "no day has so many minutes",
            trigger:
                ".modal .alert-warning:contains('take longer than the branch works')",
        },
        {
            content: "there are other days all the same",
            trigger: ".modal [aria-label='Later Day']:enabled",
            run: "click",
        },
        {trigger: ".modal [aria-label='Earlier Day']:enabled"},
        {trigger: ".modal button:contains('Discard')", run: "click"},
        dragTo("to the afternoon, which is free", "13:30:00"),
        {trigger: ".o_switch_view.o_list", run: "click"},
        {trigger: ".o_data_row:contains('Khách dời'):contains('1:00')"},
    ],
});
