// SCIM on a large directory: how long lists and filters take, a large group changed by one member, and people created.
import { randomUUID } from 'node:crypto';
import { token } from './client-token.mjs';
import { fillDirectory, personId } from './fill-directory.mjs';
import { Connection, drive, get, percentile, send } from './http-client.mjs';
import { startDoorward } from './servers.mjs';

const PEOPLE = 200_000;
const GROUPS = 5_000;
const LARGE_GROUP = 50_000;
const PAGE = 100;
const CREATING = 8;
const WARM_UP_LISTS = 150;

/** What is asked for, by name; `n` is another number each time. */
const ofUsers = {
  all: () => undefined,
  'userName eq': (n) => `userName eq "person-${n}@example.com"`,
  'userName sw, many': (n) => `userName sw "person-${1 + (n % 9)}"`,
  'userName sw, few': (n) => `userName sw "person-${10_000 + (n % 9_000)}"`,
  'userName co, many': (n) => `userName co "${n % 10}@example"`,
  'userName co, few': (n) => `userName co "-${10_000 + (n % 9_000)}"`,
  'displayName co': (n) => `displayName co "son ${10 + (n % 90)}"`,
  'name.familyName sw': (n) => `name.familyName sw "family ${n % 500}"`,
  'emails.value eq': (n) => `emails.value eq "person-${n}@example.com"`,
  'emails.value co': (n) => `emails.value co "${100 + (n % 900)}@"`,
  'externalId eq': (n) => `externalId eq "ext-${n}"`,
  'active eq true': () => 'active eq true',
  'active eq false': () => 'active eq false',
  'active and userName sw': (n) => `active eq true and userName sw "person-${1 + (n % 9)}"`,
  'meta.lastModified gt': () => 'meta.lastModified gt "2020-01-01T00:00:00Z"',
};
const ofGroups = {
  all: () => undefined,
  'displayName eq': (n) => `displayName eq "Group ${n % GROUPS}"`,
  'displayName sw': (n) => `displayName sw "group ${n % 10}"`,
  'displayName co': (n) => `displayName co "${n % 10}"`,
  'members.value eq': (n) => `members.value eq "${personId(n)}"`,
};

export async function measureDirectory({ requests = 60, seconds = 5 } = {}) {
  const server = await startDoorward({ people: 1 });
  try {
    await fillDirectory(server, { people: PEOPLE, groups: GROUPS, largeGroup: LARGE_GROUP });
    const bearer = await token(server, 'bench-scim', { resource: 'urn:doorward:scim' });
    const call = caller(server, { authorization: `Bearer ${bearer}` });
    await warmUp(call);
    const lists = [
      ...(await measureLists(call, '/Users', ofUsers, { requests })),
      ...(await measureLists(call, '/Groups', ofGroups, { requests, more: { excludedAttributes: 'members' } })),
      ...(await measureSorted(call, { requests })),
    ];
    const patches = await measurePatches(call, requests);
    const { perSecond, latencies } = await measureCreations(server, bearer, seconds);
    const slowest = lists.reduce((worst, row) => (row.p95 > worst.p95 ? row : worst));
    return [
      `SCIM lists and filters over ${PEOPLE.toLocaleString('en')} users and ${GROUPS.toLocaleString('en')} groups, p95 of the slowest (${slowest.name}, ${slowest.page} page): ${slowest.p95.toFixed(1)} ms (wanted: at most 50). ${lists.map(({ name, page, p95 }) => `${name} ${page} ${p95.toFixed(1)}`).join('; ')}.`,
      `SCIM: one member in or out of a group of ${LARGE_GROUP.toLocaleString('en')}, p95 ${percentile(patches, 95).toFixed(1)} ms (wanted: at most 50).`,
      `SCIM: people created over ${CREATING} connections beside those: ${perSecond.toFixed(0)}/s, p99 ${percentile(latencies, 99).toFixed(1)} ms.`,
    ];
  } finally {
    await server.stop();
  }
}

