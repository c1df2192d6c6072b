import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assignRole } from '../../../src/domain/access/assign-role.ts';
import type { RoleId } from '../../../src/kernel/ids.ts';
import { type AdminApi, addAdminClient, adminApi } from '../../support/admin-api.ts';
import { keptMails, mailsAbout, mailsTo } from '../../support/mail.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { type Page, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, password, type TestClient } from '../interaction/a-sign-in.ts';

let server: RunningServer;
let second: RunningServer;
let admin: AdminApi;
let app: TestClient;
let other: TestClient;

/** 2 × 1 pixels. */
const LOGO =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';
const violet = { light: { accent: '#6b21a8' } };

beforeAll(async () => {
  server = await startServer({ env: { DOORWARD_REGISTRATION: 'open' } });
  second = await startServer({
    issuer: server.issuer,
    keysDir: server.configuration.keysDir,
    database: { url: server.configuration.databaseUrl ?? '', drop: async () => undefined } as never,
  });
  const client = await addAdminClient(server.configuration.databaseUrl ?? '');
  admin = await adminApi({ url: server.issuer, client });
  app = await aClient(server, { firstParty: true, name: 'Orders' });
  other = await aClient(server, { firstParty: true, name: 'Notes' });
}, 60_000);

afterAll(async () => {
  expect([...server.errors, ...second.errors]).toEqual([]);
  await second.stop();
  await server.stop();
});

const signInPage = (client: TestClient) => new WebVisitor(server).get(authorizeUrl(server, client));
const brandOn = (html: string) => ({
  title: /<title>[^·]*· ([^<]*)<\/title>/.exec(html)?.[1],
  sheets: [...html.matchAll(/href="(\/branding\/[^"]+\.css)"/g)].map(([, path]) => path),
  logo: /<img class="brand-logo" src="([^"]*)"/.exec(html)?.[1],
});

