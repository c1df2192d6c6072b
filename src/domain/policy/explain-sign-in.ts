import type { Reader } from '../../persistence/unit-of-work.ts';
import { getRegisteredClient } from '../clients/registered-client.ts';
import { getUser } from '../users/find-user.ts';
import type { DecideSignIn, SignInToDecide } from './decide-sign-in.ts';
import type { Asking, Missing, PolicyReading, Verdict } from './evaluate-policies.ts';
import type { Risk } from './sign-in-risk.ts';

export type SignInExplanation = {
  readonly decision: 'allowed' | 'more_needed' | 'denied';
  readonly reason: string | undefined;
  readonly requires: Omit<Verdict, 'denied' | 'askedBy'>;
  /** Which rule asks for it. */
  readonly askedBy: readonly Asking[];
  readonly missing: readonly Missing[];
  /** Absent where no rule asks for it. */
  readonly risk: Risk | undefined;
  readonly policies: readonly PolicyReading[];
};

/** What would be decided, and which rule decides it. Throws not_found for who, or what, there is not. */
export async function explainSignIn(
  read: Reader,
  decide: DecideSignIn,
  signIn: SignInToDecide,
): Promise<SignInExplanation> {
  await getUser(read, signIn.userId);
  await getRegisteredClient(read, signIn.clientId);
  const { verdict, missing, risk, readings } = await decide(signIn);
  const { denied, askedBy, ...requires } = verdict;
  return {
    decision: denied ? 'denied' : missing.length > 0 ? 'more_needed' : 'allowed',
    reason: denied?.reason,
    requires,
    askedBy,
    missing,
    risk,
    policies: readings,
  };
}
