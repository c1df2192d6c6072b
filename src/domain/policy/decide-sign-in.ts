import { trustedSince, wasTrusted } from '../authentication/trusted-devices.ts';
import { ACCOUNT_CLIENT_ID } from '../clients/account-client.ts';
import { findSecondFactors } from '../credentials/second-factors.ts';
import {
  evaluatePolicies,
  type Missing,
  missingOf,
  type PolicyReading,
  type SignedIn,
  UNRESTRICTED,
  type Verdict,
} from './evaluate-policies.ts';
import { type Concerned, type FactParts, findFacts } from './find-facts.ts';
import { findOutstanding, NOTHING_OUTSTANDING, type Outstanding } from './outstanding.ts';
import type { PolicyLookup } from './policy-lookup.ts';
import type { Risk } from './sign-in-risk.ts';

export type SignInToDecide = Concerned & { readonly userId: string };

export type Decision = {
  readonly verdict: Verdict;
  readonly missing: readonly Missing[];
  readonly outstanding: Outstanding;
  /** Undefined where no rule asks for it, or it is not known. */
  readonly risk: Risk | undefined;
  readonly readings: readonly PolicyReading[];
};

export type DecideSignIn = (signIn: SignInToDecide) => Promise<Decision>;

const NOTHING: Decision = {
  verdict: UNRESTRICTED,
  missing: [],
  outstanding: NOTHING_OUTSTANDING,
  risk: undefined,
  readings: [],
};

export type DecideParts = FactParts & { readonly policies: PolicyLookup };

/**
 * What the policies say of one sign-in, and what it lacks. The one place where every way of signing in, an existing session and a
 * refresh are judged. Without policies nothing is asked of the database; with them, only what a rule asks for.
 */
export function createDecideSignIn(parts: DecideParts): DecideSignIn {
  return async (signIn) => {
    const policies = await parts.policies.all();
    if (policies.length === 0) return NOTHING;
    const { risk, ...facts } = await findFacts(parts, signIn, policies);
    const { verdict, readings } = evaluatePolicies(policies, { ...facts, risk: risk?.level });
    const signedIn: SignedIn = {
      amr: signIn.signedIn?.amr ?? [],
      secondsAgo: facts.signedInSecondsAgo ?? 0,
      unusedSeconds: unusedSeconds(signIn, parts.clock.now()),
    };
    const remembered = await withoutOldTrust(parts, signIn, verdict);
    const asked = await withinReach(parts, signIn, remembered, signedIn);
    const outstanding = await findOutstanding(parts.read, signIn.userId, asked);
    const missing = [
      ...missingOf(asked, signedIn),
      ...(outstanding.terms.length > 0 ? (['terms'] as const) : []),
      ...(outstanding.attributes.length > 0 ? (['attributes'] as const) : []),
    ];
    return { verdict: asked, missing, outstanding, risk, readings };
  };
}

/**
 * At the pages where factors are set up, who has none gives what they have: otherwise nobody could ever get one. Everywhere else
 * what is asked is asked.
 */
async function withinReach(
  { read }: DecideParts,
  { userId, clientId }: SignInToDecide,
  verdict: Verdict,
  signedIn: SignedIn,
): Promise<Verdict> {
  if (clientId !== ACCOUNT_CLIENT_ID || verdict.factors === undefined) return verdict;
  if (!missingOf(verdict, signedIn).some((one) => one === verdict.factors)) return verdict;
  const { totp, passkeys } = await findSecondFactors(read, userId);
  if (passkeys > 0) return verdict;
  return { ...verdict, factors: totp === undefined ? undefined : 'two_factors' };
}

const unusedSeconds = ({ signedIn }: SignInToDecide, now: Date): number | undefined =>
  signedIn?.usedAt && Math.max(0, Math.floor((now.getTime() - signedIn.usedAt.getTime()) / 1000));

/**
 * Whoever was let in by their password in a browser that is trusted for longer than a rule allows is asked for the factor they
 * have. Where no browser is seen, as at a refresh, it was asked at the sign-in.
 */
async function withoutOldTrust(
  { read, clock }: DecideParts,
  { userId, browser, signedIn }: SignInToDecide,
  verdict: Verdict,
): Promise<Verdict> {
  const { rememberBrowserDays: days, factors } = verdict;
  if (days === undefined || factors !== undefined || !signedIn || browser === undefined) return verdict;
  if (signedIn.amr.includes('mfa') || (await findSecondFactors(read, userId)).totp === undefined) return verdict;
  const tokens = 'deviceTokens' in browser ? browser.deviceTokens : [];
  const isTrusted = await wasTrusted(read, { userId, tokens, since: trustedSince(days, clock.now()) });
  return isTrusted ? verdict : { ...verdict, factors: 'two_factors' };
}
