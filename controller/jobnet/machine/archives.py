"""Writes a backup as one file, and takes it apart again only if it is whole and harmless.

A backup is a tar file whose last member, the manifest, names every other with its size and its
SHA-256. It is written beside its name and gets that when it is on the disk. Whoever takes one apart
trusts nothing: names lead nowhere else, links are made when all files are there.
"""

import hashlib
import io
import json
import os
import shutil
import stat
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from jobnet.errors.storage import BackupDamaged, BackupNotWritten

MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
MANIFEST_BYTES_MAX: Final = 256 * 1024 * 1024
_BLOCK: Final = 1024 * 1024
_PRIVATE: Final = 0o600
_UNFIT: Final = (
    tarfile.TarError,
    zlib.error,
    EOFError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
)
"""What reading a file that is no backup, or a spoilt one, may come to."""


@dataclass(slots=True)
class Archive:
    """A backup that is being written; files are added one by one."""

    _tar: tarfile.TarFile
    _folder: Path
    _files: list[dict[str, object]] = field(default_factory=list)
    _links: list[dict[str, object]] = field(default_factory=list)

    def add_file(self, path: Path, name: str) -> bool:
        """Add a file as it is at this instant; False where it is gone or none that can be kept.

        It is copied first, so that one that is being written to is as its size says.
        """
        try:
            with open(path, "rb", opener=_not_following) as file:
                mode = os.fstat(file.fileno()).st_mode
                if not stat.S_ISREG(mode):
                    return False
                self._add(file, name, executable=bool(mode & stat.S_IXUSR))
        except (FileNotFoundError, IsADirectoryError):
            return False
        return True

    def add_tree(self, folder: Path, name: str) -> None:
        """Add what is in a folder; sockets and what vanishes meanwhile are passed over."""
        for where, folders, names in os.walk(folder):
            inside = PurePosixPath(name, *Path(where).relative_to(folder).parts)
            for each in sorted([*names, *folders]):
                path = Path(where) / each
                if path.is_symlink():
                    self._links.append({"name": str(inside / each), "target": str(path.readlink())})
                elif path.is_file():
                    self.add_file(path, str(inside / each))

    def _add(self, file: IO[bytes], name: str, *, executable: bool) -> None:
        digest = hashlib.sha256()
        with tempfile.TemporaryFile(dir=self._folder) as copy:
            while block := file.read(_BLOCK):
                digest.update(block)
                copy.write(block)
            size = copy.tell()
            copy.seek(0)
            member = tarfile.TarInfo(name)
            member.size, member.mode = size, 0o700 if executable else _PRIVATE
            self._tar.addfile(member, copy)
        said = {"name": name, "size": size, "sha256": digest.hexdigest(), "executable": executable}
        self._files.append(said)

    def finish(self, about: Mapping[str, object]) -> None:
        """Add the manifest, with what else is to be said."""
        document = {**about, "format": FORMAT, "files": self._files, "links": self._links}
        text = json.dumps(document).encode()
        member = tarfile.TarInfo(MANIFEST)
        member.size, member.mode = len(text), _PRIVATE
        self._tar.addfile(member, io.BytesIO(text))


@contextmanager
def writing(target: Path) -> Iterator[tuple[Archive, Path]]:
    """Yield an archive that is at ``target`` afterwards, and a private folder to work in.

    Where anything goes wrong nothing is there. A name that is taken is refused.
    """
    try:
        if target.exists():
            raise BackupNotWritten(str(target), problem="there is a file of this name")
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.absolute().parent))
    except OSError as error:
        raise BackupNotWritten(str(target), problem=error.strerror or repr(error)) from error
    try:
        whole = folder / "whole"
        descriptor = os.open(whole, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE)
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
            with tarfile.open(fileobj=file, mode=_mode(target)) as tar:
                yield Archive(tar, folder), folder
            file.flush()
            os.fsync(file.fileno())
        whole.rename(target)
        _sync(target.absolute().parent)
    except OSError as error:
        raise BackupNotWritten(str(target), problem=error.strerror or repr(error)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def extract(source: Path, folder: Path) -> Mapping[str, Any]:
    """Take a backup apart into an empty folder; return its manifest.

    Raises ``BackupDamaged`` where anything is missing, added or other than was written.
    """
    try:
        with tarfile.open(source, "r:*") as tar:
            found, manifest = _unpack(tar, folder)
        _check(found, manifest)
        _make_links(manifest, folder)
    except _UNFIT as error:
        problem = str(error)[:200] or type(error).__name__
        raise BackupDamaged(str(source), problem=problem) from error
    except OSError as error:
        raise BackupDamaged(str(source), problem=error.strerror or repr(error)) from error
    return manifest


def _unpack(
    tar: tarfile.TarFile, folder: Path
) -> tuple[Mapping[str, tuple[int, str]], Mapping[str, Any]]:
    found: dict[str, tuple[int, str]] = {}
    for member in tar:
        if member.name == MANIFEST:
            if member.size > MANIFEST_BYTES_MAX:
                raise ValueError("its manifest is too large")
            manifest = json.loads(_content(tar, member).read())
            if tar.next() is not None:
                raise ValueError("there is something behind its manifest")
            return found, manifest
        if not member.isreg() or member.name in found:
            raise ValueError(f"{member.name[:80]!r} is no plain file, or there twice")
        path = _inside(folder, member.name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        found[member.name] = _write(_content(tar, member), path)
    raise ValueError("it was cut off: it has no manifest")


def _write(content: IO[bytes], path: Path) -> tuple[int, str]:
    digest = hashlib.sha256()
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, _PRIVATE)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
        while block := content.read(_BLOCK):
            digest.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
        return file.tell(), digest.hexdigest()


def _check(found: Mapping[str, tuple[int, str]], manifest: Mapping[str, Any]) -> None:
    if manifest["format"] != FORMAT:
        raise ValueError(f"format {manifest['format']!r}; this Jobnet knows {FORMAT}")
    said = {file["name"]: (file["size"], file["sha256"]) for file in manifest["files"]}
    for name in sorted({*found, *said}):
        if found.get(name) != said.get(name):
            raise ValueError(f"{name[:80]!r} is not as its digest says")


def _make_links(manifest: Mapping[str, Any], folder: Path) -> None:
    for file in manifest["files"]:
        if file["executable"] is True:
            _inside(folder, file["name"]).chmod(0o700)
    for link in manifest["links"]:
        path = _inside(folder, link["name"])
        if not path.parent.resolve().is_relative_to(folder.resolve()):
            raise ValueError(f"{link['name'][:80]!r} leads elsewhere")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.symlink_to(link["target"])


def _inside(folder: Path, name: str) -> Path:
    """Return where a member lies; a name that leads out of the folder is refused."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\0" in name:
        raise ValueError(f"{name[:80]!r} leads elsewhere")
    return folder.joinpath(*parts)


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    if content is None:
        raise ValueError(f"{member.name[:80]!r} is no plain file")
    return content


def _mode(target: Path) -> Any:  # noqa: ANN401 - a literal of tarfile
    return "w:gz" if target.suffix in {".gz", ".tgz"} else "w"


def _not_following(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
