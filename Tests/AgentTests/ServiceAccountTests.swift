import Agent
import Foundation
import Testing

@Suite("What runs as the service's user", .timeLimit(.minutes(1)))
struct ServiceAccountTests {
    @Test(
        "has no terminal of the one who asks, but a session of its own",
        .enabled(if: geteuid() == 0, "only root becomes another user"))
    func session() async throws {
        let account = try ServiceAccount("nobody", further: [])
        // Numbers 6 and 7 are the session and its terminal (proc(5)).
        let told = try await account.output(of: "/usr/bin/cut", ["-d", " ", "-f", "6,7", "/proc/self/stat"], within: .seconds(20))
        let words = String(decoding: told, as: UTF8.self).split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
        try #require(words.count == 2)
        #expect(words[0] > 1 && words[0] != getsid(0) && words[1] == 0)
    }
}
