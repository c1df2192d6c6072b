import { z } from 'zod';
import { secureAddress } from '../../kernel/secure-address.ts';
import { blockOfText } from '../users/attribute-types.ts';
import { DEFAULT_MAPPING, pathFault, sourceFault } from './account-mapping.ts';
import { DEPROVISIONING, TARGET_STATES } from './provisioning-target.ts';

const baseUrl = secureAddress
  .refine((text) => URL.parse(text)?.search === '', 'expected a URL without a query')
  .transform((text) => text.replace(/\/+$/, ''));

/** RFC 6750 §2.1, and what OAuth allows in secrets. */
const secret = z.string().regex(/^[\x21-\x7e]{1,4096}$/, 'expected visible ASCII characters without spaces');
const vschar = (most: number) => z.string().regex(new RegExp(`^[\\x20-\\x7e]{1,${most}}$`), 'expected ASCII text');

const authentication = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('bearer'), token: secret.describe('Kept encrypted, never shown.') }),
  z.strictObject({
    type: z.literal('client_credentials'),
    tokenUrl: secureAddress,
    clientId: vschar(512),
    clientSecret: secret.describe('Kept encrypted, never shown.'),
    scope: z.exactOptional(vschar(1_024)),
    resource: z.exactOptional(z.url().max(2_048)).describe('RFC 8707.'),
  }),
]);
export type AuthenticationInput = z.output<typeof authentication>;

const MOST_PATHS = 100;

const mapping = z.record(z.string().max(256), z.string().max(256)).superRefine((pairs, context) => {
  const paths = Object.entries(pairs);
  const fault = (path: string, message: string | undefined) =>
    message !== undefined && context.addIssue({ code: 'custom', path: path === '' ? [] : [path], message });
  for (const [path, source] of paths) fault(path, pathFault(path) ?? sourceFault(source));
  if (paths.length > MOST_PATHS) fault('', `expected at most ${MOST_PATHS} paths`);
  // RFC 7643 §4.1.1: there is no account without one.
  if (!('userName' in pairs)) fault('', 'expected userName among the paths');
});

const fields = {
  name: blockOfText(256),
  baseUrl: baseUrl.describe('Where /Users is, such as https://app.example.com/scim/v2.'),
  authentication,
  groupId: z.uuid().describe('People in this group, or in a group inside it, have an account there.'),
  roleId: z.uuid().describe('People with this role, by whatever way, have an account there.'),
  mapping: mapping.describe('Path there → attribute here; `primaryEmail` is the primary address as text.'),
  deprovisioning: z.enum(DEPROVISIONING).describe('What becomes of the account of somebody who loses the claim to it.'),
  state: z.enum(TARGET_STATES).describe('paused: what is due waits until it is active again.'),
};

export const provisioningTargetInput = z
  .strictObject({
    name: fields.name,
    baseUrl: fields.baseUrl,
    authentication: fields.authentication,
    groupId: z.exactOptional(fields.groupId),
    roleId: z.exactOptional(fields.roleId),
    mapping: fields.mapping.default(DEFAULT_MAPPING),
    deprovisioning: fields.deprovisioning.default('deactivate'),
    state: fields.state.default('active'),
  })
  .refine(({ groupId, roleId }) => (groupId === undefined) !== (roleId === undefined), {
    path: ['groupId'],
    error: 'expected either groupId or roleId',
  });

/** The secret goes with the address: whoever changes one gives the other again. */
export const provisioningTargetPatch = z
  .strictObject({
    name: z.exactOptional(fields.name),
    baseUrl: z.exactOptional(fields.baseUrl),
    authentication: z.exactOptional(fields.authentication),
    groupId: z.exactOptional(fields.groupId),
    roleId: z.exactOptional(fields.roleId),
    mapping: z.exactOptional(fields.mapping),
    deprovisioning: z.exactOptional(fields.deprovisioning),
    state: z.exactOptional(fields.state),
  })
  .refine(({ groupId, roleId }) => groupId === undefined || roleId === undefined, {
    path: ['groupId'],
    error: 'expected either groupId or roleId',
  })
  .refine((patch) => patch.baseUrl === undefined || patch.authentication !== undefined, {
    path: ['authentication'],
    error: 'give authentication again with another baseUrl: a secret is not sent to an address it was not given for',
  });

export type ProvisioningTargetInput = z.output<typeof provisioningTargetInput>;
export type ProvisioningTargetPatch = z.output<typeof provisioningTargetPatch>;