function caller(server, headers) {
  const connection = new Connection(server.address);
  return async (method, path, body) => {
    const answer = await connection.send(
      method === 'GET'
        ? get(`/scim/v2${path}`, { host: server.host, headers })
        : send(method, `/scim/v2${path}`, { host: server.host, headers, body }),
    );
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    return answer.body;
  };
}

/** A server is seldom asked its first questions: what is measured is code as it stays compiled, over pages that were read before. */
async function warmUp(call) {
  for (let n = 0; n < WARM_UP_LISTS; n += 1) {
    await call('GET', `/Users?${new URLSearchParams({ filter: ofUsers['userName sw, many'](n), count: PAGE })}`);
    await call('GET', `/Groups?${new URLSearchParams({ excludedAttributes: 'members', count: PAGE })}`);
  }
}

async function measureLists(call, path, cases, { requests, more = {} }) {
  const rows = [];
  for (const [name, filterOf] of Object.entries(cases)) {
    const ask = (n, startIndex) => {
      const filter = filterOf(n);
      return call(
        'GET',
        `${path}?${new URLSearchParams({ ...more, ...(filter && { filter }), startIndex, count: PAGE })}`,
      );
    };
    rows.push({ name: `${path.slice(1)} ${name}`, page: 'first', p95: await p95Of(requests, (n) => ask(n, 1)) });
    const totals = new Map();
    const lastPage = async (n) => {
      const key = filterOf(n);
      if (!totals.has(key)) totals.set(key, JSON.parse(await ask(n, 1)).totalResults);
      return Math.max(1, totals.get(key) - PAGE + 1);
    };
    const measured = await p95Of(requests, async (n) => ask(n, await lastPage(n)), lastPage);
    rows.push({ name: `${path.slice(1)} ${name}`, page: 'last', p95: measured });
  }
  return rows;
}

async function measureSorted(call, { requests }) {
  const ask = (startIndex) =>
    call('GET', `/Users?${new URLSearchParams({ sortBy: 'userName', startIndex, count: PAGE })}`);
  return [
    { name: 'Users by userName', page: 'first', p95: await p95Of(requests, () => ask(1)) },
    { name: 'Users by userName', page: 'last', p95: await p95Of(requests, () => ask(PEOPLE - PAGE)) },
  ];
}

/** `before` is not measured. */
async function p95Of(requests, step, before = async () => undefined) {
  const latencies = [];
  for (let index = 0; index < requests; index += 1) {
    const n = (index * 7919) % PEOPLE;
    await before(n);
    const at = performance.now();
    await step(n);
    latencies.push(performance.now() - at);
  }
  return percentile(
    latencies.toSorted((a, b) => a - b),
    95,
  );
}

async function measurePatches(call, requests) {
  const found = await call(
    'GET',
    `/Groups?${new URLSearchParams({ filter: 'displayName eq "Large"', attributes: 'id' })}`,
  );
  const { Resources } = JSON.parse(found);
  const latencies = [];
  for (let index = 0; index < requests; index += 1) {
    const value = personId(LARGE_GROUP + Math.floor(index / 2));
    const operation =
      index % 2 === 0
        ? { op: 'add', path: 'members', value: [{ value }] }
        : { op: 'remove', path: `members[value eq "${value}"]` };
    const at = performance.now();
    await call('PATCH', `/Groups/${Resources[0].id}`, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [operation],
    });
    latencies.push(performance.now() - at);
  }
  return latencies.toSorted((a, b) => a - b);
}

const measureCreations = (server, bearer, seconds) =>
  drive({
    address: server.address,
    connections: CREATING,
    seconds,
    async step(connection) {
      const userName = `${randomUUID()}@example.com`;
      const body = {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        userName,
        externalId: userName,
        name: { givenName: 'New', familyName: 'Person' },
        emails: [{ value: userName, primary: true }],
      };
      const headers = { authorization: `Bearer ${bearer}` };
      const answer = await connection.send(send('POST', '/scim/v2/Users', { host: server.host, headers, body }));
      if (answer.status !== 201) throw new Error(`POST /Users: ${answer.status} ${answer.body}`);
    },
  });
