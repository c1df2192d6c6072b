import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { takeBackAccount } from '../../../src/domain/lifecycle/take-back-account.ts';
import type { User } from '../../../src/domain/users/user.ts';
import { Authenticator } from '../../support/authenticator.ts';
import { eventually } from '../../support/eventually.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aPerson, password } from '../interaction/a-sign-in.ts';
import { addPasskey, askedOn, passkeysPath, signedIn, useOn } from '../passkeys/a-passkey.ts';
import { codeNow, codeOn, giveTotp } from './a-second-factor.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await startServer({ env: { DOORWARD_ACCOUNT_DELETION: 'on' } });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

const operator = { type: 'operator', id: 'test' } as const;
const secondFactors = '/account/second-factors';

/** A form that stands open in a session with all factors, and is sent when the account is being taken back. */
type OpenForm = {
  readonly visitor: WebVisitor;
  readonly page: Page;
  readonly fields: Readonly<Record<string, string>>;
};

async function byPassword(
  user: User,
  path: string,
  fieldsOf: (page: Page) => Record<string, string>,
): Promise<OpenForm> {
  const visitor = await signedIn(server, user);
  const page = await visitor.get(path);
  return { visitor, page, fields: fieldsOf(page) };
}

async function byPasskey(user: User, fields: Record<string, string> = {}): Promise<OpenForm> {
  const { authenticator } = await addPasskey(server, await signedIn(server, user));
  // So old that taking the account back leaves it.
  await server.foundation.pool.query(`UPDATE passkeys SET created_at = created_at - interval '30 days'`);
  const visitor = new WebVisitor(server);
  await useOn(visitor, await visitor.get('/account/sign-in'), authenticator);
  return { visitor, page: await visitor.get(passkeysPath), fields };
}

async function byCode(user: User, fields: Record<string, string> = {}): Promise<OpenForm> {
  await giveTotp(server, user.id);
  const visitor = new WebVisitor(server);
  const asked = await visitor.signIn(await visitor.get('/account/sign-in'), user.userName, password);
  await visitor.submit(asked, 'code', { code: codeNow() });
  return { visitor, page: await visitor.get(secondFactors), fields };
}

const created = (page: Page) => ({ passkey: new Authenticator(server.issuer).create(askedOn(page)) });

const changes: readonly (readonly [string, string, (user: User) => Promise<OpenForm>])[] = [
  ['a passkey is added', passkeysPath, (user) => byPassword(user, passkeysPath, created)],
  ['a passkey gets another name', `${passkeysPath}/name`, (user) => byPasskey(user, { name: 'Mine' })],
  ['a passkey is removed', `${passkeysPath}/removal`, (user) => byPasskey(user)],
  [
    'an authenticator app is set up',
    `${secondFactors}/totp`,
    (user) => byPassword(user, `${secondFactors}/totp`, (page) => ({ code: codeOn(page) })),
  ],
  [
    'an authenticator app is removed',
    `${secondFactors}/totp/removal`,
    (user) => byCode(user, { 'current-password': password }),
  ],
  ['recovery codes are issued', `${secondFactors}/recovery-codes`, (user) => byCode(user)],
  [
    'an address is changed',
    '/account/email',
    (user) => byPassword(user, '/account/email', () => ({ email: 'thief@example.com' })),
  ],
  [
    'the account is deleted',
    '/account/data/deletion',
    (user) => byPassword(user, '/account/data', () => ({ confirm: 'yes' })),
  ],
];

/** All that says how somebody signs in, and where mail about it goes. */
async function factorsOf(userId: string): Promise<unknown> {
  const { rows } = await server.foundation.pool.query(
    `SELECT (SELECT count(*)::int FROM users WHERE id = $1) AS people,
       (SELECT json_agg(name) FROM passkeys WHERE user_id = $1) AS passkeys,
       (SELECT count(*)::int FROM totp_credentials WHERE user_id = $1) AS apps,
       (SELECT json_agg(encode(code_hash, 'hex') ORDER BY code_hash) FROM recovery_codes WHERE user_id = $1) AS codes,
       (SELECT count(*)::int FROM email_changes WHERE user_id = $1) AS changes`,
    [userId],
  );
  return rows[0];
}

const waiting = async (): Promise<number> => {
  const { rows } = await server.foundation.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows[0]?.count ?? 0;
};

it.each(changes)(
  'a session that ends changes nothing any more: %s while the account is taken back',
  async (_, path, open) => {
    const user = await aPerson(server);
    const { visitor, page, fields } = await open(user);
    const form = page.forms.find(({ action }) => action.endsWith(path));
    const before = await factorsOf(user.id);

    const answer = await server.foundation.transact(operator, async (tx) => {
      await takeBackAccount(tx, { userId: user.id, addressKey: user.userName });
      const sent = visitor.post(path, { ...form?.hidden, ...fields });
      // It is past all that it looks up, and waits for the row that this transaction holds.
      expect(await eventually(waiting, (count) => count > 0)).toBeGreaterThan(0);
      return { sent };
    });

    expect(form).toBeDefined();
    expect(titleOf(await answer.sent)).toContain('Sign in');
    expect(await factorsOf(user.id)).toEqual(before);
  },
);
