# What the Neutron driver writes, by hand. A host sources it after words.sh: `. topologies/self-service/bgpvpn.sh`.

# The blue tenant's BGPVPN, another one of the same name that a stranger has, and a third one.
blue=0f8fad5b-d9cb-469f-a165-70867728950e
strange=7c9e6679-7425-40de-944b-e07fc1f90ae7
third=4a1d2f6c-6c52-4f6e-8a0e-0a5d1c1f7b11
# Projects.
project=598e0a38b7e1411095797a01997baa85
stranger=929ed1eaa8534f259209bddefa281e0b

# object BY NAME PROJECT [MEMBERS]: a key's value.
object() { printf '{"by":"%s","name":"%s","project":"%s","type":"l3"%s}' "$1" "$2" "$3" "$4"; }

# mark TABLE ROW BGPVPN VALUE: says on a row what is associated, or that the BGPVPN is there. Without VALUE the row says it no more.
mark() {
  key="\"ovn_federation:bgpvpn/$3\""
  if [ -n "$4" ]; then ovn-nbctl set "$1" "$2" "external_ids:$key=\"$(printf %s "$4" | sed 's/"/\\"/g')\""
  else ovn-nbctl remove "$1" "$2" external_ids "$key"; fi
}

# router_ports ROUTER: the ports by which its networks and the external network are joined to it.
router_ports() {
  for row in $(ovn-nbctl --bare --columns=ports list Logical_Router "$(router "$1")"); do
    ovn-nbctl --bare --columns=name list Logical_Router_Port "$row" | sed 's/^lrp-//'
  done
}

# associate ROUTER BGPVPN VALUE: as the driver does it, on all ports of the router.
associate() { for one in $(router_ports "$1"); do mark Logical_Switch_Port "$one" "$2" "$3"; done; }

# disassociate ROUTER BGPVPN: in one transaction, whose beginning stands in /tmp/self-service.row (nanoseconds).
disassociate() {
  command=
  for one in $(router_ports "$1"); do
    command="$command${command:+ -- }remove Logical_Switch_Port $one external_ids '\"ovn_federation:bgpvpn/$2\"'"
  done
  date +%s%N >/tmp/self-service.row
  eval "ovn-nbctl $command"
}
