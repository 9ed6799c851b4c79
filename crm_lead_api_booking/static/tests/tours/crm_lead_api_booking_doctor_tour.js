import {registry} from "@web/core/registry";

const MEETING = ".fc-timegrid-event:contains('Khách đến')";
const hour = new Date().getHours() === 13 ? "15" : "13";
let top = 0;

/** A doctor drags the meeting of a booking, which stays where it is. */
registry.category("web_tour.tours").add("crm_lead_api_booking_doctor_tour", {
    steps: () => [
        {
            trigger: MEETING,
            run({anchor}) {
                top = anchor.getBoundingClientRect().top;
            },
        },
        {
            trigger: MEETING,
            run: `drag_and_drop .fc-timegrid-slot-lane[data-time='${hour}:00:00']`,
        },
        {trigger: ".modal-body:contains('This is the meeting of the booking')"},
        {trigger: ".modal-footer button", run: "click"},
        {
            content: "the meeting is where it was",
            trigger: `body:not(:has(.modal)) ${MEETING}`,
            async run({queryOne, waitUntil}) {
                const getTop = () => queryOne(MEETING).getBoundingClientRect().top;
                await waitUntil(() => Math.abs(getTop() - top) < 5, {timeout: 5000});
            },
        },
    ],
});