describe('issue 5 §12: branding', () => {
  it('of an application goes before that of its organization, and that before the one of the deployment', async () => {
    const organization = await admin.post('/organizations', { name: 'Acme' });
    const below = await admin.post('/organizations', { name: 'Acme East', parentId: organization.id });
    await server.foundation.dataSource.query('UPDATE clients SET organization_id = $2 WHERE client_id = $1', [
      app.clientId,
      below.id,
    ]);
    const plain = brandOn((await signInPage(app)).html);

    await admin.call('PUT', '/branding', { name: 'Mainland', links: { help: 'https://help.example/' } });
    const deployment = brandOn((await signInPage(app)).html);
    await admin.call('PUT', `/organizations/${organization.id}/branding`, { name: 'Acme', colors: violet });
    const inherited = brandOn((await signInPage(app)).html);
    await admin.call('PUT', `/clients/${app.clientId}/branding`, { name: 'Acme Orders', logo: { light: LOGO } });
    const own = await signInPage(app);
    const elsewhere = await signInPage(other);
    const onSecond = await new WebVisitor(second).get(authorizeUrl(server, app));

    expect(plain).toEqual({ title: 'Doorward', sheets: [], logo: undefined });
    expect(deployment).toMatchObject({ title: 'Mainland', sheets: [] });
    expect(inherited).toMatchObject({ title: 'Acme', sheets: [expect.any(String)] });
    expect(brandOn(own.html)).toEqual({
      title: 'Acme Orders',
      sheets: inherited.sheets,
      logo: expect.stringMatching(/^\/branding\/logos\//),
    });
    expect(own.html).toContain('<a href="https://help.example/" rel="noreferrer">Help</a>');
    expect(brandOn(elsewhere.html)).toMatchObject({ title: 'Mainland', sheets: [], logo: undefined });
    expect(brandOn(onSecond.html)).toMatchObject({ title: 'Acme Orders' });

    await admin.call('DELETE', `/clients/${app.clientId}/branding`);
    await admin.call('DELETE', `/organizations/${organization.id}/branding`);
    await admin.call('DELETE', '/branding');
    expect(brandOn((await signInPage(app)).html)).toEqual(plain);
  });

  it('comes as a style sheet and images of our own, kept for ever, which run nothing; without anything inline', async () => {
    await admin.call('PUT', '/branding', { colors: violet, font: 'serif', logo: { light: LOGO } });
    const page = await signInPage(other);
    const { sheets, logo } = brandOn(page.html);

    const sheet = await fetch(`${server.issuer}${sheets[0]}`);
    const image = await fetch(`${server.issuer}${logo}`);
    const posted = await fetch(`${server.issuer}${logo}`, { method: 'POST' });
    await admin.call('DELETE', '/branding');
    const gone = await Promise.all([sheets[0], logo].map((path) => fetch(`${server.issuer}${path}`)));

    expect(page.html).not.toMatch(/<style|style="/);
    expect(page.headers.get('content-security-policy')).toContain("style-src 'self'");
    expect(await sheet.text()).toMatch(/^:root\{--accent:#6b21a8;.*@media screen and \(prefers-color-scheme:dark\)/);
    expect(sheet.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect([sheet, image].map(({ headers }) => headers.get('cache-control'))).toEqual([
      'public, max-age=31536000, immutable',
      'public, max-age=31536000, immutable',
    ]);
    expect(image.headers.get('content-type')).toBe('image/png');
    expect(image.headers.get('x-content-type-options')).toBe('nosniff');
    expect(image.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(Buffer.from(await image.arrayBuffer()).toString('base64')).toBe(LOGO.split(',')[1]);
    expect(posted.status).toBe(405);
    expect(gone.map(({ status }) => status)).toEqual([404, 404]);
  });

  it('of the organization that manages an account is on its own pages and mails', async () => {
    const person = await aPerson(server);
    const organization = await admin.post('/organizations', { name: 'Bolt' });
    await admin.call('PUT', `/organizations/${organization.id}/branding`, { name: 'Bolt & Co', colors: violet });
    await server.foundation.dataSource.query('UPDATE users SET home_organization_id = $2 WHERE id = $1', [
      person.id,
      organization.id,
    ]);
    await admin.call('PATCH', `/users/${person.id}`, { emails: [{ value: person.userName, verified: true }] });
    const visitor = new WebVisitor(server);
    const signIn = await visitor.get(`${server.issuer}/account`);
    const account = await visitor.signIn(signIn, person.userName, password);

    await visitor.post(`${server.issuer}/recover`, { username: person.userName });
    const mails = await mailsTo(server, person.userName);
    await admin.call('DELETE', `/organizations/${organization.id}/branding`);

    expect(brandOn(signIn.html).title).toBe('Doorward');
    expect(brandOn(account.html).title).toBe('Bolt &amp; Co');
    expect(mails[0]?.html).toContain('background-color:#6b21a8');
    expect(mails[0]?.text).toContain('Bolt & Co');
  });

  it('of an application is on the pages beside its sign-in, and on every mail that comes about on the way to it', async () => {
    await admin.call('PUT', '/branding', { name: 'Mainland' });
    const branding = {
      name: 'Acme Orders',
      colors: violet,
      logo: { light: LOGO },
      links: { help: 'https://help.example/' },
    };
    await admin.call('PUT', `/clients/${other.clientId}/branding`, branding);
    const { id, userName } = await aPerson(server);
    await admin.call('PATCH', `/users/${id}`, { emails: [{ value: userName, verified: true }] });
    const aVisitor = () => new WebVisitor(server);
    const linked = async (visitor: WebVisitor, path: string) => {
      const { html } = await visitor.get(authorizeUrl(server, other));
      return visitor.get(new RegExp(`href="(${path}[^"]*)"`).exec(html)?.[1] ?? '');
    };

    for (const visitor of [aVisitor(), aVisitor()]) {
      await visitor.signIn(await visitor.get(authorizeUrl(server, other)), userName, password);
      // New browsers within a minute are one piece of news.
      await server.foundation.dataSource.query(
        `UPDATE known_devices SET created_at = created_at - interval '2 minutes' WHERE user_id = $1`,
        [id],
      );
    }
    const forgetful = aVisitor();
    const forgot = await linked(forgetful, '/recover');
    const sent = await forgetful.submit(forgot, 'username', { username: userName });
    const newcomer = aVisitor();
    const [first, second] = [`new-${userName}`, `newer-${userName}`];
    const signedUp = await newcomer.submit(await linked(newcomer, '/sign-up'), 'email', { email: first });
    const creator = aVisitor();
    const create = await creator.get(authorizeUrl(server, other, { prompt: 'create' }));
    await creator.submit(create, 'email', { email: second });
    const nobody = await aVisitor().get('/recover?client_id=nobody&lang=de');
    const strange = await aVisitor().get('/recover?client_id=%3Cb%3E%0A');
    const mails = await Promise.all([
      mailsAbout(server, userName, 'A new browser signed in to your account'),
      mailsAbout(server, userName, 'Choose a new password'),
      mailsTo(server, first),
      mailsTo(server, second),
    ]);
    await admin.call('DELETE', `/clients/${other.clientId}/branding`);
    await admin.call('DELETE', '/branding');

    expect([forgot, sent, signedUp, create].map(({ html }) => brandOn(html).title)).toEqual(
      Array(4).fill('Acme Orders'),
    );
    expect([nobody, strange].map(({ html }) => brandOn(html).title)).toEqual(['Mainland', 'Mainland']);
    expect(forgot.html).toContain(`href="?client_id=${other.clientId}&amp;lang=de"`);
    for (const [mail] of mails) {
      expect(mail?.text).toContain('by Acme Orders at localhost');
      expect(mail?.text).toContain('Help: https://help.example/');
      expect(mail?.html).toMatch(/color:#6b21a8;.*<img src="cid:[\w-]{43}@branding"/s);
    }
  });

  it('of an organization is on the mails to whom it invites, and kept mails show its logo', async () => {
    const organization = await admin.post('/organizations', { name: 'Acme West' });
    await admin.call('PUT', `/organizations/${organization.id}/branding`, { name: 'West', logo: { light: LOGO } });
    const address = `guest-${process.pid}@example.com`;
    await admin.call('POST', `/organizations/${organization.id}/invitations`, { email: address });
    const [mail] = await mailsTo(server, address);
    const list = await (await fetch(`${server.origin}/dev/mail`, { headers: { accept: 'text/html' } })).text();
    const path = /href="(\/dev\/mail\/[0-9a-f-]{36})"/.exec(list)?.[1];
    const shown = await fetch(`${server.origin}${path}/html`);
    const logo = /<img src="([^"]*)"/.exec(await shown.text())?.[1];
    const image = await fetch(`${server.origin}${logo}`);
    await admin.call('DELETE', `/organizations/${organization.id}/branding`);

    expect(mail?.text).toContain('by West at localhost');
    expect((await keptMails(server))[0]?.to).toBe(address);
    expect(shown.headers.get('content-security-policy')).toContain("img-src 'self'");
    expect(image.headers.get('content-type')).toBe('image/png');
  });

  it('is given back as it was put in, versioned, recorded, and refused by the place of what is wrong', async () => {
    const branding = { name: 'Acme', colors: violet, logo: { light: LOGO } };
    const set = await admin.call('PUT', '/branding', branding);
    const again = await admin.call('PUT', '/branding', branding);
    const seen = await admin.call('GET', '/branding');
    const stale = await admin.call('PUT', '/branding', { name: 'Other' }, { 'if-match': '"7"' });
    const wrong = await admin.call('PUT', '/branding', { colors: { light: { accent: '#ffee00' } }, script: 'x' });
    const nobody = await admin.call('PUT', '/clients/nobody/branding', {});
    const nowhere = await admin.call('GET', '/organizations/0/branding');
    const removed = await admin.call('DELETE', '/branding', undefined, { 'if-match': '"1"' });
    const twice = await admin.call('DELETE', '/branding');
    const events = await admin.get('/audit-events?target=deployment&limit=100');

    expect([set.status, set.headers.get('etag'), again.headers.get('etag')]).toEqual([200, '"1"', '"1"']);
    expect(seen.body).toMatchObject({ ...branding, palette: { light: { accent: '#6b21a8', onAccent: '#ffffff' } } });
    expect(stale.status).toBe(412);
    expect([wrong.status, wrong.body.errors]).toEqual([
      422,
      expect.arrayContaining([
        expect.objectContaining({ pointer: '/colors/light/accent', detail: expect.stringMatching(/4\.5:1.*would do/) }),
        expect.objectContaining({ pointer: '/script' }),
      ]),
    ]);
    expect([nobody.status, nowhere.status, removed.status, twice.status]).toEqual([404, 404, 204, 404]);
    const types = (events.auditEvents as { type: string }[]).map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['brandings.set', 'brandings.removed']));
  });
});

describe('issue 5 §12: preview page', () => {
  const PREVIEW = '/account/branding';
  const framesOf = ({ html }: Page) =>
    [...html.matchAll(/srcdoc="([^"]*)"/g)].map(([, source = '']) =>
      source.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
    );
  async function signedIn(role?: string): Promise<WebVisitor> {
    const { id, userName } = await aPerson(server);
    if (role !== undefined)
      await server.foundation.transact({ type: 'operator', id: 'test' }, async (tx) => {
        const [found] = await tx.query<{ id: RoleId }>('SELECT id FROM roles WHERE name = $1', [role]);
        await assignRole(tx, { roleId: found?.id ?? ('' as RoleId), userId: id });
      });
    const visitor = new WebVisitor(server);
    await visitor.signIn(await visitor.get('/account'), userName, password);
    return visitor;
  }
  const kept = () =>
    server.foundation.read.query(
      'SELECT count(*)::int AS n, (SELECT count(*)::int FROM audit_events) AS events FROM brandings',
    );

  it('shows four things in four manners: the saved branding, or one that is not saved, and changes nothing', async () => {
    await admin.call('PUT', '/branding', { name: 'Mainland', colors: violet });
    await admin.call('PUT', `/clients/${other.clientId}/branding`, { name: 'Notes & Co' });
    const visitor = await signedIn('administrator');
    const saved = await visitor.get(`${PREVIEW}?client_id=${other.clientId}`);
    const before = await kept();
    const wish = { name: 'Tried', font: 'serif', colors: { dark: { accent: '#ffb4a2' } }, logo: { light: LOGO } };
    const tried = await visitor.submit(saved, 'csrf', { branding: JSON.stringify(wish) });
    const again = await signInPage(other);
    const after = await kept();
    const sheets = await Promise.all(
      ['light', 'dark'].map(async (scheme) => {
        const path = new RegExp(`/branding/pages-${scheme}-[\\w-]+\\.css`).exec(framesOf(tried).join(''))?.[0];
        return (await fetch(`${server.issuer}${path}`)).text();
      }),
    );
    await admin.call('DELETE', `/clients/${other.clientId}/branding`);
    await admin.call('DELETE', '/branding');

    expect([saved.status, tried.status]).toEqual([200, 200]);
    for (const page of [saved, tried]) {
      const frames = framesOf(page);
      expect(frames).toHaveLength(16);
      const tags = page.html.replaceAll(/srcdoc="[^"]*"/g, '').match(/<iframe [^>]*>/g) ?? [];
      expect(tags.filter((tag) => !/ sandbox(?:="")?[ >]/.test(tag))).toEqual([]);
      expect(frames.join('')).not.toMatch(/<script|prefers-color-scheme|href="\/assets\/doorward/);
      const csp = page.headers.get('content-security-policy') ?? '';
      expect(csp).toContain("default-src 'none'");
      expect(csp).not.toMatch(/script-src|style-src 'unsafe|connect-src|http/);
    }
    expect(framesOf(saved).every((frame) => frame.includes('Notes &amp; Co') && frame.includes('#6b21a8'))).toBe(true);
    expect(framesOf(tried).every((frame) => frame.includes('Tried') && frame.includes(LOGO))).toBe(true);
    expect(tried.html).not.toContain('Notes &amp; Co');
    expect(sheets.map((css) => /@media screen and (\([^)]*\))/.exec(css)?.[1])).toEqual([
      '(max-width: 0)',
      '(min-width: 0)',
    ]);
    expect(brandOn(again.html).title).toBe('Notes &amp; Co');
    expect(after).toEqual(before);
  });

  it('says what would be refused and where, and shows nothing of it', async () => {
    const visitor = await signedIn('administrator');
    const page = await visitor.get(PREVIEW);
    const post = (branding: string, more = {}) => visitor.submit(page, 'csrf', { branding, ...more });

    const unreadable = await post('{"colors":{"light":{"accent":"#ffee00"}},"script":"x"}');
    const answers = [await post('{'), await post('[]'), await post('{}', { csrf: 'foreign' })];
    const unknown = await visitor.submit(page, 'saved', { saved: 'yes', organization: '', client_id: 'nobody' });

    expect(unreadable.status).toBe(422);
    expect(unreadable.html).toMatch(/<code>\/colors\/light\/accent<\/code>[^<]*4\.5:1/);
    expect(unreadable.html).toContain('<code>/script</code>');
    expect([...answers, unknown].map(({ status }) => status)).toEqual([422, 422, 422, 404]);
    expect([unreadable, ...answers, unknown].flatMap(framesOf)).toEqual([]);
  });

  it('is linked from the account of whoever may see it', async () => {
    const [administrator, somebody] = [await signedIn('administrator'), await signedIn()];

    const pages = [await administrator.get('/account'), await somebody.get('/account')];

    expect(pages.map(({ html }) => html.includes(`href="${PREVIEW}"`))).toEqual([true, false]);
  });

  it('is for whoever may see branding: everywhere, or in an organization of theirs', async () => {
    const organization = await admin.post('/organizations', { name: 'Previewed' });
    const { id, userName } = await aPerson(server);
    await admin.call('POST', `/organizations/${organization.id}/members`, { members: [{ value: id }] });
    const roles = await admin.get('/roles?limit=100');
    const role = (roles.roles as { id: string; name: string }[]).find(({ name }) => name === 'administrator');
    await admin.call('POST', `/organizations/${organization.id}/role-assignments`, { roleId: role?.id, userId: id });
    const manager = new WebVisitor(server);
    await manager.signIn(await manager.get('/account'), userName, password);
    const own = `${PREVIEW}?organization=${organization.id}`;
    const somebody = await signedIn();

    const answers = [
      await manager.get(own),
      await manager.get(PREVIEW),
      await manager.get(`${PREVIEW}?client_id=${other.clientId}`),
      await somebody.get(own),
      await somebody.get(PREVIEW),
      await somebody.post(PREVIEW, { branding: '{}' }),
    ];
    const stranger = await new WebVisitor(server).get(PREVIEW);

    expect(answers.map(({ status }) => status)).toEqual([200, 403, 403, 403, 403, 403]);
    expect(stranger.forms.some(({ names }) => names.includes('password'))).toBe(true);
  });
});
