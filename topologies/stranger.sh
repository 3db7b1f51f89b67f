#!/bin/sh
# What somebody does who has a gateway node of a cloud that is no member of a VPN: the node's bgpd has a session all the same, and VNIs and
# route targets are no secret. `announce`, `listen` and `leave` run on his node, `kept-out` on a member's.
set -eu

usage() {
  echo "usage: stranger.sh announce AS VTEP VNI TARGET RD PREFIX… | listen AS VTEP VNI TARGET | leave AS VNI | kept-out VRF BRIDGE VTEP" >&2
  exit 2
}
[ $# -ge 3 ] || usage
word=$1
shift

devices() {
  ip link show stranger >/dev/null 2>&1 && return
  ip link add stranger type vrf table 7777
  ip link set stranger up
  ip link add strbr address 02:0b:ad:00:00:01 type bridge
  ip link set strbr addrgenmode none
  ip link set strbr master stranger up
  ip link add strvx type vxlan id "$vni" local "$vtep" dstport 4789 nolearning
  ip link set strvx addrgenmode none
  ip link set strvx master strbr up
  bridge link set dev strvx learning off neigh_suppress on
  ip address add 10.99.0.1/32 dev stranger
  ip address add fd99::1/128 dev stranger
}

case $word in
announce)
  as=$1 vtep=$2 vni=$3 target=$4 rd=$5
  shift 5
  devices
  v4="" v6=""
  for prefix in "$@"; do
    case $prefix in *:*) v6="$v6 network $prefix
" ;; *) v4="$v4 network $prefix
" ;; esac
  done
  vtysh <<END
configure terminal
router bgp $as vrf stranger
no bgp network import-check
address-family ipv4 unicast
$v4
exit-address-family
address-family ipv6 unicast
$v6
exit-address-family
address-family l2vpn evpn
rd $rd
route-target import $target
route-target export $target
advertise ipv4 unicast
advertise ipv6 unicast
exit-address-family
exit
vrf stranger
vni $vni
exit-vrf
end
END
  ;;
listen)
  as=$1 vtep=$2 vni=$3 target=$4
  devices
  vtysh <<END
configure terminal
router bgp $as vrf stranger
address-family l2vpn evpn
route-target import $target
exit-address-family
exit
vrf stranger
vni $vni
exit-vrf
end
END
  ;;
leave)
  as=$1 vni=$2
  vtysh -c "configure terminal" -c "vrf stranger" -c "no vni $vni" -c "exit-vrf"
  # bgpd 8.4.4 may crash where its instance goes before it has lost the VNI.
  for _ in $(seq 100); do
    # Without its VRF the VNI goes on as one of layer 2, because the device is there.
    vtysh -c "show bgp l2vpn evpn vni" | grep -Eq "$vni +L3 " || break
    sleep 0.1
  done
  vtysh -c "configure terminal" -c "no router bgp $as vrf stranger"
  ip link delete strvx
  ip link delete strbr
  ip link delete stranger
  vtysh -c "configure terminal" -c "no vrf stranger" || true
  ;;
kept-out)
  vrf=$1 bridge=$2 vtep=$3
  heard() { vtysh -c "show bgp vrf $vrf ipv4 unicast 10.99.0.0/24" 2>/dev/null | grep -q "$vtep"; }
  for _ in $(seq 100); do
    heard && break
    sleep 0.1
  done
  heard || {
    echo "bgpd has not heard of the stranger, so that nothing is shown"
    exit 1
  }
  # Longer than zebra takes, and the agent after it.
  sleep 2
  routes=$( (ip route show table all; ip -6 route show table all) | grep "$vtep dev $bridge " || true)
  defaults=$( (ip route show vrf "$vrf"; ip -6 route show vrf "$vrf") | grep "^default" || true)
  flows=$(ovs-ofctl -O OpenFlow13 dump-flows br-ex | grep -E "nw_dst=(10\.99\.0|0\.0\.0\.0)|ipv6_dst=(fd99::|::/0)" || true)
  [ -z "$routes$defaults$flows" ] || {
    printf '%s\n' "the stranger got in:" "$routes" "$defaults" "$flows"
    exit 1
  }
  ;;
*) usage ;;
esac
