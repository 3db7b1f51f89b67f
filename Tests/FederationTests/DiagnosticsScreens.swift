extension DiagnosticsTests {
    static let everythingAtOnceScreen = """
        federation.yaml:1:13: error: federation: invalid federation name “demo net”: must be 1–63 letters, digits, “-”, “_” or “.”, beginning with a letter or digit
            federation: demo net
                        ^~~~~~~~
            remedy: choose another name
        federation.yaml:2:1: error: cluods: unknown key “cluods” in a federation file
            cluods: {}
            ^~~~~~
            remedy: did you mean “clouds”?
        federation.yaml:5:9: error: clouds.paris.as: invalid AS number 65535: 0, 23456, 65535 and 4294967295 are reserved
                as: 65535
                    ^~~~~
            remedy: write it like 65001 or 4200000001 (64086.59905 in asdot), or omit it to have one allocated
        federation.yaml:6:5: error: clouds.paris.vtep: unknown key “vtep” in a cloud
                vtep: 10.0.0.1
                ^~~~
            remedy: “vtep” belongs to a gateway; a cloud has “as”, “labels”, “drain”, “onSouthboundLoss”, “limits”, “bgp”, \
        “underlayMTU”, “vxlanFilter”, “vtepPool”, “gateways”
        federation.yaml:7:18: error: clouds.paris.underlayMTU: invalid MTU “1500 bytes”: must be decimal digits only, without sign, point or exponent
                underlayMTU: 1500 bytes
                             ^~~~~~~~~~
            remedy: write the largest packet between VTEPs in bytes (VXLAN uses 50 of them), or omit it for 1500
        federation.yaml:9:19: error: clouds.paris.gateways.gw1.vtep: invalid IPv4 address 10.255.1.300: 300 is over 255
                  gw1: {vtep: 10.255.1.300, routerMac: 02:00:00:00:00:01}
                              ^~~~~~~~~~~~
            remedy: write it like 192.0.2.1
        federation.yaml:9:33: error: clouds.paris.gateways.gw1.routerMac: unknown key “routerMac” in a gateway
                  gw1: {vtep: 10.255.1.300, routerMac: 02:00:00:00:00:01}
                                            ^~~~~~~~~
            remedy: did you mean “routerMAC”?
        federation.yaml:12:23: error: clouds.tokyo.bgp.management: unknown management “agnet”
                bgp: {management: agnet, routeServers: {address: 10.0.0.9}}
                                  ^~~~~
            remedy: did you mean “agent”?
        federation.yaml:12:44: error: clouds.tokyo.bgp.routeServers: “routeServers” must be a list, not a mapping
                bgp: {management: agnet, routeServers: {address: 10.0.0.9}}
                                                       ^
            remedy: write it like “routeServers: [{name: spine, address: 192.0.2.254, as: 65000}]”
        federation.yaml:14:42: error: clouds.tokyo.gateways.gw1.routerMAC: invalid router MAC 03:00:00:00:00:01: must be unicast
                  gw1: {vtep: 10.255.2.1, routerMAC: 03:00:00:00:00:01}
                                                     ^~~~~~~~~~~~~~~~~
            remedy: write one like 02:00:00:00:00:01, or omit it to have one allocated
        federation.yaml:15:19: error: clouds.tokyo.gateways.gw2.vtep: address 10.255.2.1 appears twice, first at \
        clouds.tokyo.gateways.gw1.vtep on line 14
                  gw2: {vtep: 10.255.2.1}
                              ^~~~~~~~~~
            remedy: give each gateway its own addresses
        federation.yaml:16:3: error: clouds.lima: missing key “gateways”
              lima:
              ^~~~
            remedy: add its gateway nodes, like “gateways: {gw1: {vtep: 192.0.2.1}}”
        federation.yaml:17:9: warning: clouds.lima.as: AS 4200000002 appears twice, first at tokyo on line 11: their sessions will be iBGP
                as: 4200000002
                    ^~~~~~~~~~
            remedy: give each cloud its own AS, unless your fabric has one AS
        federation.yaml:18:3: error: clouds.lima: “lima” appears twice, first on line 16
              lima:
              ^~~~
            remedy: keep one of them
        federation.yaml:19:28: error: clouds.lima.gateways.gw1.vtep: invalid gateway address 127.0.0.1: loopback
                gateways: {gw1: {vtep: 127.0.0.1}}
                                       ^~~~~~~~~
            remedy: write a unicast address like 192.0.2.1
        federation.yaml:22:10: error: vpns.blue.vni: invalid VNI 16777216: must be 1–16777215
                vni: 16777216
                     ^~~~~~~~
            remedy: choose a free one, or omit it to have one allocated
        federation.yaml:23:9: error: vpns.blue.rt: invalid route target “*:100”: a wildcard matches every target with the same number and would leak routes between tenants
                rt: "*:100"
                    ^~~~~~~
            remedy: write it like 64900:10001 (two-byte AS, 32-bit number), 192.0.2.1:100 or 4200000001:100 (16-bit number)
        federation.yaml:24:11: error: vpns.blue.kind: unknown kind l2
                kind: l2
                      ^~
            remedy: write “l3”
        federation.yaml:26:17: error: vpns.blue.attachments[0].cloud: unknown cloud “pariss”
                  - {cloud: pariss, router: blue-router}
                            ^~~~~~
            remedy: did you mean “paris”?
        federation.yaml:28:9: error: vpns.blue.attachments[2]: the router “blue-router” of tokyo appears twice, first on line 27
                  - {cloud: tokyo, router: blue-router}
                    ^
            remedy: keep one of them
        federation.yaml:29:9: error: vpns.blue.attachments[3]: an attachment must have exactly one of “router”, “network”, “port” and “bgpvpn”, has none
                  - {cloud: tokyo}
                    ^
            remedy: write it like “{cloud: paris, router: {id: 31817569-24a8-4129-8d89-2967d33748f6}}”
        federation.yaml:30:9: error: vpns.blue.attachments[4]: an attachment must be a mapping of keys to values, not the value “tokyo”
                  - tokyo
                    ^~~~~
            remedy: write it like “{cloud: paris, router: {id: 31817569-24a8-4129-8d89-2967d33748f6}}”
        federation.yaml:31:37: error: vpns.blue.attachments[5].router.id: invalid id 42: must be a UUID
                  - {cloud: tokyo, router: {id: 42}}
                                                ^~
            remedy: write the id as “openstack router show -c id” prints it, or use “name:”
        federation.yaml:32:35: error: vpns.blue.attachments[6].network: an attachment must have exactly one of “router”, “network”, “port” and \
        “bgpvpn”, already has “router”
                  - {cloud: tokyo, router: r, network: n}
                                              ^~~~~~~
            remedy: keep one of them
        """

    static let usedTwiceScreen = """
        federation.yaml:4:15: warning: clouds.tokyo.as: AS 65001 appears twice, first at paris on line 3: their sessions will be iBGP
              tokyo: {as: 65001, gateways: {gw1: {vtep: 10.255.2.1, routerMAC: 02:00:00:00:00:01, probeAddress: 10.255.1.1}}}
                          ^~~~~
            remedy: give each cloud its own AS, unless your fabric has one AS
        federation.yaml:4:45: error: clouds.tokyo.gateways.gw1.vtep: address 10.255.2.1 appears twice, first at \
        clouds.paris.gateways.gw1.probeAddress on line 3
              tokyo: {as: 65001, gateways: {gw1: {vtep: 10.255.2.1, routerMAC: 02:00:00:00:00:01, probeAddress: 10.255.1.1}}}
                                                        ^~~~~~~~~~
            remedy: give each gateway its own addresses
        federation.yaml:4:68: error: clouds.tokyo.gateways.gw1.routerMAC: router MAC 02:00:00:00:00:01 appears twice, first at \
        clouds.paris.gateways.gw1.routerMAC on line 3
              tokyo: {as: 65001, gateways: {gw1: {vtep: 10.255.2.1, routerMAC: 02:00:00:00:00:01, probeAddress: 10.255.1.1}}}
                                                                               ^~~~~~~~~~~~~~~~~
            remedy: give each gateway its own MAC, or omit it to have one allocated: FRR drops routes that carry the receiver's MAC
        federation.yaml:4:101: error: clouds.tokyo.gateways.gw1.probeAddress: address 10.255.1.1 appears twice, first at \
        clouds.paris.gateways.gw1.vtep on line 3
              tokyo: {as: 65001, gateways: {gw1: {vtep: 10.255.2.1, routerMAC: 02:00:00:00:00:01, probeAddress: 10.255.1.1}}}
                                                                                                                ^~~~~~~~~~
            remedy: give each gateway its own addresses
        federation.yaml:7:14: error: vpns.red.vni: VNI 100 appears twice, first at vpns.blue.vni on line 6
              red: {vni: 100, rt: 64900:1, attachments: [{cloud: paris, router: b}, {cloud: tokyo, router: b}]}
                         ^~~
            remedy: give each VPN its own VNI, or omit it to have one allocated
        federation.yaml:7:23: error: vpns.red.rt: route target 64900:1 appears twice, first at vpns.blue.rt on line 6
              red: {vni: 100, rt: 64900:1, attachments: [{cloud: paris, router: b}, {cloud: tokyo, router: b}]}
                                  ^~~~~~~
            remedy: give each VPN its own target, or omit it to have one allocated: a shared target leaks routes between the VPNs
        """

    static let warningsScreen = """
        federation.yaml:4:3: warning: vpns.blue: VPN blue has attachments in one cloud only (paris)
              blue: {attachments: [{cloud: paris, router: r}]}
              ^~~~
            remedy: add an attachment of another cloud
        federation.yaml:5:3: warning: vpns.red: VPN red has no attachments
              red: {attachments: []}
              ^~~
            remedy: add “attachments: [{cloud: paris, router: {id: 31817569-24a8-4129-8d89-2967d33748f6}}]”
        federation.yaml:6:3: warning: vpns.green: VPN green has attachments in one cloud only (paris)
              green: {attachments: [{cloud: paris, router: r}, {cloud: paris, network: 0f8fad5b-d9cb-469f-a165-70867728950e}]}
              ^~~~~
            remedy: add an attachment of another cloud
        federation.yaml:6:25: warning: vpns.green.attachments[0]: the router “r” of paris is also in the VPN blue (line 4): both VPNs reach it
              green: {attachments: [{cloud: paris, router: r}, {cloud: paris, network: 0f8fad5b-d9cb-469f-a165-70867728950e}]}
                                    ^
            remedy: remove it from one VPN, unless this is intended
        federation.yaml:6:76: warning: vpns.green.attachments[1].network: 0f8fad5b-d9cb-469f-a165-70867728950e is used as a name but looks like an id
              green: {attachments: [{cloud: paris, router: r}, {cloud: paris, network: 0f8fad5b-d9cb-469f-a165-70867728950e}]}
                                                                                       ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
            remedy: write {id: 0f8fad5b-d9cb-469f-a165-70867728950e} if it is an id
        """

    static let duplicateKeysScreen = """
        federation.yaml:2:1: error: federation: “federation” appears twice, first on line 1
            federation: demo2
            ^~~~~~~~~~
            remedy: keep one of them
        federation.yaml:3:1: error: federation: “federation” appears twice, first on line 1
            "federation": demo3
            ^~~~~~~~~~~~
            remedy: keep one of them
        federation.yaml:5:18: error: clouds.paris.as: “as” appears twice, first on line 5
              paris: {as: 1, as: x, gateways: {gw1: {vtep: 10.255.1.1}, 'gw1': {vtep: 10.255.1.2}}}
                             ^~
            remedy: keep one of them
        federation.yaml:5:61: error: clouds.paris.gateways.gw1: “gw1” appears twice, first on line 5
              paris: {as: 1, as: x, gateways: {gw1: {vtep: 10.255.1.1}, 'gw1': {vtep: 10.255.1.2}}}
                                                                        ^~~~~
            remedy: keep one of them
        federation.yaml:6:7: error: vpns: “vpns” must be a mapping of keys to values, not a list
            vpns: []
                  ^
            remedy: write it like “vpns: {blue: {…}}”
        federation.yaml:7:1: error: vpns: “vpns” appears twice, first on line 6
            vpns: {}
            ^~~~
            remedy: keep one of them
        """
}
