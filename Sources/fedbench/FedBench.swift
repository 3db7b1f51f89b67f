@main struct FedBench { static func main() {} }
