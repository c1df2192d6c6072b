import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createGroup } from '../../../src/domain/groups/create-group.ts';
import { createUserAttribute } from '../../../src/domain/user-attributes/change-user-attribute.ts';
import { userAttributeInput } from '../../../src/domain/user-attributes/user-attribute-input.ts';
import { CUSTOM } from '../../../src/domain/users/custom-input.ts';
import { getUser } from '../../../src/domain/users/find-user.ts';
import { updateUser } from '../../../src/domain/users/update-user.ts';
import type { User } from '../../../src/domain/users/user.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { formWith, type Page, WebVisitor } from '../../support/web-visitor.ts';
import { aPerson, password } from '../interaction/a-sign-in.ts';

const operator = { type: 'operator', id: 'test' } as const;
let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
  const attributes = [
    { name: 'desk', schema: { type: 'string', maxLength: 10 }, writableBy: ['admin', 'self'] },
    { name: 'parks', schema: { type: 'boolean' }, writableBy: ['self'] },
    { name: 'floor', schema: { type: 'integer', maximum: 9 }, writableBy: ['self'] },
    { name: 'languages', schema: { type: 'array', items: { type: 'string' } }, writableBy: ['self'] },
    { name: 'plate', schema: { type: 'string' }, unique: true, writableBy: ['self'] },
    { name: 'badge', schema: { type: 'string' }, writableBy: ['admin'] },
    { name: 'salary', schema: { type: 'integer' }, readableBy: ['admin'], writableBy: ['admin', 'self'] },
  ];
  for (const attribute of attributes)
    await server.foundation.transact(operator, (tx) => createUserAttribute(tx, userAttributeInput.parse(attribute)));
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

async function onProfile(person: User): Promise<{ visitor: WebVisitor; page: Page }> {
  const visitor = new WebVisitor(server);
  const page = await visitor.signIn(await visitor.get('/account/profile'), person.userName, password);
  expect(page.url).toBe(`${server.issuer}/account/profile`);
  return { visitor, page };
}
const stored = ({ id }: User) => getUser(server.foundation.read, id);
/** What the page's form holds when nobody touches it, without the fields that a program leaves out. */
const save = (visitor: WebVisitor, page: Page, fields: Record<string, string>) =>
  visitor.submit(page, 'displayName', fields);

