import Federation
import FederationModel
import NetworkTypes
import Testing

@Suite("What is found by what agents report")
struct SafetyFactTests {
    @Test("attachments that find nothing, or two things")
    func attachments() throws {
        var world = try PlanWorld.inForce()
        world.report("paris/gw1", "blue") { $0.attachments[0].routers = [] }
        world.report("tokyo/gw1", "blue") { $0.attachments[0].routers = ["a", "b"] }
        let edit: (inout FederationGraph) -> Void = { $0.vpns[vpn("blue")]!.localPreference = 7 }
        #expect(try world.findings(.attachmentNotFound, edit).map(\.path) == ["vpns.blue.attachments[1]"])
        #expect(try world.findings(.attachmentAmbiguous, edit).map(\.path) == ["vpns.blue.attachments[2]"])
        #expect(try world.plan().findings.isEmpty)
        // What an agent says by itself.
        world.report("paris/gw1", "blue") {
            $0.problems = [
                Problem(code: .attachmentAmbiguous, message: "router name=blue-router matches 2 objects in this cloud: a, b", remedy: "id")
            ]
        }
        let found = try world.findings(.attachmentAmbiguous, edit)
        #expect(found.map(\.path) == ["vpns.blue.attachments[1]", "vpns.blue.attachments[2]"])
        #expect(found[0].reason.contains("matches 2 objects"))
        // Nobody has looked for a new one yet, unless another VPN has it.
        let new: (inout FederationGraph) -> Void = {
            $0.vpns[vpn("green")] = VPN(attachments: [PlanWorld.attachment("paris", "new"), PlanWorld.attachment("paris", "blue-router")])
        }
        #expect(try world.findings(.attachmentNotFound, new).map(\.path) == ["vpns.green.attachments[1]"])
        // A label may mean many.
        let label = AttachmentSelector(kind: .router, key: .label, value: "ovn-federation=blue")
        world.graph.vpns[vpn("blue")]!.attachments[2].selector = label
        world.report("tokyo/gw1", "blue") { $0.attachments[0].selector = label }
        #expect(try !world.findings(.attachmentAmbiguous).contains { $0.path.hasSuffix("[2]") })
    }

    @Test("maxima that are lower than what is there")
    func maximum() throws {
        let world = try PlanWorld.inForce()
        let vpns = try world.findings(.maximumPrefixesExceeded) { $0.vpns[vpn("blue")]!.maximumPrefixes = 1 }
        #expect(Set(vpns.map(\.path)) == ["vpns.blue.maximumPrefixes"] && vpns.count == 3)
        let clouds = try world.findings(.maximumPrefixesExceeded) { $0.clouds[cloud("paris")]!.limits.prefixes = 3 }
        #expect(clouds.map(\.path) == ["clouds.paris.limits.prefixes"])
        #expect(clouds[0].reason.contains("has 4 prefixes in total"))
        #expect(try world.findings(.maximumPrefixesExceeded) { $0.clouds[cloud("paris")]!.limits.prefixes = 4 }.isEmpty)
        // It takes nothing away.
        var copy = world
        copy.graph.vpns[vpn("blue")]!.maximumPrefixes = 1
        #expect(try copy.plan().withdrawals == 0)
    }

    @Test("shares of what nobody has")
    func shares() throws {
        let world = try PlanWorld.inForce()
        func found(_ list: String, _ clouds: [String]) throws -> [Finding] {
            try world.findings(.sharedPrefixNotAttached) {
                $0.vpns[vpn("blue")]!.attachments.removeAll { $0.cloud == cloud("lima") }
                $0.vpns[vpn("blue")]!.shares = [Share(to: vpn("red"), prefixes: [prefix(list)], clouds: clouds.map(cloud))]
            }
        }
        #expect(try found("10.2.1.0/25", ["paris"]).isEmpty)
        #expect(try found("10.2.1.0/25", []).isEmpty)
        #expect(try found("10.9.0.0/24", []).map(\.severity) == [.warning])
        #expect(try found("10.2.1.0/25", ["tokyo"]).map(\.path) == ["vpns.blue.shares[0].prefixes"])
        let lima = try found("10.2.1.0/25", ["lima", "paris"])
        #expect(lima.map(\.path) == ["vpns.blue.shares[0].clouds"] && lima[0].severity == .error)
    }
}
