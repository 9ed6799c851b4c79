import {registry} from "@web/core/registry";

const MEETING = ".fc-timegrid-event:contains('Khách đến')";
// Two hours away, so that both are on the screen
const now = new Date().getHours();
const hour = String(now < 2 ? now + 2 : now - 2).padStart(2, "0");
const getTop = (element) =>
    element.getBoundingClientRect().top -
    document.querySelector(".fc-timegrid-slots").getBoundingClientRect().top;
let top = 0;

/** A doctor drags the meeting of a booking, which stays where it is. */
registry.category("web_tour.tours").add("crm_lead_api_booking_doctor_tour", {
    steps: () => [
        {
            trigger: MEETING,
            run({anchor}) {
                anchor.scrollIntoView({block: "center"});
                top = getTop(anchor);
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
                await waitUntil(() => Math.abs(getTop(queryOne(MEETING)) - top) < 5, {
                    timeout: 5000,
                });
            },
        },
    ],
});
