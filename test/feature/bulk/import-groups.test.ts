import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queryOn } from '../../support/tables.ts';
import { aTerminal, type TestTerminal } from '../cli/a-terminal.ts';

let terminal: TestTerminal;
beforeAll(async () => {
  terminal = await aTerminal();
  await terminal.run(['migrate']);
  await terminal.write(
    'base.yaml',
    `roles: [{ name: clerk, permissions: [] }, { name: "R&D; lead", permissions: [] }]
clients: [{ client_id: billing, grant_types: [client_credentials] }]
users: [{ userName: ann }, { userName: bob }, { userName: "o'neil, jr." }]
`,
  );
  const { code, err } = await terminal.run(['apply', '-f', 'base.yaml']);
  expect([code, code === 0 ? '' : err]).toEqual([0, '']);
}, 60_000);
afterAll(() => terminal.end());

type Noun = 'groups' | 'role-assignments';
const imported = async (noun: Noun, name: string, text: string, ...options: string[]) => {
  await terminal.write(name, text);
  return terminal.run([noun, 'import', name, ...options]);
};
const exported = async (noun: Noun, format: string) => (await terminal.run([noun, 'export', '--format', format])).out;
const query = <Row extends Record<string, unknown>>(sql: string) =>
  queryOn<Row>(terminal.env.DOORWARD_DATABASE_URL ?? '', sql, []);
const report = () => readFile(join(terminal.folder, 'report.csv'), 'utf8');
const membersOf = async () => {
  const rows = await query<{ name: string; members: string[] }>(
    `SELECT g.display_name AS name, ARRAY(
       SELECT u.user_name FROM group_members m JOIN users u ON u.id = m.user_id WHERE m.group_id = g.id
       UNION ALL SELECT '+' || i.display_name FROM group_inclusions x JOIN groups i ON i.id = x.included_group_id
         WHERE x.group_id = g.id ORDER BY 1) AS members FROM groups g ORDER BY 1`,
  );
  return Object.fromEntries(rows.map(({ name, members }) => [name, members]));
};

const GROUPS = `displayName,externalId,membershipRule,members,groups
Sales,hr-1,,ann;bob,
R&D; Berlin,hr-2,,"o'neil, jr.",
Northern,,"department eq ""North""",,
Everybody,,,,Sales;R&D\\; Berlin
`;

describe('issue 4 item 3: files of groups', () => {
  it('groups are made with members and groups inside; nothing changes the second time', async () => {
    const first = await imported('groups', 'groups.csv', GROUPS);
    const second = await imported('groups', 'groups.csv', GROUPS);

    expect([first.code, first.out]).toEqual([0, expect.stringContaining('4 created')]);
    expect([second.code, second.out]).toEqual([0, expect.stringContaining('4 unchanged')]);
    expect(await membersOf()).toEqual({
      Everybody: ['+R&D; Berlin', '+Sales'],
      Northern: [],
      'R&D; Berlin': ["o'neil, jr."],
      Sales: ['ann', 'bob'],
    });
  });

  it('the externalId says which group is meant, and what a row does not name is kept', async () => {
    const { out } = await imported('groups', 'more.json', '[{"displayName":"Selling","externalId":"hr-1"}]');
    expect(out).toContain('1 updated');
    expect((await membersOf()).Selling).toEqual(['ann', 'bob']);
    await imported('groups', 'more.json', '{"displayName":"Sales","externalId":"hr-1"}');
  });

  it('refuses row by row, with line, column and code, and does the rest', async () => {
    const before = await membersOf();
    const text = `displayName,externalId,members,groups
Good,,ann,
Sales,hr-9,,
Bad,,nobody;ann,
Worse,,,Nowhere
Northern,,ann,
,,ann,
`;
    const tried = await imported('groups', 'bad.csv', text, '--dry-run', '--report', 'report.csv');
    const dry = await report();
    expect([tried.code, await membersOf()]).toEqual([1, before]);
    const { code, out } = await imported('groups', 'bad.csv', text, '--report', 'report.csv');

    expect([code, out]).toEqual([1, expect.stringContaining('1 created')]);
    const lines = (await report()).trim().split('\n').slice(1);
    expect(lines.map((line) => line.split(',').slice(0, 4).join(' '))).toEqual([
      '3 1 displayName imports.group_of_other',
      '4 3 members[0] imports.user_unknown',
      '5 4 groups[0] imports.group_unknown',
      expect.stringMatching(/^6 \d \S* groups\.members_follow_rule$/),
      expect.stringMatching(/^7 1 displayName /),
    ]);
    expect(dry).toBe(await report());
    expect((await membersOf()).Good).toEqual(['ann']);
  });

  it.each(['csv', 'json', 'ldif'])('an export as %s imports back, and changes nothing', async (format) => {
    const before = await membersOf();
    const text = await exported('groups', format);
    const { code, out } = await imported('groups', `all.${format}`, text);

    expect([code, out]).toEqual([0, expect.stringMatching(/0 created, 0 updated, .* 0 refused/)]);
    expect(await membersOf()).toEqual(before);
    await query('DELETE FROM groups');
    expect((await imported('groups', `again.${format}`, text)).code).toBe(0);
    expect(await membersOf()).toEqual(before);
    await query('DELETE FROM groups');
    await imported('groups', 'groups.csv', GROUPS);
    await imported('groups', 'good.json', '{"displayName":"Good","members":["ann"]}');
  });

  it('columns and members that are none are refused by name, before anything is done', async () => {
    const { code, err } = await imported('groups', 'odd.csv', 'displayName,organizationId,department\nX,1,2\n');
    expect([code === 0, err]).toEqual([
      false,
      expect.stringMatching(/no attributes of a group: organizationId, department/),
    ]);
    const odd = await imported('groups', 'odd.json', '{"displayName":"X","power":"all"}', '--report', 'report.csv');
    expect([odd.code, await report()]).toEqual([1, expect.stringContaining('power')]);
  });
});

