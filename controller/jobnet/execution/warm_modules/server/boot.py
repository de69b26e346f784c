"""Is the program on a module server's standard input, as a payload is on stock Python's.

So the interpreter starts with the very flags, arguments and paths that a payload finds.
In the server and its keepers ``serve`` never returns; in a module's process it does, and
the payload runs from here, above no frames but this one.
"""

PRISTINE = {**globals(), "__doc__": None}
import sys  # noqa: E402

if sys.version_info < (3, 9):  # noqa: UP036 - it runs in the task's Python, not in ours
    sys.exit(3)
PATHS = list(sys.path)
sys.path[:] = [path for path in PATHS if path not in ("", ".")]

import importlib  # noqa: E402
import json  # noqa: E402
import socket  # noqa: E402
import types  # noqa: E402

CHANNEL = socket.socket(fileno=3)
CHANNEL.set_inheritable(False)
SETUP = json.loads(CHANNEL.recv(65536))


def load(folder: str) -> types.ModuleType:
    """Import the server's own modules under a name that no payload uses."""
    name = "_jobnet_module_server"
    package = types.ModuleType(name)
    package.__path__ = [folder]
    sys.modules[name] = package
    return importlib.import_module(name + ".serving")


WRITES_BYTECODE = sys.dont_write_bytecode
sys.dont_write_bytecode = True
PROGRAM = load(SETUP["program"]).serve(CHANNEL, SETUP, PRISTINE)
sys.dont_write_bytecode = WRITES_BYTECODE
sys.path[:] = PATHS
PROGRAM.run()
