import type { Reader } from '../../persistence/unit-of-work.ts';
import { BRANDING_COLUMNS, type Branding, brandingInputOf } from '../branding/branding.ts';
import { said } from './said.ts';

const ORGANIZATIONS = /* sql */ `
  SELECT o.name, o.display_name AS "displayName", above.name AS parent, nullif(o.status, 'active') AS status,
    ARRAY(SELECT d.domain FROM organization_domains d WHERE d.organization_id = o.id ORDER BY d.domain COLLATE "C") AS domains
  FROM organizations o LEFT JOIN organizations above ON above.id = o.parent_id ORDER BY o.name_key COLLATE "C"`;

export async function exportOrganizations(read: Reader): Promise<object[]> {
  return (await read.query<object>(ORGANIZATIONS)).map((row) => said(row));
}

/** Names of organizations by their ids. */
export async function readOrganizationNames(read: Reader): Promise<ReadonlyMap<string, string>> {
  const rows = await read.query<{ id: string; name: string }>('SELECT id, name FROM organizations');
  return new Map(rows.map(({ id, name }) => [id, name]));
}

const MEMBERSHIPS = /* sql */ `
  SELECT u.id AS "userId", o.name AS organization, u.home_organization_id IS NOT DISTINCT FROM o.id AS managed
  FROM organization_members m JOIN users u ON u.id = m.user_id JOIN organizations o ON o.id = m.organization_id
  ORDER BY o.name_key COLLATE "C"`;

type MembershipRow = { readonly userId: string; readonly organization: string; readonly managed: boolean };

/** By the id of a user, as a file says it. */
export async function readDeclaredMemberships(read: Reader): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const memberships = new Map<string, unknown[]>();
  for (const { userId, organization, managed } of await read.query<MembershipRow>(MEMBERSHIPS))
    memberships.set(userId, [...(memberships.get(userId) ?? []), managed ? { organization, managed } : organization]);
  return memberships;
}

const BRANDINGS = /* sql */ `
  SELECT ${BRANDING_COLUMNS}, o.name AS organization, b.client_id AS "clientId"
  FROM brandings b LEFT JOIN organizations o ON o.id = b.organization_id
  ORDER BY o.name_key COLLATE "C" NULLS FIRST, b.client_id COLLATE "C" NULLS FIRST`;

/** Images are in it as they were put in. */
export async function exportBrandings(read: Reader): Promise<object[]> {
  const rows = await read.query<Branding & { organization: string | null; clientId: string | null }>(BRANDINGS);
  const entries: object[] = [];
  for (const { organization, clientId, ...branding } of rows)
    entries.push({ ...said({ organization, clientId }), ...(await brandingInputOf(read, branding)) });
  return entries;
}
