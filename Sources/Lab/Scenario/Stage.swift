/// One line of a run: something that is done or must hold, made of steps that follow each other.
package struct Stage: Hashable, Sendable {
    package var name: String
    package var steps: [Step]
    /// Where it stands in `lab.yaml`.
    package var line: Int
}

/// What a stage is made of; the words of `lab.yaml` are those in backticks.
package indirect enum Step: Hashable, Sendable {
    /// `verify`: `fedctl verify` must come to this within a time, and say these words.
    case verify(Verify)
    /// `pings`: all machines of a tenant reach those of the other clouds, over each family, both ways.
    case pings(Pings)
    /// `isolated`: machines of one tenant never reach those of another, though addresses are equal: counted at the receiver.
    case isolated(from: String, to: String)
    /// `reaches`: each machine of a group reaches each of others that are behind other routers, over each family.
    case reaches(from: MachineGroup, to: [MachineGroup])
    /// `unreachable`: machines of a group reach nothing of others that are behind other routers: counted at the receiver.
    case unreachable(from: MachineGroup, to: [MachineGroup])
    /// `internet`: machines of a tenant reach the stand-in, which sees the router's address; peers see the machine's own.
    case internet(from: String)
    /// `run`: a command in a host; pings may run meanwhile.
    case run(Run)
    /// `fedctl`: a fedctl command, its output shown on request; pings may run meanwhile.
    case fedctl(Fedctl)
    /// `kill`, `stop`, `freeze`, `database`, `harm`: something breaks and is mended again, while pings run and routes are watched.
    case outage(Outage)
    /// `save-database`: a copy of one of OVN's databases, for `database: {becomes: restored}`.
    case saveDatabase(DatabasePlace)
    /// `drift`: something of the agent's is removed by hand; it must be back in time, and reported.
    case drift(Drift)
    /// `idle`: for some time nothing is written while reconciles go on.
    case idle(seconds: Int)
    /// `churn`: ports, moves, kills and damage drawn by lot, for seconds; then nothing is missing, too much, or grown.
    case churn(seed: UInt64, seconds: Int)
    /// `move-gateway`: a router's gateway port goes to another node in one update.
    case moveGateway(MoveGateway)
    /// `namesake`: a tenant makes an empty router with the name of another's: it changes nothing and is reported; then it goes.
    case namesake(Namesake)
    /// `recreate-router`: a router is deleted, and a project makes another of its name in its place.
    case recreateRouter(RecreateRouter)

    package struct Verify: Hashable, Sendable {
        package var expect: Expectation
        package var within: Int
        package var mentions: [String]
        /// Seconds for which the answer must not change; 0: the first that fits will do. While BGP converges, answers follow each other.
        package var settled = 0
        package var show: Bool

        /// fedctl's exit codes 0, 3, 4 and 7.
        package enum Expectation: String, Hashable, Sendable, CaseIterable {
            case ok, failed, unknown
            /// Isolation is violated, whatever else failed.
            case leaking

            package var exitStatus: Int32 {
                switch self {
                case .ok: 0
                case .failed: 3
                case .unknown: 4
                case .leaking: 7
                }
            }
        }
    }

    package struct Pings: Hashable, Sendable {
        package var among: String
        package var count: Int
        /// Milliseconds between two requests of one pair.
        package var interval: Int
    }

    package struct Run: Hashable, Sendable {
        package var on: String
        package var command: String
        package var status: Int32
        package var prints: String?
        /// As with `fedctl`.
        package var pinging: Pinging?
    }

    package struct Fedctl: Hashable, Sendable {
        package var arguments: [String]
        package var status: Int32
        package var show: Bool
        /// Runs from a second before the command to two seconds after it; nil: nothing.
        package var pinging: Pinging?
    }

    /// Pings in the background of something: one machine of each cloud to one of each other, over each family.
    package struct Pinging: Hashable, Sendable {
        /// The tenant whose machines they are.
        package var project: String
        /// Milliseconds between two requests of one pair.
        package var interval: Int
        /// Requests that may be lost at most; nil: any number.
        package var lost: Int?
    }

    package struct Drift: Hashable, Sendable {
        package var on: String
        /// Does the damage.
        package var damage: String
        /// Succeeds only while things are as they should be.
        package var whole: String
        package var within: Int
        /// What `fedctl get agents -o json` must hold afterwards; nil: not looked at.
        package var reported: String?
    }

    package struct Namesake: Hashable, Sendable {
        package var cloud: String
        package var router: String
        /// Who makes the other one; no tenant of the scenario needs to be it.
        package var project: String
        package var hasGateway: Bool
        /// Killed and started again while the other one is there.
        package var restart: Victim?
        package var pinging: Pinging
    }

    package struct RecreateRouter: Hashable, Sendable {
        package var cloud: String
        package var router: String
        /// Who makes the new one.
        package var project: String
        /// Of `lab.yaml`: each has ids of its own.
        package var line: Int
    }

    package struct MoveGateway: Hashable, Sendable {
        package var cloud: String
        package var router: String
        package var to: String
        /// Milliseconds from the binding's change to the last route in the other clouds.
        package var within: Int
    }
}
