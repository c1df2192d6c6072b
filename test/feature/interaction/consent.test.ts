import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findConsent } from '../../../src/domain/clients/consents.ts';
import { newId } from '../../../src/kernel/ids.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { formWith, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, callback, password } from './a-sign-in.ts';

const orders = 'https://orders.example';
let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
  await server.foundation.transact({ type: 'operator', id: 'test' }, async (tx) => {
    const [id, read, write] = [newId(), newId(), newId()];
    await tx.query(
      `INSERT INTO resource_servers (id, identifier, name, access_token_format, access_token_type,
         access_token_lifetime_seconds, signing_alg, created_at, updated_at)
       VALUES ($1, $2, 'Orders API', 'jwt', 'at+jwt', 300, 'ES256', $3, $3)`,
      [id, orders, tx.now],
    );
    await tx.query(
      `INSERT INTO permissions (id, resource_server_id, value, description, created_at, updated_at)
       VALUES ($1, $3, 'orders:read', 'Read your orders', $4, $4), ($2, $3, 'orders:write', 'Change your orders', $4, $4)`,
      [read, write, id, tx.now],
    );
    tx.announce({ topic: 'resource-servers', key: '*' });
    tx.record({ type: 'resource-servers.created' });
  });
});
afterAll(async () => {
  await server.stop();
});

async function askedFor(more: Record<string, string>, facts: Parameters<typeof aClient>[1] = {}) {
  const person = await aPerson(server, { displayName: 'Ada Archer' });
  const client = await aClient(server, { name: 'Order book', ...facts });
  const visitor = new WebVisitor(server);
  const url = authorizeUrl(server, client, more);
  const page = await visitor.signIn(await visitor.get(url), person.userName, password);
  const consent = () => findConsent(server.foundation.read, { userId: person.id, clientId: client.clientId });
  return { person, client, visitor, url, page, consent };
}

describe('DESIGN §8 consent', () => {
  it('names the application, the person, each scope with its meaning and each permission with its description', async () => {
    const { page } = await askedFor({ scope: 'openid email orders:read', resource: orders });

    for (const words of ['Order book', 'Ada Archer', 'See your e-mail address', 'Orders API', 'Read your orders'])
      expect(page.html).toContain(words);
    expect(page.html).not.toContain('Change your orders');
    expect(formWith(page, 'decision')).toBeDefined();
  });

  it('what is granted is what was shown, whatever else the form carries', async () => {
    const { visitor, page, consent } = await askedFor({ scope: 'openid email orders:read', resource: orders });

    await visitor.submit(page, 'decision', { decision: 'approve', scope: 'openid phone', scopes: 'orders:write' });

    expect(await consent()).toMatchObject({
      scopes: ['email', 'openid'],
      resourceScopes: { [orders]: ['orders:read'] },
    });
  });

  it('is remembered: the same request goes through, a wider one shows what is new', async () => {
    const { visitor, page, url, client } = await askedFor({ scope: 'openid email' });
    await visitor.submit(page, 'decision', { decision: 'approve' });

    const again = await visitor.get(url);
    const wider = await visitor.get(authorizeUrl(server, client, { scope: 'openid email phone' }));

    expect(callback(again.url).code).toBeDefined();
    expect(wider.html).toContain('See your phone number');
    expect(wider.html).toMatch(/See your phone number<\/bdi><span class="tag">new/);
  });

  it('a refusal tells the application, is recorded, and is not remembered', async () => {
    const { visitor, page, url, consent, person } = await askedFor({ scope: 'openid email' });

    const end = await visitor.submit(page, 'decision', { decision: 'deny' });
    const again = await visitor.get(url);

    expect(callback(end.url)).toMatchObject({ error: 'access_denied', state: 'a state' });
    expect(await consent()).toBeUndefined();
    expect(formWith(again, 'decision')).toBeDefined();
    const events = await server.foundation.read.query('SELECT 1 FROM audit_events WHERE type = $1 AND actor_id = $2', [
      'consents.refused',
      person.id,
    ]);
    expect(events).toHaveLength(1);
  });

  it('prompt=consent asks again and shows what was allowed before', async () => {
    const { visitor, page, client } = await askedFor({ scope: 'openid email' });
    await visitor.submit(page, 'decision', { decision: 'approve' });

    const again = await visitor.get(authorizeUrl(server, client, { scope: 'openid email', prompt: 'consent' }));
    const end = await visitor.submit(again, 'decision', { decision: 'approve' });

    expect(again.html).toContain('See your e-mail address');
    expect(callback(end.url).code).toBeDefined();
  });

  it('a first-party application asks nothing', async () => {
    const { page } = await askedFor({ scope: 'openid email' }, { firstParty: true });

    expect(callback(page.url).code).toBeDefined();
  });

  it('"Not you?" asks for a sign-in, and the consent is then the other person’s', async () => {
    const { visitor, page, consent, client } = await askedFor({ scope: 'openid email' });
    const other = await aPerson(server, { displayName: 'Bea Baker' });

    const login = await visitor.submit(page, 'switch', { switch: 'yes' });
    const asked = await visitor.signIn(login, other.userName, password);
    const end = await visitor.submit(asked, 'decision', { decision: 'approve' });

    expect(login.html).not.toContain('Ada Archer');
    expect(asked.html).toContain('Bea Baker');
    expect(callback(end.url).code).toBeDefined();
    expect(await consent()).toBeUndefined();
    expect(await findConsent(server.foundation.read, { userId: other.id, clientId: client.clientId })).toMatchObject({
      scopes: ['email', 'openid'],
    });
  });
});
