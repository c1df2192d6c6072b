import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createOrganization } from '../../../src/domain/organizations/create-organization.ts';
import { removeOrganizationMember } from '../../../src/domain/organizations/organization-members.ts';
import { administrator, anInstallation, type Installation } from './an-installation.ts';

const LOGO =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';

const FILE = `
users:
  - { userName: ann, organizations: [{ organization: acme, managed: true }, Works] }
  - { userName: ben, organizations: [Works] }
policies:
  - { name: Careful, organization: Acme, rules: [{ effect: require, requirements: { factors: two_factors } }] }
  - { name: Careful, rules: [{ effect: require, when: { organizations: [Acme] }, requirements: { factors: two_factors } }] }
brandings:
  - { name: Everybody, mailSender: The office }
  - { organization: Acme, name: Acme, logo: { light: '${LOGO}' } }
  - { clientId: shop, name: The shop, colors: { light: { accent: '#0f5c4a' } } }
clients:
  - { client_id: shop, organization: Acme, redirect_uris: ['http://localhost:4000/callback'], token_endpoint_auth_method: none }
organizations:
  - { name: Works, parent: Acme }
  - { name: Acme, displayName: Acme Ltd., domains: [acme.example, Bücher.example] }
`;
const without = (line: RegExp): string => FILE.replace(line, '');
const shown = (steps: readonly { action: string; noun: string; name: string }[]) =>
  steps.map(({ action, noun, name }) => `${action} ${noun} ${name}`);

