import ArgumentParser
import FederationFile
import FederationModel
import FederationViews
import Terminal

/// What is edited: `vpn blue`, `cloud paris`, `gateway paris/gw1`.
struct ObjectArguments: ParsableArguments {
    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case cloud, gateway, vpn

        /// Singular and plural alike.
        init?(argument: String) { self.init(rawValue: argument.hasSuffix("s") ? String(argument.dropLast()) : argument) }
    }

    @Argument(help: "cloud, gateway or vpn.")
    var kind: Kind

    @Argument(help: "Its name; for a gateway CLOUD/NODE.")
    var name: String

    func object() throws -> GraphObject {
        switch kind {
        case .cloud: .cloud(try reading(name))
        case .gateway: .gateway(try reading(name))
        case .vpn: .vpn(try reading(name))
        }
    }

    func validate() throws { _ = try object() }
}

struct SetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Sets keys of one cloud, gateway or VPN, without a federation file.",
        discussion: """
            Keys and values are those of the federation file, values in YAML; KEY= without a value removes the key. The plan is shown, \
            and the canonical file is applied on the edited revision; comments of the current file are lost (“fedctl export”). \
            At a terminal you are asked if a tenant would lose something or a BGP session would reset; --yes skips the question.

            EXAMPLES
              fedctl set vpn blue localPreference=200
              fedctl set vpn blue 'policy={hub-and-spoke: {transit: [10.0.0.0/8]}}' labels.tier=gold
              fedctl set cloud paris drain=true --wait 30
              fedctl set cloud paris limits.prefixes=

            EXIT STATUS
            \(ExitStatus.edit)
            """)

    @OptionGroup var target: ObjectArguments
    @Argument(help: ArgumentHelp("KEY=VALUE, as in the federation file.", valueName: "key=value"), transform: reading)
    var settings: [Assignment]

    @OptionGroup var editing: EditOptions

    func run() async throws {
        let object = try target.object()
        try await editing.run(Edit(object: object, settings: settings)) { graph throws(EditError) in try graph.setting(settings, of: object)
        }
    }
}

struct CreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Creates a cloud, gateway or VPN, without a federation file.",
        discussion: """
            Keys and values are those of the federation file, as with “fedctl set”; its help also explains when you are asked.

            EXAMPLES
              fedctl create vpn green 'attachments=[{cloud: paris, router: {id: ff280341-e267-4bec-9028-aca2799247be}}]'
              fedctl create cloud kyoto as=65003 'gateways={gw1: {vtep: 10.255.3.1}}'
              fedctl create gateway paris/gw2 vtep=10.255.1.2

            EXIT STATUS
            \(ExitStatus.edit)
            """)

    @OptionGroup var target: ObjectArguments
    @Argument(help: ArgumentHelp("KEY=VALUE, as in the federation file.", valueName: "key=value"), transform: reading)
    var settings: [Assignment] = []

    @OptionGroup var editing: EditOptions

    func run() async throws {
        let object = try target.object()
        try await editing.run(Edit(object: object, settings: settings)) { graph throws(EditError) in
            try graph.setting(settings, of: object, creating: true)
        }
    }
}

struct DeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Deletes a cloud, gateway or VPN, without a federation file.",
        discussion: """
            Deleting a cloud deletes its attachments. At a terminal you are asked first; --yes skips the question.

            EXAMPLES
              fedctl delete vpn blue --dry-run
              fedctl delete vpn blue --yes-remove 12

            EXIT STATUS
            \(ExitStatus.edit)
            """)

    @OptionGroup var target: ObjectArguments
    @OptionGroup var editing: EditOptions

    func run() async throws {
        let object = try target.object()
        try await editing.run(Edit(object: object, settings: []), asking: .forPrograms) { graph throws(EditError) in
            try graph.deleting(object)
        }
    }
}

/// How an edit is made: read what is in force, edit it, apply it on what was read.
struct EditOptions: ParsableArguments {
    @Flag(help: "Show what would change; change nothing.")
    var dryRun = false

    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    /// - Parameter asking: when somebody is asked at a terminal.
    func run(
        _ edit: Edit, asking: ChangeWorkflow.Asking = .ifTakesAway,
        _ body: @escaping @Sendable (FederationGraph) throws(EditError) -> FederationGraph
    ) async throws {
        let console = Console.current()
        try await connection.connected { coordinator in
            let applied = try await coordinator.graph()
            let edited: FederationGraph
            do throws(EditError) {
                edited = try body(try applied.editable())
            } catch {
                console.complain(edit.page(error))
                return try ExitStatus.error.end()
            }
            // The canonical text of an unedited graph would be a change of the file.
            let text = edited == applied.graph ? applied.text : FederationYAML.write(edited)
            let file = FederationText(fileName: "", text: text, edit: edit)
            let making = ChangeWorkflow(coordinator: coordinator, console: console, output: output, change: change, asking: asking)
            if dryRun { return try await making.rehearse(file, base: applied.revision) }
            try await making.apply(file, base: applied.revision)
        }
    }
}

extension AppliedGraph {
    fileprivate func editable() throws(EditError) -> FederationGraph {
        guard let graph else { throw EditError("no federation file is applied yet", remedy: "fedctl apply -f FILE") }
        return graph
    }
}

extension ExitStatus {
    fileprivate static var edit: String {
        manual(
            .ok, .error, .changesPending, .conflict, .leak, .usage,
            words: [
                .ok: "done, or nothing to change", .error: "refused: a value or the plan has errors",
                .changesPending: "--dry-run: there are changes; --wait: not all agents applied in time",
            ])
    }
}
