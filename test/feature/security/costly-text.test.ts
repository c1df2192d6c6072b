import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { issueSetPasswordLink } from '../../../src/domain/credentials/one-time-links.ts';
import { type AdminApi, addAdminClient, adminApi } from '../../support/admin-api.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { formWith, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, password } from '../interaction/a-sign-in.ts';

/**
 * Composing and ordering combining marks takes time quadratic in their number: a megabyte of them would keep the process from
 * answering anyone for more than a minute. Each text here takes milliseconds or many seconds, nothing between, so that the
 * runner's own limit is the measure.
 */
const costly = {
  'marks in the wrong order': (pairs: number) => '\u0315\u0300'.repeat(pairs),
  'marks in two blocks': (pairs: number) => '\u0315'.repeat(pairs) + '\u0300'.repeat(pairs),
  'a letter with marks': (pairs: number) => `a${'\u0300\u0316'.repeat(pairs)}`,
} as const;
/** As many as a body of one megabyte holds: percent-encoded in a form, as they are in JSON. */
const pairsOf = { form: 82_000, json: 245_000 } as const;

let server: RunningServer;
let admin: AdminApi;

beforeAll(async () => {
  server = await startServer();
  admin = await adminApi({
    url: server.origin,
    client: await addAdminClient(String(server.configuration.databaseUrl)),
  });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

type Send = (text: string) => Promise<number>;

/** Every form that a person fills, field by field; the others as they should be. */
const forms: Readonly<Record<string, Send>> = Object.fromEntries(
  ['username', 'password', 'csrf', 'switch'].map((field) => [
    `login form, ${field}`,
    async (text: string) => {
      const visitor = new WebVisitor(server);
      const page = await visitor.get(authorizeUrl(server, await aClient(server)));
      const answer = await visitor.submit(page, 'username', { username: 'someone', password, [field]: text });
      return answer.status;
    },
  ]),
);

const accountForms: Readonly<Record<string, Send>> = Object.fromEntries(
  ['current-password', 'new-password', 'new-password-again', 'csrf'].map((field) => [
    `change of password, ${field}`,
    async (text: string) => {
      const person = await aPerson(server);
      const visitor = new WebVisitor(server);
      const home = await visitor.signIn(await visitor.get('/account'), person.userName, password);
      const answer = await visitor.submit(home, 'new-password', {
        'current-password': password,
        'new-password': 'nine badgers count the harvest',
        [field]: text,
      });
      return answer.status;
    },
  ]),
);

const linkForms: Readonly<Record<string, Send>> = Object.fromEntries(
  ['token', 'new-password', 'new-password-again'].map((field) => [
    `one-time link, ${field}`,
    async (text: string) => {
      const { id } = await aPerson(server);
      const { token } = await server.foundation.transact({ type: 'operator', id: 'test' }, (tx) =>
        issueSetPasswordLink(tx, { userId: id }),
      );
      const visitor = new WebVisitor(server);
      const page = await visitor.get(`/account/set-password?token=${token}`);
      expect(formWith(page, 'new-password').action).toBe('/account/set-password');
      const answer = await visitor.submit(page, 'new-password', {
        'new-password': 'nine badgers count the harvest',
        [field]: text,
      });
      return answer.status;
    },
  ]),
);

/** What an administrator with little power may send. */
const bodies: Readonly<Record<string, (text: string) => readonly [string, object]>> = {
  'users: userName': (text) => ['/users', { userName: text }],
  'users: displayName': (text) => ['/users', { userName: 'a', displayName: text }],
  'users: familyName': (text) => ['/users', { userName: 'a', name: { familyName: text } }],
  'users: emails': (text) => ['/users', { userName: 'a', emails: [{ value: `${text}@example.com` }] }],
  'users: password': (text) => ['/users', { userName: 'a', password: text }],
  'groups: displayName': (text) => ['/groups', { displayName: text }],
  'clients: client_name': (text) => ['/clients', { client_name: text, grant_types: ['client_credentials'] }],
  'roles: name': (text) => ['/roles', { name: text }],
};
const calls: Readonly<Record<string, Send>> = Object.fromEntries(
  Object.entries(bodies).map(([name, body]) => [
    name,
    async (text: string) => (await admin.call('POST', ...body(text))).status,
  ]),
);

const of = (encoding: keyof typeof pairsOf, sends: Readonly<Record<string, Send>>) =>
  Object.entries(sends).flatMap(([name, send]) =>
    Object.entries(costly).map(([kind, make]) => ({ name, kind, send, text: make(pairsOf[encoding]) })),
  );
const matrix = [...of('form', { ...forms, ...accountForms, ...linkForms }), ...of('json', calls)];

it.each(matrix)(
  'SECURITY-LESSONS 37: $name holding $kind is answered like any other wrong text',
  async ({ send, text }) => {
    const status = await send(text);

    expect(status).toBeGreaterThanOrEqual(200);
    expect(status).toBeLessThan(500);
  },
  10_000,
);
