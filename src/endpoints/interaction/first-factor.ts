import { acr } from '../../domain/authentication/next-factor.ts';
import { findAccountById } from '../../domain/authentication/sign-in-account.ts';
import type { CodeAttempt } from '../../domain/authentication/verify-code-attempt.ts';
import type { Step } from './parts.ts';
import { isBrowser } from './same-browser.tsx';

/** What a code is the second factor to. */
export type FoundFirst = { readonly userId: string; readonly proof: CodeAttempt['first'] };

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
  if (!isStepUp(step)) return undefined;
  const session = await parts.interactions.sessionOf(ctx);
  if (!session || session.accountId !== pending.accountId || !session.amr.includes('pwd')) return undefined;
  const { read, clock } = parts.authentication;
  const account = await findAccountById(read, { userId: session.accountId, deviceHashes: [], now: clock.now() });
  if (!account?.active || !account.hasTotp) return undefined;
  const proof = { signedInAs: session.accountId, signedInAt: new Date(session.signedInAt * 1000) };
  return { userId: session.accountId, proof };
}

const ABOUT_ACR = new Set(['acr_values', 'essential_acr', 'essential_acrs']);

function isStepUp({ pending: { accountId, reasons, requestedAcrs } }: Step): boolean {
  if (accountId === undefined || reasons.length === 0) return false;
  return reasons.every((reason) => ABOUT_ACR.has(reason)) && requestedAcrs.includes(acr.twoFactors);
}
