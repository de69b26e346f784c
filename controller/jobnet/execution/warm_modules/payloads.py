"""Remembers what building a payload of Ansible's own modules comes to, so that forks build fast.

Ansible parses the module and some fifty files that it imports, for each task of each job, only
to find which files go into the payload. For a module of ansible-core the answer depends on
files of ansible-core alone, unless a project has a ``module_utils`` that takes the place of one.
What is remembered is keyed by content; whatever differs is built by stock Ansible, which also
checks at the start that remembered payloads are the same bytes as its own.
"""

# Ansible is imported inside functions: only the forking process may load it.
# ruff: noqa: PLC0415, SLF001

import hashlib
import io
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from jobnet.execution.aside import computed_aside
from jobnet.execution.warm_modules.places import Places
from jobnet.execution.warm_modules.scans import Scans

COMMON_MODULES: Final = (
    "command", "copy", "file", "find", "get_url", "lineinfile", "ping", "setup", "slurp", "stat",
    "tempfile", "uri", "wait_for",
)  # fmt: skip
_VERBOSITY_OF_STOCK: Final = 5  # from here on Ansible names each file as it packs it
_SOME_TIME: Final = datetime(2026, 1, 1, tzinfo=UTC)
_COMPRESSED_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class _Built:
    """Which files a module's payload has, in order, and what could take their place."""

    files: tuple[tuple[str, bytes], ...]
    tops: frozenset[str]  # names directly below module_utils that were looked for
    metadata: Any


_Payloads = dict[tuple[str, bytes], _Built]


def preload_payloads(modules: Iterable[str] = COMMON_MODULES) -> int:
    """Remember the payloads of these modules of ansible-core in this process and its forks.

    Return for how many it could. Call it once, after Ansible is imported and before a job is
    forked; it reads ansible-core's files only. Where anything is not as expected it
    leaves Ansible as it is.
    """
    from ansible.executor import module_common

    home = Path(module_common.__file__).parent.parent
    scans, built = computed_aside(partial(_learn, tuple(modules), home))
    scans.install()
    if built:
        stock = module_common.recursive_finder
        module_common.recursive_finder = _remembering(stock, built, _Folder(home / "module_utils"))
    return len(built)


def _learn(names: Iterable[str], home: Path) -> tuple[Scans, _Payloads]:
    """Have stock Ansible build payloads, and check that one of ours would be the same."""
    from ansible.executor import module_common

    scans, places = Scans(), Places()
    scans.install()
    stock = module_common.recursive_finder
    built: _Payloads = {}
    for name in names:
        path = home / "modules" / f"{name}.py"
        if path.is_file() and (found := _build(stock, name, path, places)) is not None:
            built[found[0]] = found[1]
    scans.is_learning = False
    finder = _remembering(stock, built, _Folder(home / "module_utils"))
    with places.noted():
        is_same = not built or _is_same(stock, finder, next(iter(built)), home)
    return scans, built if is_same else {}


class _Folder:
    """Tells whether ansible-core's module_utils are still those that were read."""

    def __init__(self, root: Path) -> None:
        self._paths = sorted({str(path) for path in [root, *root.rglob("*")]})
        self._paths = [path for path in self._paths if "__pycache__" not in path]
        self._times = self._read()
        self._place = root.stat()

    def is_at(self, path: str) -> bool:
        """Tell whether a path is this folder; OSError if there is none."""
        return os.path.samestat(os.stat(path), self._place)  # noqa: PTH116 - as Ansible has it

    def is_unchanged(self) -> bool:
        """Compare the times of all files and folders."""
        return self._read() == self._times

    def _read(self) -> list[int]:
        try:
            return [os.stat(path).st_mtime_ns for path in self._paths]  # noqa: PTH116 - 200 of them
        except OSError:
            return []


class _Recorder:
    """Stands for the zip while it is found out what goes into it."""

    compression = zipfile.ZIP_STORED

    def __init__(self) -> None:
        self.files: list[tuple[str, bytes]] = []

    def writestr(self, entry: zipfile.ZipInfo, data: bytes) -> None:
        """Note one file; text and tagged bytes become plain bytes."""
        self.files.append((entry.filename, data if type(data) is bytes else bytes(data)))


def _key(fqn: str, data: bytes) -> tuple[str, bytes]:
    return fqn, hashlib.sha256(data).digest()


