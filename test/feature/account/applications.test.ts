import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { User } from '../../../src/domain/users/user.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { formWith, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, password, type TestClient } from '../interaction/a-sign-in.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

async function signedIn(person: User): Promise<WebVisitor> {
  const visitor = new WebVisitor(server);
  await visitor.signIn(await visitor.get('/account/applications'), person.userName, password);
  return visitor;
}

/** Signed in to an application, asked where it has to ask. */
async function connect(visitor: WebVisitor, client: TestClient): Promise<void> {
  const page = await visitor.get(authorizeUrl(server, client, { scope: 'openid email' }));
  if (page.url.startsWith(client.redirectUri)) return;
  const done = await visitor.submit(page, 'decision', { decision: 'approve' });
  expect(done.url).toContain('code=');
}

const held = (person: User, { clientId }: TestClient) =>
  server.foundation.read.query(
    `SELECT model AS what FROM provider_records WHERE account_id = $1 AND client_id = $2
     UNION ALL SELECT 'consent' FROM consents WHERE user_id = $1 AND client_id = $2`,
    [person.id, clientId],
  );
const eventsOf = (person: User) =>
  server.foundation.read.query(
    `SELECT type, actor_id, client_id FROM audit_events WHERE target_id = $1 AND type IN ('consents.withdrawn', 'applications.disconnected')
     ORDER BY type`,
    [person.id],
  );

describe('issue 5 item 10: /account/applications', () => {
  it('says that there is none; our own pages are not one', async () => {
    const visitor = await signedIn(await aPerson(server));

    expect((await visitor.get('/account/applications')).html).toContain('No application is connected');
  });

  it.each([
    ['that asked', false],
    ['of the organization', true],
  ])(
    'shows an application %s with what it may see, in words; disconnecting ends all it holds',
    async (_, firstParty) => {
      const person = await aPerson(server);
      const client = await aClient(server, { name: 'Ledger', firstParty });
      const visitor = await signedIn(person);
      await connect(visitor, client);

      const page = await visitor.get('/account/applications');
      const done = await visitor.submit(page, 'client', {});

      expect(page.html).toContain('Ledger');
      expect(page.html).toContain('See your e-mail address');
      expect(done.html).toContain('The application is disconnected');
      expect(done.html).not.toContain('Ledger');
      expect(await held(person, client)).toEqual([]);
      const { clientId: client_id } = client;
      expect(await eventsOf(person)).toEqual([
        { type: 'applications.disconnected', actor_id: person.id, client_id },
        ...(firstParty ? [] : [{ type: 'consents.withdrawn', actor_id: person.id, client_id }]),
      ]);
    },
  );

  it('an application that was disconnected has to ask again', async () => {
    const visitor = await signedIn(await aPerson(server));
    const client = await aClient(server);
    await connect(visitor, client);
    await visitor.submit(await visitor.get('/account/applications'), 'client', {});

    const page = await visitor.get(authorizeUrl(server, client, { scope: 'openid email' }));

    expect(titleOf(page)).toContain('Allow');
  });

  it("another person's connection to the same application stays", async () => {
    const [one, other] = [await aPerson(server), await aPerson(server)];
    const client = await aClient(server);
    const visitor = await signedIn(one);
    await connect(visitor, client);
    await connect(await signedIn(other), client);

    await visitor.submit(await visitor.get('/account/applications'), 'client', {});

    expect(await held(one, client)).toEqual([]);
    expect((await held(other, client)).length).toBeGreaterThan(0);
  });

  it('a form of another session disconnects nothing', async () => {
    const person = await aPerson(server);
    const client = await aClient(server);
    const visitor = await signedIn(person);
    await connect(visitor, client);
    const elsewhere = await signedIn(person);
    const { csrf = '' } = formWith(await elsewhere.get('/account/applications'), 'client').hidden;

    const page = await visitor.submit(await visitor.get('/account/applications'), 'client', { csrf });

    expect(page.status).toBe(422);
    expect((await held(person, client)).length).toBeGreaterThan(0);
  });
});
