import FederationModel
import NetworkTypes
import Testing
import Verification

/// One thing that breaks between paris, where blue’s addresses are, and tokyo, from where they are to be reached.
struct Breakage: Sendable, CustomTestStringConvertible {
    var code: CauseCode
    var testDescription: String
    var routeServer = false
    /// Nil: that of the cause.
    var state: VerdictState?
    var breakIt: @Sendable (inout World) -> Void

    init(_ code: CauseCode, _ what: String, routeServer: Bool = false, _ breakIt: @escaping @Sendable (inout World) -> Void) {
        self.code = code
        self.testDescription = what
        self.routeServer = routeServer
        self.breakIt = breakIt
    }

    static let all: [Breakage] = intentAndAgents + gateways + routes + forwarding + complaints + probes + bgpvpns

    /// A cloud that takes part by a BGPVPN with which nothing is associated.
    private static func wait(_ world: inout World, _ cloud: String, _ association: BGPVPNAssociation) {
        let selector = AttachmentSelector(kind: .bgpvpn, key: .name, value: "blue", project: "598e0a38b7e1411095797a01997baa85")
        world.intend("\(cloud)/gw1") { $0.vpns[vpn("blue")]!.attachments = [AttachmentIntent(selector: selector)] }
        world.blue("\(cloud)/gw1") {
            $0.attachments = [AttachmentReport(selector: selector, association: association)]
        }
        world.withdraw(from: "\(cloud)/gw1")
    }

    static let bgpvpns: [Breakage] = [
        Breakage(.bgpvpnNotAssociated, "neither tenant has associated a router") {
            wait(&$0, "paris", .unassociated)
            wait(&$0, "tokyo", .unassociated)
        },
        Breakage(.bgpvpnHalf, "paris’ tenant has associated a router, and tokyo’s has not") { wait(&$0, "tokyo", .unassociated) },
        Breakage(.bgpvpnHalf, "tokyo’s tenant has associated a router, and paris’ has not") { wait(&$0, "paris", .unassociated) },
        Breakage(.bgpvpnMissing, "tokyo’s admin has made no BGPVPN") { wait(&$0, "tokyo", .missing) },
        Breakage(.bgpvpnMissing, "tokyo has no BGPVPN, and paris’ tenant has associated nothing") {
            wait(&$0, "paris", .unassociated)
            wait(&$0, "tokyo", .missing)
        },
        complaint(.bgpvpnVNIShared) {
            $0.attachments[0].routers = []
            $0.attachments[0].hosted = []
        },
        complaint(.bgpvpnTypeDiffers) {
            $0.attachments[0].routers = []
            $0.attachments[0].hosted = []
        },
    ]

    private static let probes: [Breakage] = [
        Breakage(.probeLostOut, "what tokyo sends is lost") { $0.lose(from: "tokyo/gw1", to: "paris/gw1") },
        Breakage(.probeLostBack, "what paris sends is lost") { $0.lose(from: "paris/gw1", to: "tokyo/gw1") },
        Breakage(.probeLost, "all that both send is lost") {
            $0.lose(from: "paris/gw1", to: "tokyo/gw1")
            $0.lose(from: "tokyo/gw1", to: "paris/gw1")
        },
        Breakage(.probeTooBig, "what tokyo sends is lost where it is large") { $0.lose(from: "tokyo/gw1", to: "paris/gw1", \.large) },
        Breakage(.probeTooBigBack, "what paris sends is lost where it is large") { $0.lose(from: "paris/gw1", to: "tokyo/gw1", \.large) },
        Breakage(.routerUnanswered, "what paris hands to its router does not come back") {
            $0.probes("tokyo/gw1", to: "paris/gw1") { $0.router?.small.outcome = .lost }
        },
        Breakage(.probeLossy, "some is lost") {
            $0.probes("tokyo/gw1", to: "paris/gw1") {
                $0.small.outcome = .lossy
                ($0.lossOut, $0.lossBack) = (10, 5)
            }
        },
        Breakage(.probeUnanswered, "the agent of paris stopped a moment ago") {
            $0.probes("tokyo/gw1", to: "paris/gw1") {
                $0.small.outcome = .lost
                $0.small.isHeard = false
            }
        },
    ]

