// libFuzzer's door to what reads probes. Build and run with `run.sh` beside this file.
// The files under test are compiled into this module, so that no package manager is needed.

private func read(_ bytes: [UInt8]) -> Result<STAMPPacket, STAMPError> {
    do throws(STAMPError) {
        return .success(try STAMPPacket(bytes.span.bytes))
    } catch {
        return .failure(error)
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard case .success(let packet) = read(bytes) else { return 0 }
    // What is read is written as the same packet, as long as it came: nobody is answered with more than he sent.
    let written: [UInt8]
    switch packet {
    case .request(let request):
        written = request.bytes
        let reply = STAMPReply(
            answered: request, sequence: request.sequence, receivedAt: request.sentAt, sentAt: request.sentAt, hopLimit: 255)
        precondition(reply.bytes.count == bytes.count, "an answer of \(reply.bytes.count) octets to \(bytes.count)")
    case .reply(let reply): written = reply.bytes
    }
    precondition(written.count == bytes.count, "\(bytes.count) octets are written as \(written.count)")
    precondition(read(written) == .success(packet), "\(packet) is written as another packet")

    // Whatever comes, at whatever time, the prober goes on and holds what it knows.
    var prober = Prober(identifier: 2)
    let peer = IPAddress.v4(IPv4Address(bits: 2))
    let vrf = ProbedVRF(
        index: 1, device: "fed1", ingress: "fedbr1", addresses: [.v4(IPv4Address(bits: 1))], mtu: 1450,
        peers: [.init(address: peer, isProbed: true)])
    var now = Int64(bitPattern: UInt64(bytes[4]) << 56) >> 8
    prober.assign([vrf], at: now)
    for octet in bytes.prefix(32) {
        now += Int64(Int8(bitPattern: octet)) * 100_000_000
        _ = prober.send(at: now)
        _ = prober.receive(bytes.span.bytes, on: ProbePath(vrf: 1, peer: peer), hopLimit: 255, receivedAt: now, at: now)
        precondition(prober.findings(at: now).count <= 1)
    }
    return 0
}
