import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { DeclarationRefused } from '../../../src/domain/declaration/declaration-text.ts';
import { readDeclaration, readDeclarationFile } from '../../../src/domain/declaration/read-declaration-file.ts';
import { anInstallation, type Installation } from './an-installation.ts';

/** What is wrong, the text, and the place of each fault: line:column pointer. */
const matrix: readonly (readonly [string, string, readonly string[]])[] = [
  ['an unknown list', 'people: []', ['1:1 /people']],
  ['an unknown member', 'users:\n  - userName: a\n    isAdmin: true', ['3:5 /users/0/isAdmin']],
  ['an unknown member deep inside', 'users:\n  - userName: a\n    name: { nick: b }', ['3:13 /users/0/name/nick']],
  [
    'unknown client metadata',
    'clients: [{ client_id: a, redirect_uri: "x" }]',
    ['1:27 /clients/0/redirect_uri', '1:11 /clients/0/redirect_uris'],
  ],
  ['a wrong type', 'users:\n  - userName: 42', ['2:5 /users/0/userName']],
  ['a number for a password', 'users:\n  - userName: a\n    password: 12345678', ['3:5 /users/0/password']],
  ['text for a boolean', 'users:\n  - userName: a\n    active: "yes"', ['3:5 /users/0/active']],
  ['a list that is no list', 'users: { userName: a }', ['1:1 /users']],
  ['an entry that is no object', 'users: [alice]', ['1:9 /users/0']],
  ['a missing name', 'users:\n  - active: true', ['2:5 /users/0/userName']],
  ['a client without an id', 'clients:\n  - grant_types: [client_credentials]', ['2:5 /clients/0/client_id']],
  ['the same member twice', 'users: []\nusers: []', ['2:1 ']],
  ['the same person twice', 'users: [{ userName: Anna }, { userName: anna }]', ['1:31 /users/1/userName']],
  ['the same role twice', 'roles:\n- name: a\n- name: a', ['3:3 /roles/1/name']],
  [
    'a role that inherits itself',
    'roles:\n- { name: a, inherits: [b] }\n- { name: b, inherits: [a] }',
    ['2:14 /roles/0/inherits'],
  ],
  [
    'a group that is inside itself',
    'groups:\n- { displayName: a, groups: [B] }\n- { displayName: b, groups: [a] }',
    ['2:21 /groups/0/groups'],
  ],
  ['a group inside the same one twice', 'groups:\n- { displayName: a, groups: [b, B] }', ['2:33 /groups/0/groups/1']],
  [
    'two kinds of password',
    `users: [{ userName: a, password: long enough, passwordHash: "$2b$04$${'a'.repeat(53)}" }]`,
    ['1:47 /users/0/passwordHash'],
  ],
  ['a hash nobody reads', 'users: [{ userName: a, passwordHash: hello }]', ['1:24 /users/0/passwordHash']],
  ['a password that is too short', 'users: [{ userName: a, password: short }]', ['1:24 /users/0/password']],
  ['a built-in role', 'roles: [{ name: administrator }]', ['1:11 /roles/0/name']],
  [
    'a built-in resource server',
    'resourceServers: [{ identifier: "urn:doorward:admin" }]',
    ['1:21 /resourceServers/0/identifier'],
  ],
  [
    'a standard scope as permission',
    'resourceServers: [{ identifier: "urn:a", permissions: [{ value: openid }] }]',
    ['1:58 /resourceServers/0/permissions/0/value'],
  ],
  [
    'a period that ends before it begins',
    'users: [{ userName: a, roles: [{ role: b, startsAt: "2030-01-02T00:00:00Z", endsAt: "2030-01-01T00:00:00Z" }] }]',
    ['1:77 /users/0/roles/0/endsAt'],
  ],
  [
    'a redirect URI with a wildcard',
    'clients: [{ client_id: a, redirect_uris: ["https://*.example"] }]',
    ['1:43 /clients/0/redirect_uris/0'],
  ],
  ['broken YAML', 'users:\n  - userName: [', ['2:16 ']],
  ['a tab as indentation', 'users:\n\t- userName: a', ['2:1 ']],
  ['an unknown tag', 'users: !ruby/object []', ['1:8 ']],
  ['two documents', 'users: []\n---\nusers: []', ['2:1 ']],
  ['a NUL in the text', 'users:\n- userName: "a\u0000b"', ['2:15 ']],
  ['an escaped NUL', 'users:\n- userName: "a\\0b"', ['2:3 /users/0/userName', '2:3 /users/0/userName']],
  ['nothing', '', ['1:1 ']],
  ['a list as a whole', '- users', ['1:1 ']],
  ['a prototype', 'users:\n- userName: a\n  __proto__: { active: true }', ['3:3 /users/0/__proto__']],
  ['JSON with a wrong member', '{"users": [\n\t{"userName": "a", "admin": 1}\n]}', ['2:20 /users/0/admin']],
];

