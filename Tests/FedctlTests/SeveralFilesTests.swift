import Foundation
import Testing

@Suite("Options and files given several times", .timeLimit(.minutes(1)))
struct SeveralFilesTests {
    private func write(_ name: String, _ text: String, in directory: String) throws {
        try text.write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8)
    }

    private static let good = "federation: demo\nclouds: {paris: {gateways: {gw1: {vtep: 192.0.2.1}}}}\n"
    private static let bad = "federation: demo\nclouds: {paris: {gatways: {}}}\n"

    @Test("validate checks every file, whichever comes last")
    func validate() async throws {
        try await withDirectory { directory in
            try write("good.yaml", Self.good, in: directory)
            try write("bad.yaml", Self.bad, in: directory)
            for files in [["bad.yaml", "good.yaml"], ["good.yaml", "bad.yaml"]] {
                let outcome = try await Tool(directory: directory).run(["validate"] + files.flatMap { ["-f", $0] })
                #expect(outcome.status == 1)
                #expect(outcome.output.contains("good.yaml: 1 cloud") && outcome.errors.contains("bad.yaml:2:18: error"))
            }
            #expect(try await Tool(directory: directory).run("validate", "-f", "good.yaml", "--file", "good.yaml").status == 0)
        }
    }

    @Test(
        "an option that stands once is refused when it is given again, before anything is done",
        arguments: [
            "plan -f a.yaml -f b.yaml", "apply -f a.yaml --file b.yaml", "verify --vpn a --vpn b", "status -o json -o yaml",
            "--certs a status --certs b", "apply -f a.yaml -m one --message two",
        ])
    func once(line: String) async throws {
        try await withDirectory { directory in
            let outcome = try await Tool(directory: directory).run(line.split(separator: " ").map(String.init))
            #expect(outcome.status == 64 && outcome.errors.contains("is given twice"), "\(outcome)")
        }
    }
}
