import { Resolver } from 'node:dns/promises';
import type { LookUpTxt } from '../domain/organizations/check-domain.ts';

const EACH_MS = 2_000;
const TRIES = 2;
const DEADLINE_MS = 8_000;
/** RFC 2308: there is no such name, or no such record of it. */
const ABSENT = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * Asks the given name servers, or the system's, for a TXT record. Whatever they answer, or do not, it ends within seconds, and an
 * answer is at most the 64 KB that a DNS message holds.
 */
export function createTxtLookup({ servers }: { readonly servers: readonly string[] }): LookUpTxt {
  return async (name) => {
    // One for each question: no answer of before is remembered, and cancelling ends no other.
    const resolver = new Resolver({ timeout: EACH_MS, tries: TRIES });
    if (servers.length > 0) resolver.setServers(servers);
    const timer = setTimeout(() => resolver.cancel(), DEADLINE_MS);
    try {
      const records = await resolver.resolveTxt(name);
      if (records.length === 0) return { kind: 'no_record' };
      return { kind: 'answered', values: records.map((parts) => parts.join('')) };
    } catch (error) {
      return { kind: isAbsent(error) ? 'no_record' : 'no_answer' };
    } finally {
      clearTimeout(timer);
    }
  };
}

// Not `instanceof Error`: Node's own errors come from another realm where modules run in a vm context.
const isAbsent = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && ABSENT.has(String(error.code));
