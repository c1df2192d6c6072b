import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json, Reply } from '../../support/admin-api.ts';
import { bodiesOf, type IdFor } from '../../support/sample-inputs.ts';
import { type TwoOrganizations, twoOrganizations } from './two-organizations.ts';

let world: TwoOrganizations;
let operations: readonly Operation[];

type Operation = {
  readonly method: string;
  readonly path: string;
  readonly body: Json | undefined;
  readonly query: readonly string[];
  /** Of those, what has to be there. */
  readonly required: readonly string[];
};

beforeAll(async () => {
  world = await twoOrganizations();
  const { paths } = await world.everywhere.get('/openapi.json');
  operations = Object.entries(paths as Record<string, Record<string, Json>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, said]) => ({
      method: method.toUpperCase(),
      path,
      body: bodySchema(said),
      query: queryOf(said).map(({ name }) => String(name)),
      required: queryOf(said).flatMap(({ name, required }) => (required === true ? [String(name)] : [])),
    })),
  );
}, 60_000);

afterAll(() => world.close());

const queryOf = ({ parameters }: Json): readonly Json[] =>
  ((parameters ?? []) as Json[]).filter((one) => one.in === 'query');

const bodySchema = ({ requestBody }: Json): Json | undefined => {
  const content = Object.values(((requestBody as Json | undefined)?.content ?? {}) as Record<string, Json>);
  return content[0]?.schema as Json | undefined;
};

const NOWHERE = '00000000-0000-7000-8000-000000000000';

/** Whether B's things are mentioned, but for what was asked with. */
const tellsOfB = ({ text }: Reply, asked: string): boolean => {
  const rest = text.replaceAll(encodeURIComponent(asked), '').replaceAll(asked, '');
  return rest.includes(world.b.name) || world.foreign.some((id) => rest.includes(id));
};

const told = ({ status, body: { requestId: _, ...body } }: Reply, id: string): string =>
  JSON.stringify([status, status < 300 ? {} : body]).replaceAll(id, 'ID');

/** Something of A's own, for each place in an address. */
const ownAddress = (path: string): string =>
  path
    .replace('{userId}', world.a.guest)
    .replace('{memberId}', world.a.person)
    .replace('{assignmentId}', world.a.assignment)
    .replace('{invitationId}', world.a.invitation)
    .replace('{domainId}', world.a.domain)
    .replace('{id}', path.includes('/groups/') ? world.a.team : path.includes('/users/') ? world.a.person : world.a.id);

const NEEDED: Readonly<Record<string, string>> = { permission: 'users:read' };

const own: IdFor = (name) => {
  if (name === 'roleId') return world.roleId;
  if (name === 'groupId') return world.a.team;
  return name === 'parentId' || name === 'organizationId' ? world.a.id : world.a.person;
};

const offered = async (operation: Operation): Promise<boolean> => {
  const reply = await world.inA.call(operation.method, ownAddress(operation.path), operation.body && {});
  return reply.body.code !== 'organizations.not_offered' && !operation.path.endsWith('/openapi.json');
};

describe('SECURITY-LESSONS 15: every operation of the admin API, made from its OpenAPI description', () => {
  it('answers an id of the other organization, wherever in a body it stands, as one of nobody, and changes nothing there', async () => {
    const before = await world.digestOfB();
    const wrong: unknown[] = [];
    let asked = 0;
    for (const operation of operations.filter(({ body }) => body !== undefined)) {
      if (!(await offered(operation))) continue;
      const address = ownAddress(operation.path);
      const count = bodiesOf(operation.body ?? {}, own).length;
      for (let part = 0; part < count; part += 1) {
        for (const id of world.foreign) {
          const [body, absent] = [id, NOWHERE].map((one) => bodyWith(operation, part, one));
          if (!JSON.stringify(body).includes(id)) continue;
          asked += 1;
          const reply = await world.inA.call(operation.method, address, body);
          const nobody = await world.inA.call(operation.method, address, absent);
          if (tellsOfB(reply, id) || told(reply, id) !== told(nobody, NOWHERE))
            wrong.push([operation.method, address, body, reply.status, reply.text, nobody.text]);
        }
      }
    }

    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(50);
    expect(await world.digestOfB()).toEqual(before);
    expect(world.server.errors).toEqual([]);
  }, 120_000);

  it('lists, finds and counts nothing of it by any parameter, with its ids, names and cursors', async () => {
    const { b, foreign, everywhere, inA } = world;
    const wrong: unknown[] = [];
    for (const operation of operations.filter(({ method, query }) => method === 'GET' && query.length > 0)) {
      if (!(await offered(operation))) continue;
      const address = ownAddress(operation.path);
      const needed = Object.fromEntries(operation.required.map((name) => [name, NEEDED[name] ?? own(name)]));
      const cursors = foreign.map((id) => Buffer.from(id).toString('base64url'));
      for (const name of operation.query) {
        const values =
          name === 'cursor' ? cursors : [...foreign, b.name, `${b.name}-person@example.com`, `${b.name} Team`];
        for (const value of values) {
          const reply = await inA.call('GET', `${address}?${new URLSearchParams({ ...needed, [name]: value })}`);
          if (tellsOfB(reply, value) || reply.status >= 500)
            wrong.push([address, name, value, reply.status, reply.text]);
          const found = reply.status === 200 ? (Object.values(reply.body).find(Array.isArray)?.length ?? 0) : 0;
          if (name !== 'cursor' && found > 0) wrong.push([address, name, value, reply.text]);
        }
      }
      // The same question of whoever sees everything finds something of it, or this proves nothing.
      const all = { ...needed, ...(operation.path.includes('{') ? {} : { limit: '200' }) };
      const whole = await everywhere.call('GET', `${address}?${new URLSearchParams(all)}`);
      expect([address, whole.status]).toEqual([address, 200]);
    }

    expect(wrong).toEqual([]);
    expect(world.server.errors).toEqual([]);
  }, 120_000);

  it('is open to organizations, or refuses them by name before it looks at anything', async () => {
    const closed: string[] = [];
    for (const operation of operations)
      if (!(await offered(operation))) closed.push(`${operation.method} ${operation.path.replace('/admin/v1', '')}`);

    expect(closed).toEqual(
      operations
        .map(({ method, path }) => `${method} ${path.replace('/admin/v1', '')}`)
        .filter((one) => CLOSED.test(one)),
    );
  });
});

/** What is about the whole installation: a new call is closed until somebody opens it, and then this list says so. */
const CLOSED =
  /\/(deleted-users|user-attributes|clients|resource-servers|permissions|role-assignments\/\{id\}|provisioning-targets|signal-transmitters|sessions|grants|audit-events|deliveries|deprovisioning-receipts|imports|keys)|^\w+ \/(?:branding$|role-assignments|explain)|(POST|PATCH|DELETE) \/roles|\/roles\/|access-preview|second-factors|membership-preview|policies\/evaluations/;

function bodyWith({ body }: Operation, part: number, id: string): Json {
  const variants = bodiesOf(body ?? {}, (name) => (name === 'roleId' ? world.roleId : id));
  return variants[part] ?? {};
}
