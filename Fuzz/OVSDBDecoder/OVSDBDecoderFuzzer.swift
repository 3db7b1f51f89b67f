// libFuzzer's entry. The first byte says how to cut the rest into chunks: what the decoder makes of it must not depend on that.
// It crashes (and so tells libFuzzer) where a message or an error differs, and wherever the decoder itself traps.

private func decode(_ bytes: UnsafeBufferPointer<UInt8>, chunk: Int) -> (messages: [OVSDBMessage], error: OVSDBDecodingError?) {
    let limits = OVSDBDecodingLimits(depth: 24, messageBytes: 3000, tokenBytes: 200, values: 300)
    var decoder = OVSDBMessageDecoder(limits: limits)
    var messages: [OVSDBMessage] = []
    var position = 0
    do throws(OVSDBDecodingError) {
        while position < bytes.count {
            let end = min(bytes.count, position + chunk)
            try decoder.decode(bytes.extracting(position..<end).span, into: &messages)
            position = end
        }
    } catch {
        return (messages, error)
    }
    return (messages, nil)
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOVSDBDecoder(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 1 else { return 0 }
    let bytes = UnsafeBufferPointer(start: start + 1, count: count - 1)
    let whole = decode(bytes, chunk: .max / 2)
    let cut = decode(bytes, chunk: 1 + Int(start[0] % 16))
    precondition(whole.messages == cut.messages, "other messages in other chunks")
    precondition(whole.error == cut.error, "another error in other chunks")
    if let error = whole.error { precondition((0...bytes.count).contains(error.offset), "an offset outside of the bytes") }
    return 0
}
