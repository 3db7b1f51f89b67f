import FederationModel

extension BackupHeader {
    init(_ wire: WireBackupHeader) throws(ConversionError) {
        self.init(
            federation: try parse(wire.federation, "federation"), epoch: wire.epoch, revision: wire.revision, size: wire.size,
            digest: wire.digest)
    }
}

extension WireBackupHeader {
    init(_ header: BackupHeader) {
        federation = header.federation.text
        epoch = header.epoch
        revision = header.revision
        size = header.size
        digest = header.digest
    }
}

extension WireBackupChunk {
    init(_ part: BackupPart) {
        switch part {
        case .header(let header): self.header = WireBackupHeader(header)
        case .data(let data): self.data = data
        }
    }
}

extension BackupPart {
    init(_ wire: WireBackupChunk) throws(ConversionError) {
        self = wire.hasHeader ? .header(try convert(wire.header, "header", BackupHeader.init(_:))) : .data(wire.data)
    }
}

extension Adoption {
    init(_ wire: WireAdoptResponse) throws(ConversionError) {
        self.init(agents: try convert(wire.agents, "agents", WaitingAgent.init(_:)), changes: wire.changes)
    }
}

extension WireAdoptResponse {
    init(_ adoption: Adoption) {
        agents = adoption.agents.map(WireWaitingAgent.init(_:))
        changes = adoption.changes
    }
}

extension Adoption.WaitingAgent {
    init(_ wire: WireWaitingAgent) throws(ConversionError) {
        self.init(
            gateway: try convert(wire.gateway, "gateway", GatewayID.init(_:)), epoch: wire.epoch, revision: wire.revision,
            lost: try parse(wire.lost, "lost"))
    }
}

extension WireWaitingAgent {
    init(_ agent: Adoption.WaitingAgent) {
        gateway = WireGateway(agent.gateway)
        epoch = agent.epoch
        revision = agent.revision
        lost = agent.lost.map(\.text)
    }
}
