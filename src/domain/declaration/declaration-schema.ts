/**
 * The declaration room owns files that say how resource servers, organizations, clients, roles, groups and people are to be: reading,
 * comparing, applying and exporting them. What a thing may be is decided by its own room, whose schemas are used here.
 */
import { z } from 'zod';
import { roleAssignmentPatch } from '../access/role-assignment-input.ts';
import { roleInput } from '../access/role-input.ts';
import { brandingInput } from '../branding/branding-input.ts';
import { clientInput } from '../clients/client-input.ts';
import { resourceServerInput } from '../clients/resource-server-input.ts';
import { passwordFields } from '../credentials/password-credential-input.ts';
import { inspectPasswordHash } from '../credentials/password-hash-format.ts';
import { checkPasswordRules } from '../credentials/password-rules.ts';
import { groupInput } from '../groups/group-input.ts';
import { domainName } from '../organizations/domain-name.ts';
import { MOST_DOMAINS } from '../organizations/organization-domains.ts';
import { organizationInput } from '../organizations/organization-input.ts';
import { policyInput } from '../policy/policy-input.ts';
import { userAttributeInput } from '../user-attributes/user-attribute-input.ts';
import { lineOfText } from '../users/attribute-types.ts';
import { ENTERPRISE, enterpriseInFile } from '../users/enterprise-input.ts';
import { contradictionIn } from '../users/standing-input.ts';
import { userInput } from '../users/user-input.ts';

/** Files beyond this are not written by hand nor meant to be read at each start. */
const MOST_ENTRIES = 20_000;
const MOST_ROLES = 2_000;

const { startsAt, endsAt, reason } = roleAssignmentPatch.shape;

/** A role by its name, or with the period and reason of its assignment. */
const heldRole = z.preprocess(
  (value) => (typeof value === 'string' ? { role: value } : value),
  z
    .strictObject({ role: lineOfText(128), startsAt, endsAt, reason })
    .refine(({ startsAt: from, endsAt: to }) => !from || !to || from < to, {
      path: ['endsAt'],
      error: 'expected a moment after startsAt',
    })
    .transform((held) => ({
      role: held.role,
      startsAt: held.startsAt ?? null,
      endsAt: held.endsAt ?? null,
      reason: held.reason ?? null,
    })),
);

const heldRoles = z
  .array(heldRole)
  .max(200)
  .refine(
    (held) => new Set(held.map(({ role, startsAt: from }) => `${role} ${from?.getTime()}`)).size === held.length,
    'the same role is there more than once',
  )
  .default([]);
const roles = { roles: heldRoles };

const groupNames = z.array(lineOfText(256)).max(1000).default([]);

/** The rules about length alone: an operator's file is not held to lists of common or breached passwords (DESIGN §8). */
const HARD_RULES = new Set<string>([
  'credentials.password_not_text',
  'credentials.password_too_short',
  'credentials.password_too_long',
]);

const password = passwordFields.password.superRefine((text, context) => {
  const outcome = checkPasswordRules(text);
  if (!outcome.ok && HARD_RULES.has(outcome.code)) context.addIssue({ code: 'custom', message: outcome.message });
});
const passwordHash = passwordFields.passwordHash.superRefine((text, context) => {
  const inspection = inspectPasswordHash(text);
  if (!inspection.acceptable) context.addIssue({ code: 'custom', message: inspection.detail });
});

/** One entry: what its room takes, what stands beside it in a file, and which members were written out. */
export type Entry<Input, Own = unknown> = Own & { readonly input: Input; readonly given: ReadonlySet<string> };

type Shape = Readonly<Record<string, z.ZodType>>;
type Values<S extends Shape> = z.output<z.ZodObject<S, z.core.$strict>>;

