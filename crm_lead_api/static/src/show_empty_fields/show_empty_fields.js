import {
    BooleanToggleField,
    booleanToggleField,
} from "@web/views/fields/boolean_toggle/boolean_toggle_field";
import {registry} from "@web/core/registry";

/** A switch that changes what the form shows, not the record: nothing is to be saved. */
export class ShowEmptyFields extends BooleanToggleField {
    async onChange(newValue) {
        const {name, record} = this.props;
        const wasDirty = await record.isDirty();
        this.state.value = newValue;
        await record.update({[name]: newValue});
        if (!wasDirty) {
            record.dirty = false;
        }
    }
}

registry.category("fields").add("show_empty_fields", {
    ...booleanToggleField,
    component: ShowEmptyFields,
});
