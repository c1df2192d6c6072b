// Two organizations that know nothing of each other, one of them with another inside, and somebody who administers the first.
import { type AdminApi, addAdminClient, adminApi, type Json } from '../../support/admin-api.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';

/** Everything there is of one organization, by what it is. */
export type Furnished = {
  readonly id: string;
  readonly name: string;
  readonly person: string;
  readonly guest: string;
  readonly team: string;
  readonly assignment: string;
};

export type TwoOrganizations = {
  readonly server: RunningServer;
  /** Acts for everybody. */
  readonly everywhere: AdminApi;
  /** A client of organization A with every permission of the admin API. */
  readonly inA: AdminApi;
  readonly a: Furnished;
  readonly b: Furnished;
  readonly belowA: string;
  readonly roleId: string;
  /** All rows of these tables, one digest each. */
  digest(): Promise<readonly unknown[]>;
  close(): Promise<void>;
};

export async function twoOrganizations(): Promise<TwoOrganizations> {
  const server = await startServer();
  const url = server.configuration.databaseUrl ?? '';
  const everywhere = await adminApi({ url: server.issuer, client: await addAdminClient(url) });
  const permissions = [{ resource: 'urn:doorward:admin', values: ['users:read'] }];
  const role = await everywhere.post('/roles', { name: 'viewer', permissions });
  const a = await furnish(everywhere, 'Acme', String(role.id));
  const b = await furnish(everywhere, 'Bolt', String(role.id));
  const below = await everywhere.post('/organizations', { name: 'Acme East', parentId: a.id });
  const client = await addAdminClient(url);
  await server.foundation.dataSource.query('UPDATE clients SET organization_id = $2 WHERE client_id = $1', [
    client.clientId,
    a.id,
  ]);
  const inA = await adminApi({ url: server.issuer, client });
  return {
    server,
    everywhere,
    inA,
    a,
    b,
    belowA: String(below.id),
    roleId: String(role.id),
    digest: () => digest(server),
    close: () => server.stop(),
  };
}

async function furnish(api: AdminApi, name: string, roleId: string): Promise<Furnished> {
  const { id } = await api.post('/organizations', { name });
  const person = await api.post('/users', {
    userName: `${name}-person@example.com`,
    displayName: `${name} Person`,
    emails: [{ value: `${name}-person@example.com`, primary: true }],
  });
  const guest = await api.post('/users', { userName: `${name}-guest@example.com` });
  await api.call('POST', `/organizations/${id}/members`, {
    members: [{ value: person.id, managed: true }, { value: guest.id }],
  });
  const team = await api.post('/groups', {
    displayName: `${name} Team`,
    organizationId: id,
    members: [{ value: person.id }],
  });
  const assignment = await api.post(`/organizations/${id}/role-assignments`, { roleId, userId: person.id });
  return {
    id: String(id),
    name,
    person: String(person.id),
    guest: String(guest.id),
    team: String(team.id),
    assignment: String(assignment.id),
  };
}

const TABLES = [
  ...['users', 'user_emails', 'groups', 'group_members', 'group_inclusions', 'roles', 'role_assignments', 'clients'],
  ...['organizations', 'organization_members', 'organization_role_assignments', 'password_credentials'],
  ...['one_time_links', 'permissions', 'resource_servers', 'provider_records', 'signing_keys', 'provisioning_targets'],
];

const digest = ({ foundation }: RunningServer) =>
  Promise.all(
    TABLES.map(async (table) => [
      table,
      await foundation.read.query(`SELECT md5(string_agg(t::text, '' ORDER BY t::text)) AS rows FROM ${table} t`),
    ]),
  );

export const items = (body: Json, name: string): readonly Json[] => body[name] as Json[];
