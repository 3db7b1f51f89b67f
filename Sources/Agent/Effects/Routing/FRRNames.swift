import FRR

// A neighbour as the voice knows it, apart from the law's peer of the same name.
typealias FRRPeer = EVPNPeer