    /// What an agent says by itself, with what else is seen of it.
    private static func complaint(
        _ code: CauseCode, by id: String = "tokyo/gw1", text: String? = nil,
        and effect: @escaping @Sendable (inout VPNReport) -> Void = { _ in }
    ) -> Breakage {
        Breakage(code, "\(id) complains of \(text ?? code.rawValue)") {
            $0.blue(id) {
                $0.problems = [Problem(told: text ?? code.rawValue, message: "what is wrong", remedy: "what to do")]
                effect(&$0)
            }
        }
    }

    /// A source that a gateway has not heard for 16 s.
    private static func silence(_ code: CauseCode, _ source: Source, of id: String, state: VerdictState? = nil) -> Breakage {
        var breakage = Breakage(code, "\(id) has not heard \(source.rawValue) for 16 s") {
            $0.report(id) {
                $0.base.silentSources = [
                    SilentSource(source, since: World.now - 16_000, reason: "connection refused", remedy: "what to do")
                ]
            }
        }
        breakage.state = state
        return breakage
    }

    static let complaints: [Breakage] = [
        Breakage(.frrUnreachable, "tokyo’s bgpd is dead") {
            $0.report("tokyo/gw1") {
                $0.base.problems = [Problem(code: .frrUnreachable, message: "bgpd cannot be asked", remedy: "`systemctl status frr`")]
                $0.base.sessions = []
                $0.received = []
            }
            $0.blue("tokyo/gw1") { ($0.effective, $0.installed) = (nil, []) }
        },
        complaint(.asConflict) { $0.effective = nil },
        complaint(.bgpInstanceMissing) { $0.effective = nil },
        complaint(.deviceNameTaken) { $0.effective?.isUp = false },
        complaint(.stepFailed),
        complaint(.chassisNotRegistered, by: "paris/gw1"),
        complaint(.southboundIncomplete, by: "paris/gw1"),
        complaint(.northboundIncomplete),
        complaint(.attachmentAmbiguous, by: "paris/gw1") {
            $0.attachments[0].routers = []
            $0.attachments[0].hosted = []
        },
        complaint(.attachmentGone) {
            $0.attachments[0].routers = []
            $0.attachments[0].hosted = []
        },
        Breakage(.attachmentGone, "the router that tokyo’s name meant is gone, and another project’s has the name") {
            $0.blue("tokyo/gw1") {
                $0.problems = [
                    Problem(code: .attachmentGone, message: "\($0.attachments[0].selector) was x, which is gone", remedy: "what to do")
                ]
                $0.attachments[0].routers = []
                $0.attachments[0].hosted = []
            }
        },
        complaint(.attachmentTaken) {
            $0.attachments[0].routers = []
            $0.attachments[0].hosted = []
        },
        complaint(.gatewayMissing) {
            $0.attachments[0].hosted = []
            $0.attachments[0].chassis = nil
        },
        Breakage(.providerNetworkNotMapped, "paris complains of a provider network and advertises nothing") {
            $0.blue("paris/gw1") {
                $0.problems = [Problem(code: .providerNetworkNotMapped, message: "what is wrong", remedy: "what to do")]
            }
            $0.withdraw(from: "paris/gw1")
        },
        complaint(.providerBridgeMissing) { $0.steered = [] },
        complaint(.patchPortMissing) { $0.steered = [] },
        complaint(.portBlocked), complaint(.conntrackFull),
        Breakage(.flowOverridden, "somebody’s entry in paris takes what goes to its machines") {
            $0.blue("paris/gw1") {
                $0.problems = [
                    Problem(code: .flowOverridden, message: "what is wrong", remedy: "what to do", prefixes: [prefix("10.1.0.0/24")])
                ]
            }
        },
        Breakage(.flowUnread, "an entry in tokyo may take what goes to one of paris’ machines") {
            $0.blue("tokyo/gw1") {
                $0.problems = [Problem(code: .flowUnread, message: "what may be", remedy: "what to do", prefixes: [prefix("10.1.0.11/32")])]
            }
        },
        complaint(.gatewayLacksFamily),
        complaint(.gatewayPortDown, by: "paris/gw1"),
        Breakage(.notDeliverable, "a flow into paris’ IPv4 subnet is missing, and nothing of it is advertised") {
            $0.hold("10.1.0.11/32", by: "paris/gw1", .notDeliverable, about: "10.1.0.0/24")
        },
        Breakage(.portDown, "one of paris’ ports is down") { $0.hold("10.1.0.11/32", by: "paris/gw1", .portDown, about: "10.1.0.11/32") },
        complaint(.routerLacksDefaultRoute, by: "paris/gw1"),
        complaint(.nextHopUnanswered, by: "paris/gw1"),
        Breakage(.routerDiverts, "a route of tokyo’s router takes packets to one of paris’ machines") {
            $0.blue("tokyo/gw1") {
                $0.problems = [
                    Problem(code: .routerDiverts, message: "what is wrong", remedy: "what to do", prefixes: [prefix("10.1.0.11/32")])
                ]
            }
        },
        Breakage(.routerPolicyUnread, "a policy of tokyo’s router may take packets to all of paris") {
            $0.blue("tokyo/gw1") {
                $0.problems = [
                    Problem(code: .routerPolicyUnread, message: "what may be", remedy: "what to do", prefixes: [.everything(.ipv4)])
                ]
            }
        },
        complaint(.natNotExempted),
        complaint(.prefixLimit, by: "paris/gw1"),
        complaint(.learnedLimit) { $0.installed = [] },
        complaint(.prefixAmbiguous, by: "paris/gw1"),
        complaint(.peerTaken),
        complaint(.destinationAmbiguous) { $0.steered = [] },
        complaint(.destinationReserved) { $0.steered = [] },
        complaint(.originNotAuthorized) { $0.installed = [] },
        complaint(.shareOfOther, by: "paris/gw1") {
            $0.attachments[0].routers = []
            $0.attachments[0].hosted = []
        },
        complaint(.shareSelectsNothing, by: "paris/gw1") {
            $0.attachments[0].routers = []
            $0.attachments[0].hosted = []
        },
        complaint(.agentProblem, text: "quite-new"),
        complaint(.problemsCut),
        Breakage(.vxlanFilterFailed, "tokyo’s node has no nftables, and its cloud asks for a filter") {
            $0.report("tokyo/gw1") {
                $0.base.problems = [Problem(code: .vxlanFilterFailed, message: "cannot start nft", remedy: "apt-get install nftables")]
            }
        },
        Breakage(.bgpPasswordsUnreadable, "tokyo’s agent cannot read the passwords, and its sessions are down") {
            $0.report("tokyo/gw1") {
                $0.base.problems = [Problem(code: .bgpPasswordsUnreadable, message: "cannot open it", remedy: "write it")]
                $0.base.sessions = []
                $0.received = []
            }
        },
        complaint(.routeOverridden), complaint(.underlayMTU, by: "paris/gw1"),
        Breakage(.forwardingFiltered, "tokyo’s firewall drops what VRFs forward") {
            $0.report("tokyo/gw1") {
                $0.base.problems = [Problem(code: .forwardingFiltered, message: "chain FORWARD drops", remedy: "let it pass")]
            }
        },
        Breakage(.firewallUnreadable, "tokyo’s firewall cannot be read") {
            $0.report("tokyo/gw1") {
                $0.base.problems = [Problem(code: .firewallUnreadable, message: "nft does not answer", remedy: "install it")]
            }
        },
        Breakage(.ipv6ForwardingOff, "tokyo’s node forwards no IPv6") {
            $0.report("tokyo/gw1") {
                $0.base.problems = [Problem(code: .ipv6ForwardingOff, message: "it is 0", remedy: "let it forward")]
            }
        },
    ]

