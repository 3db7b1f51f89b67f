import Foundation

/// Runs the `openssl` tool: a TLS implementation that is not ours.
enum OpenSSL {
    struct Result: Sendable {
        let status: Int32
        let output: String
    }

    static func run(_ arguments: [String]) async throws -> Result {
        try await offPool { try runBlocking(arguments) }
    }

    private static func runBlocking(_ arguments: [String]) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let killer = DispatchWorkItem { process.terminate() }
        DispatchQueue.global().asyncAfter(deadline: .now() + 20, execute: killer)
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        killer.cancel()
        return Result(status: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
    }

    /// `s_client` until the server closes; `arguments` come after the address.
    static func connect(port: UInt16, _ arguments: [String]) async throws -> String {
        try await run(["s_client", "-connect", "127.0.0.1:\(port)", "-alpn", "h2", "-ign_eof"] + arguments).output
    }

    /// Issues a certificate by hand with an authority of ours: the extensions are the caller's.
    static func issue(_ name: String, in folder: String, authority: String, extensions: String) async throws {
        let base = "\(folder)/\(name)"
        try extensions.write(toFile: "\(base).ext", atomically: true, encoding: .utf8)
        let steps = [
            [
                "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=\(name)", "-keyout",
                "\(base).key",
                "-out", "\(base).csr",
            ],
            [
                "x509", "-req", "-in", "\(base).csr", "-CA", "\(authority)/ca.pem", "-CAkey", "\(authority)/ca.key", "-days", "30",
                "-extfile",
                "\(base).ext", "-out", "\(base).pem",
            ],
        ]
        for step in steps {
            let result = try await run(step)
            guard result.status == 0 else { throw WorldError(result.output) }
        }
    }
}

/// Runs what blocks on a thread of its own: Swift's pool has as many threads as cores, and the server needs them.
func offPool<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Swift.Result { try body() }) }.start()
    }
}

func offPool<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
    await withCheckedContinuation { continuation in
        Thread { continuation.resume(returning: body()) }.start()
    }
}
