import { acr } from '../../domain/authentication/next-factor.ts';
import { findAccountById, type SignInAccount } from '../../domain/authentication/sign-in-account.ts';
import type { CodeAttempt } from '../../domain/authentication/verify-code-attempt.ts';
import { findSecondFactors, hasAny } from '../../domain/credentials/second-factors.ts';
import type { Step } from './parts.ts';
import { isBrowser } from './same-browser.tsx';

/** What a code is the second factor to. */
export type FoundFirst = {
  readonly userId: string;
  readonly proof: CodeAttempt['first'];
  /** Passkeys are all they have beside it, so that no code of an app is asked for. */
  readonly isToPasskey?: boolean;
};

/**
 * The first factor that this interaction has: a password that was verified in it and in this browser, else a session made by
 * password that is only asked for more (step-up asks for what is missing and nothing else).
 */
export async function findFirst(step: Step): Promise<FoundFirst | undefined> {
  const { ctx, parts, pending } = step;
  if (pending.prompt !== 'login') return undefined;
  const { waiting } = pending;
  if (waiting) {
    return isBrowser(ctx, parts, waiting.browser) ? { userId: waiting.first.userId, proof: waiting.first } : undefined;
  }
  const found = await findSteppingUp(step);
  return found?.account.hasTotp ? found.first : undefined;
}

/**
 * The first factor of whoever may use a recovery code in the place of the second, or say that all is lost: to a passkey alone no code
 * of an app leads, so they are found here.
 */
export async function findFirstOfRecovery(step: Step): Promise<FoundFirst | undefined> {
  const first = await findFirst(step);
  if (first || step.pending.prompt !== 'login' || step.pending.waiting) return first;
  const found = await findSteppingUp(step);
  if (!found) return undefined;
  const factors = await findSecondFactors(step.parts.authentication.read, found.first.userId);
  return hasAny(factors) ? { ...found.first, isToPasskey: true } : undefined;
}

type SteppingUp = { readonly account: SignInAccount; readonly first: FoundFirst };

async function findSteppingUp(step: Step): Promise<SteppingUp | undefined> {
  const { ctx, parts, pending } = step;
  if (!isStepUp(step)) return undefined;
  const session = await parts.interactions.sessionOf(ctx);
  if (!session || session.accountId !== pending.accountId || !session.amr.includes('pwd')) return undefined;
  const { read, clock } = parts.authentication;
  const account = await findAccountById(read, { userId: session.accountId, deviceHashes: [], now: clock.now() });
  if (!account?.active) return undefined;
  const proof = { signedInAs: session.accountId, signedInAt: new Date(session.signedInAt * 1000) };
  return { account, first: { userId: session.accountId, proof } };
}

const ABOUT_FACTORS = new Set(['acr_values', 'essential_acr', 'essential_acrs', 'policy_factors']);

/** A policy that asks for a passkey is not satisfied by a code. */
function isStepUp({ pending: { accountId, reasons, requestedAcrs, policy } }: Step): boolean {
  if (accountId === undefined || reasons.length === 0) return false;
  const asksForTwo = requestedAcrs.includes(acr.twoFactors) || policy?.factors === 'two_factors';
  return reasons.every((reason) => ABOUT_FACTORS.has(reason)) && asksForTwo && policy?.factors !== 'passkey';
}
