import Foundation
import Testing

@Suite("fedctl bundle", .timeLimit(.minutes(1)))
struct BundleCommandTests {
    @Test("a saved federation is judged and explained without the coordinator, with its time above")
    func savedAndJudged() async throws {
        try await Headquarters.open { quarters in
            let tool = quarters.tool
            _ = try await tool.run("apply", "-f", "-", input: Headquarters.file)
            try quarters.connect("paris/gw1")
            try quarters.connect("tokyo/gw1", steered: false)
            let saved = try await tool.run("bundle", "friday.json")
            #expect(saved.status == 0 && saved.output.contains("friday.json: federation demo, revision 1, 2 gateways, as of "), "\(saved)")
            let mode = try FileManager.default.attributesOfItem(atPath: tool.directory + "/friday.json")[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(try await tool.run("bundle", "friday.json").status == 1)

            let live = try await tool.run("verify")
            let alone = Tool(directory: tool.directory, environment: ["FEDCTL_COORDINATOR": "127.0.0.1:1"])
            let judged = try await alone.run("verify", "--bundle", "friday.json")
            #expect(judged.status == 3 && judged.output.hasPrefix("federation demo, revision 1, as of "), "\(judged)")
            #expect(judged.output.hasSuffix(live.output), "\(judged.output)\n\(live.output)")
            let explained = try await alone.run("explain", "tokyo", "paris", "--bundle", "friday.json")
            #expect(explained.status == 3 && explained.output.contains("not-steered"), "\(explained)")
            let misspelt = try await alone.run("verify", "--bundle", "friday.json", "--vpn", "bleu")
            #expect(misspelt.status == 1 && misspelt.errors.contains("did you mean “blue”?"), "\(misspelt)")
            let unreadable = try await alone.run("verify", "--bundle", "nowhere.json")
            #expect(unreadable.status == 1 && unreadable.errors.contains("cannot read nowhere.json"))

            // What is none, of another format, damaged or cut short is refused with the place and the next step.
            let text = try String(contentsOfFile: tool.directory + "/friday.json", encoding: .utf8)
            for (damaged, complaint) in [
                ("federation: demo", "it is no bundle"), (String(text.dropLast(10)), "it is no bundle"),
                (text.replacing("\"format\":1", with: "\"format\":2"), "it has format 2"),
                (text.replacing("\"10.255.1.1\"", with: "\"10.255.1.999\""), "it is damaged at inputs."),
            ] {
                try damaged.write(toFile: tool.directory + "/damaged.json", atomically: true, encoding: .utf8)
                let refused = try await alone.run("verify", "--bundle", "damaged.json")
                #expect(refused.status == 1 && refused.errors.contains(complaint), "\(complaint): \(refused)")
            }
        }
    }
}