describe('issue 5 item 10: /account/profile', () => {
  it('a person changes what is theirs to change; it is recorded as theirs', async () => {
    const person = await aPerson(server);
    const { visitor, page } = await onProfile(person);

    const done = await save(visitor, page, {
      displayName: 'Ada Archer',
      givenName: 'Ada',
      timezone: 'Asia/Tokyo',
      'custom.desk': 'D-12',
      'custom.parks': 'false',
      'custom.floor': '3',
      'custom.languages': 'Dutch\r\n\r\n Arabic ',
    });

    expect(done.html).toContain('Your profile is saved');
    expect(await stored(person)).toMatchObject({
      displayName: 'Ada Archer',
      name: { givenName: 'Ada' },
      timezone: 'Asia/Tokyo',
      [CUSTOM]: { desk: 'D-12', parks: false, floor: 3, languages: ['Dutch', 'Arabic'] },
    });
    const events = await server.foundation.read.query(
      `SELECT actor_id FROM audit_events WHERE type = 'users.updated' AND target_id = $1`,
      [person.id],
    );
    expect(events).toEqual([{ actor_id: person.id }]);
  });

  it('an empty field takes the value away, and a whole name from before does not contradict new parts', async () => {
    const person = await aPerson(server, { displayName: 'Ada' });
    await server.foundation.transact(operator, (tx) =>
      updateUser(tx, { id: person.id, patch: { name: { formatted: 'Ada Archer', familyName: 'Archer' } } }),
    );
    const { visitor, page } = await onProfile(person);

    await save(visitor, page, { displayName: '', familyName: 'Baker' });

    const after = await stored(person);
    expect(after.displayName).toBeUndefined();
    expect(after.name).toEqual({ familyName: 'Baker' });
  });

  it.each([
    ['a locale that is none', { locale: 'not a locale' }, 'locale-error'],
    ['text that is too long', { 'custom.desk': 'far too long for a desk' }, 'custom.desk-error'],
    ['a number that is none', { 'custom.floor': 'three' }, 'custom.floor-error'],
    ['a number out of bounds', { 'custom.floor': '12' }, 'custom.floor-error'],
    ['a choice that is none', { 'custom.parks': 'perhaps' }, 'custom.parks-error'],
    ['a control character', { displayName: 'Ada\u0007' }, 'displayName-error'],
  ])('%s comes back at its field, with what was typed, and saves nothing', async (_, fields, errorId) => {
    const person = await aPerson(server);
    const { visitor, page } = await onProfile(person);

    const answer = await save(visitor, page, { nickName: 'Otter', ...fields });

    expect(answer.status).toBe(422);
    expect(answer.html).toContain(`id="${errorId}"`);
    expect(answer.html).toContain('value="Otter"');
    expect((await stored(person)).version).toBe(person.version);
  });

  it('a value that somebody else has is refused at its field', async () => {
    const [first, second] = [await aPerson(server), await aPerson(server)];
    const one = await onProfile(first);
    await save(one.visitor, one.page, { 'custom.plate': 'AB-12' });
    const two = await onProfile(second);

    const answer = await save(two.visitor, two.page, { 'custom.plate': 'ab-12' });

    expect(answer.status).toBe(422);
    expect(answer.html).toContain('Somebody else has this value');
  });

  it('SECURITY-LESSONS 17: whatever else is in the form changes nothing', async () => {
    const person = await aPerson(server);
    const { visitor, page } = await onProfile(person);
    const names = `userName active status emails roles groups title userType department externalId id password verified
      phoneNumbers startsAt endsAt custom.badge custom.salary custom.unknown birthdate name.formatted`.split(/\s+/);

    await save(visitor, page, { nickName: 'Otter', ...Object.fromEntries(names.map((name) => [name, 'root'])) });

    const { version: _, updatedAt: __, ...after } = await stored(person);
    const { version: ___, updatedAt: ____, ...before } = person;
    expect(after).toEqual({ ...before, nickName: 'Otter' });
  });

  it('what is not theirs to read is not shown, what is theirs to read alone is shown without a field', async () => {
    const person = await aPerson(server);
    await server.foundation.transact(operator, (tx) =>
      updateUser(tx, { id: person.id, patch: { title: 'Clerk', [CUSTOM]: { badge: 'B-1207', salary: 12345 } } }),
    );

    const { page } = await onProfile(person);

    expect(page.html).toContain('B-1207');
    expect(page.html).toContain('Clerk');
    expect(page.html).not.toContain('12345');
    expect(page.html).not.toContain('custom.badge');
  });

  it('a form from before another change saves nothing, keeps what was typed, and shows both', async () => {
    const person = await aPerson(server, { displayName: 'Ada' });
    const { visitor, page } = await onProfile(person);
    await server.foundation.transact(operator, (tx) =>
      updateUser(tx, { id: person.id, patch: { displayName: 'Ada by an administrator' } }),
    );

    const stale = await save(visitor, page, { displayName: 'Ada by herself' });
    const unsaved = await stored(person);
    await save(visitor, stale, { displayName: 'Ada by herself' });

    expect(stale.status).toBe(412);
    expect(stale.html).toContain('value="Ada by herself"');
    expect(stale.html).toContain('Saved now: Ada by an administrator');
    expect(unsaved.displayName).toBe('Ada by an administrator');
    expect((await stored(person)).displayName).toBe('Ada by herself');
  });

  it('a form of another session saves nothing', async () => {
    const person = await aPerson(server);
    const elsewhere = await onProfile(person);
    const { visitor, page } = await onProfile(person);
    const { csrf = '' } = formWith(elsewhere.page, 'displayName').hidden;

    const answer = await save(visitor, page, { displayName: 'Ada', csrf });

    expect(answer.status).toBe(422);
    expect((await stored(person)).version).toBe(person.version);
  });

  it('groups by rule follow', async () => {
    const person = await aPerson(server);
    const group = await server.foundation.transact(operator, (tx) =>
      createGroup(tx, { displayName: `Otters ${person.id}`, membershipRule: 'nickName eq "Otter"' }),
    );
    const { visitor, page } = await onProfile(person);

    await save(visitor, page, { nickName: 'Otter' });

    const members = await server.foundation.read.query('SELECT user_id FROM group_members WHERE group_id = $1', [
      group.id,
    ]);
    expect(members).toContainEqual({ user_id: person.id });
  });
});

describe('DOORWARD_PROFILE_ATTRIBUTES', () => {
  it('none leaves no core attribute to people', async () => {
    const strict = await startServer({ env: { DOORWARD_PROFILE_ATTRIBUTES: 'none' } });
    const person = await aPerson(strict, { displayName: 'Ada' });
    const visitor = new WebVisitor(strict);

    const page = await visitor.signIn(await visitor.get('/account/profile'), person.userName, password);

    expect(page.html).not.toContain('name="displayName"');
    expect(page.html).toContain(person.userName);
    await strict.stop();
  });
});
