import type { Configuration } from 'oidc-provider';
import { listUserAttributes, type UserAttribute } from '../../domain/user-attributes/user-attribute.ts';
import { CUSTOM } from '../../domain/users/custom-input.ts';
import type { User } from '../../domain/users/user.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { claims as ownClaims } from './claims.ts';

type Claims = NonNullable<Configuration['claims']>;

/** Claims that the operator's attributes are told as; the library learns of them when an instance is made. */
export function createUserClaims(read: Reader) {
  let current: Claims = ownClaims;
  return {
    current: (): Claims => current,
    /** True when they changed. */
    async refresh(): Promise<boolean> {
      const next = withAttributes(await listUserAttributes(read));
      const isChanged = JSON.stringify(next) !== JSON.stringify(current);
      current = next;
      return isChanged;
    },
  };
}

function withAttributes(attributes: readonly UserAttribute[]): Claims {
  const claims: Record<string, null | string[]> = { ...(ownClaims as Record<string, null | string[]>) };
  for (const { claim } of attributes) {
    if (claim !== null) claims[claim.scope] = [...(claims[claim.scope] ?? []), claim.name];
  }
  return claims;
}

/** The values of a person that applications may be told; the library takes those of the scopes that were granted. */
export function customClaims(attributes: readonly UserAttribute[], user: User): Record<string, unknown> {
  const values = user[CUSTOM];
  if (values === undefined) return {};
  return Object.fromEntries(
    attributes.flatMap(({ name, claim, readableBy }) =>
      claim !== null && readableBy.includes('clients') && Object.hasOwn(values, name)
        ? [[claim.name, values[name]]]
        : [],
    ),
  );
}
