import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scimRoutes } from '../../../src/endpoints/scim/scim-endpoints.ts';
import type { Json } from '../../support/admin-api.ts';
import { type TwoOrganizations, twoOrganizations } from './two-organizations.ts';

let world: TwoOrganizations;
/** Of a client of A, and of one of no organization. */
let tokenInA: string;
let tokenEverywhere: string;
let attributes: { readonly Users: readonly Path[]; readonly Groups: readonly Path[] };

type Kind = 'Users' | 'Groups';
type Path = { readonly path: string; readonly type: string };
type Answer = { readonly status: number; readonly body: Json; readonly text: string };

const NOWHERE = '00000000-0000-7000-8000-000000000000';
const messages = 'urn:ietf:params:scim:api:messages:2.0';
const schemas = 'urn:ietf:params:scim:schemas';
const ENTERPRISE = `${schemas}:extension:enterprise:2.0:User`;

beforeAll(async () => {
  world = await twoOrganizations();
  tokenInA = await aToken('acme-directory', world.a.id);
  tokenEverywhere = await aToken('whole-directory');
  const described = (await scim('GET', '/Schemas')).body.Resources as Json[];
  const of = (...ids: string[]) => described.filter(({ id }) => ids.includes(String(id))).flatMap(pathsOf);
  attributes = {
    Users: [...of(`${schemas}:core:2.0:User`, ENTERPRISE), ...COMMON],
    Groups: [...of(`${schemas}:core:2.0:Group`), ...COMMON],
  };
}, 60_000);

afterAll(() => world.close());

const COMMON = ['id', 'externalId', 'meta.created', 'meta.lastModified', 'meta.version', 'meta.resourceType'].map(
  (path) => ({ path, type: path.startsWith('meta.created') || path.startsWith('meta.last') ? 'dateTime' : 'string' }),
);

function pathsOf(schema: Json): readonly Path[] {
  const prefix = schema.id === ENTERPRISE ? `${ENTERPRISE}:` : '';
  return (schema.attributes as Json[]).flatMap(({ name, type, subAttributes }) => [
    { path: `${prefix}${name}`, type: String(type) },
    ...((subAttributes ?? []) as Json[]).map((sub) => ({
      path: `${prefix}${name}.${sub.name}`,
      type: String(sub.type),
    })),
  ]);
}

async function aToken(clientId: string, organizationId?: string): Promise<string> {
  const client = await world.everywhere.post('/clients', {
    client_id: clientId,
    grant_types: ['client_credentials'],
    ...(organizationId === undefined ? {} : { organization_id: organizationId }),
    permissions: [{ resource: 'urn:doorward:scim', values: ['scim:read', 'scim:write'] }],
  });
  const answer = await fetch(`${world.server.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${client.client_secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: 'urn:doorward:scim' }),
  });
  return String(((await answer.json()) as Json).access_token);
}

async function scim(method: string, path: string, body?: unknown, token = tokenInA): Promise<Answer> {
  const answer = await fetch(`${world.server.issuer}/scim/v2${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Json), text };
}

const tellsOfB = ({ text }: Answer, asked = ''): boolean => {
  const rest = asked === '' ? text : text.replaceAll(asked, '');
  return rest.includes(world.b.name) || world.foreign.some((id) => rest.includes(id));
};

/** What is shown is A's, and no more is counted than is shown. */
const isOnlyOfA = (kind: Kind, { body }: Answer): boolean => {
  const shown = (body.Resources as Json[]).map(({ id }) => id);
  const own: readonly unknown[] = kind === 'Users' ? [world.a.person, world.a.guest] : [world.a.team];
  return shown.every((id) => own.includes(id)) && body.totalResults === shown.length;
};

/** A value of B's for each path, as whoever sees everything is shown it. */
async function valuesOfB(kind: Kind): Promise<ReadonlyMap<string, string>> {
  const address = kind === 'Users' ? `/Users/${world.b.person}` : `/Groups/${world.b.team}`;
  const names = attributes[kind].map(({ path }) => path).join(',');
  const { body } = await scim('GET', `${address}?attributes=${encodeURIComponent(names)}`, undefined, tokenEverywhere);
  const values = attributes[kind].flatMap(({ path }) => {
    const value = valueAt(
      body,
      path.startsWith(`${ENTERPRISE}:`) ? [ENTERPRISE, path.slice(ENTERPRISE.length + 1)] : [path],
    );
    return value === undefined ? [] : [[path, value] as const];
  });
  return new Map(values);
}

