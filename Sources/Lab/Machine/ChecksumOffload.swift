import Glibc

/// Turns transmit checksum offload of an interface off, as `ethtool -K NAME tx off` does.
///
/// Frames that OVS's userspace datapath takes from a veth have no checksum yet where offload is on: TCP gets stuck.
/// Must run on a thread that is in the interface's namespace.
func turnOffTransmitChecksums(of interface: String) throws {
    let socket = try Descriptor(socket: AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    var value: (UInt32, UInt32) = (0x17, 0)  // struct ethtool_value { ETHTOOL_STXCSUM, 0 } of <linux/ethtool.h>
    var request = [UInt8](repeating: 0, count: 40)  // struct ifreq: the name, then a pointer
    let result = withUnsafeMutablePointer(to: &value) { value in
        request.withUnsafeMutableBytes {
            $0.copyBytes(from: Array(interface.utf8.prefix(15)))
            $0.storeBytes(of: UInt(bitPattern: value), toByteOffset: 16, as: UInt.self)
            return ioctl(socket.number, 0x8946, $0.baseAddress!)  // SIOCETHTOOL
        }
    }
    guard result == 0 else { throw LabError("cannot turn checksum offload of \(interface) off: \(errnoText)") }
}
