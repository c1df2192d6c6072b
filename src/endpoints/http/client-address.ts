import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import { isLoopbackHost } from '../../config/is-loopback-host.ts';

type Range = ReturnType<typeof ipaddr.parseCIDR>;

/**
 * Makes the facts a proxy adds trustworthy before anything reads them (SECURITY-LESSONS 27, 29):
 * X-Forwarded-For counts only when the peer is a configured proxy, and only up to the first hop that is not one; scheme and
 * host are always the issuer's, whatever Host, Forwarded or X-Forwarded-* say.
 */
export function createRequestNormalizer({
  issuer,
  trustProxy,
}: {
  issuer: string;
  trustProxy: readonly string[];
}): (req: IncomingMessage) => void {
  const { protocol, host } = new URL(issuer);
  const scheme = protocol.slice(0, -1);
  const ranges = trustProxy.map(parseRange);
  const isTrusted = (address: string): boolean => ranges.length > 0 && isWithin(address, ranges);

  return (req) => {
    const { address: peer, isLoopback } = peerOf(req.socket);
    const claimed = isTrusted(peer) ? req.headers['x-forwarded-for'] : undefined;
    const address = claimed === undefined ? peer : firstUntrusted(String(claimed), peer, isTrusted);
    if (!isTrusted(peer)) delete req.headers['x-ssl-client-cert'];
    let isPassedOn = req.headers.via !== undefined;
    for (const name of Object.keys(req.headers)) {
      if (!name.startsWith('x-forwarded-') && name !== 'forwarded' && name !== 'x-real-ip') continue;
      delete req.headers[name];
      isPassedOn = true;
    }
    if (!isPassedOn && isLoopback) unpassedHosts.set(req, req.headers.host ?? '');
    req.headers['x-forwarded-for'] = address;
    req.headers['x-forwarded-proto'] = scheme;
    req.headers['x-forwarded-host'] = host;
    req.headers.host = host;
  };
}

/** The Host of requests that came straight from a loopback address, before it became the issuer's. */
const unpassedHosts = new WeakMap<IncomingMessage, string>();

/**
 * A program on this machine asks by itself: nothing says that a proxy beside us passed it on, and it calls us by a loopback
 * name, which a proxy that keeps the Host and a page of another name in a browser here (DNS rebinding) do not.
 */
export function isFromThisMachine(req: IncomingMessage): boolean {
  const host = unpassedHosts.get(req);
  return host !== undefined && isLoopbackHost(host.replace(/:\d+$/, ''));
}

type Peer = { readonly address: string; readonly isLoopback: boolean };
const peers = new WeakMap<Socket, Peer>();

/** A connection has one peer, however many requests it carries. */
function peerOf(socket: Socket): Peer {
  const known = peers.get(socket);
  if (known) return known;
  const address = canonicalAddress(socket.remoteAddress ?? '') ?? '0.0.0.0';
  const peer = { address, isLoopback: isLoopbackHost(address) };
  peers.set(socket, peer);
  return peer;
}

function firstUntrusted(header: string, peer: string, isTrusted: (address: string) => boolean): string {
  let nearest = peer;
  for (const hop of header.split(',').reverse()) {
    const address = canonicalAddress(hop.trim());
    if (address === undefined) return nearest;
    nearest = address;
    if (!isTrusted(address)) return address;
  }
  return nearest;
}

/** One spelling per address: IPv4-mapped IPv6 becomes IPv4, IPv6 is compressed, zone and port are dropped. */
export function canonicalAddress(text: string): string | undefined {
  const bare = text
    .replace(/%.*$/, '')
    .replace(/^\[(.*)\](:\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
  // Four-part decimal only: inet_aton's octal, hexadecimal and short forms are not addresses here.
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return ipaddr.IPv4.parse(bare).toString();
  return ipaddr.IPv6.isValid(bare) ? ipaddr.process(bare).toString() : undefined;
}

function parseRange(text: string): Range {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128] as Range;
}

function isWithin(text: string, ranges: readonly Range[]): boolean {
  const address = ipaddr.process(text);
  return ranges.some(([network, bits]) => address.kind() === network.kind() && address.match([network, bits] as Range));
}