function valueAt(resource: Json, [first = '', ...rest]: readonly string[]): string | undefined {
  if (rest.length > 0) return valueAt((resource[first] ?? {}) as Json, rest);
  let found: unknown = resource;
  for (const name of first.split('.')) {
    const one = Array.isArray(found) ? found[0] : found;
    found = typeof one === 'object' && one !== null ? (one as Json)[name] : undefined;
  }
  return typeof found === 'string' ? found : undefined;
}

const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];

describe('SECURITY-LESSONS 15: every question that a SCIM client of one organization can ask', () => {
  it.each(['Users', 'Groups'] as const)(
    '%s: by a filter over any attribute, with any operator and a value of the other one',
    async (kind) => {
      const values = await valuesOfB(kind);
      const wrong: unknown[] = [];
      let answered = 0;
      for (const { path, type } of attributes[kind]) {
        const value = JSON.stringify(
          values.get(path) ?? (type === 'dateTime' ? '2020-01-01T00:00:00Z' : world.b.person),
        );
        const filters = [
          `${path} pr`,
          `not (${path} pr)`,
          ...OPERATORS.map((operator) => `${path} ${operator} ${value}`),
        ];
        for (const filter of filters) {
          const isSearched = filter.includes(' eq ');
          const answer = isSearched
            ? await scim('POST', `/${kind}/.search`, { schemas: [`${messages}:SearchRequest`], filter })
            : await scim('GET', `/${kind}?${new URLSearchParams({ filter })}`);
          if (answer.status === 400 && !tellsOfB(answer, JSON.parse(value))) continue;
          answered += 1;
          if (answer.status !== 200 || !isOnlyOfA(kind, answer) || tellsOfB(answer)) wrong.push([filter, answer.text]);
        }
      }

      expect(wrong).toEqual([]);
      expect(values.size).toBeGreaterThan(kind === 'Users' ? 12 : 5);
      expect(answered).toBeGreaterThan(kind === 'Users' ? 200 : 30);
      expect(world.server.errors).toEqual([]);
    },
    120_000,
  );

  it.each(['Users', 'Groups'] as const)(
    '%s: sorted by any attribute, on any page, from any cursor, with everything shown',
    async (kind) => {
      const wrong: unknown[] = [];
      const everything = attributes[kind].map(({ path }) => path).join(',');
      const asked = attributes[kind].flatMap(({ path: sortBy }) =>
        ['ascending', 'descending'].flatMap((sortOrder) => [
          { sortBy, sortOrder },
          ...[1, 3].map((startIndex) => ({ sortBy, sortOrder, startIndex: String(startIndex), count: '1' })),
        ]),
      );
      for (const query of [...asked, { attributes: everything }, { excludedAttributes: 'id' }, { count: '0' }]) {
        const answer = await scim('GET', `/${kind}?${new URLSearchParams(query)}`);
        const total = kind === 'Users' ? 2 : 1;
        if (tellsOfB(answer) || (answer.status === 200 && answer.body.totalResults !== total))
          wrong.push([query, answer.text]);
      }
      const whole = await scim('GET', `/${kind}?cursor&count=1`, undefined, tokenEverywhere);
      let cursor: unknown = whole.body.nextCursor;
      expect(typeof cursor).toBe('string');
      for (let page = 0; page < 6 && typeof cursor === 'string'; page += 1) {
        const answer = await scim('GET', `/${kind}?${new URLSearchParams({ cursor, count: '1' })}`);
        if (tellsOfB(answer)) wrong.push([cursor, answer.text]);
        const next = await scim(
          'GET',
          `/${kind}?${new URLSearchParams({ cursor, count: '1' })}`,
          undefined,
          tokenEverywhere,
        );
        cursor = next.body.nextCursor;
      }

      expect(wrong).toEqual([]);
      expect(world.server.errors).toEqual([]);
    },
    120_000,
  );

  it('every operation, alone, in bulk and as a dry run, with every id of the other one in its body: as one of nobody', async () => {
    const before = await world.digestOfB();
    const wrong: unknown[] = [];
    for (const { method, path } of changes()) {
      for (const make of bodies(method, path)) {
        for (const id of world.foreign) {
          const address = path.replace(':id', path.startsWith('/Users') ? world.a.person : world.a.team);
          for (const ask of [alone, dry, inBulk]) {
            const reply = await ask(method, address, make(id));
            const nobody = await ask(method, address, make(NOWHERE));
            const same = [reply, nobody].map(({ status, text }, index) =>
              status < 300 && ask !== inBulk ? String(status) : told(text, index === 0 ? id : NOWHERE),
            );
            if (tellsOfB(reply, id) || same[0] !== same[1])
              wrong.push([method, address, make(id), reply.text, nobody.text]);
          }
        }
      }
    }

    expect(wrong).toEqual([]);
    expect(await world.digestOfB()).toEqual(before);
    expect(world.server.errors).toEqual([]);
  }, 120_000);

  it('what a client is shown of itself and of the service tells nothing either', async () => {
    for (const path of ['/Me', '/ServiceProviderConfig', '/Schemas', '/ResourceTypes']) {
      expect([path, tellsOfB(await scim('GET', path))]).toEqual([path, false]);
    }
  });
});

