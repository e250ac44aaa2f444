"""The parts of lark-oapi that are used, loaded without the rest.

`import lark_oapi` runs a package file that imports every API of Feishu: some 10,000 modules, 165 MiB and seconds, for
whatever part one wants. What is used here (transport, token request, cipher, long connection) needs about 60 of them.
So the two package files that import everything are put off: the packages are there at once and their modules are
imported as usual, but the package file itself runs only when somebody asks for a name that it would define. A program
that does `import lark_oapi` elsewhere gets all of it, before or after.

The long connection imports the event dispatcher, 6,000 modules more, only to name its type; while it is imported, an
empty module stands in for that. The loop that it takes at its import, the wrong one in every program with threads, is
replaced by whichever loop runs (oapi-sdk-python issues 119, 121 and 133).
"""

import asyncio
import importlib
import importlib.util
import logging
import sys
import threading
from collections.abc import Coroutine
from types import ModuleType
from typing import Any

PUT_OFF = ("lark_oapi", "lark_oapi.api")
DISPATCHER = "lark_oapi.event.dispatcher_handler"
CONNECTION = "lark_oapi.ws.client"

_loading = threading.RLock()


class _PutOff(ModuleType):
    """A package whose own file runs only when a name is asked for that is not there yet."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__all__":
            raise AttributeError(name)
        self.__class__ = ModuleType  # type: ignore[assignment]
        assert self.__spec__ and self.__spec__.loader
        self.__spec__.loader.exec_module(self)
        return getattr(self, name)


class _RunningLoop:
    """Stands for the event loop that is running where it is used, and for the loop that it replaces in everything
    else."""

    def __init__(self, taken: Any) -> None:
        self._taken = taken

    def create_task(self, task: "Coroutine[Any, Any, Any]") -> "asyncio.Task[Any]":
        return asyncio.get_running_loop().create_task(task)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._taken, name)


def load(name: str) -> Any:
    """Import the module `name` of lark-oapi without the rest of the package."""
    if (module := sys.modules.get(name)) and name != CONNECTION:
        return module
    with _loading:
        for package in PUT_OFF:
            _put_off(package)
        module = _connection() if name == CONNECTION else importlib.import_module(name)
        _quiet()
        return module


def _quiet() -> None:
    """Silence the SDK's log, which goes to stdout, where our commands print data, and shows addresses with their
    tickets."""
    log = logging.getLogger("Lark")
    log.handlers.clear()
    log.setLevel(logging.CRITICAL)


def _put_off(package: str) -> None:
    if package in sys.modules:
        return
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)
    module = importlib.util.module_from_spec(spec)
    module.__class__ = _PutOff
    sys.modules[package] = module
    parent, _, name = package.rpartition(".")
    if parent:
        setattr(sys.modules[parent], name, module)


def _connection() -> Any:
    stands_in = DISPATCHER not in sys.modules and CONNECTION not in sys.modules
    if stands_in:
        empty = ModuleType(DISPATCHER)
        empty.EventDispatcherHandler = object  # type: ignore[attr-defined]
        sys.modules[DISPATCHER] = empty
    try:
        module: Any = importlib.import_module(CONNECTION)
    finally:
        if stands_in:
            del sys.modules[DISPATCHER]
    if not isinstance(module.loop, _RunningLoop):
        module.loop = _RunningLoop(module.loop)
    return module
