import Foundation
import Synchronization

/// A TCP relay on loopback that remembers what passes, and can stop passing it while it keeps its connections open:
/// to either side, the other one is frozen then.
final class Relay: Sendable {
    private struct State {
        var descriptors: [Int32] = []
        var isFrozen = false
        var isStopped = false
        var sent: [UInt8] = []
        var received: [UInt8] = []
    }

    let port: UInt16
    private let listener: Int32
    private let state = Mutex(State())

    init(to target: UInt16) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) | listen(descriptor, 16) | getsockname(descriptor, $0, &length)
            }
        }
        guard result == 0 else { throw WorldError("relay: \(String(cString: strerror(errno)))") }
        port = UInt16(bigEndian: address.sin_port)
        Thread { [self] in accept(target) }.start()
    }

    func freeze() { state.withLock { $0.isFrozen = true } }

    /// What clients sent and what they received.
    var recorded: (sent: [UInt8], received: [UInt8]) { state.withLock { ($0.sent, $0.received) } }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        let descriptors = state.withLock { state in
            state.isStopped = true
            return state.descriptors
        }
        for descriptor in descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    private func accept(_ target: UInt16) {
        while true {
            let client = Foundation.accept(listener, nil, nil)
            guard client >= 0, let server = try? RawSocket(port: target).descriptor else { return }
            state.withLock { $0.descriptors += [client, server] }
            Thread { [self] in pass(from: client, to: server) { $0.sent += $1 } }.start()
            Thread { [self] in pass(from: server, to: client) { $0.received += $1 } }.start()
        }
    }

    private func pass(from source: Int32, to sink: Int32, note: @Sendable (inout State, ArraySlice<UInt8>) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            let isFrozen = state.withLock { state in
                note(&state, buffer[..<count])
                return state.isFrozen
            }
            if isFrozen { continue }
            guard send(sink, buffer, count, Int32(MSG_NOSIGNAL)) == count else { break }
        }
        // A side that closes is not passed on while frozen: nothing is.
        if !state.withLock({ $0.isFrozen && !$0.isStopped }) { shutdown(sink, Int32(SHUT_RDWR)) }
    }
}
