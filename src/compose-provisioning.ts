// Provisioning, composed: what calls targets, from the outbox and when one is reconciled.
import type { Foundation } from './compose-foundation.ts';
import type { OutboundFetch } from './connectors/outbound-fetch.ts';
import type { ProvisioningParts } from './connectors/scim-provisioning.ts';
import { createTargetAuthorizations } from './connectors/scim-target-authorization.ts';
import { targetSecretContext } from './domain/keys/rewrap-keys.ts';

export function provisioningParts(
  { read, pool, transact, clock, keyRing }: Foundation,
  fetch: OutboundFetch,
): ProvisioningParts {
  const authorizations = createTargetAuthorizations({
    fetch,
    openSecret: ({ id, secretEnvelope }) => keyRing.open(secretEnvelope, targetSecretContext(id)).toString('utf8'),
    now: clock.now,
  });
  return { read, pool, transact, fetch, authorizations, clock };
}