    static let intentAndAgents: [Breakage] = [
        Breakage(.agentNeverReported, "paris was never heard") { $0.observations[gateway("paris/gw1")] = nil },
        Breakage(.agentSilent, "tokyo’s session is gone for 16 s") {
            $0.observations[gateway("tokyo/gw1")]!.connected = false
            $0.observations[gateway("tokyo/gw1")]!.receivedAt = World.now - 16_000
        },
        Breakage(.reportStale, "paris is connected and says nothing for 16 s") {
            $0.observations[gateway("paris/gw1")]!.receivedAt = World.now - 16_000
        },
        silence(.southboundSilent, .southbound, of: "paris/gw1"),
        silence(.southboundSilent, .southbound, of: "tokyo/gw1"),
        silence(.northboundSilent, .northbound, of: "tokyo/gw1"),
        silence(.openVSwitchSilent, .openVSwitch, of: "paris/gw1"),
        silence(.vswitchdSilent, .switchFlows, of: "tokyo/gw1"),
        silence(.kernelSilent, .kernel, of: "tokyo/gw1"),
        // What it installed stands, and packets pass.
        silence(.frrUnreachable, .routing, of: "paris/gw1", state: .degraded),
        Breakage(.vpnNotReported, "tokyo reports on red only") { $0.report("tokyo/gw1") { $0.vpns[vpn("blue")] = nil } },
        Breakage(.agentRejected, "paris refused blue") {
            $0.acknowledge(
                "paris/gw1", .vpn(vpn("blue")),
                ResourceRecord(applied: "blue-0", rejection: .init(version: "blue-1", reason: "VNI 10001 is taken by vxlan7")))
        },
        Breakage(.agentRejected, "tokyo refused the base") {
            $0.acknowledge("tokyo/gw1", .base, ResourceRecord(rejection: .init(version: "base-1", reason: "bgpd does not answer")))
        },
        Breakage(.notAcknowledged, "tokyo runs an older blue") {
            $0.acknowledge("tokyo/gw1", .vpn(vpn("blue")), ResourceRecord(applied: "blue-0"))
        },
        Breakage(.notAcknowledged, "paris has not tried blue yet") { $0.acknowledge("paris/gw1", .vpn(vpn("blue")), nil) },
        Breakage(.notAcknowledged, "paris runs an older base") { $0.acknowledge("paris/gw1", .base, ResourceRecord(applied: "base-0")) },
    ]

