import { type Configuration, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { acr } from '../../domain/authentication/next-factor.ts';
import { recordOf } from './client-overrides.ts';

const { Check, Prompt, base } = interactionPolicy;

/** When a person is asked to sign in or to consent: the library's policy and what ours adds. */
export function createInteractionPolicy(
  more: {
    readonly checks: readonly InstanceType<typeof Check>[];
    /** Between login and consent. */
    readonly prompt: InstanceType<typeof Prompt>;
  },
  { offersSignUp = false }: { readonly offersSignUp?: boolean | undefined } = {},
): NonNullable<NonNullable<Configuration['interactions']>['policy']> {
  const policy = base();
  const login = policy.get('login');
  const consent = policy.get('consent');
  if (!login || !consent) throw new Error('the library has no login or consent prompt');
  login.checks.add(accountGone);
  login.checks.add(acrValues);
  for (const check of more.checks) login.checks.add(check);
  consent.checks.remove('native_client_prompt');
  consent.checks.add(nativeClient);
  policy.add(more.prompt, policy.indexOf(login) + 1);
  // OpenID Initiating User Registration 1.0: before anybody is asked who they are. A prompt that is not here is refused.
  if (offersSignUp) policy.add(new Prompt({ name: 'create', requestable: true }), 0);
  return policy;
}

/** A session whose person is not found (any more) would otherwise end in a 500: they sign in again, prompt=none is refused. */
const accountGone = new Check(
  'account_gone',
  'End-User authentication is required',
  'login_required',
  ({ oidc }) => oidc.session?.accountId !== undefined && oidc.account === undefined,
);

/** OIDC Core §3.1.2.1 `acr_values`: asked for once an attempt; what can not be reached is then left to the client to judge. */
const acrValues = new Check(
  'acr_values',
  'none of the requested authentication context classes was used',
  'login_required',
  ({ oidc }) => {
    const known: ReadonlySet<string> = new Set(Object.values(acr));
    const reachable = requestedAcrs(oidc.params).filter((value) => known.has(value));
    return reachable.length > 0 && !reachable.includes(oidc.acr) && oidc.result?.login === undefined;
  },
);

/**
 * RFC 8252 §8.6: another program can claim a loopback or private-use redirect, so a remembered consent is asked again,
 * unless the client is our own or the operating system vouches for it (claimed https).
 */
const nativeClient = new Check(
  'native_client',
  'native clients require End-User interaction',
  'interaction_required',
  (ctx) => {
    const { client, result, params } = ctx.oidc;
    if (client?.applicationType !== 'native' || result?.consent !== undefined || recordOf(client).firstParty)
      return false;
    return params?.response_type !== 'none' && !String(params?.redirect_uri).startsWith('https:');
  },
);

export const requestedAcrs = (params: KoaContextWithOIDC['oidc']['params']): string[] =>
  typeof params?.acr_values === 'string' ? params.acr_values.split(' ') : [];

/** `acr_values`, and what the claims parameter asks for (OIDC Core §5.5.1.1). */
export function wantedAcrs(params: KoaContextWithOIDC['oidc']['params']): string[] {
  const asked = acrClaim(params?.claims);
  const values = [asked?.value, ...(Array.isArray(asked?.values) ? asked.values : [])];
  return [...requestedAcrs(params), ...values.filter((value) => typeof value === 'string')];
}

type AcrClaim = { readonly value?: unknown; readonly values?: unknown };

function acrClaim(claims: unknown): AcrClaim | undefined {
  try {
    const parsed: unknown = typeof claims === 'string' ? JSON.parse(claims) : claims;
    return (parsed as { id_token?: { acr?: AcrClaim | null } } | null | undefined)?.id_token?.acr ?? undefined;
  } catch {
    return undefined;
  }
}
