"""Finds what a Python file takes from its surroundings while it is imported.

Looked at is what runs at import: the module's body, bodies of classes, default arguments,
decorators, and functions and classes of the same module that those call.
"""

import ast
from pathlib import Path
from typing import Final

_SURROUNDINGS: Final = frozenset(
    """
    atexit datetime.date.today datetime.datetime.now datetime.datetime.utcnow
    getpass.getuser locale multiprocessing.current_process os.ctermid os.cpu_count
    os.environ os.environb os.get_blocking os.get_terminal_size os.getcwd os.getegid
    os.getenv os.geteuid os.getgid os.getgroups os.getlogin os.getpgrp os.getpid os.getppid
    os.getuid os.isatty os.listdir os.nice os.open os.path.exists os.path.expanduser
    os.path.expandvars os.access os.path.isdir os.path.isfile os.popen os.pipe
    os.register_at_fork os.sched_getaffinity os.stat os.system os.ttyname os.umask os.uname
    os.urandom platform pwd random resource secrets shutil.which signal socket.getfqdn
    socket.gethostname subprocess sys.argv sys.path sys.stderr sys.stdin sys.stdout tempfile
    termios threading.local threading.current_thread time tty uuid.getnode uuid.uuid1
    uuid.uuid4 warnings.filterwarnings warnings.simplefilter multiprocessing_context.Lock
    multiprocessing_context.Queue
    """.split()  # noqa: SIM905 - a list of words reads better
)
_METHODS: Final = frozenset({"isatty", "fileno"})
_ONLY_NAMES: Final = ("time.struct_time", "signal.Signals", "subprocess.PIPE")


def taken_at_import(path: Path) -> set[str]:
    """Return the names of the surroundings that importing the file looks at."""
    tree = ast.parse(path.read_bytes())
    looker = _Looker(tree)
    for node in tree.body:
        looker.look_at(node)
    return looker.found


class _Looker:
    def __init__(self, tree: ast.Module) -> None:
        self.found: set[str] = set()
        self._seen: set[str] = set()
        self._imported = _imports(tree)
        self._defined = {
            node.name: node
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }

    def look_at(self, node: ast.AST) -> None:
        """Walk through what runs when this node is executed."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                defaults = [d for d in node.args.kw_defaults if d is not None]
                self._look_at_all([*node.args.defaults, *defaults, *node.decorator_list])
            case ast.Lambda():
                self._look_at_all([*node.args.defaults])
            case ast.Import() | ast.ImportFrom() | ast.AnnAssign(value=None):
                pass
            case ast.AnnAssign():
                self._look_at_all([node.value] if node.value else [])
            case ast.If() if _is_main(node.test):
                pass
            case _:
                self._look_at_expression(node)
                self._look_at_all(list(ast.iter_child_nodes(node)))

    def _look_at_all(self, nodes: list[ast.expr] | list[ast.AST]) -> None:
        for node in nodes:
            self.look_at(node)

    def _look_at_expression(self, node: ast.AST) -> None:
        if isinstance(node, ast.Attribute | ast.Name):
            self._note(self._name_of(node))
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS:
                self.found.add(f"{node.func.attr}()")
            if isinstance(node.func, ast.Name):
                self._follow(node.func.id)

    def _note(self, name: str) -> None:
        parts = name.split(".")
        names = [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
        if any(each in _SURROUNDINGS for each in names) and name not in _ONLY_NAMES:
            self.found.add(name)

    def _follow(self, name: str) -> None:
        """Look into a function, or the making of an object, of the same module."""
        defined = self._defined.get(name)
        if defined is None or name in self._seen:
            return
        self._seen.add(name)
        bodies = [defined] if isinstance(defined, ast.FunctionDef) else _initialisers(defined)
        for body in bodies:
            for statement in body.body:
                self.look_at(statement)

    def _name_of(self, node: ast.AST) -> str:
        if isinstance(node, ast.Name):
            return self._imported.get(node.id, node.id if node.id in self._imported else "")
        if isinstance(node, ast.Attribute):
            owner = self._name_of(node.value)
            return f"{owner}.{node.attr}" if owner else ""
        return ""


def _initialisers(node: ast.ClassDef) -> list[ast.FunctionDef]:
    return [
        item
        for item in node.body
        if isinstance(item, ast.FunctionDef) and item.name in {"__init__", "__new__"}
    ]


def _imports(tree: ast.Module) -> dict[str, str]:
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                head = alias.name.split(".")[0]
                names[alias.asname or head] = alias.name if alias.asname else head
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def _is_main(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and ast.unparse(test.left) == "__name__"
