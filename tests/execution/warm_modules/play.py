"""Runs ansible-playbook as a fork of the warm server does: ``CHANNEL LOG ARGUMENTS``."""

import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """Take the channel from the command line and note which tasks took the stock path."""
    channel, log, *arguments = sys.argv[1:]
    sys.argv = ["ansible-playbook", *arguments]
    from ansible.cli.playbook import PlaybookCLI  # noqa: PLC0415
    from ansible.plugins.connection.local import Connection  # noqa: PLC0415
    from jobnet.execution.warm_modules.installing import install  # noqa: PLC0415
    from jobnet.execution.warm_modules.payloads import preload_payloads  # noqa: PLC0415

    stock = Connection.exec_command

    def noting(self: Any, cmd: str, **options: Any) -> Any:  # noqa: ANN401
        with Path(log).open("a") as file:
            file.write(cmd.replace("\n", " ") + "\n")
        return stock(self, cmd, **options)

    Connection.exec_command = noting
    if channel != "none":
        preload_payloads(["command", "copy", "stat", "ping", "setup"])
        install(Connection, int(channel), kill_grace_seconds=10.0)
    PlaybookCLI.cli_executor()


if __name__ == "__main__":
    main()
