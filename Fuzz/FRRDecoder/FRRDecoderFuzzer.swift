// libFuzzer's door to everything in FRR that reads what a daemon sent. Build and run with `run.sh` beside this file.
// The files under test are compiled into this module, so that no package manager and no NIO is needed.

import NetworkTypes

private func decode(_ text: String) {
    _ = try? BGPVNI.decode(text)
    _ = try? EVPNImportTable.decode(text)
    _ = try? EVPNPrefixRoutes.decode(text)
    _ = try? BGPSummary.decode(text)
    _ = try? BGPVRFTable.decode(text)
    _ = try? BGPInstance.decode(text)
    _ = try? ZebraVNI.decode(text)
    _ = try? EVPNEndpoint.decode(text)
    _ = try? ZebraInterface.decode(text)
    _ = FRRVersion(parsing: text)
}

/// A configuration is read, rendered and read again: the second reading must agree with the first, whatever the text was.
private func configure(_ text: String, _ asn: ASN) {
    let running = RunningConfiguration(parsing: text)
    _ = ZebraVRFStanza.parse(running, vrf: "fed1")
    if let base = try? EVPNBaseStanza.parse(running, asn: asn) {
        _ = EVPNBaseStanza.changes(from: base, to: nil)
        _ = EVPNBaseStanza.changes(from: base, to: base)
    }
    guard let stanza = VRFStanza.parse(running, vrf: "fed1", asn: asn) else { return }
    _ = VRFStanza.changes(from: stanza, to: nil)
    precondition(VRFStanza.changes(from: stanza, to: stanza).isEmpty, "a stanza differs from itself")
}

/// Splitting the stream anywhere must not change what comes out of it.
private func reply(_ bytes: UnsafeBufferPointer<UInt8>) {
    var whole = VTYReplyDecoder()
    let expected = whole.append(bytes)
    var split = VTYReplyDecoder()
    let middle = Int(bytes.first ?? 0) % max(1, bytes.count)
    let replies = split.append(bytes[..<middle]) + split.append(bytes[middle...])
    precondition(replies == expected && split.pendingBytes == whole.pendingBytes, "the reply decoder depends on the chunking")
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    let text = String(decoding: bytes, as: UTF8.self)
    decode(text)
    if let asn = ASN(value: 65001) { configure(text, asn) }
    reply(bytes)
    return 0
}
