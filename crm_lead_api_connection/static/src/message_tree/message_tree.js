import {Component, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {KeepLast} from "@web/core/utils/concurrency";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {useService} from "@web/core/utils/hooks";

/** Odoo's texts without marks: "Số điện thoại" is found by "so dien thoai". */
function fold(text) {
    return text
        .normalize("NFD")
        .replace(/\p{M}/gu, "")
        .replace(/đ/gi, "d")
        .toLowerCase();
}

/** The list of attributes that a value of the message may be. */
export class AttributeMenu extends Component {
    static template = "crm_lead_api_connection.AttributeMenu";
    static components = {Dropdown, DropdownItem};
    static props = {
        row: Object,
        attributes: Array,
        select: Function,
        clear: Function,
    };

    setup() {
        this.state = useState({text: ""});
    }

    get found() {
        const text = fold(this.state.text);
        return this.props.attributes.filter(
            ({name, label}) => fold(label).includes(text) || name.includes(text)
        );
    }

    get label() {
        const {row, attributes} = this.props;
        return attributes.find(({name}) => name === row.attribute)?.label;
    }
}

/** The last message, whose values become attributes by a click, and its lead. */
export class MessageTree extends Component {
    static template = "crm_lead_api_connection.MessageTree";
    static components = {AttributeMenu};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({page: null});
        useRecordObserver((record) => this.observe(record));
    }

    /** Reads what the preview depends on, so that it is refreshed on each change. */
    observe(record) {
        if (!record.resId) {
            return;
        }
        const {field_ids, unclear_service_id, makes_campaigns} = record.data;
        const lines = field_ids.records.map(({data}) => [
            data.attribute,
            data.place,
            data.value,
            data.res_id?.resId || data.res_id,
            data.is_required,
        ]);
        const seen = JSON.stringify([
            record.resId,
            lines,
            unclear_service_id?.id,
            makes_campaigns,
            record.data.last_message_date?.toString(),
            record.data.platform_id?.id,
            // The client and the platform count once they are saved
            record.dirty,
        ]);
        if (seen !== this.seen) {
            this.seen = seen;
            this.refresh(record);
        }
    }

    /** @param {Object} record which may become that of the page only now */
    async refresh(record) {
        // Lines that are not finished yet are no mapping.
        const changes = await record.getChanges();
        this.state.page = await this.keepLast.add(
            this.orm.call(record.resModel, "get_mapping", [record.resId, changes])
        );
    }

    async change(method, args) {
        const {record} = this.props;
        if (await record.save()) {
            await this.orm.call(record.resModel, method, [record.resId, ...args]);
            await record.load();
        }
    }

    select(row, attribute) {
        return this.change("map_place", [attribute, row.place]);
    }

    clear(row) {
        return this.change("unmap", [row.attribute]);
    }
}

registry.category("view_widgets").add("lead_api_message_tree", {
    component: MessageTree,
    fieldDependencies: [{name: "last_message_date", type: "datetime", readonly: true}],
});
