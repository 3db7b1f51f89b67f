import Testing

@testable import OVSDB

@Suite("Reconnection")
struct ReconnectionTests {
    private let a = OVSDBRemote.unix(path: "a")
    private let b = OVSDBRemote.unix(path: "b")
    private let c = OVSDBRemote.unix(path: "c")

    @Test("every remote is tried at once, then with pauses of 1, 2, 4, 8, 8 seconds between rounds")
    func backoff() {
        var reconnection = Reconnection(remotes: [a, b])
        var now = Duration.zero
        for pause in [1, 2, 4, 8, 8] {
            #expect(reconnection.step(at: now) == .connect(a))
            reconnection.closed(at: now, jitter: 0)
            #expect(reconnection.step(at: now) == .connect(b))
            reconnection.closed(at: now, jitter: 0)
            #expect(reconnection.step(at: now) == .wait(until: now + .seconds(pause)))
            now += .seconds(pause)
        }
    }

    @Test("jitter shortens a pause by up to half")
    func jitter() {
        for (jitter, pause) in [(0.0, 1000), (0.5, 750), (1.0, 500), (7.0, 500)] {
            var reconnection = Reconnection(remotes: [a])
            #expect(reconnection.step(at: .zero) == .connect(a))
            reconnection.closed(at: .zero, jitter: jitter)
            #expect(reconnection.step(at: .zero) == .wait(until: .milliseconds(pause)))
        }
    }

    @Test("the loss of a good connection is followed by the next remote at once, and forgets earlier failures")
    func loss() {
        var reconnection = Reconnection(remotes: [a, b, c])
        for _ in 0..<2 {
            _ = reconnection.step(at: .zero)
            reconnection.closed(at: .zero, jitter: 0)
        }
        #expect(reconnection.step(at: .zero) == .connect(c))
        reconnection.opened(at: .seconds(1))
        reconnection.synchronised(at: .seconds(1))
        reconnection.closed(at: .seconds(2), jitter: 0)
        for remote in [a, b, c] {
            #expect(reconnection.step(at: .seconds(2)) == .connect(remote))
            reconnection.closed(at: .seconds(2), jitter: 0)
        }
        #expect(reconnection.step(at: .seconds(2)) == .wait(until: .seconds(3)))
    }

    @Test("a server that takes connections and is of no use is a failure like another")
    func useless() {
        var reconnection = Reconnection(remotes: [a])
        _ = reconnection.step(at: .zero)
        reconnection.opened(at: .zero)
        reconnection.heard(at: .zero)
        reconnection.closed(at: .zero, jitter: 0)
        #expect(reconnection.step(at: .zero) == .wait(until: .seconds(1)))
    }

    @Test("silence is answered by an echo request, and silence after that by giving up")
    func probing() {
        var reconnection = Reconnection(remotes: [a])
        _ = reconnection.step(at: .zero)
        reconnection.opened(at: .zero)
        reconnection.synchronised(at: .zero)
        #expect(reconnection.step(at: .seconds(4)) == .wait(until: .seconds(5)))
        reconnection.heard(at: .seconds(4))
        #expect(reconnection.step(at: .seconds(5)) == .wait(until: .seconds(9)))
        #expect(reconnection.step(at: .seconds(9)) == .probe)
        #expect(reconnection.step(at: .seconds(9)) == .wait(until: .seconds(14)))
        reconnection.heard(at: .seconds(10))
        #expect(reconnection.step(at: .seconds(15)) == .probe)
        guard case .drop = reconnection.step(at: .seconds(20)) else {
            Issue.record("still there")
            return
        }
        reconnection.closed(at: .seconds(20), jitter: 0)
        #expect(reconnection.step(at: .seconds(20)) == .wait(until: .seconds(21)))
    }

    @Test("a connection that does not come, or a dump that does not, is given up later")
    func timeouts() {
        var reconnection = Reconnection(remotes: [a])
        _ = reconnection.step(at: .zero)
        #expect(reconnection.step(at: .seconds(1)) == .wait(until: .seconds(5)))
        reconnection.opened(at: .seconds(2))
        #expect(reconnection.step(at: .seconds(2)) == .wait(until: .seconds(62)))
        reconnection.heard(at: .seconds(30))
        #expect(reconnection.step(at: .seconds(62)) == .wait(until: .seconds(90)))
        guard case .drop = reconnection.step(at: .seconds(90)) else {
            Issue.record("still there")
            return
        }
    }

    @Test("without remotes there is nothing to do")
    func noRemotes() {
        var reconnection = Reconnection(remotes: [])
        #expect(reconnection.step(at: .seconds(3)) == .wait(until: .seconds(11)))
    }
}
