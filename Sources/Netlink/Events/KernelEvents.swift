import CNetlink
import Dispatch
import Glibc
import NetworkTypes
import Synchronization

/// What happens to the kernel's tables in one network namespace, as batches of events for one reader.
///
/// Listening begins with the initialiser, because the order that loses nothing is: listen, then read a snapshot, then follow
/// the events. While nobody reads, events are merged per object; memory is bounded. Releasing the value closes the sockets.
package final class KernelEvents: AsyncSequence, Sendable {
    private let inbox: Inbox
    /// Dispatch sources may be used from any thread; on Linux their type does not say so. Only `cancel()` is called after the initialiser.
    private nonisolated(unsafe) let source: any DispatchSourceRead
    private let arrivals: AsyncStream<Void>
    /// The granted size in octets: less than requested without CAP_NET_ADMIN.
    package let receiveBuffer: Int

    /// Opens sockets in the network namespace that the calling thread is in.
    ///
    /// - Parameters:
    ///   - receiveBuffer: what the kernel may hold for us, in octets; an event of a route takes about 1 KiB of it. More than
    ///     net.core.rmem_max needs CAP_NET_ADMIN.
    ///   - capacity: how many objects may have unread events before it counts as an overrun.
    package init(scope: EventScope, receiveBuffer: Int = 4 << 20, capacity: Int = 65_536) throws(NetlinkError) {
        let descriptor: Int32
        do {
            let socket = try RouteSocket.open(groups: EventDecoder.groups, receiveBuffer: receiveBuffer)
            descriptor = socket.descriptor
            self.receiveBuffer = socket.receiveBuffer
            inbox = try Inbox(events: socket, requests: RouteSocket.open(), scope: scope, capacity: capacity)
        } catch {
            throw error.error(for: "ip monitor")
        }
        let queue = DispatchQueue(label: "netlink events")
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        let (arrivals, arrival) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.arrivals = arrivals
        source.setEventHandler { @Sendable [inbox] in
            if inbox.drain() { arrival.yield() }
        }
        // Dispatch watches the descriptor until here, so that the sockets, which `inbox` owns, must live as long.
        source.setCancelHandler { @Sendable [inbox] in
            arrival.finish()
            withExtendedLifetime(inbox) {}
        }
        source.activate()
    }

    deinit { source.cancel() }

    /// Ends the sequence after the remaining events.
    package func stop() { source.cancel() }

    /// One batch holds everything since the one before; never empty. There is to be one reader: two would share the events.
    package func makeAsyncIterator() -> Iterator { Iterator(events: self, arrivals: arrivals.makeAsyncIterator()) }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let events: KernelEvents
        fileprivate var arrivals: AsyncStream<Void>.Iterator

        /// Nil after `stop()`, or when the task is cancelled.
        package mutating func next(isolation actor: isolated (any Actor)? = #isolation) async -> [KernelEvent]? {
            while await arrivals.next(isolation: actor) != nil {
                let batch = events.inbox.take()
                if !batch.isEmpty { return batch }
            }
            return nil
        }

        package mutating func next() async -> [KernelEvent]? { await next(isolation: nil) }
    }
}

/// The sockets and their pending events. The queue adds and the reader removes, both under the lock.
private final class Inbox: Sendable {
    private struct State: ~Copyable {
        let events: RouteSocket
        let requests: RouteSocket
        var decoder: EventDecoder
        var pending: PendingEvents

        /// One datagram. Returns whether there may be another.
        mutating func receive() -> Bool {
            do {
                return try events.receive { header, payload in
                    decoder.read(Int(header.nlmsg_type), payload, into: &pending)
                }
            } catch {
                // ENOBUFS: the kernel dropped messages. Any other error says as little of what we missed.
                pending.overrun()
                // The names may have changed in what was lost. Where they cannot be read the old ones serve: the reader of an overrun
                // reads everything anew, and later changes of names are heard of.
                if let names = try? requests.links().names { decoder.names = names }
                return error.code == ENOBUFS
            }
        }
    }

    private let state: Mutex<State>

    init(
        events: consuming sending RouteSocket, requests: consuming sending RouteSocket, scope: EventScope, capacity: Int
    ) throws(Refusal) {
        var decoder = EventDecoder(scope: scope)
        decoder.names = try requests.links().names
        state = Mutex(State(events: events, requests: requests, decoder: decoder, pending: PendingEvents(capacity: capacity)))
    }

    func take() -> [KernelEvent] { state.withLock { $0.pending.take() } }

    /// Reads what waits, but in a flood returns now and then, so that the reader is woken: Dispatch calls again while anything waits.
    ///
    /// - Returns: Whether there are events to take.
    func drain() -> Bool {
        var datagrams = 0
        while datagrams < 256, state.withLock({ $0.receive() }) { datagrams += 1 }
        return state.withLock { !$0.pending.isEmpty }
    }
}
