// Two organizations that know nothing of each other, each with another inside, and a client that administers the first.
import { type AdminApi, addAdminClient, adminApi, type Json } from '../../support/admin-api.ts';
import { eventually } from '../../support/eventually.ts';
import { mailsTo } from '../../support/mail.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';

/** What there is of one organization, by what it is. */
export type Furnished = {
  readonly id: string;
  readonly name: string;
  readonly below: string;
  readonly person: string;
  readonly guest: string;
  readonly team: string;
  readonly assignment: string;
  readonly invitation: string;
  readonly domain: string;
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
  /** Every id of B's. */
  readonly foreign: readonly string[];
  /** All rows of every table but logs, one digest each. */
  digest(): Promise<readonly unknown[]>;
  /** Only those in which something of B's is named. */
  digestOfB(): Promise<readonly unknown[]>;
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
  // Their links are written with the mails, into the invitations.
  for (const { name } of [a, b]) await mailsTo(server, `${name}-invited@example.com`, 1);
  const client = await addAdminClient(url);
  await server.foundation.dataSource.query('UPDATE clients SET organization_id = $2 WHERE client_id = $1', [
    client.clientId,
    a.id,
  ]);
  const inA = await adminApi({ url: server.issuer, client });
  const foreign = [b.id, b.below, b.person, b.guest, b.team, b.assignment, b.invitation, b.domain];
  return {
    server,
    everywhere,
    inA,
    a,
    b,
    belowA: a.below,
    roleId: String(role.id),
    foreign,
    digest: () => digest(server, ''),
    digestOfB: () => digest(server, [...foreign, b.name].join('|')),
    close: () => server.stop(),
  };
}

async function furnish(api: AdminApi, name: string, roleId: string): Promise<Furnished> {
  const { id } = await api.post('/organizations', { name });
  const below = await api.post('/organizations', { name: `${name} East`, parentId: id });
  const person = await api.post('/users', {
    userName: `${name}-person@example.com`,
    displayName: `${name} Person`,
    externalId: `${name}-1`,
    name: { givenName: name, familyName: `${name}son` },
    title: `${name} Director`,
    emails: [{ value: `${name}-person@example.com`, primary: true }],
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: `${name} Department` },
    sendInvitation: false,
  });
  const guest = await api.post('/users', { userName: `${name}-guest@example.com`, sendInvitation: false });
  await api.call('POST', `/organizations/${id}/members`, {
    members: [{ value: person.id, managed: true }, { value: guest.id }],
  });
  const team = await api.post('/groups', {
    displayName: `${name} Team`,
    organizationId: id,
    members: [{ value: person.id }],
  });
  const assignment = await api.post(`/organizations/${id}/role-assignments`, { roleId, userId: person.id });
  const invitation = await api.post(`/organizations/${id}/invitations`, { email: `${name}-invited@example.com` });
  const domain = await api.post(`/organizations/${id}/domains`, { domain: `${name}.example` });
  return {
    id: String(id),
    name,
    below: String(below.id),
    person: String(person.id),
    guest: String(guest.id),
    team: String(team.id),
    assignment: String(assignment.id),
    invitation: String(invitation.id),
    domain: String(domain.id),
  };
}

const TABLES = /* sql */ `
  SELECT c.relname AS name FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND c.relname !~ 'audit|outbox|mail|throttle' ORDER BY c.relname`;

/** Every table there is: one that comes later is looked at without anybody thinking of it. Receipts are signed when all was sent. */
async function digest({ foundation: { read } }: RunningServer, naming: string): Promise<readonly unknown[]> {
  await eventually(
    () => read.query('SELECT FROM deprovisioning_receipts WHERE completed_at IS NULL'),
    (open) => open.length === 0,
  );
  const tables = await read.query<{ name: string }>(TABLES);
  return Promise.all(
    tables.map(async ({ name }) => [
      name,
      ...(await read.query(
        `SELECT count(*)::int AS count, md5(string_agg(t::text, '' ORDER BY t::text)) AS rows FROM "${name}" t WHERE t::text ~ $1`,
        [naming],
      )),
    ]),
  );
}

export const items = (body: Json, name: string): readonly Json[] => body[name] as Json[];
