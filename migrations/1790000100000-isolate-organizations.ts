import type { MigrationInterface, QueryRunner } from 'typeorm';

// The owner of the tables is not subject to policies and does not pay for them. A unit of work for an organization takes the role
// `doorward_organization`, which is: src/persistence/organization-scope.ts.
const REACH = '(SELECT organizations_in_reach())::uuid[]';
const managed = (person: string) =>
  `EXISTS (SELECT FROM users p WHERE p.id = ${person} AND p.home_organization_id = ANY (${REACH}))`;
const seen = (person: string) => `EXISTS (SELECT FROM users p WHERE p.id = ${person})`;
const team = (group: string) => `EXISTS (SELECT FROM groups g WHERE g.id = ${group})`;

const TABLES = [
  'users',
  'user_emails',
  'user_attribute_keys',
  'password_credentials',
  'one_time_links',
  'totp_credentials',
  'recovery_codes',
  'groups',
  'group_members',
  'group_inclusions',
  'organizations',
  'organization_members',
  'organization_role_assignments',
];

const all = (table: string, condition: string): string =>
  `CREATE POLICY ${table}_of_organization ON ${table} USING (${condition}) WITH CHECK (${condition});`;

const up = /* sql */ `
-- The acting organization and those below it. Nothing at all where none was set: whoever is subject to policies then sees no row.
CREATE FUNCTION organizations_in_reach() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT string_to_array(nullif(current_setting('doorward.organizations', true), ''), ',')::uuid[] $$;

-- Asked by the policy of memberships, which cannot ask the one of people: that one asks memberships.
CREATE FUNCTION person_in_reach(person uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT EXISTS (SELECT FROM users u WHERE u.id = person AND u.home_organization_id = ANY (organizations_in_reach()))
    OR EXISTS (SELECT FROM organization_members m WHERE m.user_id = person AND m.organization_id = ANY (organizations_in_reach()))
$$;

${TABLES.map((table) => `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;`).join('\n')}

-- Guests are seen; only those whose home it is are changed.
CREATE POLICY users_seen ON users FOR SELECT USING (home_organization_id = ANY (${REACH})
  OR id IN (SELECT m.user_id FROM organization_members m WHERE m.organization_id = ANY (${REACH})));
CREATE POLICY users_added ON users FOR INSERT WITH CHECK (home_organization_id = ANY (${REACH}));
CREATE POLICY users_changed ON users FOR UPDATE USING (home_organization_id = ANY (${REACH}));
CREATE POLICY users_removed ON users FOR DELETE USING (home_organization_id = ANY (${REACH}));
CREATE POLICY user_emails_seen ON user_emails FOR SELECT USING (${seen('user_id')});
CREATE POLICY user_emails_added ON user_emails FOR INSERT WITH CHECK (${managed('user_id')});
CREATE POLICY user_emails_changed ON user_emails FOR UPDATE USING (${managed('user_id')});
CREATE POLICY user_emails_removed ON user_emails FOR DELETE USING (${managed('user_id')});
${all('user_attribute_keys', managed('user_id'))}
${all('password_credentials', managed('user_id'))}
${all('one_time_links', managed('user_id'))}
${all('totp_credentials', managed('user_id'))}
${all('recovery_codes', managed('user_id'))}
${all('groups', `organization_id = ANY (${REACH})`)}
${all('group_members', `${team('group_id')} AND ${seen('user_id')}`)}
${all('group_inclusions', `${team('group_id')} AND ${team('included_group_id')}`)}
CREATE POLICY organizations_seen ON organizations FOR SELECT USING (id = ANY (${REACH}));
CREATE POLICY organizations_added ON organizations FOR INSERT WITH CHECK (parent_id = ANY (${REACH}));
CREATE POLICY organizations_changed ON organizations FOR UPDATE USING (id = ANY (${REACH}))
  WITH CHECK (id = acting_organization() OR parent_id = ANY (${REACH}));
CREATE POLICY organizations_removed ON organizations FOR DELETE
  USING (id = ANY (${REACH}) AND id <> acting_organization());
CREATE POLICY organization_members_seen ON organization_members FOR SELECT USING (organization_id = ANY (${REACH}));
CREATE POLICY organization_members_added ON organization_members FOR INSERT
  WITH CHECK (organization_id = ANY (${REACH}) AND person_in_reach(user_id));
CREATE POLICY organization_members_removed ON organization_members FOR DELETE USING (organization_id = ANY (${REACH}));
${all('organization_role_assignments', `organization_id = ANY (${REACH})`)}
`;

const down = /* sql */ `
DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = current_schema()
    AND tablename = ANY (ARRAY[${TABLES.map((table) => `'${table}'`).join(', ')}]) LOOP
    EXECUTE format('DROP POLICY %I ON %I', policy.policyname, policy.tablename);
  END LOOP;
END $$;
${TABLES.map((table) => `ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY;`).join('\n')}
DROP FUNCTION person_in_reach(uuid), organizations_in_reach();
`;

export class IsolateOrganizations1790000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
