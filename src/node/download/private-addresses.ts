import { BlockList, isIP } from 'node:net'

/**
 * Whether an IP address is of this machine, of a private network or of none (RFC 6890): where a link from elsewhere has
 * no business. IPv6 addresses that stand for such IPv4 ones are, too.
 */
export function isPrivateAddress(address: string): boolean {
  const version = isIP(address)
  return version !== 0 && privateAddresses.check(address, version === 6 ? 'ipv6' : 'ipv4')
}

/** IPv4-mapped addresses (`::ffff:10.0.0.1`) are checked as what they map by Node itself. */
const privateAddresses = new BlockList()

for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  privateAddresses.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
  // Through NAT64 (RFC 6052): 10/8, 127/8, 169.254/16, 172.16/12 and 192.168/16.
  ['64:ff9b::a00:0', 104],
  ['64:ff9b::7f00:0', 104],
  ['64:ff9b::a9fe:0', 112],
  ['64:ff9b::ac10:0', 108],
  ['64:ff9b::c0a8:0', 112],
] as const) {
  privateAddresses.addSubnet(network, prefix, 'ipv6')
}
