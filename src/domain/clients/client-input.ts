import { z } from 'zod';
import { type ClientFacts, clientFaults } from './client-consistency.ts';
import { clientMetadataShape } from './client-metadata.ts';
import { isDeclaredClientSecret } from './client-secret.ts';
import { grantedPermissions } from './granted-permissions.ts';
import { originFault } from './redirect-uri.ts';
import { scimAttributes } from './scim-attributes.ts';
import { lineOfText, withoutRepetition } from './text-input.ts';

/** RFC 6749 appendix A.1 without space; `.` and `..` could not be written as a path segment. */
const clientId = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[\x21-\x7E]+$/, 'expected printable ASCII without space')
  .refine((text) => text !== '.' && text !== '..', 'not usable in an address');

const origin = z.string().superRefine((text, context) => {
  const fault = originFault(text);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
});

/** Our own settings beside the registered metadata (DESIGN §8). */
export const clientSettingsShape = {
  client_name: lineOfText(256).describe('Shown to people on login and consent pages.'),
  enabled: z.boolean().describe('A disabled client gets no tokens, and those it had are ended.'),
  first_party: z.boolean().describe('People are not asked for consent.'),
  require_pkce: z.boolean().describe('False only for confidential clients.'),
  claims_in_id_token: z.boolean().describe('Claims of scopes are in the ID token as well as at userinfo.'),
  allowed_cors_origins: withoutRepetition(origin, 200).describe('Default: the origins of redirect_uris.'),
  security_profile: z.enum(['fapi-2.0']),
  scim_attributes: scimAttributes.describe(
    'Attributes of people and groups that the client sees and writes by SCIM; all of them unless told.',
  ),
  organization_id: z
    .guid('expected the id of an organization')
    .transform((text) => text.toLowerCase())
    .describe('What the client does by itself reaches this organization and those below it, and nothing else.'),
  permissions: grantedPermissions.describe('What the client may do by itself (client_credentials).'),
} as const;

const secretFields = {
  client_secret: z.exactOptional(
    z
      .string()
      .min(1)
      .max(1024)
      .regex(/^[\x20-\x7E]+$/, 'expected printable ASCII (RFC 6749 appendix A.2)')
      .describe('Generated and answered once when absent.'),
  ),
  client_secret_hash: z.exactOptional(
    z
      .string()
      .refine(isDeclaredClientSecret, 'expected sha256$ and the base64url SHA-256 of a random secret')
      .describe('Instead of client_secret.'),
  ),
};

type Optional<Shape extends z.ZodRawShape> = { [Name in keyof Shape]: z.ZodExactOptional<Shape[Name]> };

function optional<Shape extends z.ZodRawShape>(shape: Shape): Optional<Shape> {
  const entries = Object.entries(shape).map(([name, schema]) => [name, z.exactOptional(schema)]);
  return Object.fromEntries(entries) as Optional<Shape>;
}

const attributes = { ...optional(clientSettingsShape), ...optional(clientMetadataShape) };

const withDefaults = z
  .strictObject({ client_id: z.exactOptional(clientId), ...secretFields, ...attributes })
  .transform((input) => ({ ...input, ...flowDefaults(input) }))
  .superRefine((client, context) => {
    const facts: ClientFacts = client;
    for (const { path, message } of clientFaults(facts)) context.addIssue({ code: 'custom', path: [...path], message });
  });

/** A client as it is registered: strict, unknown metadata refused by name, defaults of RFC 7591 §2 filled in. */
export const clientInput = withDefaults;
export type ClientInput = z.output<typeof clientInput>;

/** A change by JSON merge patch (RFC 7396): null takes a setting back to its default. Secrets are changed on their own. */
export const clientPatch = z.strictObject(
  Object.fromEntries(
    Object.entries({ ...clientSettingsShape, ...clientMetadataShape }).map(([name, schema]) => [
      name,
      z.exactOptional(z.nullable(schema as z.ZodType)),
    ]),
  ),
);
export type ClientPatch = Readonly<Record<string, unknown>>;

type Flow = {
  readonly application_type?: 'web' | 'native';
  readonly grant_types?: readonly string[];
  readonly response_types?: readonly string[];
  readonly token_endpoint_auth_method?: string;
};

/** Where only one of grant and response types is given, the other follows from it. */
function flowDefaults(input: Flow) {
  const { grant_types: grants, response_types: responses } = input;
  return {
    application_type: input.application_type ?? 'web',
    grant_types: grants ?? (responses === undefined ? ['authorization_code'] : grantsFor(responses)),
    response_types: responses ?? (grants === undefined || grants.includes('authorization_code') ? ['code'] : []),
    token_endpoint_auth_method: input.token_endpoint_auth_method ?? 'client_secret_basic',
  };
}

function grantsFor(responses: readonly string[]): readonly string[] {
  const parts = new Set(responses.flatMap((type) => type.split(' ')));
  return [
    ...(parts.has('code') ? ['authorization_code'] : []),
    ...(parts.has('id_token') || parts.has('token') ? ['implicit'] : []),
  ];
}