/** A room's own schema with some members more; both report what is wrong, at its place. */
function entry<Base extends z.ZodType, Own extends Shape>(base: Base, own: Own) {
  const beside = z.strictObject(own);
  return z.unknown().transform((value, context): Entry<z.output<Base>, Values<Own>> => {
    const members = isObject(value) ? Object.entries(value) : undefined;
    const rest = members === undefined ? value : Object.fromEntries(members.filter(([name]) => !(name in own)));
    const parsed = base.safeParse(rest);
    const more = beside.safeParse(Object.fromEntries(members?.filter(([name]) => name in own) ?? []));
    if (parsed.success && more.success) {
      return { ...more.data, input: parsed.data, given: new Set(members?.map(([name]) => name)) };
    }
    for (const issue of [...(parsed.error?.issues ?? []), ...(more.error?.issues ?? [])])
      context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
    return z.NEVER;
  });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const organizationName = lineOfText(128);
const ofOrganization = { organization: z.exactOptional(organizationName) };

/** An organization by its name; `managed`: the account is the organization's. */
const heldOrganization = z.preprocess(
  (value) => (typeof value === 'string' ? { organization: value } : value),
  z.strictObject({ organization: organizationName, managed: z.boolean().default(false) }),
);
const heldOrganizations = z
  .array(heldOrganization)
  .max(200)
  .refine((held) => held.filter(({ managed }) => managed).length <= 1, 'at most one organization manages an account')
  .default([]);

const client = clientInput.refine(({ client_id }) => client_id !== undefined, {
  path: ['client_id'],
  error: 'expected: a file names its clients',
});

const notBoth = { path: ['organization'], error: 'expected one of the two, not both' };

const person = userInput.extend({ [ENTERPRISE]: z.exactOptional(enterpriseInFile) }).superRefine((input, context) => {
  const fault = contradictionIn(input);
  if (fault !== undefined) context.addIssue({ code: 'custom', path: [fault.attribute], message: fault.detail });
});

/** Organizations are named: elsewhere they have other ids. */
const declaredPolicy = policyInput.refine(({ organizationId }) => organizationId === undefined, {
  path: ['organizationId'],
  error: 'expected organization, by its name',
});

const list = <Item extends z.ZodType>(item: Item) => z.array(item).max(MOST_ENTRIES).default([]);

export const declarationSchema = z.strictObject({
  resourceServers: list(entry(resourceServerInput, {})),
  organizations: list(
    entry(organizationInput.omit({ parentId: true }), {
      parent: z.exactOptional(organizationName),
      domains: z.array(domainName).max(MOST_DOMAINS).default([]),
    }),
  ),
  brandings: list(
    entry(brandingInput, { ...ofOrganization, clientId: z.exactOptional(lineOfText(512)) }).refine(
      ({ organization, clientId }) => organization === undefined || clientId === undefined,
      notBoth,
    ),
  ),
  clients: list(
    entry(client, { ...roles, ...ofOrganization }).refine(
      ({ organization, input }) => organization === undefined || input.organization_id === undefined,
      notBoth,
    ),
  ),
  // Few enough to walk what they inherit.
  roles: list(entry(roleInput, {})).refine((roles) => roles.length <= MOST_ROLES, `expected at most ${MOST_ROLES}`),
  userAttributes: list(entry(userAttributeInput, {})),
  policies: list(
    entry(declaredPolicy, ofOrganization).refine(
      ({ organization, input }) => organization === undefined || input.clientId === undefined,
      notBoth,
    ),
  ),
  groups: list(entry(groupInput.omit({ organizationId: true }), { ...roles, groups: groupNames })),
  users: list(
    entry(person, { ...roles, groups: groupNames, organizations: heldOrganizations, password, passwordHash }).refine(
      (user) => user.password === undefined || user.passwordHash === undefined,
      { path: ['passwordHash'], error: 'expected password or passwordHash, not both' },
    ),
  ),
});

export type Declaration = z.output<typeof declarationSchema>;
export type DeclaredUser = Declaration['users'][number];
export type DeclaredClient = Declaration['clients'][number];
export type HeldRole = z.output<typeof heldRole>;
