import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { DecideSignIn, Decision } from '../../domain/policy/decide-sign-in.ts';
import { lacksFactors, type Missing } from '../../domain/policy/evaluate-policies.ts';
import type { Outstanding } from '../../domain/policy/outstanding.ts';
import type { Factors } from '../../domain/policy/policy-rule.ts';
import { readDeviceTokens } from '../http/device-cookie.ts';
import { sessionUsedAt } from './lifetimes.ts';

const { Check, Prompt } = interactionPolicy;

/** Why a policy stands between a person and an application; kept with the interaction. */
export type PolicyHold = {
  readonly denied: Decision['verdict']['denied'];
  readonly factors: Factors | undefined;
};

type DecisionOf = (ctx: KoaContextWithOIDC) => Promise<Decision | undefined>;

/**
 * Asked whenever somebody is to be sent to an application: after a sign-in of whatever kind, with a session from before, and when
 * a device is let in. Undefined while nobody is signed in.
 */
export function createDecisions(decide: DecideSignIn, issuer: string) {
  const made = new WeakMap<KoaContextWithOIDC['oidc'], ReturnType<DecisionOf>>();
  const uses = new WeakSet<KoaContextWithOIDC['oidc']>();
  const make: DecisionOf = async (ctx) => {
    const { session, account, client } = ctx.oidc;
    if (!account || !client || session?.accountId === undefined) return undefined;
    const decision = await decide({
      userId: account.accountId,
      clientId: client.clientId,
      ipAddress: ctx.ip,
      browser: { deviceTokens: readDeviceTokens(ctx, issuer) },
      signedIn: {
        amr: session.amr ?? [],
        at: new Date((session.loginTs ?? 0) * 1000),
        usedAt: new Date(sessionUsedAt(session) * 1000),
      },
    });
    if (!decision.missing.includes('recent_sign_in')) uses.add(ctx.oidc);
    return decision;
  };
  const of: DecisionOf = (ctx) => {
    const known = made.get(ctx.oidc) ?? make(ctx);
    made.set(ctx.oidc, known);
    return known;
  };
  // A session that is too old for a rule does not get younger by being shown.
  return { of, isUse: ({ oidc }: KoaContextWithOIDC): boolean => uses.has(oidc) };
}

/** The names of these checks are the reasons of an interaction. */
export const POLICY_DENIED = 'policy_denied';
export const POLICY_FACTORS = 'policy_factors';
export const POLICY_AGE = 'policy_age';

export function policyChecks(decisionOf: DecisionOf): readonly InstanceType<typeof Check>[] {
  const lacks = async (ctx: KoaContextWithOIDC, ...kinds: readonly Missing[]): Promise<boolean> =>
    ((await decisionOf(ctx))?.missing ?? []).some((one) => kinds.includes(one));
  const hold = async (ctx: KoaContextWithOIDC): Promise<{ policy: PolicyHold }> => {
    const verdict = (await decisionOf(ctx))?.verdict;
    return { policy: { denied: verdict?.denied, factors: verdict?.factors } };
  };
  return [
    new Check(
      POLICY_DENIED,
      'a sign-in policy does not allow it',
      'access_denied',
      async (ctx) => (await decisionOf(ctx))?.verdict.denied !== undefined,
      hold,
    ),
    new Check(
      POLICY_FACTORS,
      'a sign-in policy asks for another factor',
      'login_required',
      (ctx) => lacks(ctx, 'two_factors', 'passkey'),
      hold,
    ),
    new Check(POLICY_AGE, 'a sign-in policy asks for a more recent sign-in', 'login_required', (ctx) =>
      lacks(ctx, 'recent_sign_in'),
    ),
  ];
}

/** After whoever it is is known, and before consent: what they have yet to accept, and to say of themselves. */
export const agreementPrompt = (decisionOf: DecisionOf) =>
  new Prompt(
    { name: 'agreement', requestable: false },
    async (ctx) => ({ agreement: (await decisionOf(ctx))?.outstanding }),
    new Check('policy_agreement', 'a sign-in policy asks for something first', 'interaction_required', async (ctx) => {
      const missing = (await decisionOf(ctx))?.missing ?? [];
      return missing.includes('terms') || missing.includes('attributes');
    }),
  );

export const agreementIn = (details: Readonly<Record<string, unknown>>): Outstanding | undefined =>
  details.agreement as Outstanding | undefined;

/** What the checks above have kept with an interaction; written by us alone, so its form is known. */
export const policyHoldIn = (details: Readonly<Record<string, unknown>>): PolicyHold | undefined =>
  details.policy as PolicyHold | undefined;

type Granted = {
  readonly kind: string;
  readonly accountId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly amr?: unknown;
  readonly authTime?: unknown;
  readonly expiresWithSession?: unknown;
};

/**
 * Whether a refresh token may still be used: what became forbidden, or needs more than it was signed in with, ends at once, and so
 * does what ends with its session. Where the person is and how long ago they signed in was asked at the sign-in.
 */
export function createAdmitsRefresh(decide: DecideSignIn) {
  return async ({ kind, accountId, clientId, amr, authTime, expiresWithSession }: Granted): Promise<boolean> => {
    if (kind !== 'RefreshToken' || accountId === undefined || clientId === undefined) return true;
    const at = new Date(typeof authTime === 'number' ? authTime * 1000 : 0);
    const { verdict, missing } = await decide({
      userId: accountId,
      clientId,
      signedIn: { amr: Array.isArray(amr) ? amr.map(String) : [], at },
    });
    if (expiresWithSession === true && isSessionOver(verdict, at)) return false;
    return verdict.denied === undefined && !lacksFactors(missing);
  };
}

const isSessionOver = ({ sessionLifetimeSeconds: most }: Decision['verdict'], signedInAt: Date): boolean =>
  most !== undefined && Date.now() - signedInAt.getTime() > most * 1000;

export type AdmitsRefresh = ReturnType<typeof createAdmitsRefresh>;

/** Tokens for an organization need what its own policies ask. Throws `invalid_target`. */
export async function assertOrganizationPolicy(
  decide: DecideSignIn,
  { oidc }: KoaContextWithOIDC,
  organizationId: string,
): Promise<void> {
  const { RefreshToken, AuthorizationCode, DeviceCode } = oidc.entities;
  const source = RefreshToken ?? AuthorizationCode ?? DeviceCode;
  if (!oidc.account || !oidc.client || !source) return;
  const { verdict, missing } = await decide({
    userId: oidc.account.accountId,
    clientId: oidc.client.clientId,
    organizationId,
    signedIn: { amr: source.amr ?? [], at: new Date((source.authTime ?? 0) * 1000) },
  });
  if (verdict.denied) throw new errors.InvalidTarget('a policy of this organization does not allow it');
  if (lacksFactors(missing))
    throw new errors.InvalidTarget('this organization asks for a stronger sign-in; ask for it with acr_values');
}
