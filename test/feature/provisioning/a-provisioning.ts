// Doorward with people to provision, and another Doorward whose SCIM door is the target.
import { type AdminApi, addAdminClient, adminApi, type Json } from '../../support/admin-api.ts';
import { eventually } from '../../support/eventually.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { aScimApi, aScimClient, type Body, query, resourcesOf, type ScimApi, uniqueName } from '../scim/scim-api.ts';

export type Provisioning = {
  readonly server: RunningServer;
  readonly admin: AdminApi;
  readonly there: ScimApi;
  /** A group whose members get accounts at a target of its own. */
  aTarget(more?: Json): Promise<{ readonly id: string; readonly groupId: string }>;
  aPerson(attributes?: Json): Promise<{ readonly id: string; readonly userName: string }>;
  join(groupId: string, userId: string): Promise<void>;
  leave(groupId: string, userId: string): Promise<void>;
  /** The account there, once it is as wanted; the last one seen when it never is. */
  accountOf(userId: string, isWanted: (account: Body | undefined) => boolean): Promise<Body | undefined>;
  /** Until nothing waits for the target. */
  drained(targetId: string): Promise<void>;
  close(): Promise<void>;
};

export async function aProvisioning(): Promise<Provisioning> {
  const there = await aScimApi();
  const server = await startServer({ env: { DOORWARD_OUTBOUND_ALLOW: 'localhost,127.0.0.1,::1' } });
  const admin = await adminApi({
    url: server.issuer,
    client: await addAdminClient(server.configuration.databaseUrl ?? ''),
  });
  const { clientId, secret } = await aScimClient(there.admin, ['scim:read', 'scim:write']);
  const authentication = {
    type: 'client_credentials',
    tokenUrl: `${there.server.issuer}/token`,
    clientId,
    clientSecret: secret,
    resource: 'urn:doorward:scim',
  };
  const aGroup = async () => String((await admin.post('/groups', { displayName: uniqueName('app users') })).id);
  return {
    server,
    admin,
    there,
    async aTarget(more = {}) {
      const groupId = await aGroup();
      const { id } = await admin.post('/provisioning-targets', {
        name: uniqueName('app'),
        baseUrl: there.base,
        authentication,
        ...('roleId' in more ? {} : { groupId }),
        ...more,
      });
      return { id: String(id), groupId };
    },
    async aPerson(attributes = {}) {
      const userName = uniqueName('person');
      const { id } = await admin.post('/users', { userName, ...attributes });
      return { id: String(id), userName };
    },
    join: async (groupId, userId) =>
      void (await admin.post(`/groups/${groupId}/members`, { members: [{ value: userId }] })),
    leave: (groupId, userId) => admin.delete(`/groups/${groupId}/members/${userId}`),
    accountOf: (userId, isWanted) =>
      eventually(async () => {
        const found = resourcesOf(await there.call('GET', `/Users${query({ filter: `externalId eq "${userId}"` })}`));
        return found.length > 1 ? { duplicates: found.length } : found[0];
      }, isWanted),
    async drained(targetId) {
      await eventually(
        () =>
          server.foundation.read.query(
            'SELECT FROM outbox_messages WHERE target = $1 AND delivered_at IS NULL AND failed_at IS NULL',
            [`scim:${targetId}`],
          ),
        (open) => open.length === 0,
      );
    },
    async close() {
      await server.stop();
      await there.close();
    },
  };
}
