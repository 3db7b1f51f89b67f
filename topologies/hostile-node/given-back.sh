# Stops the agent, cleans up, and looks that nothing of ours is left; then that what others have on the node is what it was.
set -eu
run=$1
others() {
  ip -o link show | grep -v ': fed' | sed 's/^[0-9]*: //; s/ qdisc.*//' | sort
  ip route show table main; ip -6 route show table main
  ovs-vsctl --columns=name list Bridge; ovs-vsctl --bare --columns=name list Port | grep -v '^fed' | grep . | sort
  ovs-ofctl dump-flows br-ex | grep -v 'cookie=0xfed0fed' | sed 's/duration=[^,]*, //; s/n_packets=[^,]*, n_bytes=[^,]*, //; s/.*_age=[0-9]*, //'
  # What the operator wrote.
  vtysh -c 'show running-config' | grep -xF -f "$run/frr/bgpd.conf" | sort -u
  ovn-nbctl --bare --columns=name list Address_Set | grep -v ovn_federation | grep . | sort || true
  ovn-nbctl --columns=type,external_ip,logical_ip list NAT | sort
}
before=$(others)
pid=$(cat "$run/agent.pid")
kill "$pid"
# Nobody may have waited for it.
while grep -q '^State:.[^Z]' "/proc/$pid/status" 2>/dev/null; do sleep 0.2; done
fed-agent cleanup --yes
left() { echo "left: $1"; exit 1; }
! ip -o link show | grep ': fed' || left devices
! ip route show table all proto 250 | grep . || left routes
! ip -6 route show table all proto 250 | grep . || left 'IPv6 routes'
! ovs-vsctl --bare --columns=name list Port | grep '^fed' || left ports
! ovs-ofctl dump-flows br-ex 'cookie=0x0fed0fed00000000/0xffffffff00000000' | grep cookie=0x || left flows
! vtysh -c 'show running-config' | grep -e OVN-FEDERATION -e FED-EVPN -e 'vrf fed' -e 'vni ' || left 'lines in FRR'
! ovn-nbctl --bare --columns=name list Address_Set | grep ovn_federation || left 'address sets'
! ovn-nbctl --bare --columns=exempted_ext_ips list NAT | grep . || left exemptions
after=$(others)
[ "$before" = "$after" ] || { echo "others' things differ:"; echo "$before" >"$run/before"; echo "$after" >"$run/after"; diff "$run/before" "$run/after"; exit 1; }
fed-agent cleanup --yes | grep -q 'nothing of ours'
echo 'nothing is left, and nothing else is changed'
