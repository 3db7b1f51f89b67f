extension DiagnosticsTests {
    static let everythingAtOnceScreen = """
        federation.yaml:1:13: error: federation: “demo net” is no federation name: a name has 1 to 63 letters, digits, “-”, “_” or “.” \
        and begins with a letter or digit
            federation: demo net
                        ^~~~~~~~
            remedy: choose such a name
        federation.yaml:2:1: error: cluods: a federation file has no key “cluods”
            cluods: {}
            ^~~~~~
            remedy: did you mean “clouds”?
        federation.yaml:5:9: error: clouds.paris.as: “65535” is no AS number: 0, 23456, 65535 and 4294967295 are reserved
                as: 65535
                    ^~~~~
            remedy: write it like 65001 or 4200000001 (64086.59905 in asdot), or leave it out
        federation.yaml:6:5: error: clouds.paris.vtep: a cloud has no key “vtep”
                vtep: 10.0.0.1
                ^~~~
            remedy: “vtep” belongs to a gateway; a cloud has “as”, “labels”, “drain”, “limits”, “bgp”, “underlayMTU”, \
        “vxlanFilter”, “vtepPool”, “gateways”
        federation.yaml:7:18: error: clouds.paris.underlayMTU: invalid MTU “1500 bytes”: it must be decimal digits only, \
        without sign, point or exponent
                underlayMTU: 1500 bytes
                             ^~~~~~~~~~
            remedy: write the bytes that a packet between VTEPs may have (VXLAN takes 50 of them), or leave it out for 1500
        federation.yaml:9:19: error: clouds.paris.gateways.gw1.vtep: “10.255.1.300” is no IPv4 address: “300” is over 255
                  gw1: {vtep: 10.255.1.300, routerMac: 02:00:00:00:00:01}
                              ^~~~~~~~~~~~
            remedy: write it like 192.0.2.1
        federation.yaml:9:33: error: clouds.paris.gateways.gw1.routerMac: a gateway has no key “routerMac”
                  gw1: {vtep: 10.255.1.300, routerMac: 02:00:00:00:00:01}
                                            ^~~~~~~~~
            remedy: did you mean “routerMAC”?
        federation.yaml:12:23: error: clouds.tokyo.bgp.management: “agnet” is no management
                bgp: {management: agnet, routeServers: {address: 10.0.0.9}}
                                  ^~~~~
            remedy: did you mean “agent”?
        federation.yaml:12:44: error: clouds.tokyo.bgp.routeServers: “routeServers” is a list, and this is a mapping
                bgp: {management: agnet, routeServers: {address: 10.0.0.9}}
                                                       ^
            remedy: write it like “routeServers: [{name: spine, address: 192.0.2.254, as: 65000}]”
        federation.yaml:14:42: error: clouds.tokyo.gateways.gw1.routerMAC: 03:00:00:00:00:01 is a group's MAC, and a router MAC is one \
        interface's
                  gw1: {vtep: 10.255.2.1, routerMAC: 03:00:00:00:00:01}
                                                     ^~~~~~~~~~~~~~~~~
            remedy: write one like 02:00:00:00:00:01, or leave it out and one is allocated
        federation.yaml:15:19: error: clouds.tokyo.gateways.gw2.vtep: address 10.255.2.1 is used twice, first by \
        clouds.tokyo.gateways.gw1.vtep on line 14
                  gw2: {vtep: 10.255.2.1}
                              ^~~~~~~~~~
            remedy: give each gateway addresses of its own
        federation.yaml:16:3: error: clouds.lima: “gateways” is missing
              lima:
              ^~~~
            remedy: add its gateway nodes, like “gateways: {gw1: {vtep: 192.0.2.1}}”
        federation.yaml:17:9: warning: clouds.lima.as: AS 4200000002 is used twice, first by tokyo on line 11: the sessions between them \
        will be iBGP
                as: 4200000002
                    ^~~~~~~~~~
            remedy: give each cloud an AS of its own, unless your fabric has one AS
        federation.yaml:18:3: error: clouds.lima: “lima” is given twice, first on line 16
              lima:
              ^~~~
            remedy: keep one of them
        federation.yaml:19:28: error: clouds.lima.gateways.gw1.vtep: 127.0.0.1 cannot be the address of a gateway: it is loopback
                gateways: {gw1: {vtep: 127.0.0.1}}
                                       ^~~~~~~~~
            remedy: write a unicast address like 192.0.2.1
        federation.yaml:22:10: error: vpns.blue.vni: “16777216” is no VNI: it must be from 1 to 16777215
                vni: 16777216
                     ^~~~~~~~
            remedy: take a free one or leave it out, and one is allocated
        federation.yaml:23:9: error: vpns.blue.rt: “*:100” is no route target: a wildcard joins whoever picks the same number, and \
        would leak tenants into each other
                rt: "*:100"
                    ^~~~~~~
            remedy: write it like 64900:10001 (two-byte AS, 32-bit number), 192.0.2.1:100 or 4200000001:100 (16-bit number)
        federation.yaml:24:11: error: vpns.blue.kind: “l2” is no kind
                kind: l2
                      ^~
            remedy: write “l3”
        federation.yaml:26:17: error: vpns.blue.attachments[0].cloud: there is no cloud “pariss” in this file
                  - {cloud: pariss, router: blue-router}
                            ^~~~~~
            remedy: did you mean “paris”?
        federation.yaml:28:9: error: vpns.blue.attachments[2]: the router “blue-router” of tokyo is attached twice, first on line 27
                  - {cloud: tokyo, router: blue-router}
                    ^
            remedy: keep one of them
        federation.yaml:29:9: error: vpns.blue.attachments[3]: an attachment has one of “router”, “network” and “port”, and \
        this has none
                  - {cloud: tokyo}
                    ^
            remedy: write it like “{cloud: paris, router: {id: 31817569-24a8-4129-8d89-2967d33748f6}}”
        federation.yaml:30:9: error: vpns.blue.attachments[4]: an attachment is a mapping of keys to values, and this is the value “tokyo”
                  - tokyo
                    ^~~~~
            remedy: write it like “{cloud: paris, router: {id: 31817569-24a8-4129-8d89-2967d33748f6}}”
        federation.yaml:31:37: error: vpns.blue.attachments[5].router.id: “42” is no UUID
                  - {cloud: tokyo, router: {id: 42}}
                                                ^~
            remedy: write the id as “openstack router show -c id” prints it, or “name:” for a name
        federation.yaml:32:35: error: vpns.blue.attachments[6].network: an attachment has one of “router”, “network” and \
        “port”, and this has “router” already
                  - {cloud: tokyo, router: r, network: n}
                                              ^~~~~~~
            remedy: keep one of them
        """

    static let usedTwiceScreen = """
        federation.yaml:4:15: warning: clouds.tokyo.as: AS 65001 is used twice, first by paris on line 3: the sessions between them will \
        be iBGP
              tokyo: {as: 65001, gateways: {gw1: {vtep: 10.255.2.1, routerMAC: 02:00:00:00:00:01, probeAddress: 10.255.1.1}}}
                          ^~~~~
            remedy: give each cloud an AS of its own, unless your fabric has one AS
        federation.yaml:4:45: error: clouds.tokyo.gateways.gw1.vtep: address 10.255.2.1 is used twice, first by \
        clouds.paris.gateways.gw1.probeAddress on line 3
              tokyo: {as: 65001, gateways: {gw1: {vtep: 10.255.2.1, routerMAC: 02:00:00:00:00:01, probeAddress: 10.255.1.1}}}
                                                        ^~~~~~~~~~
            remedy: give each gateway addresses of its own
        federation.yaml:4:68: error: clouds.tokyo.gateways.gw1.routerMAC: router MAC 02:00:00:00:00:01 is used twice, first by \
        clouds.paris.gateways.gw1.routerMAC on line 3
              tokyo: {as: 65001, gateways: {gw1: {vtep: 10.255.2.1, routerMAC: 02:00:00:00:00:01, probeAddress: 10.255.1.1}}}
                                                                               ^~~~~~~~~~~~~~~~~
            remedy: give each gateway a MAC of its own (FRR drops routes that carry the receiver's MAC), or leave it out
        federation.yaml:4:101: error: clouds.tokyo.gateways.gw1.probeAddress: address 10.255.1.1 is used twice, first by \
        clouds.paris.gateways.gw1.vtep on line 3
              tokyo: {as: 65001, gateways: {gw1: {vtep: 10.255.2.1, routerMAC: 02:00:00:00:00:01, probeAddress: 10.255.1.1}}}
                                                                                                                ^~~~~~~~~~
            remedy: give each gateway addresses of its own
        federation.yaml:7:14: error: vpns.red.vni: VNI 100 is used twice, first by vpns.blue.vni on line 6
              red: {vni: 100, rt: 64900:1, attachments: [{cloud: paris, router: b}, {cloud: tokyo, router: b}]}
                         ^~~
            remedy: give each VPN a VNI of its own, or leave it out and one is allocated
        federation.yaml:7:23: error: vpns.red.rt: route target 64900:1 is used twice, first by vpns.blue.rt on line 6
              red: {vni: 100, rt: 64900:1, attachments: [{cloud: paris, router: b}, {cloud: tokyo, router: b}]}
                                  ^~~~~~~
            remedy: give each VPN a target of its own, or leave it out: a shared one leaks the VPNs into each other
        """

    static let warningsScreen = """
        federation.yaml:4:3: warning: vpns.blue: blue has attachments in paris only, and joins it with nothing
              blue: {attachments: [{cloud: paris, router: r}]}
              ^~~~
            remedy: add an attachment of another cloud
        federation.yaml:5:3: warning: vpns.red: nothing is attached to red
              red: {attachments: []}
              ^~~
            remedy: add “attachments: [{cloud: paris, router: {id: 31817569-24a8-4129-8d89-2967d33748f6}}]”
        federation.yaml:6:3: warning: vpns.green: green has attachments in paris only, and joins it with nothing
              green: {attachments: [{cloud: paris, router: r}, {cloud: paris, network: 0f8fad5b-d9cb-469f-a165-70867728950e}]}
              ^~~~~
            remedy: add an attachment of another cloud
        federation.yaml:6:25: warning: vpns.green.attachments[0]: the router “r” of paris is also in the VPN blue (line 4): the clouds \
        of both reach it
              green: {attachments: [{cloud: paris, router: r}, {cloud: paris, network: 0f8fad5b-d9cb-469f-a165-70867728950e}]}
                                    ^
            remedy: leave it out of one of them, unless that is what you want
        federation.yaml:6:76: warning: vpns.green.attachments[1].network: 0f8fad5b-d9cb-469f-a165-70867728950e is taken as a name, and \
        looks like an id
              green: {attachments: [{cloud: paris, router: r}, {cloud: paris, network: 0f8fad5b-d9cb-469f-a165-70867728950e}]}
                                                                                       ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
            remedy: write {id: 0f8fad5b-d9cb-469f-a165-70867728950e} if it is one
        """

    static let duplicateKeysScreen = """
        federation.yaml:2:1: error: federation: “federation” is given twice, first on line 1
            federation: demo2
            ^~~~~~~~~~
            remedy: keep one of them
        federation.yaml:3:1: error: federation: “federation” is given twice, first on line 1
            "federation": demo3
            ^~~~~~~~~~~~
            remedy: keep one of them
        federation.yaml:5:18: error: clouds.paris.as: “as” is given twice, first on line 5
              paris: {as: 1, as: x, gateways: {gw1: {vtep: 10.255.1.1}, 'gw1': {vtep: 10.255.1.2}}}
                             ^~
            remedy: keep one of them
        federation.yaml:5:61: error: clouds.paris.gateways.gw1: “gw1” is given twice, first on line 5
              paris: {as: 1, as: x, gateways: {gw1: {vtep: 10.255.1.1}, 'gw1': {vtep: 10.255.1.2}}}
                                                                        ^~~~~
            remedy: keep one of them
        federation.yaml:6:7: error: vpns: “vpns” is a mapping of keys to values, and this is a list
            vpns: []
                  ^
            remedy: write it like “vpns: {blue: {…}}”
        federation.yaml:7:1: error: vpns: “vpns” is given twice, first on line 6
            vpns: {}
            ^~~~
            remedy: keep one of them
        """
}
