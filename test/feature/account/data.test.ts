import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMINISTRATOR_ROLE } from '../../../src/domain/access/admin-permissions.ts';
import { assignRole } from '../../../src/domain/access/assign-role.ts';
import { createUserAttribute } from '../../../src/domain/user-attributes/change-user-attribute.ts';
import { userAttributeInput } from '../../../src/domain/user-attributes/user-attribute-input.ts';
import { CUSTOM } from '../../../src/domain/users/custom-input.ts';
import { findUser } from '../../../src/domain/users/find-user.ts';
import { updateUser } from '../../../src/domain/users/update-user.ts';
import type { User } from '../../../src/domain/users/user.ts';
import type { RoleId } from '../../../src/kernel/ids.ts';
import { mailsTo } from '../../support/mail.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { formWith, type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, password } from '../interaction/a-sign-in.ts';
import { aPersonWithTotp, codeNow } from '../second-factors/a-second-factor.ts';

const operator = { type: 'operator', id: 'test' } as const;
let server: RunningServer;
let strict: RunningServer;

beforeAll(async () => {
  server = await startServer({ env: { DOORWARD_ACCOUNT_DELETION: 'on' } });
  strict = await startServer();
});
afterAll(async () => {
  expect([...server.errors, ...strict.errors]).toEqual([]);
  await server.stop();
  await strict.stop();
});

async function onData(person: User, at = server): Promise<{ visitor: WebVisitor; page: Page }> {
  const visitor = new WebVisitor(at);
  const page = await visitor.signIn(await visitor.get('/account/data'), person.userName, password);
  expect(page.url).toBe(`${at.issuer}/account/data`);
  return { visitor, page };
}

/** As if the sign-in had been so long ago. */
const ageSessions = (person: User, seconds: number) =>
  server.foundation.pool.query(
    `UPDATE provider_records SET payload = jsonb_set(payload::jsonb, '{loginTs}', to_jsonb((payload::jsonb->>'loginTs')::int - $2::int))::text
     WHERE account_id = $1 AND model = 'Session'`,
    [person.id, seconds],
  );
const events = (person: User, type: string) =>
  server.foundation.read.query('SELECT actor_id FROM audit_events WHERE type = $1 AND target_id = $2', [
    type,
    person.id,
  ]);

type Export = {
  readonly person: Record<string, unknown>;
  readonly events: readonly Record<string, unknown>[];
  readonly [name: string]: unknown;
};

describe('issue 5 item 10: the own data as a file', () => {
  it('holds what is kept, the log page by page, and no secret; it is recorded', async () => {
    const person = await aPerson(server, { displayName: 'Ada Archer' });
    const { visitor, page } = await onData(person);
    await visitor.get(authorizeUrl(server, await aClient(server, { name: 'Ledger', firstParty: true })));
    for (let count = 0; count < 230; count += 1)
      await server.foundation.transact(operator, async (tx) =>
        tx.record({ type: 'users.updated', target: { type: 'user', id: person.id }, details: { changed: {} } }),
      );

    const form = page.forms.find(({ action }) => action.endsWith('/export'));
    const file = await visitor.post(form?.action ?? '', form?.hidden ?? {});
    const data = JSON.parse(file.html) as Export;

    expect(file.headers.get('Content-Disposition')).toContain('attachment');
    expect(file.headers.get('Cache-Control')).toBe('no-store');
    expect(data.person).toMatchObject({ id: person.id, userName: person.userName, displayName: 'Ada Archer' });
    expect(data.sessions).toHaveLength(1);
    expect(data.applications).toMatchObject([{ name: 'Ledger' }]);
    expect(data.password).toHaveProperty('changedAt');
    expect(data.events.filter(({ type }) => type === 'users.updated')).toHaveLength(230);
    expect(data.events.some(({ type, by }) => type === 'sign-ins.succeeded' && by === 'self')).toBe(true);
    expect(await events(person, 'personal-data.exported')).toEqual([{ actor_id: person.id }]);
    const hidden = await server.foundation.read.query<{ secret: string }>(
      `SELECT hash AS secret FROM password_credentials WHERE user_id = $1
       UNION ALL SELECT encode(token_hash, 'hex') FROM known_devices WHERE user_id = $1`,
      [person.id],
    );
    for (const { secret } of hidden) expect(file.html).not.toContain(secret);
    for (const cookie of visitor.setCookies) expect(file.html).not.toContain(/=([^;]*)/.exec(cookie)?.[1] || 'none');
  });

  it('leaves out what is not theirs to read, and who among others did something', async () => {
    const person = await aPerson(server);
    const admin = await aPerson(server);
    await server.foundation.transact(operator, (tx) =>
      createUserAttribute(
        tx,
        userAttributeInput.parse({ name: 'risk', schema: { type: 'string' }, readableBy: ['admin'] }),
      ),
    );
    await server.foundation.transact({ type: 'user', id: admin.id, ipAddress: '203.0.113.9' }, (tx) =>
      updateUser(tx, { id: person.id, patch: { [CUSTOM]: { risk: 'very high indeed' } } }),
    );
    const { visitor, page } = await onData(person);

    const form = page.forms.find(({ action }) => action.endsWith('/export'));
    const { html } = await visitor.post(form?.action ?? '', form?.hidden ?? {});

    expect(html).not.toContain('very high indeed');
    expect(html).not.toContain(admin.id);
    expect(html).not.toContain('203.0.113.9');
  });

  it('asks for a recent sign-in: an old session gives nothing', async () => {
    const person = await aPerson(server);
    const { visitor, page } = await onData(person);
    await ageSessions(person, 16 * 60);

    const form = page.forms.find(({ action }) => action.endsWith('/export'));
    const answer = await visitor.post(form?.action ?? '', form?.hidden ?? {});
    const back = await visitor.signIn(answer, person.userName, password);

    expect(titleOf(answer)).toContain('Sign in');
    expect(await events(person, 'personal-data.exported')).toEqual([]);
    expect(back.url).toBe(`${server.issuer}/account/data`);
  });

  it('asks for both factors of whoever has two', async () => {
    const { user } = await aPersonWithTotp(server);
    const visitor = new WebVisitor(server);

    const asked = await visitor.signIn(await visitor.get('/account/data'), user.userName, password);
    const done = await visitor.submit(asked, 'code', { code: codeNow() });

    expect(done.url).toBe(`${server.issuer}/account/data`);
  });
});

