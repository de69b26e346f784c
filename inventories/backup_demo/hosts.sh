#!/bin/sh
# Prints the demo's hosts for Ansible: a dynamic inventory, asked anew for every job.
# The hosts are started by playbooks/monthly_backup/hosts.py, which writes their addresses
# into the folder $JOBNET_DEMO, or .demo in the clone.
here=$(dirname "$0")
demo=${JOBNET_DEMO:-$here/../../.demo}
start="start them with '.venv/bin/python playbooks/monthly_backup/hosts.py up'"

if [ "$1" = --host ]; then
  echo '{}'
elif [ ! -r "$demo/inventory.json" ]; then
  echo "The demo hosts are not running; $start." >&2
  exit 1
else
  for host in ap1 db1 bk1; do
    if ! [ -d "/proc/$(cat "$demo/run/$host.pid" 2>/dev/null)/fd" ]; then
      echo "The demo host $host is down; $start." >&2
      exit 1
    fi
  done
  cat "$demo/inventory.json"
fi
