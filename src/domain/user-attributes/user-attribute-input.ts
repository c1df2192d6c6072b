import { z } from 'zod';
import { blockOfText } from '../users/attribute-types.ts';
import { valueSchema } from './value-schema.ts';

/** Who deals with a value: administrators, the person themselves, applications (as a claim), and provisioning (SCIM). */
export const READERS = ['admin', 'self', 'clients'] as const;
export const WRITERS = ['admin', 'self', 'provisioning'] as const;
export type Reading = (typeof READERS)[number];
export type Writing = (typeof WRITERS)[number];

/** Scopes an attribute can be told with. */
const CLAIM_SCOPES = ['profile', 'email', 'phone', 'address', 'roles', 'groups'] as const;

/** Claims that say something else already: RFC 7519 §4.1, OIDC Core §5.1, RFC 9068, and our own. */
const TAKEN_CLAIMS = new Set(
  `iss sub aud exp nbf iat jti azp nonce auth_time acr amr at_hash c_hash s_hash sid name given_name family_name middle_name
  nickname preferred_username profile picture website email email_verified gender birthdate zoneinfo locale phone_number
  phone_number_verified address updated_at scope client_id cnf act may_act events roles groups permissions org_id org_roles
  entitlements active username token_type authorization_details constructor prototype __proto__`.split(/\s+/),
);

const someOf = <Names extends readonly [string, ...string[]]>(names: Names) =>
  z
    .array(z.enum(names))
    .max(names.length)
    .refine((given) => new Set(given).size === given.length, 'the same is there twice');

const claim = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_.:/-]{0,127}$/, 'expected letters, digits and _ . : / - after a first letter')
    .refine((name) => !TAKEN_CLAIMS.has(name), 'this claim says something else already'),
  scope: z.enum(CLAIM_SCOPES).describe('Applications that were granted this scope are told the value.'),
});

const changeable = {
  description: blockOfText(1024).nullable(),
  mutability: z
    .enum(['readWrite', 'immutable', 'readOnly'])
    .describe('RFC 7643 §2.2. immutable: set once. readOnly: written by the operator of the server alone.'),
  readableBy: someOf(READERS).describe('clients: as the claim.'),
  writableBy: someOf(WRITERS).describe('provisioning: by SCIM.'),
  claim: claim.nullable(),
};

const name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'expected letters, digits, _ and - after a first letter (RFC 7643 §2.1)')
  .refine((text) => !['constructor', 'prototype'].includes(text), 'this name is not allowed');

/** A claim without readers, or readers without a claim, would be a mistake that nobody sees. */
export const isTold = (attribute: { readonly readableBy: readonly Reading[]; readonly claim?: unknown }): boolean =>
  attribute.readableBy.includes('clients') === Boolean(attribute.claim);
export const NOT_TOLD = 'readableBy has clients where there is a claim, and only there';

export const userAttributeInput = z
  .strictObject({
    name,
    schema: valueSchema.describe('What a value may be, as JSON Schema: a type, or an array of one.'),
    description: z.exactOptional(changeable.description),
    unique: z.boolean().default(false).describe('No two people have the same value.'),
    searchable: z.boolean().default(false).describe('People are found by it.'),
    mutability: changeable.mutability.default('readWrite'),
    readableBy: changeable.readableBy.default(['admin', 'self']),
    writableBy: changeable.writableBy.default(['admin', 'provisioning']),
    claim: z.exactOptional(changeable.claim),
  })
  .refine(isTold, { path: ['claim'], error: NOT_TOLD });

export const userAttributePatch = z.strictObject({
  schema: z.exactOptional(valueSchema).describe('The type cannot change; values that are there stay.'),
  description: z.exactOptional(changeable.description),
  mutability: z.exactOptional(changeable.mutability),
  readableBy: z.exactOptional(changeable.readableBy),
  writableBy: z.exactOptional(changeable.writableBy),
  claim: z.exactOptional(changeable.claim),
});

export type UserAttributeInput = z.output<typeof userAttributeInput>;
export type UserAttributePatch = z.output<typeof userAttributePatch>;
