import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type AdminApi, addAdminClient, adminApi, type Json } from '../../support/admin-api.ts';
import { eventually } from '../../support/eventually.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { runHere } from '../cli/a-terminal.ts';
import { aReceiverClient, POLL, verified } from './a-receiver.ts';

jest.setTimeout(60_000);

const PROV = 'urn:ietf:params:scim:event:prov';
const ALL = ['create:notice', 'patch:notice', 'activate', 'deactivate', 'delete'].map((name) => `${PROV}:${name}`);

let server: RunningServer;
let admin: AdminApi;

beforeAll(async () => {
  server = await startServer();
  admin = await adminApi({ url: server.issuer, client: await addAdminClient(server.configuration.databaseUrl ?? '') });
});

afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

/** A stream, and how to fetch what it holds: the event, its claims and its subject. */
async function aStream(input: Json) {
  const { clientId, api } = await aReceiverClient(server.origin, admin);
  const { body: stream } = await api('POST', '/streams', { delivery: { method: POLL }, ...input });
  const fetched = async (): Promise<[string, Json, Json][]> => {
    const { body } = await api('POST', `/poll/${stream.stream_id}`, { returnImmediately: true });
    const tokens = Object.entries((body.sets ?? {}) as Record<string, string>).sort(([a], [b]) => (a < b ? -1 : 1));
    await api('POST', `/poll/${stream.stream_id}`, { ack: tokens.map(([jti]) => jti), maxEvents: 0 });
    const events = await Promise.all(
      tokens.map(([, token]) => verified({ issuer: server.issuer, url: server.origin }, token, clientId)),
    );
    return events.map(({ events: said, sub_id }) => {
      const [[name, claims] = ['', {}]] = Object.entries(said);
      return [name, claims, sub_id];
    });
  };
  return { stream, fetched };
}

describe('RFC 9967: SCIM events', () => {
  it('a person who is created, changed, put out, let in and deleted is told with names of attributes, never their values', async () => {
    const { stream, fetched } = await aStream({ events_requested: ALL });
    const { id } = await admin.post('/users', { userName: 'secret-name@scim.example', displayName: 'Secret Name' });
    await admin.patch(`/users/${id}`, { title: 'Secret Title' });
    await admin.patch(`/users/${id}`, { active: false });
    await admin.patch(`/users/${id}`, { active: true });
    await admin.delete(`/users/${id}`);

    const events = await fetched();

    expect(stream.events_delivered).toEqual(ALL);
    expect(events.map(([name]) => name)).toEqual(
      ['create:notice', 'patch:notice', 'deactivate', 'activate', 'delete'].map((name) => `${PROV}:${name}`),
    );
    expect(events[0]?.[1]).toEqual({ attributes: expect.arrayContaining(['userName', 'displayName', 'active']) });
    expect(events.slice(1).map(([, claims]) => claims)).toEqual([{ attributes: ['title'] }, {}, {}, {}]);
    expect(events.map(([, , subject]) => subject)).toEqual(events.map(() => ({ format: 'scim', uri: `/Users/${id}` })));
    expect(JSON.stringify(events).toLowerCase()).not.toContain('secret');
  });

  it('a group that is created, filled, changed, emptied and deleted is told, without who is in it', async () => {
    const { fetched } = await aStream({ events_requested: ALL });
    const person = await admin.post('/users', { userName: 'in-a-group@scim.example' });
    const { id } = await admin.post('/groups', { displayName: 'Secret Group' });
    await admin.post(`/groups/${id}/members`, { members: [{ value: person.id }] });
    await admin.patch(`/groups/${id}`, { displayName: 'Secret Other' });
    await admin.delete(`/groups/${id}/members/${person.id}`);
    await admin.delete(`/groups/${id}`);

    const events = (await fetched()).filter(([, , subject]) => String(subject.uri).startsWith('/Groups/'));

    expect(events).toEqual([
      [`${PROV}:create:notice`, { attributes: ['displayName'] }, { format: 'scim', uri: `/Groups/${id}` }],
      [`${PROV}:patch:notice`, { attributes: ['members'] }, { format: 'scim', uri: `/Groups/${id}` }],
      [`${PROV}:patch:notice`, { attributes: ['displayName'] }, { format: 'scim', uri: `/Groups/${id}` }],
      [`${PROV}:patch:notice`, { attributes: ['members'] }, { format: 'scim', uri: `/Groups/${id}` }],
      [`${PROV}:delete`, {}, { format: 'scim', uri: `/Groups/${id}` }],
    ]);
  });

  it('what the command line changes too', async () => {
    const { fetched } = await aStream({ events_requested: ALL });
    const env = {
      DOORWARD_DATABASE_URL: server.configuration.databaseUrl ?? '',
      DOORWARD_KEYS_DIR: server.configuration.keysDir,
    };

    const { code } = await runHere(['users', 'create', 'by-command@scim.example'], { env, cwd: '.', input: '' });

    expect(code).toBe(0);
    expect((await fetched()).map(([name]) => name)).toEqual([`${PROV}:create:notice`]);
  });

  it('whatever door a change comes through: SCIM, an import, a batch', async () => {
    const { fetched } = await aStream({ events_requested: [`${PROV}:create:notice`] });
    const answer = await fetch(`${server.origin}/admin/v1/imports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'text/csv' },
      body: 'userName\none@import.example\ntwo@import.example\n',
    });
    const { id } = (await answer.json()) as Json;
    await eventually(
      () => admin.get(`/imports/${id}`),
      ({ state }) => state !== 'running',
    );

    expect((await fetched()).map(([name]) => name)).toEqual([`${PROV}:create:notice`, `${PROV}:create:notice`]);
  });

  it('a stream that asks for nothing by name is told of none', async () => {
    const { stream, fetched } = await aStream({});
    await admin.post('/users', { userName: 'quiet@scim.example' });

    expect(stream.events_supported).toEqual(expect.arrayContaining(ALL));
    expect(stream.events_delivered).not.toEqual(expect.arrayContaining([ALL[0]]));
    expect(await fetched()).toEqual([]);
  });

  it('§4: ServiceProviderConfig says which there are, and that requests are not asynchronous', async () => {
    const answer = await fetch(`${server.origin}/scim/v2/ServiceProviderConfig`);

    expect(await answer.json()).toMatchObject({ securityEvents: { asyncRequest: 'none', eventUris: ALL } });
  });
});
