import FederationModel
import GRDB

/// What names mean, a row for each.
enum PinRows {
    static func fetch(_ db: Database) throws -> [CloudName: [AttachmentPin]] {
        var pins: [CloudName: [AttachmentPin]] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT cloud, kind, name, project, id, owner, replaces FROM pins") {
            guard let cloud = CloudName(row["cloud"] as String), let kind = AttachmentSelector.Kind(rawValue: row["kind"]) else {
                throw StoreError.damaged("invalid name of an attachment \(row)")
            }
            let project: String = row["project"]
            let selector = AttachmentSelector(kind: kind, key: .name, value: row["name"], project: project.isEmpty ? nil : project)
            pins[cloud, default: []].append(
                AttachmentPin(selector: selector, id: row["id"], project: row["owner"], replaces: row["replaces"]))
        }
        return pins.mapValues { $0.sorted() }
    }

    static func save(_ pin: AttachmentPin, of cloud: CloudName, _ db: Database) throws {
        let selector = pin.selector
        try db.execute(
            sql: """
                INSERT INTO pins (cloud, kind, name, project, id, owner, replaces) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (cloud, kind, name, project)
                DO UPDATE SET id = excluded.id, owner = excluded.owner, replaces = excluded.replaces
                """,
            arguments: [
                cloud.text, selector.kind.rawValue, selector.value, selector.project ?? "", pin.id, pin.project, pin.replaces,
            ])
    }

    static func delete(_ selector: AttachmentSelector, of cloud: CloudName, _ db: Database) throws {
        try db.execute(
            sql: "DELETE FROM pins WHERE cloud = ? AND kind = ? AND name = ? AND project = ?",
            arguments: [cloud.text, selector.kind.rawValue, selector.value, selector.project ?? ""])
    }
}
