// The one outbound HTTP client: jwks_uri, request_uri, sector_identifier_uri, logout tokens and everything later that calls
// an address somebody else has named (SECURITY-LESSONS 20).
import { lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

export class OutboundRefused extends Error {
  constructor(host: string) {
    super(`${host} is not a public address; an operator can allow it with DOORWARD_OUTBOUND_ALLOW`);
    this.name = 'OutboundRefused';
  }
}

const CONNECT_WITHIN_MS = 2_500;
const ANSWER_WITHIN_MS = 5_000;
const LARGEST_ANSWER_BYTES = 1_000_000;

export type OutboundFetch = typeof globalThis.fetch;

/**
 * fetch() that reaches public addresses alone, unless allowed: the check is made on the very address that is connected to, so
 * that a name cannot resolve to one thing for the check and another for the connection. Redirects are not followed.
 */
export function createOutboundFetch(allowed: readonly string[]): { fetch: OutboundFetch; close: () => Promise<void> } {
  const isAllowed = allowList(allowed);
  const guardedLookup: LookupFunction = (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const usable = addresses.filter(({ address }) => isAllowed(host, address));
      const [first] = usable;
      if (first === undefined) return callback(new OutboundRefused(host), '', 0);
      if (options.all) callback(null, usable as never);
      else callback(null, first.address, first.family);
    });
  };
  let opened: Promise<Client> | undefined;

  const fetch = async (input: string | URL | Request, init: RequestInit = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    // No look-up happens for an address that is written out.
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    if (ipaddr.isValid(literal) && !isAllowed(literal, literal)) throw new OutboundRefused(url.host);
    const { dispatcher: _, ...rest } = init as RequestInit & { dispatcher?: unknown };
    const signal = rest.signal ?? AbortSignal.timeout(ANSWER_WITHIN_MS);
    opened ??= openClient(guardedLookup);
    const { fetch: send, agent } = await opened;
    return send(url, { ...rest, signal, redirect: 'manual', dispatcher: agent } as never);
  };
  return { fetch: fetch as unknown as OutboundFetch, close: async () => (await opened)?.agent.close() };
}

type Client = Awaited<ReturnType<typeof openClient>>;

/** Only when something is to be fetched: many a server never does, and the library takes megabytes. */
async function openClient(lookup: LookupFunction) {
  const { Agent, fetch } = await import('undici');
  const agent = new Agent({
    connect: { lookup, timeout: CONNECT_WITHIN_MS },
    headersTimeout: ANSWER_WITHIN_MS,
    bodyTimeout: ANSWER_WITHIN_MS,
    maxResponseSize: LARGEST_ANSWER_BYTES,
    keepAliveTimeout: 1_000,
  });
  return { fetch, agent };
}

function allowList(entries: readonly string[]): (host: string, address: string) => boolean {
  const names = new Set(entries.map((entry) => entry.toLowerCase()));
  const ranges = entries.filter((entry) => ipaddr.isValidCIDR(entry)).map((entry) => ipaddr.parseCIDR(entry));
  return (host, text) => {
    const address = ipaddr.process(text.replace(/%.*$/, ''));
    if (address.range() === 'unicast' && !isTunnelled(address)) return true;
    if (names.has(host.toLowerCase()) || names.has(address.toString())) return true;
    return ranges.some(
      ([network, bits]) => network.kind() === address.kind() && address.match([network, bits] as never),
    );
  };
}

/** NAT64 and the like carry an IPv4 address inside that may be a private one; so did "IPv4-compatible" ones (RFC 4291 §2.5.5.1). */
function isTunnelled(address: ReturnType<typeof ipaddr.process>): boolean {
  if (['rfc6145', 'rfc6052', '6to4', 'teredo'].includes(address.range())) return true;
  return address.kind() === 'ipv6' && address.match(ipaddr.parseCIDR('::/96') as never);
}
