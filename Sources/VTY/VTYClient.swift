import FRR
import Logging
import NIOCore
import NIOPosix

/// One daemon's vty socket (`/run/frr/bgpd.vty`, `/run/frr/NAME/zebra.vty` with `-N NAME`), spoken as vtysh does, without a process.
///
/// Calls may come from many tasks; they run one after another. Once the daemon has closed the socket, every call throws
/// `notConnected` until somebody calls `connect` again.
package actor VTYClient {
    package nonisolated let path: String
    private let logger: Logger
    private var channel: (any Channel)?
    private var handler: NIOLoopBound<VTYChannelHandler>?

    /// Configuration lines handed to the daemon since this client was made, navigation (`exit`, …) left out.
    package private(set) var configurationLinesWritten = 0

    /// Does not connect.
    package init(path: String, logger: Logger = Logger(label: "frr.vty")) {
        self.path = path
        self.logger = logger
    }

    deinit { channel?.close(promise: nil) }

    package var isConnected: Bool { channel?.isActive ?? false }

    /// Opens the socket anew, closing what was open, and enters the enabled mode.
    /// - Throws: `connectionFailed`, or what `enable` met.
    package func connect(within limit: Duration = .seconds(5)) async throws(VTYError) {
        await close()
        let handler: NIOLoopBound<VTYChannelHandler>
        let channel: any Channel
        do {
            let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(TimeAmount(limit))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(VTYChannelHandler()) }
                }
            channel = try await bootstrap.connect(unixDomainSocketPath: path).get()
            handler = try await channel.eventLoop.submit {
                NIOLoopBound(try channel.pipeline.syncOperations.handler(type: VTYChannelHandler.self), eventLoop: channel.eventLoop)
            }.get()
        } catch {
            throw .connectionFailed(path: path, reason: "\(error)")
        }
        self.channel = channel
        self.handler = handler
        _ = try await succeed("enable", within: limit)
    }

    /// The answer's text to one command of the enabled mode.
    /// - Throws: `refused` when the daemon did not answer `ok`: a `show` of a VRF that it does not know is a warning, for one.
    package func show(_ command: String, within limit: Duration = .seconds(10)) async throws(VTYError) -> String {
        try await succeed(command, within: limit).text
    }

    /// Sends configuration lines, indented as FRR's own files are, and tells which ones were not taken.
    ///
    /// All are sent, whatever happens to the ones before. A block's last line, an `exit` without indentation, goes out as `end`,
    /// `configure terminal`: where a block's first line was refused, `exit` would leave the configuration mode instead of the
    /// block, and one more would close the socket (FRR 8.4.4), so that one bad block would take the next ones with it.
    /// - Parameter limit: for the whole call.
    /// - Throws: `refused` when the configuration mode itself is (somebody holds the exclusive lock).
    package func configure(_ lines: [String], within limit: Duration = .seconds(30)) async throws(VTYError) -> [VTYRejection] {
        guard !lines.isEmpty else { return [] }
        var commands = ["configure terminal"]
        // For each command, the line it stands for; nil for those of our own.
        var origins: [Int?] = [nil]
        for (index, line) in lines.enumerated() {
            guard line.utf8.allSatisfy({ $0 >= 0x20 }), line.utf8.count <= Self.longestLine else { throw .unsendable(line) }
            if line == "exit" || line == "exit-vrf" {
                commands += ["end", "configure terminal"]
                origins += [nil, nil]
            } else {
                commands.append(line)
                origins.append(index)
            }
        }
        commands.append("end")
        origins.append(nil)
        let written = lines.count { !$0.trimmingSpaces.hasPrefix("exit") }
        configurationLinesWritten += written
        let replies = try await call(commands, within: limit)
        if let first = replies.first, first.status != .ok {
            throw .refused(command: commands[0], status: first.status, text: first.text.trimmingSpaces)
        }
        var rejections: [VTYRejection] = []
        for (reply, origin) in zip(replies, origins) {
            guard let origin, reply.status != .ok else { continue }
            rejections.append(VTYRejection(line: lines[origin], status: reply.status, text: reply.text.trimmingSpaces))
        }
        logger.debug("configured", metadata: ["socket": "\(path)", "lines": "\(written)", "rejected": "\(rejections.count)"])
        return rejections
    }

    /// Returns when the connection is closed, by either side; at once when there is none.
    package func waitForClose() async {
        guard let channel else { return }
        try? await channel.closeFuture.get()
    }

    /// Closes the socket; calls that wait throw `closed`.
    package func close() async {
        guard let channel else { return }
        self.channel = nil
        handler = nil
        try? await channel.close()
    }

    private static let longestLine = 2048

    private func succeed(_ command: String, within limit: Duration) async throws(VTYError) -> VTYReply {
        guard command.utf8.allSatisfy({ $0 >= 0x20 }), command.utf8.count <= Self.longestLine else { throw .unsendable(command) }
        let replies = try await call([command], within: limit)
        guard let reply = replies.first else { throw .closed }
        guard reply.status == .ok else {
            throw .refused(command: command, status: reply.status, text: reply.text.trimmingSpaces)
        }
        return reply
    }

    private func call(_ commands: [String], within limit: Duration) async throws(VTYError) -> [VTYReply] {
        guard let channel, let handler, channel.isActive else { throw .notConnected }
        let promise = channel.eventLoop.makePromise(of: [VTYReply].self)
        channel.eventLoop.execute { handler.value.call(commands, within: TimeAmount(limit), promise) }
        do {
            return try await promise.futureResult.get()
        } catch let error as VTYError {
            throw error
        } catch {
            throw .closed
        }
    }
}
