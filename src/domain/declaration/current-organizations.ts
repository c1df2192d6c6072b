import type { OrganizationId } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { BRANDING_COLUMNS, type Branding } from '../branding/branding.ts';
import type { OrganizationStatus } from '../organizations/organization.ts';
import type { Declaration } from './declaration-schema.ts';

export type CurrentOrganization = {
  readonly id: OrganizationId;
  readonly key: string;
  readonly name: string;
  readonly displayName: string | null;
  readonly parent: string | null;
  readonly status: OrganizationStatus;
  /** Named for it, shown or not. */
  readonly domains: readonly string[];
  readonly managedBy: string | null;
};

export type CurrentOrganizationMembership = {
  readonly userKey: string;
  readonly organizationKey: string;
  readonly isManaged: boolean;
};

export type CurrentOrganizations = {
  /** By the key of their name: those a file names, and those that own something a file can name. */
  readonly organizations: ReadonlyMap<string, CurrentOrganization>;
  readonly organizationMemberships: readonly CurrentOrganizationMembership[];
  /** By {@link brandingKey}. */
  readonly brandings: ReadonlyMap<string, Branding>;
  /** Those of the clients whose looks a file says that exist. */
  readonly brandedClients: readonly string[];
};

const ORGANIZATIONS = /* sql */ `
  SELECT o.id, o.name_key AS key, o.name, o.display_name AS "displayName", above.name AS parent, o.status, o.managed_by AS "managedBy",
    ARRAY(SELECT d.domain FROM organization_domains d WHERE d.organization_id = o.id) AS domains
  FROM organizations o LEFT JOIN organizations above ON above.id = o.parent_id
  WHERE o.name_key = ANY ($1::text[])
    OR o.id IN (SELECT organization_id FROM sign_in_policies UNION SELECT organization_id FROM clients WHERE client_id = ANY ($2::text[]))`;

const MEMBERSHIPS = /* sql */ `
  SELECT u.user_name_key AS "userKey", o.name_key AS "organizationKey",
    u.home_organization_id IS NOT DISTINCT FROM o.id AS "isManaged"
  FROM users u JOIN organization_members m ON m.user_id = u.id JOIN organizations o ON o.id = m.organization_id
  WHERE u.user_name_key = ANY ($1::text[])`;

const BRANDINGS = /* sql */ `
  SELECT ${BRANDING_COLUMNS}, o.name_key AS "organizationKey", b.client_id AS "clientId"
  FROM brandings b LEFT JOIN organizations o ON o.id = b.organization_id`;

export async function readCurrentOrganizations(read: Reader, declaration: Declaration): Promise<CurrentOrganizations> {
  const keys = namedOrganizations(declaration).map(comparisonKey);
  const clientIds = declaration.clients.map(({ input }) => input.client_id ?? '');
  const userKeys = declaration.users.map(({ input }) => comparisonKey(input.userName));
  const organizations = await read.query<CurrentOrganization>(ORGANIZATIONS, [keys, clientIds]);
  const brandings = await read.query<Branding & { organizationKey: string | null; clientId: string | null }>(BRANDINGS);
  const branded = declaration.brandings.flatMap(({ clientId }) => clientId ?? []);
  const known = await read.query<{ id: string }>(
    'SELECT client_id AS id FROM clients WHERE client_id = ANY ($1::text[])',
    [branded],
  );
  return {
    brandedClients: known.map(({ id }) => id),
    organizations: new Map(organizations.map((organization) => [organization.key, organization])),
    organizationMemberships: await read.query<CurrentOrganizationMembership>(MEMBERSHIPS, [userKeys]),
    brandings: new Map(
      brandings.map(({ organizationKey, clientId, ...branding }) => [keyOf(organizationKey, clientId), branding]),
    ),
  };
}

const namedOrganizations = ({ organizations, brandings, clients, policies, users }: Declaration): readonly string[] => [
  ...organizations.flatMap(({ input, parent }) => [input.name, parent ?? input.name]),
  ...[...brandings, ...clients, ...policies].flatMap(({ organization }) => organization ?? []),
  ...users.flatMap((user) => user.organizations.map(({ organization }) => organization)),
];

/** Whose looks these are, as one string. */
export const brandingKey = (owner: { organization?: string | undefined; clientId?: string | undefined }): string =>
  keyOf(owner.organization === undefined ? null : comparisonKey(owner.organization), owner.clientId ?? null);

const keyOf = (organizationKey: string | null, clientId: string | null): string => {
  if (organizationKey !== null) return `organization:${organizationKey}`;
  return clientId === null ? 'deployment' : `client:${clientId}`;
};

/** Names of policies are unique within an organization; no key holds a line break. */
export const policyKey = (name: string, organization: string | null | undefined): string =>
  organization == null ? comparisonKey(name) : `${comparisonKey(organization)}\n${comparisonKey(name)}`;
