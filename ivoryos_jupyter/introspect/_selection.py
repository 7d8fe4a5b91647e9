"""Is this object an instrument?  If not, why not?"""

from __future__ import annotations

import functools
import types

from ivoryos_jupyter.introspect._classes import offer_of
from ivoryos_jupyter.introspect._frameworks import is_standard
from ivoryos_jupyter.introspect._names import ancestry, is_a, library
from ivoryos_jupyter.introspect._static import instance_dict

_PLAIN: tuple[type, ...] = (
    type(None), bool, int, float, complex, str, bytes, bytearray, memoryview, list, tuple, dict, set, frozenset, range, slice, type(...),
    type(NotImplemented), BaseException,
)  # fmt: skip
_FUNCTIONS: tuple[type, ...] = (
    types.FunctionType, types.BuiltinFunctionType, types.MethodType, functools.partial, types.MethodWrapperType,
    types.WrapperDescriptorType,
    types.MethodDescriptorType,
)  # fmt: skip
_DATA_LIBRARIES = frozenset({
    "numpy", "pandas", "polars", "pyarrow", "xarray", "scipy", "sympy", "torch", "tensorflow", "jax", "sklearn", "networkx", "dask",
    "h5py", "zarr",
    "netCDF4", "PIL", "cv2", "skimage", "matplotlib", "mpl_toolkits", "plotly", "bokeh", "altair", "seaborn", "holoviews", "panel", "rich",
    "tqdm", "pint", "uncertainties", "sqlalchemy", "requests", "httpx", "aiohttp", "zmq", "tornado", "ipykernel", "jupyter_client",
    "rdkit", "openpyxl",
    "docstring_parser", "lmfit", "statsmodels", "botorch", "gpytorch", "ax", "optuna", "baybe", "dotenv", "yaml", "tiled", "databroker",
})  # fmt: skip
_WIDGET_LIBRARIES = frozenset(
    {"ipywidgets", "anywidget", "IPython", "traitlets", "ipympl", "ipycanvas", "ipyleaflet", "ipydatagrid", "itables", "bqplot"}
)
_OURS = "ivoryos_jupyter"
_FAKES = "ivoryos_jupyter.testing"
_CLASS = "a class; an instrument is an object made from one"
_MODULE = "a module"
_FUNCTION = "a function; mark it with @block to make it a building block"
_DATA = "plain data"
_WIDGET = "a widget or a part of the notebook"
_TOOL = "data or a tool of"
_STANDARD = "an object of Python's standard library"
_PART = "a part of ivoryos_jupyter"
_IPYTHON = "IPython's own name"
_PLAINLY = {
    _MODULE: "module",
    _FUNCTION: "function",
    _CLASS: "class",
    _DATA: "value",
    _TOOL: "value",
    _STANDARD: "value",
    _WIDGET: "part of the notebook",
    _PART: "part of the notebook",
    _IPYTHON: "part of the notebook",
}


def plain_kind(reason: str) -> str:
    """Return of which kind a name is that is plainly no instrument, in words; empty where the reason against it is worth reading."""
    return next((kind for beginning, kind in _PLAINLY.items() if reason.startswith(beginning)), "")


def reason_against(obj: object) -> str:
    """Return why `obj` is no instrument; empty when it is one.  Judged by its class, nothing on it is read."""
    cls = type(obj)
    reason = class_reason(cls)
    if reason or _offers(cls, obj):
        return reason
    return f"it has no methods or properties to offer ({cls.__name__})"


def class_reason(cls: type) -> str:
    """Return why no object of the class `cls` is an instrument; empty when its class does not rule it out."""
    bases = ancestry(cls)
    if type in bases:
        return _CLASS
    if types.ModuleType in bases:
        return _MODULE
    if any(one in _FUNCTIONS for one in bases[:1]):
        return _FUNCTION
    data = next((one for one in bases if any(one is plain for plain in _PLAIN)), None)
    if data is not None:
        return f"{_DATA} ({cls.__name__})"
    return _library_reason(cls, bases)


def _library_reason(cls: type, bases: tuple[type, ...]) -> str:
    libraries = [library(base) for base in bases]
    if any(one in _WIDGET_LIBRARIES for one in libraries):
        return f"{_WIDGET} ({cls.__name__})"
    found = next((one for one in libraries if one in _DATA_LIBRARIES), None)
    if found is not None:
        return f"{_TOOL} {found} ({cls.__name__})"
    if is_standard(cls) and cls is not types.SimpleNamespace:
        return f"{_STANDARD} ({cls.__module__}.{cls.__name__})"
    if libraries[0] == _OURS and not cls.__module__.startswith(_FAKES):
        return _PART
    return ""


def _offers(cls: type, obj: object) -> bool:
    """Whether anything of `obj`, or of what it holds, can be called, read or set that no framework brought along."""
    if _class_offers(cls):
        return True
    held = [value for name, value in list(instance_dict(obj).items()) if isinstance(name, str) and not name.startswith("_")]
    return any(
        (callable(value) and not is_a(value, type)) or (not class_reason(type(value)) and _class_offers(type(value))) for value in held
    )


def _class_offers(cls: type) -> bool:
    offer = offer_of(cls)
    methods = (one.method.folded for one in offer.methods.values())
    properties = (one.property.folded for one in offer.properties.values())
    return not all(methods) or not all(properties)
