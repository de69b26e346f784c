"""Answers, as a program of its own, what of the configuration differs from Ansible's defaults.

It loads Ansible's configuration manager and nothing else of Ansible, so that it costs a third
of what ``ansible-config dump`` does; a test compares the two. The answer has the same shape:
a list of ``name`` and ``value``, as JSON.
"""

# Ansible is imported inside functions: only this process may load it.
# ruff: noqa: PLC0415

import json
import sys

ASKED = (
    "ANSIBLE_HOME",
    "ANSIBLE_PIPELINING",
    "DEFAULT_CALLBACK_PLUGIN_PATH",
    "DEFAULT_HOST_LIST",
    "DEFAULT_LOG_PATH",
    "DEFAULT_STDOUT_CALLBACK",
)


def main() -> int:
    """Write the settings that somebody has changed; 1 where ansible-config must say why not."""
    from ansible.config.manager import ConfigManager

    try:
        manager = ConfigManager()
        found = [{"name": "CONFIG_FILE", "value": manager.get_config_value("CONFIG_FILE")}]
        for name in ASKED:
            value, origin = manager.get_config_value_and_origin(name)
            if origin != "default":
                found.append({"name": name, "value": value})
    except Exception as error:  # noqa: BLE001 - Ansible's own words are said by its own program
        sys.stderr.write(f"{error}\n")
        return 1
    if found[0]["value"] is None:
        found.pop(0)
    sys.stdout.write(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
