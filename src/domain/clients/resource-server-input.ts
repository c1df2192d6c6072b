import { z } from 'zod';
import type { ResourceServerId } from '../../kernel/ids.ts';
import { accessTokenFormats, accessTokenSigningAlgs, accessTokenTypes } from './resource-server.ts';
import { lineOfText, scopeToken } from './text-input.ts';

/** Scopes with a meaning of their own (OpenID Connect Core §5.4, §11; DESIGN §8): no permission may be mistaken for one. */
const STANDARD_SCOPES = new Set([
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'offline_access',
  'roles',
  'groups',
  'permissions',
]);
/** Identifiers of the product's own resource servers. */
const RESERVED = /^urn:doorward:/i;

const identifier = z
  .string()
  .min(1)
  .max(512)
  .refine((text) => /^[\x21-\x7E]+$/.test(text) && URL.canParse(text), 'expected an absolute URI (RFC 8707 §2)')
  .refine((text) => !text.includes('#'), 'a fragment is not allowed (RFC 8707 §2)')
  .refine((text) => !RESERVED.test(text), 'urn:doorward: is reserved for the product');

const permissionValue = scopeToken.refine(
  (value) => !STANDARD_SCOPES.has(value),
  'this is a standard scope; a permission needs a name of its own',
);
const description = lineOfText(1000);

const permissions = z
  .array(z.strictObject({ value: permissionValue, description: z.exactOptional(z.nullable(description)) }))
  .max(1000)
  .refine(
    (list) => new Set(list.map(({ value }) => value)).size === list.length,
    'the same value is there more than once',
  );

const shape = {
  name: lineOfText(256),
  accessTokenFormat: z.enum(accessTokenFormats),
  accessTokenType: z.enum(accessTokenTypes).describe('`typ` of its JWT access tokens.'),
  accessTokenLifetimeSeconds: z.int().min(10).max(86_400),
  signingAlg: z.enum(accessTokenSigningAlgs),
};

export const resourceServerInput = z
  .strictObject({
    identifier,
    name: z.exactOptional(shape.name),
    accessTokenFormat: shape.accessTokenFormat.default('jwt'),
    accessTokenType: shape.accessTokenType.default('at+jwt'),
    accessTokenLifetimeSeconds: shape.accessTokenLifetimeSeconds.default(300),
    signingAlg: shape.signingAlg.default('ES256'),
    permissions: permissions.default([]),
  })
  .transform((input) => ({ ...input, name: input.name ?? input.identifier }));

/** A change by JSON merge patch (RFC 7396). The identifier is the audience of tokens and does not change. */
export const resourceServerPatch = z.strictObject({
  name: z.exactOptional(shape.name),
  accessTokenFormat: z.exactOptional(shape.accessTokenFormat),
  accessTokenType: z.exactOptional(shape.accessTokenType),
  accessTokenLifetimeSeconds: z.exactOptional(shape.accessTokenLifetimeSeconds),
  signingAlg: z.exactOptional(shape.signingAlg),
  permissions: z.exactOptional(
    permissions.describe('Replaces all: what is left out is taken from everyone who has it.'),
  ),
});

export const permissionInput = z.strictObject({
  resourceServerId: z
    .guid('expected the id of a resource server')
    .transform((text) => text.toLowerCase() as ResourceServerId),
  value: permissionValue,
  description: z.exactOptional(z.nullable(description)),
});

/** The value is what applications ask for, and does not change. */
export const permissionPatch = z.strictObject({ description: z.exactOptional(z.nullable(description)) });

export type ResourceServerInput = z.output<typeof resourceServerInput>;
export type ResourceServerPatch = z.output<typeof resourceServerPatch>;
export type PermissionInput = z.output<typeof permissionInput>;
export type PermissionPatch = z.output<typeof permissionPatch>;
