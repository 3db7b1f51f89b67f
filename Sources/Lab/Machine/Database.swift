import Foundation
import Glibc

/// An OVSDB server behind a Unix socket, spoken to in the plainest way: one transaction, one answer (RFC 7047).
///
/// The product has an OVSDB client of its own; the lab does not use it, so that a bug in it cannot hide itself.
/// A transaction this way costs a millisecond, one by `ovn-nbctl` seventy in a user-mode kernel.
package struct Database: Sendable {
    package let socket: String
    package let name: String

    package init(socket: String, name: String) {
        self.socket = socket
        self.name = name
    }

    /// Runs the operations as one transaction and returns their results.
    /// A failed operation is an error that says which.
    package func transact(_ operations: [JSON], limit: Duration = .seconds(30)) async throws -> [JSON] {
        try await onThread { try transactHere(operations, limit: limit) }
    }

    /// The same on the calling thread.
    func transactHere(_ operations: [JSON], limit: Duration) throws -> [JSON] {
        let request: JSON = ["method": "transact", "id": 1, "params": .array([.string(name)] + operations)]
        let reply = try exchange(request.text, limit: limit)
        guard case .array(let results)? = reply["result"] else {
            throw LabError("\(name) refused a transaction: \(reply["error"]?.text ?? reply.text)")
        }
        for (index, result) in results.enumerated() {
            guard let error = result["error"]?.string else { continue }
            let operation = operations.indices.contains(index) ? operations[index].text : "the commit"
            throw LabError("\(name): \(error): \(result["details"]?.string ?? "") in \(operation.prefix(300))")
        }
        return results
    }

    /// The rows of a table that the conditions select.
    package func select(_ table: String, where conditions: [JSON] = [], columns: [String]) async throws -> [JSON] {
        let operation: JSON = [
            "op": "select", "table": .string(table), "where": .array(conditions), "columns": .array(columns.map(JSON.string)),
        ]
        return try await transact([operation])[0]["rows"]?.array ?? []
    }

    /// Waits on the server until a column of the selected row has (or no longer has) a value.
    package func wait(_ table: String, where conditions: [JSON], column: String, until function: String, _ value: JSON, limit: Duration)
        async throws
    {
        let operation: JSON = [
            "op": "wait", "table": .string(table), "where": .array(conditions), "columns": [.string(column)],
            "until": .string(function), "rows": [.object([column: value])],
            "timeout": .number(Double(limit.components.seconds * 1000)),
        ]
        _ = try await transact([operation], limit: limit + .seconds(5))
    }

    private func exchange(_ text: String, limit: Duration) throws -> JSON {
        let file = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard file >= 0 else { throw LabError("cannot create a socket: \(errnoText)") }
        defer { close(file) }
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        var time = timeval(tv_sec: Int(limit.components.seconds), tv_usec: 0)
        setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        try connect(file)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw LabError("\(socket): \(errnoText)") }
            rest = rest.dropFirst(count)
        }
        var scanner = ObjectScanner()
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(file, &buffer, buffer.count, 0)
            guard count > 0 else { throw LabError("\(socket): \(count == 0 ? "closed" : errnoText)") }
            for byte in buffer[..<count] {
                guard let message = scanner.take(byte) else { continue }
                let value = try JSON(parsing: message)
                // An echo request may come between; a connection of milliseconds need not answer it.
                if value["id"]?.number == 1 { return value }
            }
        }
    }

    private func connect(_ file: Int32) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array(socket.utf8)
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { throw LabError("socket path \(socket) is too long") }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        guard result == 0 else { throw LabError("\(socket): \(errnoText)") }
    }
}

/// Cuts a stream of JSON objects into objects: counts braces outside strings.
struct ObjectScanner {
    private var bytes: [UInt8] = []
    private var depth = 0
    private var inString = false
    private var escaped = false

    /// Takes the next byte; returns the object that it completes.
    mutating func take(_ byte: UInt8) -> [UInt8]? {
        bytes.append(byte)
        if inString {
            if escaped {
                escaped = false
            } else if byte == UInt8(ascii: "\\") {
                escaped = true
            } else if byte == UInt8(ascii: "\"") {
                inString = false
            }
            return nil
        }
        switch byte {
        case UInt8(ascii: "\""): inString = true
        case UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "}"):
            depth -= 1
            if depth == 0 {
                defer { bytes = [] }
                return bytes
            }
        default: break
        }
        return nil
    }
}
