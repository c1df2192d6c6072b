import type { Provider } from 'oidc-provider';
import { standardScopes } from './claims.ts';
import type { ConsentRequest } from './parts.ts';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** What was found missing; everything that is asked for where consent is asked for anyhow (prompt=consent, native clients). */
export function requestOf({ prompt, params }: Interaction): ConsentRequest {
  const { missingOIDCScope, missingOIDCClaims, missingResourceScopes } = prompt.details;
  const missing = {
    scopes: strings(missingOIDCScope),
    claims: strings(missingOIDCClaims),
    resourceScopes: resourcesOf(missingResourceScopes),
  };
  const isComplete = prompt.reasons.every((reason) => reason.endsWith('_missing'));
  if (isComplete) return missing;
  const requested = typeof params.scope === 'string' ? params.scope.split(' ') : [];
  return { ...missing, scopes: [...new Set([...requested.filter(isStandard), ...missing.scopes])] };
}

const isStandard = (scope: string): boolean => standardScopes.has(scope);

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

function resourcesOf(value: unknown): Record<string, string[]> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([resource, scopes]) => [resource, strings(scopes)]));
}