const ASSIGNMENTS = `role,users,groups,clients,startsAt,endsAt,reason
clerk,ann;bob,Sales,,,,
clerk,ann,,,2030-01-01T00:00:00Z,2031-01-01T00:00:00Z,stands in
R&D; lead,"o'neil, jr.",,billing,,,
`;
const assignments = () =>
  query(
    `SELECT r.name, u.user_name, g.display_name, a.client_id, a.starts_at, a.ends_at, a.reason FROM role_assignments a
     JOIN roles r ON r.id = a.role_id LEFT JOIN users u ON u.id = a.user_id LEFT JOIN groups g ON g.id = a.group_id
     WHERE NOT r.built_in ORDER BY 1, 2, 3, 4, 5`,
  );

describe('issue 4 item 3: files of role assignments', () => {
  it('people, groups and clients get roles, with a period and a reason; nothing changes the second time', async () => {
    const first = await imported('role-assignments', 'roles.csv', ASSIGNMENTS);
    const second = await imported('role-assignments', 'roles.csv', ASSIGNMENTS);

    expect([first.code, first.out]).toEqual([0, expect.stringContaining('3 created')]);
    expect([second.code, second.out]).toEqual([0, expect.stringContaining('3 unchanged')]);
    expect(await assignments()).toHaveLength(6);
    const later = ASSIGNMENTS.replace('2031-01-01', '2032-01-01');
    expect((await imported('role-assignments', 'roles.csv', later)).out).toContain('1 updated');
  });

  it('refuses row by row whom and what there is not, and periods that end before they begin', async () => {
    const before = await assignments();
    const text = `role,users,groups,clients,startsAt,endsAt
nothing,ann,,,,
clerk,nobody,,,,
clerk,,Nowhere,,,
clerk,,,no-client,,
clerk,,,,,
clerk,bob,,,2031-01-01T00:00:00Z,2030-01-01T00:00:00Z
clerk,bob,,,yesterday,
`;
    const { code } = await imported('role-assignments', 'bad.csv', text, '--report', 'report.csv');
    const places = (await report())
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').slice(0, 3).join(' '));
    expect([code, [...new Set(places)]]).toEqual([
      1,
      ['2 1 role', '3 2 users[0]', '4 3 groups[0]', '5 4 clients[0]', '6 1 users', '7 6 endsAt', '8 5 startsAt'],
    ]);
    expect(await assignments()).toEqual(before);
  });

  it.each(['csv', 'json'])('an export as %s imports back to the same', async (format) => {
    const before = await assignments();
    const text = await exported('role-assignments', format);
    await query('DELETE FROM role_assignments USING roles r WHERE r.id = role_id AND NOT r.built_in');
    expect((await imported('role-assignments', `all.${format}`, text)).code).toBe(0);
    expect(await assignments()).toEqual(before);
  });

  it('LDIF holds those without a period: a role of a week never becomes one for ever', async () => {
    const text = await exported('role-assignments', 'ldif');
    expect([text.includes('roleOccupant: uid=ann'), text.includes('stands in')]).toEqual([true, false]);
    const { code, out } = await imported('role-assignments', 'all.ldif', text);
    expect([code, out]).toEqual([0, expect.stringContaining('0 created')]);
  });
});