    static let gateways: [Breakage] = [
        Breakage(.vpnNotConfigured, "tokyo’s bgpd does not have blue") { $0.blue("tokyo/gw1") { $0.effective = nil } },
        Breakage(.wrongVNI, "paris has another VNI in force") {
            $0.blue("paris/gw1") { $0.effective!.encapsulation = .vxlan(VNI("999")!) }
        },
        Breakage(.wrongRD, "paris has another RD in force") {
            $0.blue("paris/gw1") { $0.effective!.routeDistinguisher = RouteDistinguisher("10.255.1.1:99")! }
        },
        Breakage(.wrongRD, "paris has no RD in force") { $0.blue("paris/gw1") { $0.effective!.routeDistinguisher = nil } },
        Breakage(.exportTargetMissing, "paris exports nothing") { $0.blue("paris/gw1") { $0.effective!.exportTargets = [] } },
        Breakage(.foreignExportTarget, "paris exports blue to red too") {
            $0.blue("paris/gw1") { $0.effective!.exportTargets.append(target("64900:2")) }
        },
        Breakage(.importTargetMissing, "somebody removed tokyo’s import target") {
            $0.blue("tokyo/gw1") { $0.effective!.importTargets = [] }
        },
        Breakage(.foreignImportTarget, "tokyo imports red into blue") {
            $0.blue("tokyo/gw1") { $0.effective!.importTargets.append(target("64900:2")) }
        },
        Breakage(.noRouteTargetInCommon, "of two targets paris lost one and tokyo the other") { world in
            for id in ["paris/gw1", "tokyo/gw1"] {
                world.intend(id) {
                    $0.vpns[vpn("blue")]!.importTargets.append(target("65010:7"))
                    $0.vpns[vpn("blue")]!.exportTargets.append(target("65010:7"))
                }
            }
            world.blue("tokyo/gw1") { $0.effective!.importTargets = [target("65010:7")] }
        },
        Breakage(.deniedPrefixInstalled, "tokyo has what its import filter denies") {
            $0.intend("tokyo/gw1") { $0.vpns[vpn("blue")]!.importFilter = [PrefixRule(.permit, prefix("fd10:1::/64"), le: 128)] }
        },
        Breakage(.l3vniDown, "tokyo’s VXLAN device is gone") { $0.blue("tokyo/gw1") { $0.effective!.isUp = false } },
        Breakage(.wrongRouterMAC, "somebody changed the MAC of paris’s bridge") {
            $0.blue("paris/gw1") { $0.effective!.routerMAC = MACAddress("02:00:00:00:00:99")! }
        },
        Breakage(.attachmentNotFound, "paris has no blue-router") {
            $0.blue("paris/gw1") {
                $0.attachments[0].routers = []
                $0.attachments[0].hosted = []
            }
        },
        Breakage(.attachmentNotFound, "tokyo’s agent does not mention the attachment") { $0.blue("tokyo/gw1") { $0.attachments = [] } },
        Breakage(.attachmentAmbiguous, "paris has two routers of that name") {
            $0.blue("paris/gw1") { $0.attachments[0].routers.append("another") }
        },
        Breakage(.gatewayNotHosted, "blue’s gateway port is on a node without agent") {
            $0.blue("tokyo/gw1") {
                $0.attachments[0].hosted = []
                $0.attachments[0].chassis = "tokyo-net7"
            }
        },
        Breakage(.gatewayNotHosted, "blue’s gateway port is on no node") {
            $0.blue("paris/gw1") {
                $0.attachments[0].hosted = []
                $0.attachments[0].chassis = nil
            }
        },
    ]