describe('organizations, how pages look, and policies of organizations in a declarative file (DESIGN §8)', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await anInstallation();
  });
  afterAll(() => installation.end());
  const idOf = async (name: string): Promise<string> => {
    const [row] = await installation.read.query<{ id: string }>('SELECT id FROM organizations WHERE name = $1', [name]);
    return row?.id ?? '';
  };

  it('a dry run shows what would be made, and makes nothing', async () => {
    const { steps } = await installation.apply(FILE, { dryRun: true });

    expect(shown(steps)).toEqual([
      'create organization Acme',
      'create organization Works',
      'create organization domain acme.example of Acme',
      'create organization domain xn--bcher-kva.example of Acme',
      'create client shop',
      'create policy Careful',
      'create policy Careful',
      'create branding the deployment',
      'create branding organization Acme',
      'create branding client shop',
      'create user ann',
      'create user ben',
      'create organization membership ann in acme, managed by it',
      'create organization membership ann, ben in Works',
    ]);
    expect(await installation.count('organizations')).toBe(0);
  });

  it('are made, whatever the order in the file; a second run changes nothing', async () => {
    await installation.apply(FILE);

    expect(await installation.apply(FILE)).toMatchObject({ steps: [], notes: [], leftovers: [] });
    const [ann] = await installation.read.query('SELECT home_organization_id AS home FROM users WHERE user_name = $1', [
      'ann',
    ]);
    expect(ann).toEqual({ home: await idOf('Acme') });
  });

  it('an export applies to an empty installation and gives the same again', async () => {
    const text = await installation.export();
    const elsewhere = await anInstallation();
    await elsewhere.apply(text);

    expect(await elsewhere.export()).toBe(text);
    expect((await elsewhere.apply(text)).steps).toEqual([]);
    expect(text).toContain(LOGO);
    expect(text).not.toContain(await idOf('Acme'));
    await elsewhere.end();
  });

  it('follow the file: another name to show, another place, other looks, another organization of a client', async () => {
    const changed = FILE.replace('Acme Ltd.', 'Acme & Co.')
      .replace('Works, parent: Acme', 'Works')
      .replace('The office', 'The desk')
      .replace('shop, organization: Acme', 'shop, organization: Works');

    const { steps } = await installation.apply(changed);

    expect(steps).toEqual([
      { action: 'update', noun: 'organization', name: 'Works', changed: { parent: { from: 'Acme', to: null } } },
      {
        action: 'update',
        noun: 'organization',
        name: 'Acme',
        changed: { displayName: { from: 'Acme Ltd.', to: 'Acme & Co.' } },
      },
      { action: 'update', noun: 'client', name: 'shop', changed: { organization: { from: 'Acme', to: 'Works' } } },
      {
        action: 'update',
        noun: 'branding',
        name: 'the deployment',
        changed: { mailSender: { from: 'The office', to: 'The desk' } },
      },
    ]);
    await installation.apply(FILE);
    expect((await installation.apply(FILE)).steps).toEqual([]);
  });

  it('suspend, and open again with --reactivate alone', async () => {
    const closed = FILE.replace('Works, parent: Acme', 'Works, parent: Acme, status: suspended');
    const open = FILE.replace('Works, parent: Acme', 'Works, parent: Acme, status: active');

    const suspended = await installation.apply(closed);
    const kept = await installation.apply(open);
    const opened = await installation.apply(open, { reactivate: true });

    expect(shown(suspended.steps)).toEqual(['update organization Works']);
    expect(kept).toMatchObject({ steps: [], notes: [expect.stringContaining('Works is suspended and stays so')] });
    expect(shown(opened.steps)).toEqual(['reactivate organization Works']);
  });

  it('whoever was sent away since stays away, but for --reactivate; nobody is taken out', async () => {
    const [{ id: userId } = { id: '' }] = await installation.read.query<{ id: string }>(
      `SELECT id FROM users WHERE user_name = 'ben'`,
    );
    const organizationId = await idOf('Works');
    await installation.transact(administrator, (tx) => removeOrganizationMember(tx, { organizationId, userId }));

    const kept = await installation.apply(FILE);
    const back = await installation.apply(FILE, { reactivate: true });
    const left = await installation.apply(without(/, organizations: \[Works\]/));

    expect(kept).toMatchObject({ steps: [], notes: [expect.stringContaining('ben was taken out of Works')] });
    expect(shown(back.steps)).toEqual(['reactivate organization membership ben in Works']);
    expect(left.steps).toEqual([]);
    await installation.apply(FILE);
  });

  const refused: readonly (readonly [string, string, string, string])[] = [
    ['a parent that nothing has', 'parent: Acme', 'parent: Nowhere', '/organizations/0/parent'],
    [
      'an organization of a person',
      'organizations: [Works]',
      'organizations: [Works, Nowhere]',
      '/users/1/organizations/1',
    ],
    [
      'an organization twice for a person',
      'organizations: [Works]',
      'organizations: [Works, works]',
      '/users/1/organizations',
    ],
    [
      'an organization of a policy',
      'Careful, organization: Acme',
      'Careful, organization: Nowhere',
      '/policies/0/organization',
    ],
    [
      'an organization of a client',
      'shop, organization: Acme',
      'shop, organization: Nowhere',
      '/clients/0/organization',
    ],
    ['an owner of looks', '- { organization: Acme', '- { organization: Nowhere', '/brandings/1/organization'],
    ['a client whose looks these are', 'clientId: shop', 'clientId: nothing', '/brandings/2/clientId'],
    ['two owners', 'clientId: shop', 'clientId: shop, organization: Acme', '/brandings/2/organization'],
    ['the same looks twice', 'clientId: shop', 'organization: acme', '/brandings/2'],
    ['two homes', ', Works] }', ', { organization: Works, managed: true }] }', '/users/0/organizations'],
    ['a circle', 'displayName: Acme Ltd.', 'parent: Works', '/organizations/0/parent'],
    ['what is no domain', 'domains: [acme.example', 'domains: [acme', '/organizations/1/domains/0'],
    ['a domain twice', 'domains: [acme.example', 'domains: [acme.example, ACME.example.', '/organizations/1/domains'],
    ['a colour nobody can read', '#0f5c4a', '#ffff00', '/brandings/2/colors/light/accent'],
    ['a name twice', 'name: Works, parent: Acme', 'name: ACME', '/organizations/1/name'],
    ['an id in place of a name', 'Careful, organization:', 'Careful, organizationId:', '/policies/0/organizationId'],
  ];
  it.each(refused)('refuses %s at its line and pointer, and changes nothing', async (_, from, to, pointer) => {
    const before = await installation.export();

    const error = await installation.apply(FILE.replace(from, to)).catch((reason: unknown) => reason);

    expect(error).toMatchObject({ code: 'declarations.invalid' });
    expect((error as { places: unknown[] }).places).toContainEqual(
      expect.objectContaining({ pointer: expect.stringMatching(new RegExp(`^${pointer}`)), line: expect.any(Number) }),
    );
    expect(await installation.export()).toBe(before);
  });

  it('an organization that administrators of another made under a declared name is not taken for it (SECURITY-LESSONS 14)', async () => {
    const above = await idOf('Acme');
    await installation.transact(administrator, (tx) =>
      createOrganization(tx, { name: 'Treasury', parentId: above as never }),
    );
    const named = `users: [{ userName: cid, organizations: [Treasury] }]`;

    for (const text of [named, `${named}\norganizations: [{ name: Treasury }]`])
      await expect(installation.apply(text)).rejects.toThrow(/Treasury was not made by a file and is in Acme/);
    const { steps } = await installation.apply(`${named}\norganizations: [{ name: Treasury, parent: Acme }]`);
    expect(shown(steps)).toEqual(['create user cid', 'create organization membership cid in Treasury']);
  });

  it('what left the file is told, and removed with --prune: what is inside goes first', async () => {
    const elsewhere = await anInstallation();
    await elsewhere.apply(FILE);

    const kept = await elsewhere.apply('users: []');
    const pruned = await elsewhere.apply('users: []', { prune: true });

    expect(kept.leftovers).toEqual(expect.arrayContaining(['organization Works', 'branding of the deployment']));
    const gone = shown(pruned.steps);
    expect(gone.indexOf('delete organization Works')).toBeLessThan(gone.indexOf('delete organization Acme'));
    for (const table of ['organizations', 'brandings', 'sign_in_policies'])
      expect(await elsewhere.count(table)).toBe(0);
    await elsewhere.end();
  });
});
