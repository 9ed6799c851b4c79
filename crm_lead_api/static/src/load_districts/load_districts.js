import {Component, onMounted, status, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/**
 * Loads the communes and wards of Vietnam province by province, each in a transaction of
 * its own: what was loaded stays when the dialog is closed half-way.
 */
export class LoadDistricts extends Component {
    static template = "crm_lead_api.LoadDistricts";
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            source: "",
            total: 0,
            done: 0,
            loaded: 0,
            created: 0,
            name: "",
            missing: [],
            failed: false,
        });
        onMounted(async () => {
            try {
                await this.load();
            } catch (error) {
                // The districts that were loaded stay.
                this.state.failed = true;
                throw error;
            }
        });
    }

    get percent() {
        return this.state.total
            ? Math.round((100 * this.state.done) / this.state.total)
            : 0;
    }

    get isDone() {
        return this.state.total && this.state.done === this.state.total;
    }

    get summary() {
        return _t("%(loaded)s communes and wards, %(created)s of them new.", {
            loaded: this.state.loaded,
            created: this.state.created,
        });
    }

    get missing() {
        const codes = this.state.missing.join(", ");
        return _t("Left out, because this database has no such state: %s", codes);
    }

    async load() {
        const model = "res.country.district";
        const {source, provinces} = await this.orm.call(model, "get_vietnam_provinces");
        this.state.source = source;
        this.state.total = provinces.reduce((sum, province) => sum + province.count, 0);
        for (const {code, count} of provinces) {
            if (status(this) === "destroyed") {
                return;
            }
            const {state, created} = await this.orm.call(
                model,
                "load_vietnam_province",
                [code]
            );
            this.state.done += count;
            this.state.created += created;
            if (state) {
                this.state.name = state;
                this.state.loaded += count;
            } else {
                this.state.missing.push(code);
            }
        }
    }

    async close() {
        await this.action.doAction({type: "ir.actions.act_window_close"});
        await this.action.doAction("soft_reload");
    }
}

registry.category("actions").add("crm_lead_api.load_districts", LoadDistricts);
