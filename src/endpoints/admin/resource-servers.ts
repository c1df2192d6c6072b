import {
  createResourceServer,
  deleteResourceServer,
  updateResourceServer,
} from '../../domain/clients/change-resource-server.ts';
import {
  type DescribedResourceServer,
  getResourceServer,
  searchResourceServers,
} from '../../domain/clients/find-resource-server.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listAnswer } from '../http/list-answer.ts';
import { created, noContent, ok } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';
import {
  createResourceServerRoute,
  deleteResourceServerRoute,
  getResourceServerRoute,
  searchResourceServersRoute,
  updateResourceServerRoute,
} from './resource-servers-routes.ts';

export type ResourceServersParts = { readonly read: Reader; readonly transact: Transact };

export function addResourceServerRoutes(admin: ApiRouter, { read, transact }: ResourceServersParts): void {
  admin.handle(searchResourceServersRoute, async ({ query }) => {
    const { cursor, limit, identifier } = query;
    const page = await searchResourceServers(read, { cursor, limit, identifier });
    const path = `${ADMIN_PREFIX}/resource-servers`;
    return listAnswer('resourceServers', page, presentResourceServer, { path, query });
  });
  admin.handle(createResourceServerRoute, async ({ body, actor }) => {
    const server = await transact(actor, (tx) => createResourceServer(tx, body));
    const address = `${ADMIN_PREFIX}/resource-servers/${server.id}`;
    return created(address, presentResourceServer(server), server.version);
  });
  admin.handle(getResourceServerRoute, async ({ params }) => shown(await getResourceServer(read, params.id)));
  admin.handle(updateResourceServerRoute, async ({ params: { id }, body: patch, actor, expectedVersion }) =>
    shown(await transact(actor, (tx) => updateResourceServer(tx, { id, expectedVersion, patch }))),
  );
  admin.handle(deleteResourceServerRoute, async ({ params: { id }, actor, expectedVersion }) => {
    await transact(actor, (tx) => deleteResourceServer(tx, { id, expectedVersion }));
    return noContent();
  });
}

const shown = (server: DescribedResourceServer) => ok(presentResourceServer(server), server.version);

const presentResourceServer = (server: DescribedResourceServer) => ({
  id: server.id,
  identifier: server.identifier,
  name: server.name,
  accessTokenFormat: server.accessTokenFormat,
  accessTokenType: server.accessTokenType,
  accessTokenLifetimeSeconds: server.accessTokenLifetimeSeconds,
  signingAlg: server.signingAlg,
  builtIn: server.builtIn,
  permissions: server.permissions.map(({ value, description }) => ({
    value,
    ...(description === null ? {} : { description }),
  })),
  version: server.version,
  createdAt: server.createdAt.toISOString(),
  updatedAt: server.updatedAt.toISOString(),
});