describe('issue 5 item 10: deleting the own account', () => {
  it('ends everything, keeps the person restorable, and writes to the addresses they had proved', async () => {
    const person = await aPerson(server);
    const address = `ada-${person.id}@example.com`;
    await server.foundation.transact(operator, (tx) =>
      updateUser(tx, { id: person.id, patch: { emails: [{ value: address, verified: true }] } }),
    );
    const elsewhere = (await onData(person)).visitor;
    const { visitor, page } = await onData(person);

    const done = await visitor.submit(page, 'confirm', { confirm: 'yes' });

    expect(titleOf(done)).toContain('Your account is deleted');
    expect(titleOf(await elsewhere.get('/account'))).toContain('Sign in');
    expect(await findUser(server.foundation.read, person.id)).toBeUndefined();
    expect(await server.foundation.read.query('SELECT 1 FROM deleted_users WHERE id = $1', [person.id])).toHaveLength(
      1,
    );
    expect(await events(person, 'users.deleted')).toEqual([{ actor_id: person.id }]);
    const [mail] = await mailsTo(server, address);
    expect(mail?.text).toContain(person.userName);
  });

  it.each([
    ['without the tick', { confirm: '' }, 422],
    ['with a form of another session', { csrf: 'made-up', confirm: 'yes' }, 422],
  ])('%s nothing is deleted', async (_, fields, status) => {
    const person = await aPerson(server);
    const { visitor, page } = await onData(person);

    const answer = await visitor.submit(page, 'confirm', fields);

    expect(answer.status).toBe(status);
    expect(await findUser(server.foundation.read, person.id)).toBeDefined();
  });

  it('the last administrator stays, and is told why', async () => {
    const person = await aPerson(server);
    const [role] = await server.foundation.read.query<{ id: RoleId }>('SELECT id FROM roles WHERE name = $1', [
      ADMINISTRATOR_ROLE,
    ]);
    await server.foundation.transact(operator, (tx) =>
      assignRole(tx, { roleId: role?.id ?? ('' as RoleId), userId: person.id }),
    );
    const { visitor, page } = await onData(person);

    const answer = await visitor.submit(page, 'confirm', { confirm: 'yes' });

    expect(answer.html).toContain('last administrator');
    expect(await findUser(server.foundation.read, person.id)).toBeDefined();
  });

  it('an old session deletes nothing', async () => {
    const person = await aPerson(server);
    const { visitor, page } = await onData(person);
    await ageSessions(person, 16 * 60);

    const answer = await visitor.submit(page, 'confirm', { confirm: 'yes' });

    expect(titleOf(answer)).toContain('Sign in');
    expect(await findUser(server.foundation.read, person.id)).toBeDefined();
  });

  it('is off unless the operator allows it: no form, and no answer to one', async () => {
    const person = await aPerson(strict);
    const { visitor, page } = await onData(person, strict);
    const { csrf = '' } = page.forms[0]?.hidden ?? {};

    const answer = await visitor.post('/account/data/deletion', { csrf, confirm: 'yes' });

    expect(() => formWith(page, 'confirm')).toThrow();
    expect(answer.status).toBe(422);
    expect(await findUser(strict.foundation.read, person.id)).toBeDefined();
  });
});
