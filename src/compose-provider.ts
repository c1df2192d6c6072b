// The provider, composed, with the look-ups it shares with other doors.

import type { ComposeParts, Foundation } from './compose-foundation.ts';
import type { Configuration } from './config/configuration.ts';
import { createAccessLookup } from './domain/access/access-lookup.ts';
import { createResourceServerLookup } from './domain/clients/resource-server-lookup.ts';
import type { PasswordRulesFor } from './domain/credentials/password-rules.ts';
import { createDecideSignIn, type DecideSignIn } from './domain/policy/decide-sign-in.ts';
import { createPasswordRulesFor } from './domain/policy/password-limits.ts';
import { createPolicyLookup } from './domain/policy/policy-lookup.ts';
import type { ProviderHost } from './endpoints/oidc/parts.ts';
import { createProviderHost } from './endpoints/oidc/provider-host.ts';
import type { Telemetry } from './kernel/telemetry.ts';

/** Whether anybody may ask for an account. */
export const offersSignUp = ({ registration }: Configuration): boolean =>
  registration === 'open' || registration === 'domains';

export function composeProvider(
  { configuration, logger, breachedPasswords, findPlace }: ComposeParts,
  foundation: Foundation,
  { telemetry, fetch }: { telemetry: Telemetry; fetch: typeof globalThis.fetch },
): ComposedProvider {
  const { read, changes, pool, transact, keyRing, clock, throttle, refusals } = foundation;
  const access = createAccessLookup({ read, changes });
  const resourceServers = createResourceServerLookup({ read, changes });
  const decideParts = { read, access, clock, findPlace, policies: createPolicyLookup({ read, changes }) };
  const decideSignIn = createDecideSignIn(decideParts);
  const host = createProviderHost({
    issuer: configuration.issuer,
    mode: configuration.mode,
    pool,
    transact,
    read,
    keyRing,
    access,
    resourceServers,
    changes,
    clock,
    logger,
    fetch,
    throttle,
    settings: { ...configuration, offersSignUp: offersSignUp(configuration) },
    decideSignIn,
    admits: refusals.admits,
    observe: (seen) => {
      if (seen.kind === 'tokens.issued') telemetry.tokens.inc({ kind: 'access_token', grant_type: seen.grantType });
      else
        telemetry.refusals.inc({ endpoint: seen.kind === 'tokens.refused' ? 'token' : 'authorize', error: seen.error });
    },
  });
  const passwordRulesFor = createPasswordRulesFor(decideParts, breachedPasswords);
  return { ...host, access, resourceServers, decideSignIn, passwordRulesFor };
}

export type ComposedProvider = ProviderHost & Lookups;

type Lookups = {
  readonly access: ReturnType<typeof createAccessLookup>;
  readonly resourceServers: ReturnType<typeof createResourceServerLookup>;
  readonly decideSignIn: DecideSignIn;
  readonly passwordRulesFor: PasswordRulesFor;
};
