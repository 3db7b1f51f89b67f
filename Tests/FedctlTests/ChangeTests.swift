import Coordinator
import FederationModel
import Foundation
import FoundationXML
import Testing

@Suite("fedctl changes a federation, with a real coordinator", .timeLimit(.minutes(2)), .serialized)
struct ChangeTests {
    private static let two = Headquarters.file.replacing(
        "vpns:\n", with: "vpns:\n  red: {attachments: [{cloud: paris, router: red}, {cloud: tokyo, router: red}]}\n")

    private func json(_ outcome: Tool.Outcome) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any], "\(outcome)")
    }

    @Test("plan says 2 where something changes, in every form; a saved plan is applied as it was approved")
    func plans() async throws {
        try await Headquarters.open { quarters in
            let tool = quarters.tool
            try Headquarters.file.write(toFile: tool.directory + "/f.yaml", atomically: true, encoding: .utf8)
            let plan = try await tool.run("plan", "-f", "f.yaml", "--out", "tonight.plan")
            #expect(plan.status == 2 && plan.output.contains("+ VPN blue") && plan.output.contains("paris ↔ tokyo"), "\(plan)")
            #expect(quarters.controlPlane.current.number == 0)
            let nowhere = try await tool.run("plan", "-f", "f.yaml", "--out", "no/such/tonight.plan")
            #expect(
                nowhere.status == 1
                    && nowhere.errors.hasSuffix(
                        "error: cannot write the plan to no/such/tonight.plan: no such folder no/such\n    remedy: create it: mkdir -p no/such\n"
                    ), "\(nowhere.errors)")
            #expect(try await tool.run("plan", "-f", "f.yaml", "--out", "/proc").errors.contains("the path is a folder"))
            let object = try json(try await tool.run("plan", "-f", "f.yaml", "-o", "json"))
            #expect((object["gained"] as? [Any])?.count == 2 && object["base"] as? Int == 0)
            #expect(try await tool.run("plan", "-f", "f.yaml", "-o", "markdown").output.contains("```diff"))
            #expect(try await tool.run("plan", "-f", "f.yaml", "-o", "yaml").output.contains("base: 0"))

            let applied = try await tool.run("apply", "tonight.plan", "-m", "as approved")
            #expect(
                applied.status == 0 && applied.output.hasSuffix("revision 1 is in force: 7 changes, 2 gateways affected\n"), "\(applied)")
            #expect(quarters.controlPlane.current.summary.message == "as approved")
            // Its base moved: by itself.
            let late = try await tool.run("apply", "tonight.plan")
            #expect(late.status == 5 && late.errors.contains("as approved") && quarters.controlPlane.current.number == 1, "\(late)")
            #expect(try await tool.run("plan", "-f", "f.yaml").status == 0)
            #expect(try await tool.run("apply", "f.yaml").errors.contains("is not a saved plan"))
            var text = try String(contentsOfFile: tool.directory + "/tonight.plan", encoding: .utf8)
            text = text.replacing("blue-router", with: "evil-router")
            try text.write(toFile: tool.directory + "/evil.plan", atomically: true, encoding: .utf8)
            let evil = try await tool.run("apply", "evil.plan")
            #expect(evil.status == 1 && evil.errors.contains("cannot use plan"), "\(evil)")
        }
    }

    @Test("a file that differs in comments or layout only is told so, and kept as a revision")
    func textOnly() async throws {
        try await Headquarters.open { quarters in
            let tool = quarters.tool
            _ = try await tool.run("apply", "-f", "-", input: Headquarters.file)
            let remarked = Headquarters.file + "# a remark\n"
            let words = "only the file’s text changes (comments, layout)"
            for command in [["plan"], ["apply", "--dry-run"]] {
                let plan = try await tool.run(command + ["-f", "-"], input: remarked)
                #expect(plan.status == 2 && plan.output.hasPrefix("plan on revision 1 of demo: \(words)\n"), "\(plan)")
            }
            let object = try json(try await tool.run("plan", "-f", "-", "-o", "json", input: remarked))
            #expect(object["changesText"] as? Bool == true && (object["objects"] as? [Any])?.isEmpty == true)
            let applied = try await tool.run("apply", "-f", "-", input: remarked)
            #expect(
                applied.status == 0
                    && applied.output.hasSuffix(
                        "revision 2 is in force: only the file’s text changed (comments, layout); no gateway is affected\n"),
                "\(applied)")
            for command in ["plan", "apply"] { #expect(try await tool.run(command, "-f", "-", input: remarked).status == 0) }
            #expect(try await tool.run("get", "graph", "-o", "yaml").output == remarked && quarters.controlPlane.current.number == 2)
            #expect(try await tool.run("diff", "1..2").output.hasPrefix("revision 1..2 of demo: \(words)\n\nFILE\n"), "and what of it")
        }
    }

    @Test("the plan says whose work it changes, and at a terminal nothing is applied without a yes")
    func asking() async throws {
        try await Headquarters.open { quarters in
            var tool = quarters.tool
            tool.environment["TERM"] = "xterm"
            try Headquarters.file.write(toFile: tool.directory + "/f.yaml", atomically: true, encoding: .utf8)
            try Self.two.write(toFile: tool.directory + "/two.yaml", atomically: true, encoding: .utf8)
            _ = try await tool.run("apply", "-f", "two.yaml", "-m", "red for marketing")
            let plan = try await tool.run("plan", "-f", "f.yaml")
            let line = try #require(plan.output.split(separator: "\n").dropFirst().first)
            let made = /revision 1 was made by admin \d+s ago \(apply\): “red for marketing”/
            #expect(line.wholeMatch(of: made) != nil, "\(plan.output)")

            for no in ["\n", "n\n", "yesterday\n"] {
                let refused = try await tool.atTerminal(["apply", "-f", "f.yaml"], typed: no)
                #expect(
                    refused.status == 1 && refused.output.contains("- VPN red") && refused.output.contains("Apply to demo? [y/N]"),
                    "\(refused)")
                #expect(refused.output.contains("nothing was applied") && quarters.controlPlane.current.number == 1)
            }
            let applied = try await tool.atTerminal(["apply", "-f", "f.yaml"], typed: "y\n")
            #expect(applied.status == 0 && quarters.controlPlane.current.number == 2, "\(applied)")
            let back = try await tool.atTerminal(["rollback", "1"], typed: "YES\n")
            #expect(
                back.status == 0 && back.output.contains("Apply to demo? [y/N]") && quarters.controlPlane.current.number == 3, "\(back)")
            for line in [["apply", "-f", "f.yaml", "--yes"], ["apply", "-f", "f.yaml"], ["set", "vpn", "blue", "localPreference=200"]] {
                let silent = try await tool.atTerminal(line)
                #expect(silent.status == 0 && !silent.output.contains("[y/N]"), "\(line): \(silent)")
            }
            let export = try await tool.atTerminal(["export"])
            #expect(export.output.contains("revision 5, made by admin") && export.output.contains("--base 5"), "\(export)")
        }
    }

    @Test("of two admins at once one wins, and the other ends with 5 and is told what the first one changed")
    func race() async throws {
        try await Headquarters.open { quarters in
            let tool = quarters.tool
            _ = try await tool.run("apply", "-f", "-", input: Headquarters.file)
            let first = try await tool.run("apply", "-f", "-", "--base", "1", "-m", "red for marketing", input: Self.two)
            #expect(first.status == 0)
            let second = try await tool.run("apply", "-f", "-", "--base", "1", input: Headquarters.file + "# mine\n")
            #expect(second.status == 5 && second.output.isEmpty, "\(second)")
            for words in ["revision 2 is in force, not 1", "SINCE REVISION 1", "red for marketing", "+ VPN red", "remedy: "] {
                #expect(second.errors.contains(words), "\(words) in \(second.errors)")
            }
            #expect(quarters.controlPlane.current.number == 2)

            // Really at once: every one either wins or ends with 5, and what is in force is a winner's.
            let outcomes = try await withThrowingTaskGroup(of: Tool.Outcome.self) { group in
                for number in 0..<6 {
                    group.addTask { try await tool.run("apply", "-f", "-", "--base", "2", input: Self.two + "# \(number)\n") }
                }
                return try await group.reduce(into: [Tool.Outcome]()) { $0.append($1) }
            }
            #expect(outcomes.count { $0.status == 0 } == 1 && outcomes.count { $0.status == 5 } == 5, "\(outcomes.map(\.status))")
            #expect(quarters.controlPlane.current.number == 3)
        }
    }

    @Test("a leak ends with 6, errors of the plan with 1 at their place in the file, and much at once asks for its number")
    func refusals() async throws {
        try await Headquarters.open { quarters in
            let tool = quarters.tool
            _ = try await tool.run("apply", "-f", "-", input: Self.two)
            let target = try #require(quarters.controlPlane.current.ledger.routeTarget(of: vpn("red")))
            let leaking = Self.two.replacing("blue: {", with: "blue: {importTargets: [\"\(target)\"], ")
            for command in ["plan", "apply"] {
                let leak = try await tool.run(command, "-f", "-", input: leaking)
                #expect(leak.status == 6 && leak.errors.contains("standard input:7:") && leak.errors.contains("(leak)"), "\(leak)")
                let end = command == "plan" ? "cannot be applied" : "nothing was applied"
                #expect(leak.errors.hasSuffix("1 error; \(end)\n"), "\(leak.errors)")
                // The whole value, though the list has no end of its own in YAML's events.
                let caret = "^" + String(repeating: "~", count: "[\"\(target)\"]".count - 1)
                #expect(leak.errors.contains(" \(caret)\n") && !leak.errors.contains("\(caret)~"), "\(leak.errors)")
            }
            let audit = try await quarters.controlPlane.store.audit(before: nil, limit: 1)
            #expect(audit.first?.outcome == .refused && audit.first?.action == .apply, "who wanted a leak is written down")
            let foreign = try await tool.run("apply", "-f", "-", input: Self.two.replacing("demo", with: "other"))
            #expect(foreign.status == 1 && foreign.errors.contains("standard input:1:") && foreign.errors.contains("wrong-federation"))

            let clouds = (1...5).map { "  c\($0): {gateways: {gw1: {vtep: 10.255.9.\($0)}}}\n" }.joined()
            let members = (1...5).map { "{cloud: c\($0), router: r}" }.joined(separator: ", ")
            let wide = "federation: demo\nclouds:\n\(clouds)vpns:\n  wide: {attachments: [\(members)]}\n"
            #expect(try await tool.run("apply", "-f", "-", "--yes-remove", "100", input: wide).status == 0)
            let none = "federation: demo\nclouds:\n\(clouds)"
            let much = try await tool.run("apply", "-f", "-", input: none)
            #expect(
                much.errors.contains(
                    "20 reachable pairs and an unknown number of advertised prefixes (no agent has reported) would be lost"))
            #expect(much.status == 1 && much.errors.contains("mass-withdrawal") && much.errors.contains("--yes-remove 20"), "\(much)")
            #expect(try await tool.run("apply", "-f", "-", "--yes-remove", "20", input: none).status == 0)
        }
    }

    @Test("awaiting confirmation: shown everywhere, others are refused, confirm keeps it, rollback ends it")
    func pendingCommit() async throws {
        try await Headquarters.open { quarters in
            let tool = quarters.tool
            _ = try await tool.run("apply", "-f", "-", input: Headquarters.file)
            let idle = try await tool.run("confirm")
            #expect(idle.status == 1 && idle.errors.hasSuffix("remedy: see the history: fedctl history\n"), "\(idle)")
            let trial = try await tool.run("apply", "-f", "-", "--confirm", "5m", input: Self.two)
            #expect(
                trial.status == 0 && trial.output.contains("awaiting confirmation: rolls back to revision 1 in")
                    && trial.output.contains("fedctl confirm"))
            #expect(try await tool.run("status").output.contains("revision 2 awaits confirmation"))
            #expect(try await tool.run("history").output.contains("(awaiting confirmation)"))
            let other = try await tool.run("apply", "-f", "-", input: Self.two + "# other\n")
            #expect(other.status == 1 && other.errors.contains("revision 2 of admin awaits confirmation"), "\(other)")
            #expect(try await tool.run("confirm", "7").errors.contains("not revision 7"))
            let kept = try await tool.run("confirm", "2")
            #expect(kept.status == 0 && kept.output == "revision 2 stays in force\n")

            _ = try await tool.run("apply", "-f", "-", "--confirm", "1h", input: Headquarters.file)
            #expect(try await tool.run("rollback", "2").status == 0)
            #expect(quarters.controlPlane.pendingCommit == nil && quarters.controlPlane.current.number == 4)
        }
    }

    @Test("history, diff and rollback: what was is there, said, and comes back")
    func history() async throws {
        try await Headquarters.open { quarters in
            let tool = quarters.tool
            #expect(try await tool.run("history").output.contains("nothing was applied yet"))
            _ = try await tool.run("apply", "-f", "-", "-m", "the first", input: Headquarters.file)
            let before = quarters.controlPlane.current.intents
            _ = try await tool.run("apply", "-f", "-", "-m", "red too", input: Self.two)

            let list = try await tool.run("history")
            let lines = list.output.split(separator: "\n")
            #expect(lines.count == 3 && lines[1].contains("red too") && lines[2].contains("the first"), "\(list.output)")
            #expect(try await tool.run("history", "--limit", "1").output.contains("older ones: fedctl history --before 2"))
            let revisions = try json(try await tool.run("history", "-o", "json"))["revisions"] as? [[String: Any]]
            #expect(revisions?.map { $0["number"] as? Int } == [2, 1])

            let diff = try await tool.run("diff", "1..2")
            for words in ["+ VPN red", "red: paris ↔ tokyo", "--- revision 1", "+++ revision 2", "\n+  red: {", "@@ -"] {
                #expect(diff.output.contains(words), "\(words) in \(diff.output)")
            }
            #expect(diff.status == 2 && diff.output.hasPrefix("revision 1..2 of demo: "), "\(diff.output)")
            let vni = try #require(quarters.controlPlane.current.ledger.vni(of: vpn("red")))
            #expect(diff.output.contains("\nledger\n") && diff.output.contains("\n  + vni \(vni) of red\n"), "\(diff.output)")
            #expect(try await tool.run("diff", "2..2").status == 0)
            #expect(try await tool.run("diff", "1..").output == diff.output)
            #expect(try await tool.run("diff", "1..9").errors.contains("unknown revision 9"))

            let dry = try await tool.run("rollback", "1", "--dry-run")
            #expect(dry.status == 2 && dry.output.contains("- VPN red") && quarters.controlPlane.current.number == 2, "\(dry)")
            #expect(try await tool.run("rollback", "1", "--base", "1").status == 5)
            let back = try await tool.run("rollback", "1", "-m", "enough")
            #expect(back.status == 0 && back.output.contains("revision 3 is in force"), "\(back)")
            #expect(quarters.controlPlane.current.intents.mapValues(\.vpns) == before.mapValues(\.vpns))
            #expect(try await tool.run("history").output.contains("rollback to 1"))
            #expect(try await tool.run("get", "graph", "-o", "yaml").output == Headquarters.file)
            let audit = try await tool.run("history", "--audit").output
            #expect(audit.contains("rollback") && audit.contains("done"))
            let canonical = try await tool.run("export", "--revision", "2")
            #expect(canonical.output.contains("  red:\n") && canonical.status == 0)
            #expect(try await tool.run("export", "-f", "-", input: canonical.output).output == canonical.output)
        }
    }

    @Test("single objects are made, set and deleted with the words and the errors of the file")
    func editing() async throws {
        try await Headquarters.open { quarters in
            let tool = quarters.tool
            _ = try await tool.run("apply", "-f", "-", input: Headquarters.file)
            let dry = try await tool.run("set", "vpn", "blue", "localPreference=200", "--dry-run")
            #expect(dry.status == 2 && dry.output.contains("~ VPN blue") && quarters.controlPlane.current.number == 1, "\(dry)")
            let set = try await tool.run("set", "cloud", "paris", "drain=true", "labels.region=eu", "limits.prefixes=1000")
            #expect(set.status == 0, "\(set)")
            let paris = try #require(quarters.controlPlane.current.graph?.clouds[cloud("paris")])
            #expect(paris.isDraining && paris.labels == ["region": "eu"] && paris.limits.prefixes == 1000)
            #expect(try await tool.run("set", "cloud", "paris", "drain=", "limits.prefixes=").status == 0)
            #expect(quarters.controlPlane.current.graph?.clouds[cloud("paris")]?.isDraining == false)
            #expect(try await tool.run("set", "cloud", "paris", "labels.region=eu").output.contains("nothing to change"))

            let bad = try await tool.run("set", "vpn", "blue", "vni=99999999", "policy=star")
            #expect(bad.status == 1 && bad.errors.contains("vpns.blue.vni: ") && bad.errors.contains("vpns.blue.policy"), "\(bad)")
            // There is no file, so none is cited: what was typed is.
            #expect(
                bad.errors.contains("\n    vni=99999999\n        ^~~~~~~~\n    remedy: ") && !bad.errors.contains("edited revision"),
                "\(bad.errors)")
            let dear = try await tool.run("set", "cloud", "paris", "as=65001", "labels.region=eu")
            #expect(dear.status == 0, "\(dear)")
            let taken = try await tool.run("set", "gateway", "tokyo/gw1", "routerMAC=02:00:00:00:00:77", "vtep=10.255.1.1")
            #expect(
                taken.status == 1 && taken.errors.contains("\n    vtep=10.255.1.1\n         ^~~~~~~~~~\n    remedy: ")
                    && !taken.errors.contains("line "),
                "\(taken.errors)")
            let target = try #require(quarters.controlPlane.current.ledger.routeTarget(of: vpn("blue")))
            let leak = try await tool.run(
                "create", "vpn", "leak", "attachments=[{cloud: paris, router: l}, {cloud: tokyo, router: l}]",
                "importTargets=[\"\(target)\"]")
            #expect(leak.status == 6 && leak.errors.contains("error: vpns.leak.importTargets"), "\(leak.errors)")
            #expect(leak.errors.contains("\n    importTargets=[\"\(target)\"]\n                  ^~~"), "\(leak)")
            #expect(!leak.errors.contains("edited"))
            let near = try await tool.run("set", "vpn", "blue", "localPref=3")
            #expect(near.status == 1 && near.errors.contains("localPreference"), "\(near)")
            #expect(near.errors.contains("\n    localPref=3\n    ^~~~~~~~~\n"), "the key is wrong: \(near.errors)")
            let inner = try await tool.run("set", "vpn", "blue", "policy={hub-and-spoke: {transit: [10.0.0.0/8, nowhere]}}")
            #expect(inner.errors.contains("\n    \(String(repeating: " ", count: 46))^~~~~~~\n"), "\(inner.errors)")
            #expect(try await tool.run("set", "vpn", "bleu", "vni=3").errors.contains("choose one of blue"))
            #expect(try await tool.run("delete", "vpn", "bleu").errors.hasSuffix("remedy: choose one of blue\n"))
            #expect(try await tool.run("create", "vpn", "blue").errors.contains("VPN blue already exists"))
            #expect(try await tool.run("create", "vpn", "blue").errors.contains("fedctl set vpn blue KEY=VALUE"))

            let made = try await tool.run(
                "create", "vpn", "green", "attachments=[{cloud: paris, router: green}, {cloud: tokyo, router: green}]", "-m", "green")
            #expect(made.status == 0 && made.output.contains("+ VPN green"), "\(made)")
            #expect(try await tool.run("create", "gateway", "paris/gw2", "vtep=10.255.1.2").status == 0)
            #expect(quarters.controlPlane.current.graph?[try gateway("paris/gw2")] != nil)
            #expect(try await tool.run("delete", "gateway", "paris/gw2").status == 0)
            let deleted = try await tool.run("delete", "vpn", "green")
            #expect(deleted.status == 0 && quarters.controlPlane.current.graph?.vpns.count == 1, "\(deleted)")
        }
    }

    @Test("the ledger is listed, checked, and kept from giving away what others have")
    func ledger() async throws {
        try await Headquarters.open { quarters in
            let tool = quarters.tool
            #expect(try await tool.run("alloc", "reserve", "vni", "20001", "--reason", "x").status == 1)
            _ = try await tool.run("apply", "-f", "-", input: Headquarters.file)
            let vni = try #require(quarters.controlPlane.current.ledger.vni(of: vpn("blue")))
            let list = try await tool.run("alloc", "list", "--kind", "vni")
            #expect(list.status == 0 && list.output.contains("vni   \(vni)  blue   held"), "\(list.output)")
            let check = try await tool.run("alloc", "check")
            #expect(check.status == 0 && check.output == "the ledger has no problems\n", "\(check)")
            let old = ["alloc", "reserve", "vni", "20001-20010", "--reason", "old fabric"]
            let dry = try await tool.run(old + ["--dry-run"])
            #expect(dry.status == 2 && dry.output == "vni 20001-20010 would be reserved; revision 1 stays in force\n", "\(dry)")
            #expect(quarters.controlPlane.current.number == 1)
            #expect(try await tool.run("alloc", "reserve", "vni", "\(vni)", "--reason", "x", "--dry-run").status == 1)
            #expect(try await tool.run(old + ["--base", "7"]).status == 5)
            let reserved = try await tool.run(old)
            #expect(reserved.status == 0 && reserved.output == "vni 20001-20010 is reserved; revision 2 is in force\n")
            #expect(try await tool.run("alloc", "list", "--state", "reserved").output.contains("old fabric"))
            let taken = try await tool.run("alloc", "reserve", "vni", "\(vni)", "--reason", "x")
            #expect(taken.status == 1 && taken.errors.contains("in use by blue"), "\(taken)")
            let clash = try await tool.run("apply", "-f", "-", input: Headquarters.file.replacing("blue: {", with: "blue: {vni: 20003, "))
            #expect(clash.status == 1 && clash.errors.contains("old fabric"), "\(clash)")
            let diff = try await tool.run("diff", "1..2")
            #expect(
                diff.status == 2
                    && diff.output == "revision 1..2 of demo: only the ledger changes\nledger\n  + vni 20001-20010 reserved: old fabric\n",
                "\(diff)")
            let changes = try json(try await tool.run("diff", "1..2", "-o", "json"))["ledger"] as? [[String: [String: Any]]]
            #expect(changes?.first?["after"]?["reason"] as? String == "old fabric" && changes?.first?["before"] == nil)
            let freeing = try await tool.run("alloc", "release", "vni", "20001-20010", "--dry-run", "-o", "json")
            let freed = try json(freeing)
            #expect(freeing.status == 2 && freed["changes"] as? Bool == true && freed["revision"] as? Int == 2, "\(freeing)")
            #expect(try await tool.run("alloc", "release", "vni", "20001-20010", "-m", "the old fabric is gone").status == 0)
            #expect(quarters.controlPlane.current.summary.message == "the old fabric is gone")
            #expect(try await tool.run("diff", "2..3").output.contains("\n  - vni 20001-20010 reserved: old fabric\n"))
            #expect(try await tool.run("diff", "1..3").output == "revisions 1 and 3 are identical\n")
            #expect(try await tool.run("alloc", "release", "vni", "20001-20010").status == 1)
            #expect(try await tool.run("history").output.contains("reserve"))
        }
    }

    @Test("more than fifteen clouds are drawn as a matrix; those that reach nobody are left out, and counted")
    func matrix() async throws {
        try await Headquarters.open { quarters in
            let names = (1...17).map { "cloud\($0 < 10 ? "0" : "")\($0)" }
            func file(_ members: ArraySlice<String>) -> String {
                "federation: demo\nclouds:\n"
                    + names.enumerated().map { "  \($1): {gateways: {gw1: {vtep: 10.255.\($0).1}}}\n" }.joined()
                    + "vpns:\n  blue:\n    policy: hub-and-spoke\n    attachments:\n"
                    + members.enumerated().map {
                        "      - {cloud: \($1), router: blue-router, role: \($0 == 0 ? "hub" : "spoke")}\n"
                    }.joined()
            }
            let all = try await quarters.tool.run("graph", "-o", "svg", "-f", "-", input: file(names[...]))
            #expect(XMLParser(data: Data(all.output.utf8)).parse(), "\(all)")
            #expect(all.output.contains("<title>cloud02 → cloud01: 1 VPN</title>") && all.output.contains(">cloud01 (hub)</text>"))
            #expect(!all.output.contains("<title>cloud02 → cloud03"), "spokes do not reach each other")
            #expect(all.output.contains("rows: who is reached") && !all.output.contains("<path"))
            let few = try await quarters.tool.run("graph", "-o", "svg", "-f", "-", input: file(names[..<3]))
            #expect(few.output.contains("not drawn: 14 clouds that reach nobody here") && few.output.contains("<path"), "\(few)")
            #expect(!few.output.contains("cloud04"))
        }
    }

    @Test("the federation is drawn, with the colours of its verdicts")
    func drawing() async throws {
        try await Headquarters.open { quarters in
            let tool = quarters.tool
            _ = try await tool.run("apply", "-f", "-", input: Headquarters.file)
            #expect(try await tool.run("graph", "-o", "dot").output.contains("color=\"#d98c00\""))
            try quarters.connect("paris/gw1")
            try quarters.connect("tokyo/gw1")
            let dot = try await tool.run("graph", "-o", "dot", "--vpn", "blue")
            #expect(dot.output.contains("\"paris\" -> \"tokyo\" [label=\"blue\", color=\"#1b7837\", dir=both];"), "\(dot)")
            let svg = try await tool.run("graph", "-o", "svg")
            #expect(svg.output.hasPrefix("<svg ") && svg.output.contains(">tokyo</text>"))
            #expect(XMLParser(data: Data(svg.output.utf8)).parse(), "well-formed")
            #expect(try await tool.run("graph", "--vpn", "bleu").status == 1)
            #expect(!dot.output.contains("drained") && !svg.output.contains("drained"))
            let drained = Headquarters.file.replacing("paris: {", with: "paris: {drain: true, ")
            for (form, words) in [
                ("dot", "\"paris\" [label=\"paris (drained)\", style=\"rounded,dashed\"];"), ("svg", ">paris (drained)</text>"),
                ("mermaid", "c0[\"paris (drained)\"]:::drained\n"), ("mermaid", "\n  classDef drained stroke-dasharray:5 3\n"),
            ] {
                let drawn = try await tool.run("graph", "-o", form, "-f", "-", input: drained)
                #expect(drawn.output.contains(words) && !drawn.output.contains("tokyo (drained)"), "\(drawn)")
            }
            let broken = try await tool.run("graph", "-f", "-", input: Headquarters.file.replacing("gw1", with: "-"))
            #expect(broken.status == 1 && broken.errors.hasSuffix("errors; cannot be drawn\n"), "\(broken.errors)")
        }
    }
}