const placesOf = (text: string): readonly string[] => {
  try {
    readDeclaration('file.yaml', text);
  } catch (error) {
    if (error instanceof DeclarationRefused)
      return error.places.map(({ line, column, pointer = '' }) => `${line}:${column} ${pointer}`);
    throw error;
  }
  return [];
};

describe('a malformed file is refused with line and pointer, and changes nothing (issue: bad input)', () => {
  it.each(matrix)('%s', (_, text, places) => {
    expect(placesOf(text)).toEqual(places);
  });

  it('every fault is told at once', () => {
    const text = 'users:\n- userName: ""\n- { userName: b, emails: [{ value: nobody }] }\nroles:\n- { nam: c }';

    expect(placesOf(text)).toEqual(
      expect.arrayContaining(['2:3 /users/0/userName', '3:29 /users/1/emails/0/value', '5:5 /roles/0/nam']),
    );
  });

  it('a chain of very many groups is walked to its end', () => {
    const chain = Array.from({ length: 50_000 }, (_, n) => ({ displayName: `g${n}`, groups: [`g${n + 1}`] }));

    expect(placesOf(JSON.stringify({ groups: [...chain, { displayName: 'g50000', groups: ['g0'] }] }))).toHaveLength(1);
  });

  it('a text that explodes by aliases, or nests too deep, is refused', () => {
    const bomb = [
      'a0: &a0 [x]',
      ...Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`),
    ];

    expect(placesOf(bomb.join('\n'))).toHaveLength(1);
    expect(placesOf(`users: ${'['.repeat(50_000)}`).length).toBeGreaterThan(0);
  });

  it('never fails in another way than with places, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.json(),
          fc.object().map((value) => stringify(value)),
        ),
        (text) => {
          placesOf(text);
        },
      ),
      { numRuns: 300 },
    );
    const names = fc.constantFrom('users', 'clients', 'roles', 'groups', 'resourceServers');
    fc.assert(
      fc.property(fc.dictionary(names, fc.array(fc.object({ maxDepth: 2 }), { maxLength: 2 })), (value) => {
        placesOf(JSON.stringify(value));
      }),
      { numRuns: 300 },
    );
  });
});

describe('files that the database refuses', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await anInstallation();
  });
  afterAll(() => installation.end());

  it('names that neither the file nor the database knows', async () => {
    const text = `
roles:
- { name: a, inherits: [nobody], permissions: [{ resource: "urn:x", values: [read] }] }
users:
- { userName: u, roles: [nothing], groups: [nowhere] }
groups:
- { displayName: g, groups: [elsewhere] }
clients:
- { client_id: c, grant_types: [client_credentials], permissions: [{ resource: "urn:doorward:admin", values: [users:destroy] }] }`;

    const refused = await installation.apply(text).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(DeclarationRefused);
    const places = refused instanceof DeclarationRefused ? refused.places : [];
    expect(places.map(({ line, pointer }) => `${line} ${pointer}`)).toEqual([
      '9 /clients/0/permissions/0/values/0',
      '3 /roles/0/permissions/0/values/0',
      '3 /roles/0/inherits/0',
      '5 /users/0/roles/0',
      '7 /groups/0/groups/0',
      '5 /users/0/groups/0',
    ]);
    expect(await installation.count('roles')).toBe(1);
  });

  it('a cycle with a role of the database is refused by name, and the rest of the file is not done', async () => {
    await installation.apply('roles: [{ name: low }, { name: high, inherits: [low] }]');

    const refused = installation.apply('roles: [{ name: other }, { name: low, inherits: [high] }]');

    await expect(refused).rejects.toMatchObject({ message: expect.stringMatching(/low.*high/) });
    expect(await installation.count("roles WHERE name = 'other'")).toBe(0);
  });

  it('text that is not UTF-8, too large or not there', async () => {
    const latin = await installation.write('latin.yaml', Buffer.from('users: [{ userName: "J\xf6rg" }]', 'latin1'));
    const large = await installation.write('large.yaml', `# ${'x'.repeat(9 * 1024 * 1024)}`);

    await expect(readDeclarationFile(latin)).rejects.toMatchObject({ code: 'declarations.not_text' });
    await expect(readDeclarationFile(large)).rejects.toMatchObject({ code: 'declarations.too_large' });
    await expect(readDeclarationFile(`${large}.gone`)).rejects.toMatchObject({ code: 'declarations.unreadable' });
  });
});
