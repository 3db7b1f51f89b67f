import Federation
import FederationModel
import Testing

@Suite("Pools and reservations of a federation file")
struct FilePoolTests {
    @Test("what is reserved is neither given nor reserved again, but may be joined by raw targets")
    func reservations() {
        let text = """
            federation: demo
            reserved:
              - {as: 65000-65010, reason: old fabric}
              - {vni: 20000, reason: old fabric}
              - {rt: "64900:500", reason: old fabric}
              - {routerMAC: "02:00:00:00:00:01", reason: lab}
              - {address: 10.255.1.1, reason: leaf}
              - {vni: 1-20000, reason: new fabric}
              - {as: 65010-65000, reason: x}
              - {vni: 1, as: 1, reason: x}
              - {reason: x}
              - {rt: "0:1"}
            clouds:
              paris: {as: 65010, gateways: {gw1: {vtep: 10.255.1.1, routerMAC: "02:00:00:00:00:01"}}}
              tokyo: {as: 65011, gateways: {gw1: {vtep: 10.255.2.1}}}
            vpns:
              blue:
                vni: 20000
                rt: "64900:500"
                importTargets: ["65010:7", "64901:500"]
                exportTargets: ["64900:500", "64900:500", "0:5", "64900:501", "0.100:7"]
                attachments: [{cloud: paris, router: r}, {cloud: tokyo, router: r}]

            """
        #expect(
            findings(text) == [
                "8 warning reserved[5].vni: this is reserved already on line 4: old fabric",
                "9 error reserved[6].as: “65010-65000” is no range of AS numbers: it ends before it begins",
                "10 error reserved[7].as: a reservation has one of “as”, “vni”, “rt”, “routerMAC” and “address”, and this has “vni” already",
                "11 error reserved[8]: a reservation has one of “as”, “vni”, “rt”, “routerMAC” and “address”, and this has none",
                "12 error reserved[9]: “reason” is missing",
                "12 error reserved[9].rt: 0:1 has AS 0, which FRR takes for a wildcard: it would leak tenants into each other",
                "14 error clouds.paris.as: AS 65010 is reserved on line 3: old fabric",
                "14 error clouds.paris.gateways.gw1.vtep: address 10.255.1.1 is reserved on line 7: leaf",
                "14 error clouds.paris.gateways.gw1.routerMAC: router MAC 02:00:00:00:00:01 is reserved on line 6: lab",
                "18 error vpns.blue.vni: VNI 20000 is reserved on line 4: old fabric",
                "19 error vpns.blue.rt: route target 64900:500 is reserved on line 5: old fabric",
                "20 warning vpns.blue.importTargets: no route of another fabric is installed: the VPN has no “externalOrigins”",
                "21 error vpns.blue.exportTargets[1]: 64900:500 is given twice, first on line 21",
                "21 error vpns.blue.exportTargets[2]: 0:5 has AS 0, which FRR takes for a wildcard: it would leak tenants into each other",
                "21 warning vpns.blue.exportTargets[3]: 64900:501 is one of the targets that are allocated to VPNs of this federation (64900:…)",
                "21 error vpns.blue.exportTargets[4]: bgpd reads 0.100:7 as the IPv4 form of 0.0.x.y, and would not meet what other routers mean by it",
            ])
    }

    @Test("pools have values to give, and do not give each other's")
    func pools() {
        let text = """
            federation: demo
            pools:
              as: 0-5
              vni: 1-2-3
              rt: {administrator: 65536, numbers: 0-1}
              probeAddresses: 10.0.0.0/31
              quarantine: 1 day
            clouds:
              a: {vtepPool: 100.127.9.0/24, gateways: {gw1: , gw2: {vtep: }}}
              b: {vtepPool: 0.0.0.0/0, gateways: {gw1: {}}}
              c: {vtepPool: "fd00::/64", gateways: {gw1: {}}}
              d: {vtepPool: 10.0.0.9, gateways: {gw1: {}}}
              e: {limits: {prefixes: 0, prefixesPerVPN: many}, drain: yes, labels: {"a b": c, d: "", e: [x]}, gateways: {gw1: {vtep: 10.0.0.1}}}
              f: {limits: {prefixes: 10, prefixesPerVPN: 11}, gateways: {gw1: {vtep: 10.0.0.2}}}

            """
        #expect(
            findings(text) == [
                "3 error pools.as: “0-5” is no range of AS numbers: “0” is no AS number: 0, 23456, 65535 and 4294967295 are reserved",
                "4 error pools.vni: “1-2-3” is no range of VNIs: “2-3” is no VNI: it must be decimal digits only, without sign, point or exponent",
                "5 error pools.rt.administrator: invalid AS of two bytes “65536”: it must be from 1 to 65535",
                "5 error pools.rt.numbers: “0-1” is no range of numbers: “0” is no number: it is none from 1 to 4294967295",
                "6 error pools.probeAddresses: 10.0.0.0/31 has no address to give",
                "7 error pools.quarantine: “1 day” is no time span: it is no number with one of ms, s, m, h and d, of ten years at most",
                "9 error clouds.a.vtepPool: 100.127.9.0/24 overlaps the pool of probe addresses, 100.127.0.1 to 100.127.255.254",
                "9 error clouds.a.gateways.gw2.vtep: “vtep” has no value",
                "10 error clouds.b.vtepPool: 0.0.0.0/0 has addresses that no gateway can have: “this network” (0.0.0.0/8)",
                "11 error clouds.c.vtepPool: fd00::/64 has IPv6 addresses, and FRR 8.4's EVPN knows gateways by IPv4 ones only",
                "13 error clouds.e.limits.prefixes: invalid number of prefixes “0”: it must be from 1 to 4294967295",
                "13 error clouds.e.limits.prefixesPerVPN: invalid number of prefixes “many”: it must be decimal digits only, without sign, point or exponent",
                "13 error clouds.e.drain: “yes” is neither true nor false",
                "13 error clouds.e.labels.a b: “a b” is no word of a label: such a word has 1 to 63 letters, digits, “-”, “_” or “.”",
                "13 error clouds.e.labels.d: “d” has no value",
                "13 error clouds.e.labels.e: “e” is one value, and this is a list",
                "14 warning clouds.f.limits.prefixesPerVPN: 11 prefixes in one VPN are never reached: 10 in all VPNs come first",
            ])
    }
}
