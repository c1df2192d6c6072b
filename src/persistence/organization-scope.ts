/**
 * The second wall between organizations: while somebody acts for one, statements run as a role that is subject to row-level
 * security (migrations/1790000100000) and sees that organization and those below it. Everybody else works as the tables' owner,
 * for whom policies cost nothing.
 */
import type { DataSource, QueryRunner } from 'typeorm';
import { type DomainError, forbidden } from '../kernel/errors.ts';

export const ORGANIZATION_ROLE = 'doorward_organization';

/** What that role may touch at all, row by row as its policies say. */
const CHANGED = [
  ...['users', 'user_emails', 'user_attribute_keys', 'password_credentials', 'one_time_links'],
  ...['totp_credentials', 'recovery_codes', 'groups', 'group_members', 'group_owners', 'group_inclusions'],
  ...['organizations', 'organization_members', 'organization_role_assignments', 'organization_invitations'],
  ...['organization_domains', 'brandings', 'branding_logos'],
  ...['sign_in_policies'],
];
/** The same for everybody. */
const READ = [
  ...[
    'roles',
    'role_permissions',
    'role_inheritance',
    'permissions',
    'resource_servers',
    'user_attributes',
    'role_assignments',
  ],
];

const HAS_ROLE = /* sql */ `
  SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '${ORGANIZATION_ROLE}') AS found`;
const IS_READY = /* sql */ `
  SELECT pg_has_role(current_user, '${ORGANIZATION_ROLE}', 'MEMBER')
    AND has_schema_privilege('${ORGANIZATION_ROLE}', current_schema(), 'USAGE')
    AND bool_and(to_regclass(changed) IS NOT NULL AND has_table_privilege('${ORGANIZATION_ROLE}', to_regclass(changed), 'DELETE'))
    AND (SELECT bool_and(has_table_privilege('${ORGANIZATION_ROLE}', to_regclass(seen), 'SELECT')) FROM unnest($2::text[]) AS seen)
      AS ready
  FROM unnest($1::text[]) AS changed`;

/** Makes the role and gives it what it needs, where this database lets us; otherwise nobody can act for an organization. */
export async function ensureOrganizationRole(dataSource: DataSource): Promise<void> {
  const [role] = await dataSource.query<{ found: boolean }[]>(HAS_ROLE);
  if (role?.found) {
    const [state] = await dataSource.query<{ ready: boolean }[]>(IS_READY, [CHANGED, READ]);
    if (state?.ready) return;
  }
  await dataSource.query(/* sql */ `
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${ORGANIZATION_ROLE}') THEN
        BEGIN
          CREATE ROLE ${ORGANIZATION_ROLE} NOLOGIN;
        EXCEPTION
          WHEN insufficient_privilege THEN RETURN;
          WHEN duplicate_object OR unique_violation THEN NULL;
        END;
      END IF;
      BEGIN
        EXECUTE format('GRANT ${ORGANIZATION_ROLE} TO %I', current_user);
      EXCEPTION WHEN insufficient_privilege THEN NULL;
      END;
      EXECUTE format('GRANT USAGE ON SCHEMA %I TO ${ORGANIZATION_ROLE}', current_schema());
      GRANT SELECT ON ${READ.join(', ')} TO ${ORGANIZATION_ROLE};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ${CHANGED.join(', ')} TO ${ORGANIZATION_ROLE};
    END $$`);
}

const ENTER = /* sql */ `
  WITH RECURSIVE reach (id) AS (
    SELECT id FROM organizations WHERE id = $1
    UNION
    SELECT organizations.id FROM reach JOIN organizations ON organizations.parent_id = reach.id
  )
  SELECT set_config('doorward.organization', $1::uuid::text, true),
    set_config('doorward.organizations', (SELECT string_agg(id::text, ',') FROM reach), true)`;

/** Until the end of the transaction. */
export async function enterOrganization(runner: QueryRunner, organizationId: string): Promise<void> {
  await runner.query(ENTER, [organizationId]);
  try {
    await takeRole(runner);
  } catch (error) {
    throw forbidden('organizations.not_isolated', {
      detail: `Nobody can act for an organization until the database has the role ${ORGANIZATION_ROLE}; see "Organizations" in the operator's guide.`,
      cause: error,
    });
  }
}

export const takeRole = (runner: QueryRunner): Promise<unknown> => runner.query(`SET LOCAL ROLE ${ORGANIZATION_ROLE}`);
export const leaveRole = (runner: QueryRunner): Promise<unknown> => runner.query('SET LOCAL ROLE NONE');

/** What the database refused to whoever acts for an organization. */
export const outOfReach = (cause: unknown): DomainError =>
  forbidden('organizations.out_of_reach', { detail: 'This reaches beyond your organization.', cause });
