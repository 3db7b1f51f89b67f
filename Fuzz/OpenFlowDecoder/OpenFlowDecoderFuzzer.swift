// libFuzzer's door to what reads a switch's answers. Build and run with `run.sh` beside this file.
// The files under test are compiled into this module, so that no package manager and no NIO is needed.

/// What comes of bytes that arrive in these parts: the flows, or why there are none.
private func read(_ parts: [UnsafeBufferPointer<UInt8>.SubSequence]) -> Result<[FoundFlow], OpenFlowError> {
    var exchange = Exchange(.flows(cookie: 0, mask: 0))
    do {
        for part in parts { _ = try exchange.receive(part) }
        return .success(exchange.isDone ? try exchange.result() : [])
    } catch {
        return .failure(error)
    }
}

/// A flow that is read is written as it was read.
private func check(_ entry: FlowEntry) throws(OpenFlowError) {
    var bytes: [UInt8] = []
    entry.match.write(to: &bytes)
    FlowAction.write(entry.actions, to: &bytes)
    var reader = Reader(bytes[...])
    let (match, actions) = (try FlowMatch.read(&reader), try FlowAction.read(&reader))
    precondition(match == .success(entry.match), "\(entry.match) is written as another match")
    precondition(actions == .success(entry.actions), "\(entry.actions) are written as other actions")
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    let whole = read([bytes[...]])
    let middle = Int(bytes.last ?? 0) % max(1, count)
    precondition(read([bytes[..<middle], bytes[middle...]]) == whole, "the decoder depends on the chunking")
    for case .entry(let entry) in (try? whole.get()) ?? [] {
        do {
            try check(entry)
        } catch {
            preconditionFailure("\(entry) is written as no OpenFlow: \(error)")
        }
    }
    return 0
}
