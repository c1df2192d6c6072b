import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aTerminal, type TestTerminal } from '../cli/a-terminal.ts';

const HASH = '$2b$04$abcdefghijklmnopqrstuuCi15uRb1eH7NAlJ/TgeJertyknQpYn2';
const BASE = `
groups: [{ displayName: Sales }, { displayName: "Research; Development" }]
roles: [{ name: clerk, permissions: [] }]
userAttributes: [{ name: badge, schema: { type: string }, unique: true }, { name: floors, schema: { type: array, items: { type: integer } } }]
`;
const PEOPLE = [
  {
    userName: 'ann@export.example',
    externalId: 'hr-1',
    name: { givenName: 'Änn', familyName: 'Archer, "the" first' },
    displayName: '=Ann',
    emails: [
      { value: 'ann@export.example', primary: true, verified: true, type: 'work' },
      { value: 'ann@home.example', primary: false, verified: false },
    ],
    phoneNumbers: [{ value: '+44 20 7946 0000' }],
    addresses: [{ streetAddress: '1 High St\nFlat 2', country: 'GB' }],
    department: 'Sales',
    'urn:doorward:params:scim:schemas:extension:custom:2.0:User': { badge: 'B;1', floors: [1, 2] },
    groups: ['Sales', 'Research; Development'],
    roles: ['clerk'],
    passwordHash: HASH,
  },
  {
    userName: 'bob@export.example',
    status: 'suspended',
    endsAt: '2051-01-01T00:00:00.000Z',
    manager: { userName: 'ann@export.example' },
  },
];

describe('doorward users export (issue 4 item 3)', () => {
  const terminals: TestTerminal[] = [];
  const anInstallation = async (): Promise<TestTerminal> => {
    const terminal = await aTerminal();
    terminals.push(terminal);
    await terminal.run(['migrate']);
    await terminal.write('base.yaml', BASE);
    expect(await terminal.run(['apply', '-f', 'base.yaml'])).toMatchObject({ code: 0 });
    return terminal;
  };
  let source: TestTerminal;
  beforeAll(async () => {
    source = await anInstallation();
    await source.write('people.json', JSON.stringify(PEOPLE));
    expect(await source.run(['users', 'import', 'people.json'])).toMatchObject({ code: 0 });
  }, 60_000);
  afterAll(async () => {
    for (const terminal of terminals) await terminal.end();
  });

  const exported = async (from: TestTerminal, ...options: string[]) =>
    (await from.run(['users', 'export', '--with-password-hashes', ...options])).out;

  it.each(['csv', 'json'])('%s imports into another installation as it came out', async (format) => {
    const target = await anInstallation();
    await target.write(`people.${format}`, await exported(source, '--format', format));

    const { code, out, err } = await target.run(['users', 'import', `people.${format}`]);

    expect({ code, out, err }).toMatchObject({ code: 0, out: expect.stringContaining('2 created') });
    const [came, went] = [await exported(target, '--format', 'json'), await exported(source, '--format', 'json')];
    expect(came.split('\n').sort()).toEqual(went.split('\n').sort());
  });

  it('LDIF (RFC 2849, RFC 2798) brings names, addresses, groups and the hash', async () => {
    const target = await anInstallation();
    await target.write('people.ldif', await exported(source, '--format', 'ldif'));

    expect(await target.run(['users', 'import', 'people.ldif'])).toMatchObject({ code: 0 });

    const lines = (await exported(target, '--format', 'json')).split('\n');
    const ann = JSON.parse(lines.find((line) => line.includes('hr-1')) ?? '{}');
    expect(ann).toMatchObject({
      userName: 'ann@export.example',
      externalId: 'hr-1',
      name: { givenName: 'Änn', familyName: 'Archer, "the" first' },
      emails: [{ value: 'ann@export.example' }, { value: 'ann@home.example' }],
      groups: expect.arrayContaining(['Sales', 'Research; Development']),
      passwordHash: HASH,
    });
  });

  it('hashes are left out unless asked for, and an existing file is not overwritten', async () => {
    const first = await source.run(['users', 'export', '-o', 'out.csv']);
    const second = await source.run(['users', 'export', '-o', 'out.csv']);

    expect([first.code, second.code]).toEqual([0, 1]);
    expect(await readFile(join(source.folder, 'out.csv'), 'utf8')).not.toContain('$2b$');
  });
});
