#!/bin/bash

# watchfrr starts the daemons of /etc/frr/daemons, and starts one again that dies. It stays in the foreground. Told to stop, it ends and does
# not stop them; they are killed with the container. That is wanted: a zebra that is told to stop removes its routes from the kernel.
set -o errexit

# Of a container that was killed, or of the host's last boot: nobody listens on them.
rm -f /run/frr/*.vty /run/frr/*.pid /run/frr/*.api

# FRR's daemons are no longer root when they open it, and are in no group but their own two.
touch /var/log/kolla/ovn-federation/frr.log
chown frr:kolla /var/log/kolla/ovn-federation/frr.log

# FRR's own function prints them, and ends with the status of its last test, which is no failure.
daemons=$(/usr/lib/frr/watchfrr.sh daemon_list || true)
exec /usr/lib/frr/watchfrr ${daemons}
