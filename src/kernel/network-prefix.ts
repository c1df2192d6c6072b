import ipaddr from 'ipaddr.js';

/** The network an address belongs to for limits: the /64 of IPv6, the address itself for IPv4. */
export function networkPrefix(address: string): string {
  return ipaddr.IPv6.isValid(address) ? networkOf(ipaddr.IPv6, address, 64) : address;
}

/** What one customer of a provider can hold at most: the /48 of IPv6 (RFC 6177), the /24 of IPv4. */
export function widePrefix(address: string): string {
  const [bare = address] = address.split('/');
  if (ipaddr.IPv6.isValid(bare)) return networkOf(ipaddr.IPv6, bare, 48);
  return ipaddr.IPv4.isValidFourPartDecimal(bare) ? networkOf(ipaddr.IPv4, bare, 24) : bare;
}

type Family = { networkAddressFromCIDR(cidr: string): { toString(): string } };

const networkOf = (family: Family, address: string, bits: number): string =>
  `${family.networkAddressFromCIDR(`${address}/${bits}`).toString()}/${bits}`;
