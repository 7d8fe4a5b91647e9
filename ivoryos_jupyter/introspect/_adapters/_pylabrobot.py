"""PyLabRobot: machines come first; plates, tips and wells are arguments, and their resource machinery is folded away."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ivoryos_jupyter.introspect._adapters._library import is_instance
from ivoryos_jupyter.schema import Connection

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.introspect._found import Found, Operation

_MACHINERY = (
    "pylabrobot.resources.resource:", "pylabrobot.resources.itemized_resource:", "pylabrobot.resources.lid:", "pylabrobot.resources.deck:",
    "pylabrobot.resources.carrier:", "pylabrobot.serializer:",
)  # fmt: skip
_KEEP = frozenset({"get_item", "get_items", "summary", "get_resource"})
_MACHINE_KEEP = frozenset({"summary"})
_SAVING = frozenset({
    "serialize", "deserialize", "serialize_state", "serialize_all_state", "load_state", "load_all_state", "save", "save_state_to_file",
    "load_state_from_file", "load_from_json_file", "load", "assign_child_resource", "unassign_child_resource",
})  # fmt: skip


class PyLabRobot:
    """Machines and resources of PyLabRobot."""

    name: ClassVar[str] = "pylabrobot"
    keeps_signals: ClassVar[bool] = False

    def fits(self, obj: object) -> bool:
        """Whether `obj` is a machine or a resource."""
        return _is_machine(obj) or _is_resource(obj)

    def refine(self, obj: object, found: Found) -> None:
        """Fold the resource machinery and keep places, items and parents out of the list of sub-instruments."""
        found.fold(_MACHINERY, keep=_MACHINE_KEEP if _is_machine(obj) else _KEEP)
        found.fold_names(_SAVING)
        deck = next((child for path, child in found.children.items() if is_instance(child, "pylabrobot.resources.deck", "Deck")), None)
        kept = {path: child for path, child in found.children.items() if path != ".parent" and (_is_machine(child) or path == ".backend")}
        for path in found.children:
            if path not in kept:
                name = path.partition("[")[0].lstrip(".")
                found.left_out[name] = "places, items or a parent: pass them as arguments, they are no instruments"
        if deck is not None and _is_machine(obj):
            kept[".deck"] = deck
            found.left_out.pop("deck", None)
        found.children = kept
        if _is_machine(obj):
            found.connection = Connection("setup", "stop", "setup_finished")

    def bind(self, obj: object, member: str, operation: Operation) -> Callable[..., object] | None:
        """Leave everything to the generic way."""
        del obj, member, operation
        return None


def _is_machine(obj: object) -> bool:
    return is_instance(obj, "pylabrobot.machines.machine", "Machine")


def _is_resource(obj: object) -> bool:
    return is_instance(obj, "pylabrobot.resources.resource", "Resource")
