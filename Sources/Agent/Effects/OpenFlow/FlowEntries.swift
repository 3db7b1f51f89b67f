import EVPN
import OpenFlow

extension FlowEntry {
    /// A flow of ours as the switch has it.
    package init(_ flow: Flow) {
        let actions: [FlowAction] =
            switch flow.action {
            case .deliver(let mac, let stripVLAN, let port):
                [.setEthernetDestination(mac)] + (stripVLAN ? [.popVLAN] : []) + [.output(port)]
            case .inject(let vlan?, let port): [.pushVLAN, .setVLAN(vlan), .output(port)]
            case .inject(nil, let port): [.output(port)]
            case .turn(let source, let destination, let vlan, let port):
                [.setPacketMark(Flow.probeMark), .setSource(source), .setDestination(destination)]
                    + (vlan.map { [.pushVLAN, .setVLAN($0)] } ?? []) + [.output(port)]
            case .takeBack(let mac, let source, let stripVLAN, let port):
                [.setPacketMark(0), .setSource(source), .setSourcePort(ProbeWays.port), .setEthernetDestination(mac)]
                    + (stripVLAN ? [.popVLAN] : []) + [.output(port)]
            case .drop: []
            }
        self.init(
            cookie: flow.cookie, priority: flow.priority,
            match: FlowMatch(
                inPort: flow.inPort, ethernetSource: flow.sourceMAC, ethernetDestination: flow.destinationMAC, vlan: flow.vlan,
                source: flow.source, destination: flow.destination, udpPort: flow.udpPort,
                packetMark: flow.isMarked == true ? Flow.probeMark : nil),
            actions: actions)
    }
}

extension Flow {
    /// Nil for an entry of a kind that the agent does not write.
    package init?(_ entry: FlowEntry) {
        guard let action = Action(entry.actions), [nil, Flow.probeMark].contains(entry.match.packetMark) else { return nil }
        let match = entry.match
        self.init(
            index: 0, priority: entry.priority, inPort: match.inPort, vlan: match.vlan, sourceMAC: match.ethernetSource,
            destinationMAC: match.ethernetDestination, source: match.source, destination: match.destination, udpPort: match.udpPort,
            isMarked: match.packetMark == Flow.probeMark ? true : nil,
            action: action)
        cookie = entry.cookie
    }
}

extension Flow.Action {
    fileprivate init?(_ actions: [FlowAction]) {
        guard case .output(let port)? = actions.last else {
            guard actions.isEmpty else { return nil }
            self = .drop
            return
        }
        if case .setPacketMark(let mark) = actions[0] {
            self.init(marking: mark, Array(actions[1...]))
            return
        }
        switch (actions.count, actions[0], actions[actions.count / 2]) {
        case (1, _, _): self = .inject(vlan: nil, port: port)
        case (2, .setEthernetDestination(let mac), _): self = .deliver(mac: mac, stripVLAN: false, port: port)
        case (3, .setEthernetDestination(let mac), .popVLAN): self = .deliver(mac: mac, stripVLAN: true, port: port)
        case (3, .pushVLAN, .setVLAN(let vlan)): self = .inject(vlan: vlan, port: port)
        default: return nil
        }
    }

    /// Of probes.
    private init?(marking mark: UInt32, _ actions: [FlowAction]) {
        guard actions.count > 2, case .setSource(let source) = actions[0], let rest = Self(Array(actions[2...])) else { return nil }
        switch (mark, actions[1], rest) {
        case (Flow.probeMark, .setDestination(let destination), .inject(let vlan, let port)):
            self = .turn(source: source, destination: destination, vlan: vlan, port: port)
        case (0, .setSourcePort(ProbeWays.port), .deliver(let mac, let stripVLAN, let port)):
            self = .takeBack(mac: mac, source: source, stripVLAN: stripVLAN, port: port)
        default: return nil
        }
    }
}
