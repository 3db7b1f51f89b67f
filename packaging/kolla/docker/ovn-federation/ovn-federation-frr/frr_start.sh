#!/bin/bash

# watchfrr starts the daemons of /etc/frr/daemons, and starts one again that dies. It stays in the foreground. Told to stop, it ends and does
# not stop them; they are killed with the container. That is wanted: a zebra that is told to stop removes its routes from the kernel.
set -o errexit

# Of a container that was killed, or of the host's last boot: nobody listens on them.
rm -f /run/frr/*.vty /run/frr/*.pid /run/frr/*.api

daemons=$(/usr/lib/frr/watchfrr.sh daemon_list)
exec /usr/lib/frr/watchfrr ${daemons}
