import type { ClientSecretKeeper } from '../../domain/clients/client-secret-keeper.ts';
import { listClientSecrets } from '../../domain/clients/client-secrets.ts';
import { getRegisteredClient, searchClients } from '../../domain/clients/registered-client.ts';
import { searchClientConsents } from '../../domain/clients/search-client-consents.ts';
import { admitClient, type CheckWithProvider } from '../../domain/lifecycle/admit-client.ts';
import { amendClient } from '../../domain/lifecycle/amend-client.ts';
import { replaceClientSecret, withdrawClientSecret } from '../../domain/lifecycle/change-client-secrets.ts';
import { removeClient } from '../../domain/lifecycle/disable-client.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listAnswer } from '../http/list-answer.ts';
import { created, noContent, ok } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';
import {
  presentClient,
  presentClientConsent,
  presentClientSecret,
  presentClientWithSecret,
} from './clients-resource.ts';
import {
  createClientRoute,
  deleteClientRoute,
  deleteClientSecretRoute,
  getClientRoute,
  listClientSecretsRoute,
  rotateClientSecretRoute,
  searchClientConsentsRoute,
  searchClientsRoute,
  updateClientRoute,
} from './clients-routes.ts';

export type ClientsParts = {
  readonly read: Reader;
  readonly transact: Transact;
  readonly keeper: ClientSecretKeeper;
  readonly checkWithProvider?: CheckWithProvider | undefined;
};

export function addClientRoutes(admin: ApiRouter, parts: ClientsParts): void {
  addReading(admin, parts);
  addChanging(admin, parts);
  addSecrets(admin, parts);
}

function addReading(admin: ApiRouter, { read }: ClientsParts): void {
  admin.handle(searchClientsRoute, async ({ query }) => {
    const { client_id: clientId, client_name: clientName, cursor, limit } = query;
    const page = await searchClients(read, { filters: { clientId, clientName }, cursor, limit });
    return listAnswer('clients', page, presentClient, { path: `${ADMIN_PREFIX}/clients`, query });
  });
  admin.handle(getClientRoute, async ({ params }) => {
    const client = await getRegisteredClient(read, params.client_id);
    return ok(presentClient(client), client.version);
  });
  admin.handle(searchClientConsentsRoute, async ({ params, query }) => {
    const { clientId } = await getRegisteredClient(read, params.client_id);
    const page = await searchClientConsents(read, { clientId, cursor: query.cursor, limit: query.limit });
    return listAnswer('consents', page, presentClientConsent, { path: `${addressOf(clientId)}/consents`, query });
  });
}

function addChanging(admin: ApiRouter, { transact, keeper, checkWithProvider }: ClientsParts): void {
  admin.handle(createClientRoute, async ({ body: input, actor }) => {
    const { client, generated } = await transact(actor, (tx) => admitClient(tx, { input, keeper, checkWithProvider }));
    return created(addressOf(client.clientId), presentClientWithSecret(client, generated), client.version);
  });
  admin.handle(updateClientRoute, async ({ params: { client_id: clientId }, body: patch, actor, expectedVersion }) => {
    const { client, generated } = await transact(actor, (tx) =>
      amendClient(tx, { clientId, expectedVersion, patch, keeper, checkWithProvider }),
    );
    return ok(presentClientWithSecret(client, generated), client.version);
  });
  admin.handle(deleteClientRoute, async ({ params: { client_id: clientId }, actor, expectedVersion }) => {
    await transact(actor, (tx) => removeClient(tx, { clientId, expectedVersion }));
    return noContent();
  });
}

function addSecrets(admin: ApiRouter, { read, transact, keeper }: ClientsParts): void {
  admin.handle(listClientSecretsRoute, async ({ params }) => {
    const { clientId } = await getRegisteredClient(read, params.client_id);
    const secrets = await listClientSecrets(read, clientId);
    return ok({ secrets: secrets.map(presentClientSecret) });
  });
  admin.handle(rotateClientSecretRoute, async ({ params: { client_id: clientId }, body, actor }) => {
    const { previousExpiresAt } = body;
    const issued = await transact(actor, (tx) => replaceClientSecret(tx, { clientId, keeper, previousExpiresAt }));
    const answer = { ...presentClientSecret(issued), client_id: clientId, client_secret: issued.secret };
    return created(`${addressOf(clientId)}/secrets/${issued.id}`, answer);
  });
  admin.handle(deleteClientSecretRoute, async ({ params, actor }) => {
    await transact(actor, (tx) => withdrawClientSecret(tx, { clientId: params.client_id, secretId: params.id }));
    return noContent();
  });
}

const addressOf = (clientId: string): string => `${ADMIN_PREFIX}/clients/${encodeURIComponent(clientId)}`;
