import FederationModel

/// What a name means, where any tenant may give his things any name. Pure.
///
/// A name means one thing: the first that bore it when it was looked for, and that thing by its id from then on. Others that bear it later
/// change nothing. When the thing is gone, one of the same project takes its place, and no other. An admin may have it looked for anew.
package struct Naming: Hashable, Sendable {
    /// A thing of the selector's kind.
    package struct Candidate: Hashable, Sendable {
        package var id: String
        /// Nil where OVN does not tell.
        package var project: String?
        /// It is, or is behind, a router with a gateway port.
        package var hasWayOut: Bool

        package init(id: String, project: String?, hasWayOut: Bool) {
            self.id = id
            self.project = project
            self.hasWayOut = hasWayOut
        }
    }

    package enum Outcome: Hashable, Sendable {
        /// This one.
        case found(id: String)
        /// Nothing bears the name (in its project).
        case none
        /// Several bear it, and none was meant before. Sorted, two at least.
        case ambiguous([String])
        /// What was meant is gone, and what bears the name now is not known to be of its project: it is not taken. Sorted.
        case gone(AttachmentPin, others: [String])
    }

    package var outcome: Outcome
    /// What to remember from now on.
    package var pin: AttachmentPin?
    /// Others that bear the name and might be taken for it, sorted. They change nothing.
    package var namesakes: [String] = []

    /// - Parameters:
    ///   - selector: by name.
    ///   - pin: what it meant until now.
    ///   - pinned: the thing that it meant, where that is still there, whatever it is called by now.
    ///   - named: all things of the kind that bear the name.
    package init(_ selector: AttachmentSelector, pin: AttachmentPin?, pinned: Candidate?, named: [Candidate]) {
        let open = pin?.isOpen == true ? pin : nil
        let named = named.sorted { $0.id < $1.id }
        if let pin, let pinned {
            outcome = .found(id: pin.id)
            self.pin = pin
            self.pin?.project = pin.project ?? pinned.project
            // In another project the same name is another name.
            namesakes = named.filter { $0.id != pin.id && selector.mayMean($0) }.map(\.id)
            return
        }
        let able = named.filter(\.hasWayOut)
        if let pin, open == nil {
            self.pin = pin
            let project = selector.project ?? pin.project
            let heirs = able.filter { project != nil && $0.project == project }
            if heirs.count > 1 {
                outcome = .ambiguous(heirs.map(\.id))
            } else if let heir = heirs.first {
                outcome = .found(id: heir.id)
                self.pin = AttachmentPin(selector: selector, id: heir.id, project: heir.project, replaces: pin.id)
                namesakes = named.filter { $0.id != heir.id && selector.mayMean($0) }.map(\.id)
            } else {
                outcome = named.isEmpty ? .none : .gone(pin, others: named.map(\.id))
            }
            return
        }
        self.pin = open
        let meant = named.filter { selector.project == nil || $0.project == selector.project }
        // Looked for anew, one without way out is one of several too: it may be the right one, and the other a stranger's.
        let first = open == nil ? meant.filter(\.hasWayOut) : meant
        if first.count > 1 {
            outcome = .ambiguous(first.map(\.id))
        } else if let one = first.first, one.hasWayOut {
            outcome = .found(id: one.id)
            self.pin = AttachmentPin(selector: selector, id: one.id, project: one.project, replaces: open?.id)
            namesakes = named.filter { $0.id != one.id && selector.mayMean($0) }.map(\.id)
        } else if meant.count == 1, let one = meant.first {
            // It has no way out yet, so that nothing of it is served and it is not held to.
            outcome = .found(id: one.id)
        } else {
            outcome = .none
        }
    }
}

extension AttachmentSelector {
    /// Whether a thing of this name could be taken for what is meant.
    fileprivate func mayMean(_ candidate: Naming.Candidate) -> Bool {
        project == nil || candidate.project == nil || candidate.project == project
    }
}
