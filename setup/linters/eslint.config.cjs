// The rules that OCA's template has for Odoo's JavaScript: the recommended ones, and those
// below. What OCA only warns of is an error here.
const jsdoc = require("eslint-plugin-jsdoc");
const globals = require("globals");
const js = require("@eslint/js");

// Rules without options, in the order of their subjects: values and variables; comparisons,
// conditions and loops; expressions; functions and classes; objects of others; structure;
// imports; comments
const RULES = `
    array-callback-return init-declarations no-param-reassign no-shadow no-undef-init
    no-use-before-define prefer-const
    eqeqeq no-else-return no-eq-null no-lonely-if no-negated-condition no-self-compare
    no-unmodified-loop-condition no-unneeded-ternary yoda
    dot-notation no-multi-str no-octal-escape no-return-assign no-script-url no-sequences
    no-unused-expressions no-useless-concat no-void operator-assignment radix
    accessor-pairs max-nested-callbacks no-caller no-empty-function no-extra-bind
    no-implied-eval no-inner-declarations no-useless-call no-useless-computed-key
    no-useless-constructor
    no-array-constructor no-eval no-extend-native no-iterator no-new no-new-func
    no-new-wrappers no-proto no-throw-literal
    max-depth no-alert no-div-regex no-extra-label no-implicit-globals no-label-var
    no-labels no-lone-blocks
    no-duplicate-imports no-useless-rename sort-imports
    no-inline-comments jsdoc/check-tag-names jsdoc/check-types
`;

module.exports = [
    {ignores: ["**/static/lib/"]},
    js.configs.recommended,
    {
        plugins: {jsdoc},
        rules: {
            ...Object.fromEntries(RULES.match(/\S+/g).map((name) => [name, "error"])),
            "capitalized-comments": [
                "error",
                "always",
                {ignoreConsecutiveComments: true, ignoreInlineComments: true},
            ],
            complexity: ["error", 15],
            "no-implicit-coercion": ["error", {allow: ["~"]}],
            strict: ["error", "function"],
        },
        settings: {
            jsdoc: {
                preferredTypes: {
                    boolean: "Boolean",
                    number: "Number",
                    object: "Object",
                    string: "String",
                },
            },
        },
    },
    {
        files: ["**/static/**/*.js"],
        languageOptions: {
            globals: {...globals.browser, luxon: "readonly", odoo: "readonly"},
        },
    },
];
