import Glibc
import Logging
import NetworkTypes
import Probing

/// The sockets of probes, and the clock that drives them. What to send and what it means, `Prober` decides.
package actor ProbeHost {
    /// Between two looks at what came and what is due. The kernel tells when a packet came, so that no time that is measured has this in it.
    private static let tick = Duration.milliseconds(50)
    /// Between two looks at whether a device is still the one that a socket is bound to, in nanoseconds.
    private static let recheck: Int64 = 5_000_000_000
    /// So many datagrams of one socket are taken in one look.
    private static let mostAtOnce = 256
    /// Findings that are older are none: nothing was looked at.
    private static let lifetime: Int64 = 5_000_000_000

    /// A VRF with its sockets.
    private struct Door {
        var vrf: ProbedVRF
        var sockets: [AddressFamily: ProbeSocket] = [:]
        /// The numbers of the devices when the sockets were made.
        var device: UInt32 = 0
        var ingress: UInt32 = 0
    }

    private var prober = Prober(identifier: .random(in: 2...UInt16.max))
    /// By index of the VRF.
    private var doors: [Int: Door] = [:]
    private var generator = SystemRandomNumberGenerator()
    private var checkAt: Int64 = 0
    private var tickedAt: Int64 = 0
    private let buffer = ProbeBuffer()
    private let said: SaidReasons

    package init(log: Logger) { said = SaidReasons(log) }

    /// Probes go in these VRFs and in no others.
    package func assign(_ vrfs: [ProbedVRF]) {
        let now = Self.now
        var next: [Int: Door] = [:]
        for vrf in vrfs {
            var door = Door(vrf: vrf)
            if let known = doors[vrf.index], known.vrf.device == vrf.device, known.vrf.ingress == vrf.ingress,
                known.vrf.addresses == vrf.addresses
            {
                door = known
                door.vrf = vrf
            }
            next[vrf.index] = door
        }
        doors = next
        prober.assign(vrfs, at: now)
        checkAt = now
    }

    /// What is known; nothing while nothing is looked at.
    package var findings: ProbeFindings {
        let now = Self.now
        guard abs(now - tickedAt) < Self.lifetime else { return ProbeFindings() }
        return ProbeFindings(paths: prober.findings(at: now), interval: prober.interval)
    }

    /// Until cancelled.
    package func run() async {
        while !Task.isCancelled {
            if !doors.isEmpty { look() }
            tickedAt = Self.now
            try? await Task.sleep(for: Self.tick)
        }
    }

    private func look() {
        if Self.now >= checkAt || checkAt - Self.now > Self.recheck { check() }
        receive()
        for transmission in prober.send(at: Self.now, using: &generator) { send(transmission) }
    }

    // MARK: - Devices

    /// A device that was made anew has another number, and a socket of the old one hears nothing any more.
    private func check() {
        checkAt = Self.now + Self.recheck
        for (index, door) in doors {
            let (device, ingress) = (if_nametoindex(door.vrf.device), if_nametoindex(door.vrf.ingress))
            let isWhole = door.vrf.addresses.allSatisfy { door.sockets[$0.family] != nil }
            if isWhole, door.device == device, door.ingress == ingress { continue }
            var renewed = door
            (renewed.sockets, renewed.device, renewed.ingress) = ([:], device, ingress)
            for address in door.vrf.addresses where device != 0 {
                let topic = SaidReasons.Topic(
                    failing: "no probes", working: "probes go", object: ["device": door.vrf.device, "family": address.family.rawValue])
                do throws(ProbeSocket.Failure) {
                    renewed.sockets[address.family] = try ProbeSocket(device: door.vrf.device, address: address)
                    said.say(nil, topic)
                } catch {
                    said.say("\(error)", topic)
                }
            }
            doors[index] = renewed
        }
    }

    // MARK: - Packets

    private func receive() {
        var waiting: [(index: Int, socket: ProbeSocket)] = []
        for (index, door) in doors { for socket in door.sockets.values { waiting.append((index, socket)) } }
        var polls = waiting.map { pollfd(fd: $0.socket.descriptor, events: Int16(POLLIN), revents: 0) }
        guard poll(&polls, nfds_t(polls.count), 0) > 0 else { return }
        for (place, entry) in polls.enumerated() where entry.revents != 0 {
            let (index, socket) = waiting[place]
            guard let ingress = doors[index]?.ingress else { continue }
            for _ in 0..<Self.mostAtOnce {
                guard let arrival = socket.receive(into: buffer) else { break }
                // What comes by another device of the VRF is a tenant's.
                guard arrival.interface == ingress, arrival.port == ProbeSocket.port else { continue }
                let now = Self.now
                let bytes = UnsafeRawBufferPointer(rebasing: buffer.data[..<arrival.count]).bytes
                let reply = prober.receive(
                    bytes, on: ProbePath(vrf: index, peer: arrival.source), hopLimit: arrival.hopLimit,
                    receivedAt: arrival.receivedAt ?? now,
                    at: now)
                if let reply { send(reply) }
            }
        }
    }

    private func send(_ transmission: ProbeTransmission) {
        guard let socket = doors[transmission.path.vrf]?.sockets[transmission.path.peer.family] else { return }
        if !socket.send(transmission.bytes, to: transmission.path.peer, isSummed: transmission.end == .gateway),
            errno == ENODEV || errno == EADDRNOTAVAIL
        {
            checkAt = Self.now
        }
    }

    /// Nanoseconds since 1970.
    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