def _build(
    stock: Callable[..., Any], name: str, path: Path, places: Places
) -> tuple[tuple[str, bytes], _Built] | None:
    """Have stock Ansible find the files of a module; None where it objects."""
    from ansible._internal._ansiballz._builder import ExtensionManager

    data = path.read_bytes()
    recorder, fqn = _Recorder(), f"ansible.modules.{name}"
    places.seen = set()
    try:
        with places.noted():
            metadata = stock(name, fqn, data, recorder, _SOME_TIME, ExtensionManager())
    except Exception:  # noqa: BLE001 - the job that uses the module will say it
        return None
    if any(not file.startswith("ansible/") for file, _ in recorder.files):
        return None
    return _key(fqn, data), _Built(tuple(recorder.files), frozenset(places.seen), metadata)


def _remembering(
    stock: Callable[..., Any], built: _Payloads, folder: _Folder
) -> Callable[..., Any]:
    from ansible import constants
    from ansible.executor import module_common
    from ansible.utils.display import Display

    compressed: dict[bytes, tuple[bytes, int]] = {
        data: _deflated(data) for found in built.values() for _, data in found.files
    }
    assert len(compressed) < _COMPRESSED_MAX, "ansible-core has fewer files"

    def recursive_finder(
        name: str,
        module_fqn: str,
        module_data: bytes,
        zf: zipfile.ZipFile,
        date_time: datetime,
        extension_manager: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        found = built.get(_key(module_fqn, module_data)) if type(zf) is zipfile.ZipFile else None
        if (
            found is None
            or extension_manager.extension_names
            or Display().verbosity >= _VERBOSITY_OF_STOCK
            or constants.config.get_config_value("_MODULE_METADATA")
            or _is_shadowed(found, module_common.module_utils_loader, folder)
            or not folder.is_unchanged()
        ):
            return stock(name, module_fqn, module_data, zf, date_time, extension_manager)
        for file, data in found.files:
            entry = module_common._make_zinfo(file, date_time, zf=zf)
            if zf.compression == zipfile.ZIP_DEFLATED and data in compressed:
                _write_compressed(zf, entry, len(data), *compressed[data])
            else:
                zf.writestr(entry, data)
        return found.metadata

    return recursive_finder


def _is_shadowed(found: _Built, loader: Any, own: _Folder) -> bool:  # noqa: ANN401
    """Tell whether a folder of module_utils has a name that the module has looked for."""
    for folder in loader._get_paths(subdirs=False):
        try:
            if own.is_at(folder):
                continue
            names = os.listdir(folder)  # noqa: PTH208 - names only
        except OSError:
            continue
        if any(name.partition(".")[0] in found.tops for name in names):
            return True
    return False


def _deflated(data: bytes) -> tuple[bytes, int]:
    """Return what zipfile makes of the data, and its checksum."""
    compressor = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -15)
    return compressor.compress(data) + compressor.flush(), zlib.crc32(data)


def _write_compressed(
    zf: zipfile.ZipFile, entry: zipfile.ZipInfo, size: int, packed: bytes, checksum: int
) -> None:
    """Append an entry whose data is compressed already, as ``writestr`` would have."""
    inside: Any = zf
    entry.file_size, entry.compress_size, entry.CRC = size, len(packed), checksum
    entry.flag_bits, entry.external_attr = 0, 0o600 << 16
    inside.fp.seek(inside.start_dir)
    entry.header_offset = inside.fp.tell()
    inside.fp.write(entry.FileHeader(zip64=False) + packed)
    inside.start_dir = inside.fp.tell()
    inside._didModify = True
    zf.filelist.append(entry)
    zf.NameToInfo[entry.filename] = entry


def _is_same(
    stock: Callable[..., Any], ours: Callable[..., Any], key: tuple[str, bytes], home: Path
) -> bool:
    """Build one payload both ways and compare every byte."""
    from ansible._internal._ansiballz._builder import ExtensionManager

    fqn, _ = key
    name = fqn.rpartition(".")[2]
    data = (home / "modules" / f"{name}.py").read_bytes()
    payloads = []
    try:
        for finder in (stock, ours):
            output = io.BytesIO()
            with zipfile.ZipFile(output, mode="w", compression=zipfile.ZIP_DEFLATED) as zf:
                finder(name, fqn, data, zf, _SOME_TIME, ExtensionManager())
            payloads.append(output.getvalue())
    except Exception:  # noqa: BLE001 - another version of Ansible or zipfile: leave it alone
        return False
    return payloads[0] == payloads[1]
