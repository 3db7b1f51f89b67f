/// Encodes into a `JSONValue`. Floating-point numbers are refused: nothing here has any.
struct CanonicalEncoder: Encoder, SingleValueEncodingContainer {
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }
    private let value: JSONValue

    init(_ value: JSONValue, codingPath: [any CodingKey]) {
        self.value = value
        self.codingPath = codingPath
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .empty = value.content { value.content = .object([:]) }
        return KeyedEncodingContainer(CanonicalKeyed<Key>(value: value, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .empty = value.content { value.content = .array([]) }
        return CanonicalUnkeyed(value: value, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    func encodeNil() { value.content = .scalar("null") }
    func encode(_ bool: Bool) { value.content = .scalar(bool ? "true" : "false") }
    func encode(_ string: String) { value.content = .scalar(JSONValue.quoted(string)) }
    func encode(_ number: Double) throws { throw refusal(number) }
    func encode(_ number: Float) throws { throw refusal(number) }
    func encode<T: Encodable>(_ other: T) throws {
        value.content =
            if let number = other as? any FixedWidthInteger { .scalar("\(number)") } else { try JSONValue(encoding: other).content }
    }

    private func refusal(_ number: some FloatingPoint) -> EncodingError {
        .invalidValue(number, .init(codingPath: codingPath, debugDescription: "a floating-point number has no one spelling"))
    }
}

private struct CanonicalKeyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let value: JSONValue
    let codingPath: [any CodingKey]

    private func put(_ member: JSONValue, _ key: any CodingKey) {
        guard case .object(var members) = value.content else { return }
        value.content = .empty
        members[key.stringValue] = member
        value.content = .object(members)
    }

    private func place(_ key: any CodingKey) -> CanonicalEncoder {
        let member = JSONValue()
        put(member, key)
        return CanonicalEncoder(member, codingPath: codingPath + [key])
    }

    func encodeNil(forKey key: Key) { put(JSONValue(.scalar("null")), key) }
    func encode<T: Encodable>(_ other: T, forKey key: Key) throws {
        let member = JSONValue()
        try CanonicalEncoder(member, codingPath: codingPath + [key]).encode(other)
        put(member, key)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
        place(key).container(keyedBy: type)
    }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { place(key).unkeyedContainer() }
    func superEncoder() -> any Encoder { place(SuperKey()) }
    func superEncoder(forKey key: Key) -> any Encoder { place(key) }
}

private struct CanonicalUnkeyed: UnkeyedEncodingContainer {
    let value: JSONValue
    let codingPath: [any CodingKey]
    private(set) var count = 0

    init(value: JSONValue, codingPath: [any CodingKey]) {
        self.value = value
        self.codingPath = codingPath
    }

    private mutating func put(_ member: JSONValue) {
        guard case .array(var members) = value.content else { return }
        value.content = .empty
        members.append(member)
        value.content = .array(members)
        count += 1
    }

    private mutating func place() -> CanonicalEncoder {
        let member = JSONValue()
        put(member)
        return CanonicalEncoder(member, codingPath: codingPath)
    }

    mutating func encodeNil() { put(JSONValue(.scalar("null"))) }
    mutating func encode<T: Encodable>(_ other: T) throws {
        let member = JSONValue()
        try CanonicalEncoder(member, codingPath: codingPath).encode(other)
        put(member)
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        place().container(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { place().unkeyedContainer() }
    mutating func superEncoder() -> any Encoder { place() }
}

private struct SuperKey: CodingKey {
    var stringValue: String { "super" }
    var intValue: Int? { nil }
    init() {}
    init?(stringValue: String) { nil }
    init?(intValue: Int) { nil }
}
