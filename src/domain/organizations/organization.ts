/**
 * The organizations room owns customers, departments and other bodies that people belong to: which are inside which, who is a
 * member, and whose accounts they manage. Teams are groups (the groups room); roles within one are the access room's.
 */
import { conflict, invalid, notFound } from '../../kernel/errors.ts';
import { isUuid, type OrganizationId } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { decodeCursor, type Page, type PageRequest, toPage, whereAll } from '../../persistence/keyset-page.ts';
import { onConstraint, type Reader } from '../../persistence/unit-of-work.ts';

export type OrganizationStatus = 'active' | 'suspended';

export type Organization = {
  readonly id: OrganizationId;
  /** Unique without regard to case; tokens and addresses may hold it. */
  readonly name: string;
  readonly displayName: string | null;
  readonly parentId: OrganizationId | null;
  /** Suspended: no token is for it, or for those below it. */
  readonly status: OrganizationStatus;
  /** For which organization whoever suspended it acted; null for all, and while it is active. */
  readonly suspendedFor: OrganizationId | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

const COLUMNS = /* sql */ `id, name, display_name AS "displayName", parent_id AS "parentId", status,
  suspended_for AS "suspendedFor", version,
  created_at AS "createdAt", updated_at AS "updatedAt"`;

export async function findOrganization(read: Reader, id: string): Promise<Organization | undefined> {
  if (!isUuid(id)) return undefined;
  const [found] = await read.query<Organization>(`SELECT ${COLUMNS} FROM organizations WHERE id = $1`, [id]);
  return found;
}

/** Throws `not_found`, for a malformed id as well. */
export async function getOrganization(read: Reader, id: string): Promise<Organization> {
  const found = await findOrganization(read, id);
  if (found === undefined) throw organizationNotFound();
  return found;
}

export type OrganizationFilters = {
  readonly name?: string | undefined;
  readonly parentId?: string | undefined;
  readonly status?: string | undefined;
};

export async function searchOrganizations(
  read: Reader,
  { filters, cursor, limit }: PageRequest & { readonly filters: OrganizationFilters },
): Promise<Page<Organization>> {
  const { where, parameters } = whereAll({
    'name_key =': filters.name === undefined ? undefined : comparisonKey(filters.name),
    'parent_id =': filters.parentId,
    'status =': filters.status,
    'id >': cursor === undefined ? undefined : decodeCursor(cursor, isUuid),
  });
  parameters.push(limit + 1);
  const rows = await read.query<Organization>(
    `SELECT ${COLUMNS} FROM organizations ${where} ORDER BY id LIMIT $${parameters.length}`,
    parameters,
  );
  return toPage(rows, limit, (organization) => organization.id);
}

export const organizationNotFound = () =>
  notFound('organizations.not_found', { detail: 'there is no such organization' });

export const onNameTaken = onConstraint('organizations_name_key', () =>
  conflict('organizations.name_taken', {
    detail: 'another organization has this name',
    faults: [{ pointer: '/name', code: 'taken', detail: 'another organization has this name' }],
  }),
);

export const parentUnknown = () => parentInvalid('there is no such organization');
export const parentCircle = () => parentInvalid('an organization may not be below itself');

const parentInvalid = (detail: string) =>
  invalid('organizations.parent_invalid', {
    detail,
    faults: [{ pointer: '/parentId', code: 'parent_invalid', detail }],
  });
