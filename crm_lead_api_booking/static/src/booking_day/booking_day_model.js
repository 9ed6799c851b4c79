import {deserializeDateTime, serializeDateTime, today} from "@web/core/l10n/dates";
import {Model} from "@web/model/model";
import {Mutex} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";

// Shown at least
const HOURS = [8, 18];
const FIELDS = [
    ...["start", "stop", "state", "is_open", "may_arrive", "may_undo"],
    "display_name",
];

/** The bookings and seats of a day; times are minutes since its midnight. */
export class BookingDayModel extends Model {
    setup({resModel, fieldNames, date}) {
        Object.assign(this, {resModel, fieldNames, date: date || today(), turn: 0});
        // Shown as soon as it is read
        this.wanted = this.date;
        // Undo outlives the view.
        this.orm = this.env.services.orm;
        this.mutex = new Mutex();
    }

    get isToday() {
        return this.date.hasSame(today(), "day");
    }

    async load({date = this.wanted} = {}) {
        const turn = ++this.turn;
        this.wanted = date;
        await this.mutex.getUnlockedDef();
        if (turn !== this.turn) {
            return;
        }
        const named = {fields: {display_name: {}}};
        const specification = {partner_id: named, seat_id: named};
        for (const name of [...FIELDS, ...this.fieldNames]) {
            specification[name] ||= {};
        }
        const midnight = date.startOf("day");
        const bounds = [midnight, midnight.plus({days: 1})].map(serializeDateTime);
        const day = await this.orm.call(this.resModel, "read_day", [
            ...bounds,
            specification,
        ]);
        if (turn !== this.turn) {
            return;
        }
        const toMinutes = (moment) => moment.diff(midnight).as("minutes");
        for (const booking of day.bookings) {
            booking.begin = toMinutes(deserializeDateTime(booking.start));
            booking.end = toMinutes(deserializeDateTime(booking.stop));
        }
        for (const seat of day.seats) {
            seat.work = seat.work.map((period) =>
                period.map((each) => toMinutes(luxon.DateTime.fromSeconds(each)))
            );
        }
        const times = [
            ...day.bookings.map(({begin, end}) => [begin, end]),
            ...day.seats.flatMap((seat) => seat.work),
        ];
        const hours = times.flat().map((each) => each / 60);
        this.firstHour = Math.max(0, Math.floor(Math.min(HOURS[0], ...hours)));
        this.lastHour = Math.min(24, Math.ceil(Math.max(HOURS[1], ...hours)));
        Object.assign(this, day, {date});
        this.notify();
    }

    getMoment(minutes) {
        return this.date.startOf("day").plus({minutes});
    }

    /** Move a booking; if that is refused, show it where it was. Staff may move it out of
     * the working hours, and are told so. */
    async move(booking, {seat, begin}) {
        if (booking.begin === begin && booking.seat_id.id === seat.id) {
            return;
        }
        const start = serializeDateTime(this.getMoment(begin));
        const before = {...booking};
        const after = {
            ...before,
            begin,
            end: booking.end + begin - booking.begin,
            start,
            seat_id: {id: seat.id, display_name: seat.name},
        };
        Object.assign(booking, after);
        this.notify();
        try {
            await this.write(booking, {start, seat_id: seat.id});
            this.tellMove(after, seat, before);
        } catch (error) {
            // The day cannot be read without a connection, either.
            Object.assign(booking, before);
            this.notify();
            throw error;
        } finally {
            await this.load();
        }
    }

    /** Tell where a booking is now, with a button that moves it back. */
    tellMove({id, begin, end, ...booking}, seat, before) {
        const isOpen = seat.work.some(([from, to]) => from <= begin && end <= to);
        const name = booking.partner_id.display_name || booking.display_name;
        const time = this.getMoment(begin).toFormat("HH:mm");
        const text = isOpen
            ? _t("%(name)s is moved to %(time)s, %(seat)s.", {
                  name,
                  time,
                  seat: seat.name,
              })
            : _t("The booking at %(time)s is outside the working hours of %(seat)s.", {
                  time,
                  seat: seat.name,
              });
        const {start, seat_id} = before;
        const undo = async () => {
            this.closeNotice();
            await this.write({id}, {start, seat_id: seat_id.id}).finally(() =>
                this.load()
            );
        };
        // One at a time: the keyboard moves in small steps.
        this.closeNotice?.();
        this.closeNotice = this.env.services.notification.add(text, {
            type: isOpen ? "success" : "warning",
            buttons: [{name: _t("Undo"), onClick: undo}],
        });
    }

    /** Write after what is being written; the day is read after the last one. */
    write({id}, values) {
        this.turn++;
        return this.mutex.exec(() => this.orm.write(this.resModel, [id], values));
    }

    /** Press a button of a booking; if that is refused, show what the booking is now. */
    press({id}, method) {
        return this.orm.call(this.resModel, method, [[id]]).finally(() => this.load());
    }
}