const told = (text: string, id: string): string =>
  text
    .replaceAll(id, 'ID')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z|W\/\\?"\d+\\?"|crawler-\d+/g, 'X');

const changes = () =>
  scimRoutes({
    issuer: 'http://localhost',
    hashPassword: async () => '',
    userAttributes: { all: async () => [] },
    findClient: async () => undefined,
    onError: () => {},
    readAs: world.server.foundation.readAs,
  })
    .map(([route]) => route)
    .filter(({ path, hasBody }) => hasBody && /^\/(Users|Groups)(\/:id)?$/.test(path));

let count = 0;
const name = () => {
  count += 1;
  return `crawler-${count}`;
};

/** Every place in which a resource names another one. */
function bodies(method: string, path: string): readonly ((id: string) => unknown)[] {
  const isUser = path.startsWith('/Users');
  if (method === 'PATCH')
    return (isUser ? [`${ENTERPRISE}:manager`, `${ENTERPRISE}:manager.value`, 'groups'] : ['members']).flatMap(
      (place) =>
        ['add', 'replace', 'remove'].flatMap((op) => [
          (id: string) => patch({ op, path: place, value: place.endsWith('value') ? id : [{ value: id }] }),
          (id: string) => patch({ op, path: place, value: place.endsWith('value') ? id : { value: id } }),
          (id: string) => patch({ op, path: `${place}[value eq "${id}"]` }),
        ]),
    );
  const whole = (more: (id: string) => Json) => (id: string) =>
    isUser
      ? { schemas: [`${schemas}:core:2.0:User`, ENTERPRISE], userName: name(), ...more(id) }
      : { schemas: [`${schemas}:core:2.0:Group`], displayName: name(), ...more(id) };
  if (!isUser)
    return [undefined, 'User', 'Group'].map((type) =>
      whole((id) => ({ members: [{ value: id, ...(type && { type }) }] })),
    );
  return [
    whole((id) => ({ [ENTERPRISE]: { manager: { value: id } } })),
    whole((id) => ({ groups: [{ value: id }] })),
    whole((id) => ({ id })),
  ];
}

const patch = (operation: Json) => ({ schemas: [`${messages}:PatchOp`], Operations: [operation] });
const alone = (method: string, address: string, body: unknown) => scim(method, address, body);
const dry = (method: string, address: string, body: unknown) => scim(method, `${address}?dryRun=true`, body);
const inBulk = (method: string, address: string, data: unknown) =>
  scim('POST', '/Bulk', {
    schemas: [`${messages}:BulkRequest`],
    Operations: [{ method, path: address, bulkId: 'one', data }],
  });
