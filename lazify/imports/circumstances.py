"""What the module does below the import that the import would see if it came later."""

import re

from lazify.getter.problems import Problem, problem
from lazify.imports.candidates import Candidate
from lazify.index.occurrences import resolve
from lazify.index.project import External
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, Does, ItemRef, Operation, Ref

_ENVIRONMENT = "the environment"
_CHANGED = {
    "os.environ": _ENVIRONMENT,
    "sys.path": "where modules are found",
    "sys.modules": "which modules are loaded",
    "sys.meta_path": "how modules are found",
    "sys.path_hooks": "how modules are found",
}
_CHANGERS = {
    "os.putenv": _ENVIRONMENT,
    "os.unsetenv": _ENVIRONMENT,
    "os.chdir": "the working folder",
    "importlib.invalidate_caches": "where modules are found",
    "site.addsitedir": "where modules are found",
    "warnings.resetwarnings": "the filters of warnings",
}
_READERS = {
    "TF_": {"tensorflow", "keras", "tf_keras", "deepface"},
    "KERAS_": {"tensorflow", "keras", "tf_keras"},
    "HF_": {
        "transformers",
        "huggingface_hub",
        "datasets",
        "diffusers",
        "sentence_transformers",
        "tokenizers",
    },
    "TRANSFORMERS_": {"transformers", "sentence_transformers"},
    "TOKENIZERS_": {"tokenizers", "transformers", "sentence_transformers"},
    "STREAMLIT_": {"streamlit"},
    "GRADIO_": {"gradio"},
    "LANGCHAIN_": {"langchain", "langchain_core", "langchain_community", "langsmith"},
}
"""Variables by the beginning of their name, and the packages that read them."""
_MUTATORS = frozenset(
    {"append", "insert", "remove", "pop", "clear", "extend", "update", "setdefault", "__setitem__", "popitem"}
)
_PATCHERS = ("gevent.monkey.", "eventlet.monkey_patch", "gevent.patch", "eventlet.patcher.")


def order_problem(view: View, candidate: Candidate) -> Problem | None:
    """Say what changes below the import, so that a later import could find or do something else."""
    module = candidate.module
    first = min(each.item.statement for each in candidate.imports)
    for operation in module.facts.scopes[MODULE].operations:
        if operation.statement <= first or operation.deferred:
            continue
        what = _changed(view, candidate, operation)
        if what and (what != _ENVIRONMENT or _may_read(view, candidate, operation)):
            return problem(f"{what} is changed after the import", module, operation.span)
    return None


def _may_read(view: View, candidate: Candidate, operation: Operation) -> bool:
    """Tell whether the package may look at the variable that the operation sets."""
    module = candidate.module
    statement = module.facts.statements[operation.statement].span
    line = view.text(module).cut(statement if statement.contains(operation.span) else operation.span)
    keys = re.findall(r"""environ(?:\[|\.setdefault\(|\.pop\()\s*["'](\w+)["']""", line)
    return not keys or any(_reads(candidate.package, key) for key in keys)


def _reads(package: str, key: str) -> bool:
    known = [packages for prefix, packages in _READERS.items() if key.startswith(prefix)]
    return not known or any(package in packages for packages in known)


def _changed(view: View, candidate: Candidate, operation: Operation) -> str | None:
    subject = operation.subject
    if operation.does in (Does.MUTATE, Does.WRITE):
        return _CHANGED.get(_name(view, candidate, subject))
    if operation.does is Does.CALL:
        name = _name(view, candidate, subject)
        if name.startswith(_PATCHERS):
            return "the standard library"
        if isinstance(subject, AttributeRef) and subject.name in _MUTATORS:
            return _CHANGED.get(_name(view, candidate, subject.value))
        return _CHANGERS.get(name)
    return None


def _name(view: View, candidate: Candidate, ref: Ref | None) -> str:
    while isinstance(ref, ItemRef):
        ref = ref.value
    target = resolve(view.project, candidate.module, ref)
    return target.name if isinstance(target, External) else ""
