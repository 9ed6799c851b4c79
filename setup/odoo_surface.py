# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Collect what the addon leans on in Odoo, beyond what Odoo calls public: the methods
that it overrides, the private names that it uses, and what it imports from inside.

Run in ``odoo shell``, which knows ``env``. It prints a line for each, after ``>>``.
"""

import ast
import inspect
import re
import sys
from pathlib import Path

from odoo.addons.crm_lead_api.http.patches import PATCHED

ADDON = "odoo.addons.crm_lead_api"
FOLDER = Path(sys.modules[ADDON].__file__).parent
# Names of Odoo's documented JavaScript framework
PUBLIC = {
    *("_t", "browser", "patch", "registry", "standardActionServiceProps"),
    *("standardFieldProps", "useService", "user"),
}
JS_IMPORT = re.compile(r'^import \{([^}]*)\} from "(@[^"]+)";', re.MULTILINE)


def is_ours(cls):
    return cls.__module__.startswith(ADDON)


def get_function(cls, name):
    """Return a method of a class; ``None`` if the class has no such method itself."""
    value = vars(cls).get(name)
    value = getattr(value, "__func__", value)
    return value if inspect.isfunction(value) else None


def get_signature(function):
    """Return the parameters of a function, without their types."""
    signature, empty = inspect.signature(function), inspect.Parameter.empty
    parameters = [p.replace(annotation=empty) for p in signature.parameters.values()]
    return str(signature.replace(parameters=parameters, return_annotation=empty))


def find_overrides(models):
    """Yield the methods of Odoo that the addon overrides in models, each once: a method
    of a mixin at the mixin, a method of all models at ``base``."""
    for model in models.values():
        classes = model.__mro__
        for position, cls in enumerate(classes):
            if is_ours(cls):
                others = [each for each in classes[position + 1 :] if not is_ours(each)]
                for line in find_overridden(cls, others):
                    yield f"{cls._name}.{line}"


def find_classes():
    """Yield the methods of Odoo that the addon overrides or replaces in classes other
    than models."""
    for module in [m for name, m in sys.modules.items() if name.startswith(ADDON)]:
        for cls in filter(inspect.isclass, vars(module).values()):
            if cls.__module__ != module.__name__ or hasattr(cls, "_name"):
                continue
            others = [c for c in cls.__mro__ if c.__module__.startswith("odoo.")]
            others = [each for each in others if not is_ours(each)]
            for line in find_overridden(cls, others):
                yield f"{others[0].__module__}.{others[0].__name__}.{line}"
    for owner, name in PATCHED:
        original = inspect.unwrap(getattr(owner, name))
        yield f"{owner.__name__}.{name}{get_signature(original)}"


def find_overridden(cls, others):
    for name in vars(cls):
        overridden = (get_function(other, name) for other in others)
        function = next(filter(None, overridden), None)
        if function and not name.startswith("__"):
            yield f"{name}{get_signature(function)}"


def find_private_names(models):
    """Yield the private names of Odoo that the addon's code uses."""
    defined, used = set(), set()
    for node in walk_code():
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                defined.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                defined.add(name)
            case ast.Attribute(attr=name, ctx=ast.Store()):
                defined.add(name)
            case ast.Attribute(attr=name) if re.match(r"_[a-z]", name):
                used.add(name)
    for name in used - defined:
        functions = (
            get_function(cls, name)
            for model in models.values()
            for cls in model.__mro__
            if not is_ours(cls)
        )
        function = next(filter(None, functions), None)
        yield f"{name}{get_signature(function) if function else ''}"


def find_imports():
    """Yield what the addon imports from inside Odoo."""
    for node in walk_code():
        match node:
            case ast.ImportFrom(module=str(module), names=names, level=0):
                if re.match(r"odoo\.(_monkeypatches|addons|orm|service)\b", module):
                    yield from (f"{module}.{each.name}" for each in names)
    for path in (FOLDER / "static" / "src").rglob("*.js"):
        for names, module in JS_IMPORT.findall(path.read_text()):
            if module.startswith(("@web/", "@mail/")):
                exported = get_exports(module)
                for name in (
                    set(filter(None, map(str.strip, names.split(",")))) - PUBLIC
                ):
                    is_there = re.search(rf"export .*\b{name}\b", exported)
                    yield f"{module} {name}{'' if is_there else ' (gone)'}"


def walk_code():
    """Yield the nodes of all code of the addon, without its tests and migrations."""
    for path in FOLDER.rglob("*.py"):
        if not {"tests", "migrations"} & {*path.parts}:
            yield from ast.walk(ast.parse(path.read_text()))


def get_exports(module):
    """Return the text of a JavaScript module of Odoo; empty: there is no module."""
    addon, _slash, rest = module.removeprefix("@").partition("/")
    folder = Path(sys.modules[f"odoo.addons.{addon}"].__file__).parent
    path = folder / "static" / "src" / f"{rest}.js"
    return path.read_text() if path.exists() else ""


def main(env):
    models = env.registry.models
    for kind, found in (
        ("override", find_overrides(models)),
        ("class", find_classes()),
        ("private", find_private_names(models)),
        ("import", find_imports()),
    ):
        for line in sorted(set(found)):
            print(">>", kind, line)


main(env)  # noqa: F821  of the shell
