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
                "8 warning reserved[5].vni: already reserved on line 4: old fabric",
                "9 error reserved[6].as: invalid range of AS numbers 65010-65000: must begin with the smaller number",
                "10 error reserved[7].as: a reservation must have exactly one of “as”, “vni”, “rt”, “routerMAC” and “address”, already has “vni”",
                "11 error reserved[8]: a reservation must have exactly one of “as”, “vni”, “rt”, “routerMAC” and “address”, has none",
                "12 error reserved[9]: missing key “reason”",
                "12 error reserved[9].rt: invalid route target 0:1: FRR reads AS 0 as a wildcard, which would leak routes between tenants",
                "14 error clouds.paris.as: AS 65010 is reserved on line 3: old fabric",
                "14 error clouds.paris.gateways.gw1.vtep: address 10.255.1.1 is reserved on line 7: leaf",
                "14 error clouds.paris.gateways.gw1.routerMAC: router MAC 02:00:00:00:00:01 is reserved on line 6: lab",
                "18 error vpns.blue.vni: VNI 20000 is reserved on line 4: old fabric",
                "19 error vpns.blue.rt: route target 64900:500 is reserved on line 5: old fabric",
                "20 warning vpns.blue.importTargets: “importTargets” has no effect without “externalOrigins”: no route of another fabric is installed",
                "21 error vpns.blue.exportTargets[1]: 64900:500 appears twice, first on line 21",
                "21 error vpns.blue.exportTargets[2]: invalid route target 0:5: FRR reads AS 0 as a wildcard, which would leak routes between tenants",
                "21 warning vpns.blue.exportTargets[3]: 64900:501 is in the pool for VPNs of this federation (64900:…)",
                "21 error vpns.blue.exportTargets[4]: invalid route target 0.100:7: bgpd reads it as the IPv4 form 0.0.x.y, other routers do not",
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
                "3 error pools.as: invalid range of AS numbers 0-5: invalid AS number 0: 0, 23456, 65535 and 4294967295 are reserved",
                "4 error pools.vni: invalid range of VNIs 1-2-3: invalid VNI 2-3: must be decimal digits only, without sign, point or exponent",
                "5 error pools.rt.administrator: invalid two-byte AS 65536: must be 1–65535",
                "5 error pools.rt.numbers: invalid range of numbers 0-1: invalid number 0: must be 1–4294967295",
                "6 error pools.probeAddresses: 10.0.0.0/31 is too small: longest is /30",
                "7 error pools.quarantine: invalid time span “1 day”: must be a number with ms, s, m, h or d, at most ten years",
                "9 error clouds.a.vtepPool: 100.127.9.0/24 overlaps the pool of probe addresses, 100.127.0.1 to 100.127.255.254",
                "9 error clouds.a.gateways.gw2.vtep: “vtep” has no value",
                "10 error clouds.b.vtepPool: 0.0.0.0/0 has addresses that gateways cannot use: “this network” (0.0.0.0/8)",
                "11 error clouds.c.vtepPool: fd00::/64 is IPv6: EVPN in FRR 8.4 supports IPv4 VTEPs only",
                "13 error clouds.e.limits.prefixes: invalid number of prefixes 0: must be 1–4294967295",
                "13 error clouds.e.limits.prefixesPerVPN: invalid number of prefixes “many”: must be decimal digits only, without sign, point or exponent",
                "13 error clouds.e.drain: must be true or false, not “yes”",
                "13 error clouds.e.labels.a b: invalid label word “a b”: must be 1–63 letters, digits, “-”, “_” or “.”",
                "13 error clouds.e.labels.d: “d” has no value",
                "13 error clouds.e.labels.e: “e” must be one value, not a list",
                "14 warning clouds.f.limits.prefixesPerVPN: “prefixesPerVPN” 11 has no effect: it is above “prefixes” 10",
            ])
    }
}
