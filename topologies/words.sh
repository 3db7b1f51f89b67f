# Words for the commands of stages. A host sources it: `. topologies/words.sh`.

# Rows of OVN's northbound database by the names that OpenStack shows.
router() { ovn-nbctl --bare --columns=_uuid find Logical_Router "external_ids:\"neutron:router_name\"=$1"; }
router_name() { ovn-nbctl --bare --columns=name find Logical_Router "external_ids:\"neutron:router_name\"=$1"; }
network() { ovn-nbctl --bare --columns=name find Logical_Switch "external_ids:\"neutron:network_name\"=$1"; }
port() { ovn-nbctl --bare --columns=name find Logical_Switch_Port "external_ids:\"neutron:port_name\"=$1"; }

# await SECONDS COMMAND…: until it succeeds. The time is multiplied by fedlab's --patience.
await() { n=$(($1 * ${FEDLAB_PATIENCE:-1})); shift; for second in $(seq "$n"); do "$@" && return 0; sleep 1; done; "$@"; }

# never SECONDS STATUS COMMAND…: it does not end with that status.
never() {
  n=$1 status=$2
  shift 2
  for second in $(seq "$n"); do
    found=0; text=$("$@" 2>&1) || found=$?
    [ "$found" != "$status" ] || { echo "$text"; return 1; }
    sleep 1
  done
}

# Whether bgpd asks others to prefer other ways.
drains() { vtysh -c 'show running-config bgpd' | grep -q 'set community graceful-shutdown'; }
attracts() { ! drains; }

# The table of the only VPN of a node.
table=10001

# leads ADDRESS VTEP…: the route to a machine leads to these gateways and no other; without VTEP: there is none.
leads() {
  found=$(ip route show table $table "$1" proto bgp | grep -o 'via [0-9.]*' | sort -u | tr '\n' ' ')
  shift
  [ "$found" = "$(for vtep; do echo "via $vtep"; done | sort -u | tr '\n' ' ')" ] || { echo "leads to ${found:-nobody}"; return 1; }
}
