import { systemActor } from '../../kernel/actor.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import { findDomainsToCheck, keepDomainCheck, type LookUpTxt } from './check-domain.ts';
import { recordNameOf } from './organization-domains.ts';

const BATCH = 20;
const EACH_MS = 24 * 60 * 60 * 1000;

export type RecheckParts = { readonly read: Reader; readonly transact: Transact; readonly lookUpTxt: LookUpTxt };

/** Looks at confirmed domains once a day, a bounded number at once. Answers whether there may be more. */
export async function recheckDomains({ read, transact, lookUpTxt }: RecheckParts, now: Date): Promise<boolean> {
  const due = await findDomainsToCheck(read, { checkedUntil: new Date(now.getTime() - EACH_MS), limit: BATCH });
  await Promise.all(
    due.map(async ({ id, organizationId, domain }) => {
      const answer = await lookUpTxt(recordNameOf(domain));
      await transact(systemActor('check-domains'), (tx) => keepDomainCheck(tx, { id, organizationId, answer })).catch(
        (error: unknown) => {
          // Somebody removed it meanwhile.
          if (!(error instanceof DomainError)) throw error;
        },
      );
    }),
  );
  return due.length === BATCH;
}
