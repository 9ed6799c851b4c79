import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {clamp} from "@web/core/utils/numbers";
import {localization} from "@web/core/l10n/localization";
import {useDraggable} from "@web/core/utils/draggable";

// Minutes of a row of the grid
const ROW = 5;
const MINUTE = 60 * 1000;
// Columns and steps by which a key moves a booking
const KEYS = {
    ArrowDown: [0, 1],
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
};

/** A day on a time axis with a column for each seat; on a phone a list. */
export class BookingDayRenderer extends Component {
    static template = "crm_lead_api_booking.BookingDayRenderer";
    static props = ["model", "states", "bookings", "open", "book", "arrive", "undo"];

    setup() {
        this.root = useRef("root");
        this.state = useState({now: luxon.DateTime.now(), target: null});
        useDraggable({
            ref: this.root,
            elements: ".o_booking_block.o_movable",
            ignore: ".o_booking_press",
            onWillStartDrag: ({element, y}) => {
                this.grip = y - element.getBoundingClientRect().top;
            },
            onDrag: (drag) => {
                this.state.target = this.getTarget(drag);
            },
            onDrop: () => {
                const {target} = this.state;
                return target && this.model.move(target.booking, target);
            },
            onDragEnd: () => {
                this.state.target = null;
            },
        });
        useEffect(
            () => {
                const tick = () => {
                    this.state.now = luxon.DateTime.now();
                };
                const timer = browser.setInterval(tick, MINUTE);
                return () => browser.clearInterval(timer);
            },
            () => []
        );
        // Now, or else the first booking of the day
        useEffect(
            () => {
                const find = (name) => this.root.el.querySelector(name);
                const now = find(".o_booking_now, [aria-current]");
                const place = now || find("[data-id], .o_booking_card");
                place?.scrollIntoView({block: "center"});
            },
            () => [this.model.date.toISODate()]
        );
    }

    get model() {
        return this.props.model;
    }

    get hours() {
        const {firstHour, lastHour} = this.model;
        return Array.from(
            {length: lastHour - firstHour},
            (_, each) => firstHour + each
        );
    }

    /** The minute of now, if it is to be seen. */
    get now() {
        const minutes = this.state.now
            .diff(this.model.date.startOf("day"))
            .as("minutes");
        const isShown =
            minutes >= this.hours[0] * 60 && minutes < this.model.lastHour * 60;
        return isShown ? Math.floor(minutes) : null;
    }

    /** The first booking that is not over, if it is to be seen. */
    get current() {
        const {now} = this;
        return now === null ? null : this.props.bookings.find(({end}) => end > now);
    }

    /** The bookings, side by side where those of a seat overlap: closed ones may. */
    get blocks() {
        // By seat: the end of each lane
        const bySeat = {};
        return this.props.bookings.map((booking) => {
            const {begin, end, seat_id} = booking;
            let lanes = bySeat[seat_id.id] || [];
            if (lanes.every((each) => each <= begin)) {
                lanes = [];
            }
            bySeat[seat_id.id] = lanes;
            const free = lanes.findIndex((each) => each <= begin);
            const lane = free < 0 ? lanes.length : free;
            lanes[lane] = end;
            return {booking, lane, lanes};
        });
    }

    getColumn(seatId) {
        return this.model.seats.findIndex((seat) => seat.id === seatId) + 2;
    }

    /** Return the CSS that places a time, in the column of a seat or in another one. */
    getPlace(begin, end, seatId) {
        const [first, last] = [this.model.firstHour, this.model.lastHour];
        const toRow = (minutes) =>
            (clamp(minutes, first * 60, last * 60) - first * 60) / ROW + 2;
        const rows = `${Math.floor(toRow(begin))} / ${Math.ceil(toRow(end))}`;
        return `grid-row: ${rows}; grid-column: ${seatId ? this.getColumn(seatId) : 1};`;
    }

    formatTime(minutes) {
        return this.model.getMoment(minutes).toFormat("HH:mm");
    }

    getName(booking) {
        return booking.partner_id
            ? booking.partner_id.display_name
            : booking.display_name;
    }

    /** Return the texts of a booking, below its time and its customer. */
    getLines(booking) {
        return this.model.fieldNames
            .filter((name) => booking[name])
            .map((name) => ({name, text: booking[name].display_name || booking[name]}));
    }

    getLabel(booking) {
        const [begin, end] = [booking.begin, booking.end].map(this.formatTime, this);
        return [
            `${begin} ${this.getName(booking)}`,
            ...this.getLines(booking).map((line) => line.text),
            `${begin}–${end}`,
            booking.seat_id.display_name,
            this.props.states[booking.state],
        ].join(", ");
    }

    isMovable(booking) {
        // One of the day before is moved there
        return this.model.is_editable && booking.is_open && booking.begin >= 0;
    }

    /** Return the button of a booking, perhaps none. */
    getButton({may_arrive, may_undo}) {
        const {is_editable, isToday} = this.model;
        if (is_editable && isToday && may_arrive) {
            const {arrive} = this.props;
            return {
                label: _t("Mark Arrived"),
                icon: "sign-in",
                kind: "primary",
                press: arrive,
            };
        }
        const {undo} = this.props;
        return is_editable && may_undo
            ? {label: _t("Undo"), icon: "undo", kind: "secondary", press: undo}
            : null;
    }

    /** Return the seat and the time, some of its steps from another one, at a height of
     * its column. */
    getTime(column, y, round, from = 0) {
        const seat = this.model.seats.find(
            ({id}) => id === Number(column.dataset.seat)
        );
        const {top, height} = column.getBoundingClientRect();
        const minutes = ((y - top) / height) * this.hours.length * 60;
        const begin = this.model.firstHour * 60 + Math.max(0, minutes);
        return {seat, begin: from + round((begin - from) / seat.step) * seat.step};
    }

    /** Return the booking that is dragged, and where it would be. */
    getTarget({element, x, y}) {
        const columns = [...this.root.el.querySelectorAll(".o_booking_column")];
        const column = columns.find((each) => {
            const {left, right} = each.getBoundingClientRect();
            return left <= x && x < right;
        });
        const id = Number(element.dataset.id);
        const booking = this.props.bookings.find((each) => each.id === id);
        // Odoo keeps the booking itself within what is seen of the day.
        const top = y - this.grip;
        const place = column && this.getTime(column, top, Math.round, booking.begin);
        return (
            place && {...place, booking, end: place.begin + booking.end - booking.begin}
        );
    }

    onClickColumn({currentTarget, clientY}) {
        if (this.model.is_editable) {
            this.props.book(this.getTime(currentTarget, clientY, Math.floor));
        }
    }

    async onKeydown(ev, booking) {
        const key = (ev.ctrlKey || ev.altKey) && KEYS[ev.key];
        if (!key || !this.isMovable(booking)) {
            return;
        }
        ev.preventDefault();
        const {target} = ev;
        const columns = localization.direction === "rtl" ? -key[0] : key[0];
        const seat = this.model.seats[this.getColumn(booking.seat_id.id) - 2 + columns];
        if (seat) {
            const begin = booking.begin + key[1] * seat.step;
            await this.model.move(booking, {seat, begin}).finally(() => target.focus());
        }
    }
}
