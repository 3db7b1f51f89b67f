# A northbound database that hangs, and what goes on meanwhile. Run on a gateway of the lab.
set -eu
# The interface of the port that has an address.
port_of() { ovn-sbctl --bare --columns=logical_port,mac list Port_Binding | grep -B1 -- " $1 " | head -n1; }
case $1 in
# Gives the port that has one address another one.
address)
  port=$(port_of "$2")
  old=$(ovn-nbctl --bare --columns=addresses find Logical_Switch_Port name="$port")
  ovn-nbctl lsp-set-addresses "$port" "$old $3";;
# Unbinds the port that has an address; its route must be gone from bgpd in so many milliseconds, multiplied by fedlab's --patience.
withdrawn)
  port=$(port_of "$2")
  interface=$(ovs-vsctl --bare --columns=name find Interface "external_ids:iface-id=$port")
  patience=${FEDLAB_PATIENCE:-1}
  start=$(date +%s%3N)
  ovs-vsctl --no-wait remove Interface "$interface" external_ids iface-id
  while vtysh -c "show running-config" | grep -q "network $2/32"; do
    [ $(($(date +%s%3N) - start)) -lt $((15000 * patience)) ] || { echo "still there after 15 s"; exit 1; }
  done
  took=$(($(date +%s%3N) - start))
  ovs-vsctl set Interface "$interface" "external_ids:iface-id=$port"
  echo "withdrawn after $took ms"
  [ "$took" -le $(($3 * patience)) ];;
exempted)
  i=0
  until ovn-nbctl --bare --columns=addresses list Address_Set | grep -qF "$2"; do
    i=$((i + 1)); [ $i -lt "$3" ] || { ovn-nbctl list Address_Set; exit 1; }
    sleep 1
  done;;
esac
