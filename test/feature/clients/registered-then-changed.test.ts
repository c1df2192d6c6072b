import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureBuiltIns } from '../../../src/domain/access/ensure-built-ins.ts';
import { clientPatch } from '../../../src/domain/clients/client-input.ts';
import { createClientSecretKeeper } from '../../../src/domain/clients/client-secret-keeper.ts';
import { getRegisteredClient } from '../../../src/domain/clients/registered-client.ts';
import { amendClient } from '../../../src/domain/lifecycle/amend-client.ts';
import { aProvider, operator, type TestProvider } from '../../support/provider.ts';

let idp: TestProvider;

beforeAll(async () => {
  idp = await aProvider({ clientRegistration: 'open' });
  await idp.transact(operator, ensureBuiltIns);
});

afterAll(() => idp.end());

const kinds: readonly (readonly [string, object])[] = [
  ['a web app', { redirect_uris: ['https://rp.example/cb'], client_name: 'Registered' }],
  [
    'a native app',
    {
      redirect_uris: ['com.example.app:/cb', 'http://127.0.0.1/cb'],
      application_type: 'native',
      token_endpoint_auth_method: 'none',
    },
  ],
  ['a service', { redirect_uris: [], grant_types: ['client_credentials'], response_types: [] }],
];

describe('a client that registered itself (RFC 7591)', () => {
  it.each(kinds)('%s can be changed by an administrator, and keeps what was not named', async (_, metadata) => {
    const response = await fetch(`${idp.address}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(metadata),
    });
    const { client_id: clientId } = (await response.json()) as { client_id: string };
    const before = await getRegisteredClient(idp.read, clientId);

    const { client } = await idp.transact(operator, (tx) =>
      amendClient(tx, {
        clientId,
        patch: clientPatch.parse({ client_name: 'Renamed', claims_in_id_token: true }),
        keeper: createClientSecretKeeper(idp.keyRing),
        checkWithProvider: (id, given) => idp.host.clients.checkMetadata({ ...given, client_id: id }),
      }),
    );

    expect(client).toMatchObject({ clientName: 'Renamed', claimsInIdToken: true, version: before.version + 1 });
    expect(client.metadata).toEqual(before.metadata);
  });
});

describe('a client whose stored settings would not be taken today', () => {
  it('can still be disabled, and its other settings are told when they are changed', async () => {
    const response = await fetch(`${idp.address}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: ['http://intranet.example/cb'] }),
    });
    const { client_id: clientId } = (await response.json()) as { client_id: string };
    const keeper = createClientSecretKeeper(idp.keyRing);
    const amend = (patch: object) =>
      idp.transact(operator, (tx) => amendClient(tx, { clientId, patch: clientPatch.parse(patch), keeper }));

    await expect(amend({ client_name: 'x' })).rejects.toMatchObject({ faults: [{ pointer: '/redirect_uris/0' }] });
    expect((await amend({ enabled: false })).client.enabled).toBe(false);
  });
});
