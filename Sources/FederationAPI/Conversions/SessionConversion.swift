import FederationModel
import NetworkTypes

extension AgentMessage {
    package init(_ wire: WireAgentMessage) throws(ConversionError) {
        switch wire.message {
        case .hello(let hello):
            self = .hello(try convert(hello, "hello", Hello.init(_:)))
        case .acknowledgement(let acknowledgement):
            self = .acknowledgement(
                try parse(acknowledgement.resource, "acknowledgement.resource"),
                try convert(acknowledgement.outcome, "acknowledgement.outcome", Acknowledgement.init(_:)))
        case .report(let part):
            self = .report(try convert(part, "report", ReportPart.init(_:)))
        case .heartbeat(let heartbeat):
            self = .heartbeat(sentAt: moment(heartbeat.sentAtMilliseconds))
        case nil:
            throw ConversionError(field: "message", reason: "missing, or unknown to this release")
        }
    }
}

extension WireAgentMessage {
    package init(_ message: AgentMessage) {
        switch message {
        case .hello(let hello):
            self.hello = WireHello(hello)
        case .acknowledgement(let resource, let outcome):
            acknowledgement.resource = resource.description
            acknowledgement.outcome = WireResourceOutcome(outcome)
        case .report(let part):
            report = WireReportPart(part)
        case .heartbeat(let sentAt):
            heartbeat.sentAtMilliseconds = sentAt
        }
    }
}

extension Hello {
    package init(_ wire: WireHello) throws(ConversionError) {
        var held: [ResourceName: ResourceVersion] = [:]
        guard wire.held.count <= TextLimits.held else {
            throw ConversionError(field: "held", reason: "\(wire.held.count) elements, at most \(TextLimits.held) are allowed")
        }
        for (name, version) in wire.held {
            held[try parse(name, "held")] = try text(version, "held", TextLimits.version)
        }
        let epoch = try text(wire.epoch, "epoch", TextLimits.version)
        self.init(
            software: try text(wire.software, "software", TextLimits.software), epoch: epoch.isEmpty ? nil : epoch,
            revision: wire.revision, held: held)
    }
}

extension WireHello {
    package init(_ hello: Hello) {
        software = TextLimits.cut(hello.software, to: TextLimits.software)
        epoch = hello.epoch ?? ""
        revision = hello.revision
        for (name, version) in hello.held { held[name.description] = version }
    }
}

extension ReportPart {
    package init(_ wire: WireReportPart) throws(ConversionError) {
        let content: Content
        switch wire.part {
        case .base(let report):
            content = .base(try convert(report, "base", BaseReport.init(_:)))
        case .vpn(let report):
            content = .vpn(try convert(report, "vpn", VPNReport.init(_:)))
        case .vpnChunk(let chunk):
            content = .vpnChunk(
                try convert(chunk.report, "vpn_chunk.report", VPNReport.init(_:)), isFirst: chunk.isFirst, isLast: chunk.isLast)
        case .vpnRemoved(let removed):
            content = .vpnRemoved(try parse(removed.name, "vpn_removed.name"))
        case .receivedRoutes(let chunk):
            content = .received(
                try convert(chunk.routes, "received_routes.routes", ReceivedRoute.init(_:)), isFirst: chunk.isFirst,
                isLast: chunk.isLast)
        case .bgpvpns(let reports):
            content = .bgpvpns(try convert(reports, "bgpvpns", BGPVPNReports.init(_:)))
        case nil:
            throw ConversionError(field: "part", reason: "missing, or unknown to this release")
        }
        self.init(sequence: wire.sequence, observedAt: moment(wire.observedAtMilliseconds), content: content)
    }
}

extension WireReportPart {
    package init(_ part: ReportPart) {
        sequence = part.sequence
        observedAtMilliseconds = part.observedAt
        switch part.content {
        case .base(let report):
            base = WireBaseReport(report)
        case .vpn(let report):
            vpn = WireVPNReport(report)
        case .vpnChunk(let report, let isFirst, let isLast):
            vpnChunk.isFirst = isFirst
            vpnChunk.isLast = isLast
            vpnChunk.report = WireVPNReport(report)
        case .vpnRemoved(let name):
            vpnRemoved.name = name.text
        case .received(let routes, let isFirst, let isLast):
            receivedRoutes.isFirst = isFirst
            receivedRoutes.isLast = isLast
            receivedRoutes.routes = routes.map(WireReceivedRoute.init(_:))
        case .bgpvpns(let reports):
            bgpvpns = WireBGPVPNReports(reports)
        }
    }
}

extension CoordinatorMessage {
    package init(_ wire: WireCoordinatorMessage) throws(ConversionError) {
        switch wire.message {
        case .welcome(let welcome):
            self = .welcome(try convert(welcome, "welcome", Welcome.init(_:)))
        case .base(let intent):
            self = .base(try convert(intent, "base", BaseIntent.init(_:)))
        case .vpn(let intent):
            do {
                self = .vpn(try VPNIntent(intent))
            } catch {
                // It is this VPN's failure only. Without a name it is nobody's, and ends the session.
                self = .unreadableVPN(try parse(intent.name, "vpn.name"), intent.version, reason: error.description)
            }
        case .vpnRemoved(let removed):
            self = .vpnRemoved(try parse(removed.name, "vpn_removed.name"))
        case .pins(let wire):
            let pins = try convert(wire.pins, "pins", AttachmentPin.init(_:))
            guard Set(pins.map(\.selector)).count == pins.count else {
                throw ConversionError(field: "pins", reason: "one name is mapped to two ids")
            }
            self = .pins(pins)
        case .complete(let complete):
            self = .complete(revision: complete.revision)
        case nil:
            throw ConversionError(field: "message", reason: "missing, or unknown to this release")
        }
    }
}

extension WireCoordinatorMessage {
    package init(_ message: CoordinatorMessage) {
        switch message {
        case .welcome(let welcome): self.welcome = WireWelcome(welcome)
        case .base(let intent): base = WireBaseIntent(intent)
        case .vpn(let intent): vpn = WireVPNIntent(intent)
        // Nobody says so; a message without content is refused by whoever hears it.
        case .unreadableVPN: break
        case .vpnRemoved(let name): vpnRemoved.name = name.text
        case .pins(let all): pins.pins = all.map(WireAttachmentPin.init(_:))
        case .complete(let revision): complete.revision = revision
        }
    }
}

extension Welcome {
    package init(_ wire: WireWelcome) throws(ConversionError) {
        self.init(
            federation: try parse(wire.federation, "federation"), epoch: wire.epoch, revision: wire.revision,
            gateway: try convert(wire.gateway, "gateway", GatewayID.init(_:)), succeeds: wire.succeeds)
    }
}

extension WireWelcome {
    package init(_ welcome: Welcome) {
        federation = welcome.federation.text
        epoch = welcome.epoch
        revision = welcome.revision
        gateway = WireGateway(welcome.gateway)
        succeeds = welcome.succeeds
    }
}
