import {Component} from "@odoo/owl";
import {RecordSelector} from "@web/core/record_selectors/record_selector";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** The wrong attributes of a request, each with a field to choose or enter the right value. */
export class Corrections extends Component {
    static template = "crm_lead_api.Corrections";
    static components = {RecordSelector};
    static props = {...standardFieldProps};

    setup() {
        // By path
        this.changes = {};
    }

    get corrections() {
        // All changes so far: the answer of the server to an earlier change may be under
        // way, and somebody may be typing meanwhile.
        const corrections = this.props.record.data[this.props.name] || [];
        return corrections.map((each) => ({...each, ...this.changes[each.path]}));
    }

    /**
     * Keep a change until the next rendering.
     *
     * @param {String} path of the attribute
     * @param {Object} changes value, is_left_out
     */
    keep(path, changes) {
        this.changes[path] = {...this.changes[path], ...changes};
    }

    /**
     * @param {String} path of the attribute
     * @param {Object} changes value, is_left_out
     */
    update(path, changes) {
        this.keep(path, changes);
        return this.props.record.update({[this.props.name]: this.corrections});
    }
}

registry.category("fields").add("lead_api_corrections", {
    component: Corrections,
    supportedTypes: ["json"],
});
