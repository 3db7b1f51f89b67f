import FederationModel
import Foundation
import Verification

/// A federation as it was judged at one moment, in a file: whoever has it gets the same verdicts, without the coordinator.
///
/// It is a JSON document with sorted keys. It holds names, addresses and routes of tenants; no key, password or certificate is among the inputs.
package struct VerificationBundle: Hashable, Sendable, Codable {
    /// Of the document.
    package static let format = 1
    /// In bytes; larger ones are not read.
    package static let sizeLimit = 1 << 30

    package var format: Int
    package var federation: FederationID
    package var revision: UInt64
    package var inputs: VerificationInputs

    package init(federation: FederationID, revision: UInt64, inputs: VerificationInputs) {
        format = Self.format
        self.federation = federation
        self.revision = revision
        self.inputs = inputs
    }

    package func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    /// - Throws: `VerificationBundleError`
    package init(reading data: Data) throws(VerificationBundleError) {
        struct Head: Decodable {
            var format: Int
        }
        guard data.count <= Self.sizeLimit else { throw .tooLarge(data.count) }
        let head: Head
        do {
            head = try JSONDecoder().decode(Head.self, from: data)
        } catch {
            throw .notABundle
        }
        guard head.format == Self.format else { throw .otherFormat(head.format) }
        do {
            self = try JSONDecoder().decode(Self.self, from: data)
        } catch let error as DecodingError {
            throw .damaged(Self.place(error))
        } catch {
            throw .damaged("")
        }
    }

    /// Where a document is wrong: `inputs.intents.paris/gw1.base.vtep`.
    private static func place(_ error: DecodingError) -> String {
        let path =
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context), .dataCorrupted(let context):
                context.codingPath
            @unknown default: [] as [any CodingKey]
            }
        return path.map(\.stringValue).joined(separator: ".")
    }
}

package enum VerificationBundleError: Error, Hashable, Sendable {
    case tooLarge(Int)
    case notABundle
    case otherFormat(Int)
    /// The place in the document.
    case damaged(String)

    package var reason: String {
        switch self {
        case .tooLarge(let bytes): "\(bytes) bytes are too many"
        case .notABundle: "it is no bundle of a verification"
        case .otherFormat(let format): "it has format \(format), and this fedctl reads \(VerificationBundle.format)"
        case .damaged(let place): "it is damaged" + (place.isEmpty ? "" : " at \(place)")
        }
    }

    package var remedy: String {
        switch self {
        case .otherFormat: "use the fedctl of the coordinator that it came from"
        case .tooLarge, .notABundle, .damaged: "make it again: fedctl bundle FILE"
        }
    }
}
