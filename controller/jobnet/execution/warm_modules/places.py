"""Looks for ansible-core's ``module_utils`` while payloads are built ahead of all jobs.

Before a job there are no collections and no folders of a project, so Ansible's own search has
to be told what a job's search finds for ansible-core: its files, and where old names lead.
"""

# Ansible is imported inside functions: only the forking process may load it.
# ruff: noqa: PLC0415, SLF001

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Places:
    """Notes where modules were looked for, and looks for each only once."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self._routing = _routing()
        self._found: dict[tuple[str, ...], tuple[bool, bytes | str]] = {}

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Take part in Ansible's search inside of this."""
        from ansible.executor import module_common

        locator = module_common.LegacyModuleUtilLocator
        stock = locator._find_module

        def metadata_of(name: str) -> Any:  # noqa: ANN401
            if name != "ansible.builtin":
                raise ValueError(name)
            return self._routing

        def find_module(asked: Any, name_parts: tuple[str, ...]) -> bool:  # noqa: ANN401
            self.seen.add(name_parts[2])
            if name_parts not in self._found:
                if not stock(asked, name_parts):
                    return False
                self._found[name_parts] = asked.is_package, asked.source_code
            asked.is_package, asked.source_code = self._found[name_parts]
            return True

        stock_metadata = module_common._get_collection_metadata
        stock_loader = module_common.module_utils_loader
        locator._find_module = find_module
        module_common._get_collection_metadata = metadata_of
        module_common.module_utils_loader = _NoPaths()
        try:
            yield
        finally:
            locator._find_module = stock
            module_common._get_collection_metadata = stock_metadata
            module_common.module_utils_loader = stock_loader


def _routing() -> Any:  # noqa: ANN401
    """Return where names of ansible-core lead today; jobs have their own way to the same."""
    import ansible
    from ansible.utils.collection_loader import _collection_finder

    path = Path(ansible.__file__).parent / "config" / "ansible_builtin_runtime.yml"
    return _collection_finder._meta_yml_to_dict(path.read_bytes(), str(path))


class _NoPaths:
    """Stands for the loader of module_utils: no folders but ansible-core's."""

    def _get_paths(self, *, subdirs: bool) -> list[str]:
        return []
