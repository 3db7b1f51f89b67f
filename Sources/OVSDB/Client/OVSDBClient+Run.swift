import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

extension OVSDBClient {
    /// Connects, follows, reconnects. Returns when its task is cancelled, and then the readers' streams end.
    ///
    /// - Throws: `OVSDBError.alreadyRunning`; nothing else: a database that is away is waited for.
    package func run() async throws {
        let isFirst = state.withLock { state in
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard isFirst else { throw OVSDBError.alreadyRunning }
        while !Task.isCancelled {
            let now = now
            switch state.withLock({ $0.reconnection.step(at: now) }) {
            case .connect(let remote): await serve(remote)
            case .wait(let deadline): try? await Task.sleep(for: deadline - now)
            case .probe, .drop: break
            }
        }
        let deliveries = state.withLock { state in
            state.isRunning = false
            return state.subscribers.endAll()
        }
        for delivery in deliveries { delivery.resume() }
    }

    /// One connection, from the attempt to its end.
    private func serve(_ remote: OVSDBRemote) async {
        state.withLock { state in
            state.report {
                $0.phase = .connecting
                $0.remote = remote
            }
        }
        let socket = Mutex<(channel: (any Channel)?, isCancelled: Bool)>((nil, false))
        do {
            let channel = try await withTaskCancellationHandler {
                try await dial(remote) { channel in
                    socket.withLock { socket in
                        socket.channel = channel
                        return !socket.isCancelled
                    }
                }
            } onCancel: {
                let channel = socket.withLock { socket in
                    socket.isCancelled = true
                    return socket.channel
                }
                channel?.close(promise: nil)
            }
            await follow(channel)
            closed(Task.isCancelled ? .cancelled : nil)
        } catch let error as OVSDBError {
            closed(error)
        } catch {
            let failure = state.withLock { $0.failure }
            closed(.connectionFailed(remote, reason: failure?.description ?? "\(error)"))
        }
    }

    /// - Parameter adopt: is given the socket as soon as there is one, and says whether it is still wanted.
    private func dial(_ remote: OVSDBRemote, _ adopt: @escaping @Sendable (any Channel) -> Bool) async throws -> any Channel {
        let context: NIOSSLContext? =
            if case .ssl = remote {
                try credentials().context()
            } else {
                nil
            }
        let bootstrap = ClientBootstrap(group: group)
            .connectTimeout(.nanoseconds(Int64(policy.connectTimeout / .nanoseconds(1))))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            // A dump is tens of megabytes in one go; an update a few hundred bytes.
            .channelOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 65_536, maximum: 1 << 20))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard adopt(channel) else { throw ChannelError.alreadyClosed }
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: context, serverHostname: nil))
                    }
                    try channel.pipeline.syncOperations.addHandler(OVSDBChannelHandler(client: self))
                }
            }
        return switch remote {
        case .unix(let path): try await bootstrap.connect(unixDomainSocketPath: path).get()
        case .tcp(let host, let port), .ssl(let host, let port): try await bootstrap.connect(host: host, port: port).get()
        }
    }

    private func credentials() throws(OVSDBError) -> OVSDBTLS {
        guard let tls else { throw .credentials("an ssl: remote needs a certificate, a key and trust roots") }
        return tls
    }

    /// Until the connection is closed: by the server, by silence, or because our task is cancelled.
    private func follow(_ channel: any Channel) async {
        await withTaskCancellationHandler {
            await withTaskGroup { group in
                group.addTask { _ = try? await channel.closeFuture.get() }
                group.addTask { await self.watch(channel) }
                await group.next()
                channel.close(promise: nil)
                group.cancelAll()
            }
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    /// Asks a silent server whether it lives, until it does not.
    private func watch(_ channel: any Channel) async {
        while !Task.isCancelled {
            let now = now
            switch state.withLock({ $0.reconnection.step(at: now) }) {
            case .probe: channel.writeAndFlush(ByteBuffer(bytes: MonitorSession.probeRequest.bytes), promise: nil)
            case .drop(let reason):
                failed(.disconnected(reason: reason))
                return
            // No longer than a probe interval: the time that we wait for gets nearer once the dump is there.
            case .wait(let deadline): try? await Task.sleep(for: min(deadline - now, policy.probeInterval))
            case .connect: return
            }
        }
    }
}