    static let routes: [Breakage] = [
        Breakage(.notAdvertised, "paris’s bgpd lost a network statement") { $0.blue("paris/gw1") { $0.advertised.removeFirst() } },
        Breakage(.sessionDown, "tokyo’s session with paris is down") {
            $0.report("tokyo/gw1") {
                $0.base.sessions[0].state = "Active"
                $0.received = []
            }
        },
        Breakage(.sessionDown, "tokyo has no session at all") {
            $0.report("tokyo/gw1") {
                $0.base.sessions = []
                $0.received = []
            }
        },
        Breakage(.sessionDown, "paris’s session with the route server is down", routeServer: true) {
            $0.report("paris/gw1") { $0.base.sessions[0].state = "Idle" }
            $0.report("tokyo/gw1") { $0.received = [] }
        },
        Breakage(.notReceived, "the route is lost between the two") { $0.report("tokyo/gw1") { $0.received = [] } },
        Breakage(.notReceived, "only red’s route of the same prefix arrived") {
            $0.report("tokyo/gw1") { $0.received.removeAll { $0.routeDistinguisher == RouteDistinguisher("10.255.1.1:1")! } }
        },
        Breakage(.asLoop, "tokyo’s AS is in the path") { $0.blueRoutes("tokyo/gw1") { $0.asPath.insert(4_200_000_002, at: 0) } },
        Breakage(.asLoop, "both clouds have one AS behind a route server", routeServer: true) {
            $0.intend("paris/gw1") { $0.base.asn = ASN("4200000002")! }
            $0.report("tokyo/gw1") { $0.received = [] }
        },
        Breakage(.ownRouterMAC, "the route carries tokyo’s own router MAC") {
            $0.blueRoutes("tokyo/gw1") { $0.routerMAC = MACAddress("02:fe:d0:00:02:01")! }
        },
        Breakage(.notValid, "paris’s VTEP is not reachable") { $0.blueRoutes("tokyo/gw1") { $0.isValid = false } },
        Breakage(.notBest, "somebody else uses the RD") { $0.blueRoutes("tokyo/gw1") { $0.isBest = false } },
    ]

    static let forwarding: [Breakage] = [
        Breakage(.routeTargetStripped, "a route server drops extended communities") {
            $0.blueRoutes("tokyo/gw1") { $0.routeTargets = [] }
            $0.blue("tokyo/gw1") { $0.imported = [] }
        },
        Breakage(.notImported, "bgpd did not import") { $0.blue("tokyo/gw1") { $0.imported = [] } },
        Breakage(.notInstalled, "somebody deleted the kernel’s routes") { $0.blue("tokyo/gw1") { $0.installed = [] } },
        Breakage(.wrongNextHop, "the kernel sends it somewhere else") {
            $0.blue("tokyo/gw1") { for index in $0.installed.indices { $0.installed[index].nextHop = IPAddress("10.99.0.1")! } }
        },
        Breakage(.prefixClaimedTwice, "tokyo has a port with paris’s address") {
            $0.blue("tokyo/gw1") {
                $0.expected.append(prefix("10.1.0.11/32"))
                $0.installed.removeAll { $0.prefix == prefix("10.1.0.11/32") }
            }
        },
        Breakage(.tunnelEntryMissing, "FRR did not program the router MAC") {
            $0.blue("tokyo/gw1") { for index in $0.installed.indices { $0.installed[index].tunnelReady = false } }
        },
        Breakage(.notSteered, "somebody deleted a flow") { $0.blue("tokyo/gw1") { $0.steered.removeAll { $0.family == .ipv6 } } },
        Breakage(.natNotExempted, "somebody emptied the address set") { $0.blue("tokyo/gw1") { $0.exempted = [] } },
    ]
}
