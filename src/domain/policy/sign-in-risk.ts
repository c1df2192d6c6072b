import { widePrefix } from '../../kernel/network-prefix.ts';
import type { SignInHistory } from '../audit/sign-in-signals.ts';

export const RISKS = ['low', 'elevated', 'high'] as const;
export type RiskLevel = (typeof RISKS)[number];

/** What speaks for somebody else having signed in. */
export const RISK_SIGNALS = ['new_browser', 'new_network', 'impossible_travel', 'wrong_answers', 'recovered'] as const;
export type RiskSignal = (typeof RISK_SIGNALS)[number];

export type Risk = { readonly level: RiskLevel; readonly signals: readonly RiskSignal[] };

type SignInSurroundings = {
  readonly ipAddress: string;
  readonly isKnownBrowser: boolean;
  /** Nobody can be there yet after the sign-in before. */
  readonly isFar: boolean;
};

/** Mistyping happens twice. */
const WRONG_ANSWERS = 3;

/**
 * One signal is what a new telephone or a journey gives: elevated. Two together are high. Where somebody has never signed in
 * before nothing can be new.
 */
export function riskOf(history: SignInHistory, { ipAddress, isKnownBrowser, isFar }: SignInSurroundings): Risk {
  const signals: RiskSignal[] = [];
  if (history.hasSignedIn && !isKnownBrowser) signals.push('new_browser');
  if (history.hasSignedIn && !history.networks.has(widePrefix(ipAddress))) signals.push('new_network');
  if (isFar) signals.push('impossible_travel');
  if (history.wrongAnswers >= WRONG_ANSWERS) signals.push('wrong_answers');
  if (history.isRecovered) signals.push('recovered');
  return { level: RISKS[Math.min(signals.length, RISKS.length - 1)] ?? 'high', signals };
}
