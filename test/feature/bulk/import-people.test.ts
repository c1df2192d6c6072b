import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queryOn } from '../../support/tables.ts';
import { aTerminal, type TestTerminal } from '../cli/a-terminal.ts';

describe('doorward users import (issue 4 item 3)', () => {
  let terminal: TestTerminal;
  beforeAll(async () => {
    terminal = await aTerminal();
    await terminal.run(['migrate']);
    await terminal.write(
      'base.yaml',
      'groups: [{ displayName: Sales }, { displayName: "Research; Development" }]\nroles: [{ name: clerk, permissions: [] }]\n',
    );
    expect((await terminal.run(['apply', '-f', 'base.yaml'])).code).toBe(0);
  }, 60_000);
  afterAll(() => terminal.end());

  const imported = async (text: string, ...options: string[]) => {
    await terminal.write('people.csv', text);
    return terminal.run(['users', 'import', 'people.csv', ...options]);
  };
  const shown = async (userName: string) => JSON.parse((await terminal.run(['users', 'show', userName])).out);
  const query = <Row extends Record<string, unknown>>(sql: string, values: readonly unknown[] = []) =>
    queryOn<Row>(terminal.env.DOORWARD_DATABASE_URL ?? '', sql, values);
  const report = () => readFile(join(terminal.folder, 'report.csv'), 'utf8');

  it('2,000 rows with emails, enterprise attributes, groups and roles are people afterwards, and nothing changes the second time', async () => {
    const rows = Array.from(
      { length: 2000 },
      (_, n) =>
        `p${n}@many.example,Given,Family ${n},p${n}@many.example,true,Sales,Research\\; Development;Sales,clerk`,
    );
    const header = 'userName,name.givenName,name.familyName,emails[0].value,emails[0].verified,department,groups,roles';
    const text = [header, ...rows].join('\n');

    const first = await imported(text);
    const second = await imported(text);

    expect(first.out).toBe('2000 created, 0 updated, 0 deactivated, 0 unchanged, 0 refused.\n');
    expect(first.code).toBe(0);
    expect(second.out).toBe('0 created, 0 updated, 0 deactivated, 2000 unchanged, 0 refused.\n');
    expect(await shown('p1999@many.example')).toMatchObject({
      name: { givenName: 'Given', familyName: 'Family 1999' },
      emails: [{ value: 'p1999@many.example', primary: true, verified: true }],
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Sales' },
      groups: expect.arrayContaining(['Sales', 'Research; Development']),
      roles: [{ role: 'clerk' }],
    });
    const [events] = await query<{ created: number; completed: number }>(
      `SELECT count(*) FILTER (WHERE type = 'users.created')::int AS created,
         count(*) FILTER (WHERE type = 'imports.completed')::int AS completed FROM audit_events`,
    );
    expect(events).toEqual({ created: 2000, completed: 2 });
  }, 120_000);

  it('people who come or change by a file join and leave groups by their rules', async () => {
    const group = 'groups: [{ displayName: Support, membershipRule: \'department eq "Support"\' }]\n';
    await terminal.write('rule.yaml', group);
    expect((await terminal.run(['apply', '-f', 'rule.yaml'])).code).toBe(0);
    const groupsOf = async (userName: string) => (await shown(userName)).groups;

    const came = await imported('userName,department\nmover1@rule.example,Support\nmover2@rule.example,Sales\n');
    const before = [await groupsOf('mover1@rule.example'), await groupsOf('mover2@rule.example')];
    const moved = await imported('userName,department\nmover1@rule.example,Sales\nmover2@rule.example,Support\n');
    const after = [await groupsOf('mover1@rule.example'), await groupsOf('mover2@rule.example')];

    expect([came.code, moved.code]).toEqual([0, 0]);
    expect([before, after]).toEqual([
      [['Support'], []],
      [[], ['Support']],
    ]);
  }, 60_000);

  it('each refused row is reported with line, column and reason; the rows around it are taken', async () => {
    const { code, out } = await imported(
      [
        'userName,emails[0].value,groups,passwordHash,active',
        'good1@report.example,good1@report.example,,,true',
        'bad1@report.example,no address,,,true',
        '"bad2@report.example\n",,Nowhere,,true',
        'bad3@report.example,,,not-a-hash,perhaps',
        ',,,,',
        'too,few',
        'good2@report.example,,Sales,,',
      ].join('\n'),
      '--report',
      'report.csv',
    );

    expect({ code, out }).toEqual({ code: 1, out: '2 created, 0 updated, 0 deactivated, 0 unchanged, 5 refused.\n' });
    const lines = (await report()).trim().split('\n');
    expect(lines.map((line) => line.split(',').slice(0, 4).join(','))).toEqual([
      'line,column,attribute,code',
      '3,2,emails[0].value,custom',
      '4,1,userName,custom',
      '4,1,userName,custom',
      '4,3,groups[0],imports.group_unknown',
      '6,4,passwordHash,credentials.password_hash_unknown',
      '7,1,userName,invalid_type',
      '8,3,,imports.field_count',
    ]);
    expect((await terminal.run(['users', 'show', 'bad3@report.example'])).code).toBe(1);
  });

  it('a manager may stand anywhere in the file, and have a manager further down; who has none in the end is refused', async () => {
    const many = Array.from({ length: 700 }, (_, n) => `filler${n}@late.example,`);
    const more = Array.from({ length: 700 }, (_, n) => `more${n}@late.example,`);
    const lines = ['low@late.example,middle@late.example', 'lost@late.example,nobody@late.example', ...many];
    const rest = ['middle@late.example,top@late.example', ...more, 'top@late.example,'];
    const text = ['userName,manager.userName', ...lines, ...rest].join('\n');

    const { code, out } = await imported(text, '--report', 'report.csv');

    expect([code, out]).toEqual([1, expect.stringMatching(/1403 created, .* 1 refused/)]);
    expect((await report()).trim().split('\n').slice(1)).toEqual([
      expect.stringMatching(/^3,2,.*users.manager_unknown/),
    ]);
    const managers = await query(
      `SELECT p.user_name AS person, m.user_name AS manager FROM users p JOIN users m ON m.id = p.manager_id
       WHERE p.user_name LIKE '%@late.example' ORDER BY 1`,
    );
    expect(managers).toEqual([
      { person: 'low@late.example', manager: 'middle@late.example' },
      { person: 'middle@late.example', manager: 'top@late.example' },
    ]);
  });

  it('the same in a JSON array that is one line', async () => {
    const people = Array.from({ length: 400 }, (_, n) => ({ userName: `j${n}@array.example` }));
    const low = { userName: 'low@array.example', manager: { userName: 'top@array.example' } };
    await terminal.write('people.json', JSON.stringify([low, ...people, { userName: 'top@array.example' }]));

    const { code, out } = await terminal.run(['users', 'import', 'people.json']);

    expect([code, out]).toEqual([0, expect.stringMatching(/402 created, .* 0 refused/)]);
  });

  it('a dry run says what would be, and changes nothing', async () => {
    const before = await query('SELECT count(*) FROM audit_events');

    const { out } = await imported('userName\ndry1@dry.example\ndry2@dry.example\n', '--dry-run');

    expect(out).toBe('2 would be created, 0 would be updated, 0 would be deactivated, 0 unchanged, 0 refused.\n');
    expect(await query('SELECT count(*) FROM audit_events')).toEqual(before);
    expect(await query(`SELECT FROM users WHERE user_name LIKE '%@dry.example'`)).toEqual([]);
    expect(await query(`SELECT FROM bulk_imports WHERE completed_at IS NULL`)).toEqual([]);
  });

  it('active=false runs the leaver command with its receipt; nothing brings them back but --reactivate', async () => {
    await imported('userName,active\nleaver@out.example,true\n');

    const out = await imported('userName,active\nleaver@out.example,false\n');
    const kept = await imported('userName,active\nleaver@out.example,true\n', '--report', 'report.csv');
    const between = await shown('leaver@out.example');
    await imported('userName,active\nleaver@out.example,true\n', '--reactivate');

    expect(out.out).toContain('1 deactivated');
    expect(kept).toMatchObject({ code: 0, out: expect.stringContaining('1 unchanged') });
    expect(await report()).toContain('2,2,active,notice.not_reactivated');
    expect(between.active).toBe(false);
    expect((await shown('leaver@out.example')).active).toBe(true);
    const receipts = await query(
      `SELECT FROM deprovisioning_receipts r JOIN users u ON u.id = r.user_id WHERE u.user_name = 'leaver@out.example'`,
    );
    expect(receipts).toHaveLength(1);
  });

  it('a column that is no attribute is refused by name before anything is done', async () => {
    const { code, err } = await imported('userName,favouriteColour\ncolour@example.com,red\n');

    expect({ code, err: err.trim().split('\n').at(-1) }).toEqual({
      code: 1,
      err: expect.stringContaining('favouriteColour'),
    });
  });

  it('who is meant is said by the externalId; a userName that passed to somebody else does not hand over the account', async () => {
    await imported('userName,externalId\nmaria@names.example,hr-1\n');

    const renamed = await imported('userName,externalId\nmaria.new@names.example,hr-1\n');
    const reused = await imported('userName,externalId\nmaria.new@names.example,hr-2\n', '--report', 'report.csv');

    expect(renamed.out).toContain('1 updated');
    expect(reused.out).toContain('1 refused');
    expect(await report()).toContain('imports.external_id_differs');
  });
});
