import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queryOn } from '../../support/tables.ts';
import { aTerminal, type TestTerminal } from '../cli/a-terminal.ts';

const GOOD = 'good@hostile.example';

/** Each with a good person before and after; what is refused is refused by its line, and the others are taken. */
const ROWS: readonly (readonly [what: string, json: string, code: RegExp])[] = [
  ['NUL in a value', '{"userName":"a\\u0000b"}', /./],
  ['NUL in the name of an attribute', '{"userName":"x@hostile.example","a\\u0000b":1}', /unrecognized/],
  ['half of a surrogate pair', '{"userName":"\\ud800"}', /./],
  ['half of a surrogate pair in a name', '{"userName":"x@hostile.example","\\udc00":1}', /unrecognized/],
  ['NUL in a group', '{"userName":"x@hostile.example","groups":["a\\u0000"]}', /group_unknown/],
  ['NUL in a role', '{"userName":"x@hostile.example","roles":["a\\u0000"]}', /role_unknown/],
  ['NUL in an externalId', '{"userName":"x@hostile.example","externalId":"\\u0000"}', /./],
  ['NUL in a manager', '{"userName":"x@hostile.example","manager":{"userName":"\\u0000"}}', /manager_unknown/],
  ['nesting of 200,000 levels', `{"userName":"x@hostile.example","name":${'['.repeat(2e5)}${']'.repeat(2e5)}}`, /./],
  ['a prototype', '{"__proto__":{"userName":"x@hostile.example"},"constructor":{"prototype":{}}}', /./],
  ['a hash of absurd cost', `{"userName":"x@hostile.example","passwordHash":"$2b$31$${'a'.repeat(53)}"}`, /costly/],
  [
    'PBKDF2 with a billion rounds',
    '{"userName":"x@hostile.example","passwordHash":"pbkdf2_sha256$1000000000$salt$mQnueSakb748zqBAC1tmWVZsZbi2zPGZarEzTGdfmso="}',
    /costly/,
  ],
  [
    'scrypt with gigabytes of memory',
    `{"userName":"x@hostile.example","passwordHash":"scrypt:1073741824:8:1$salt$${'ab'.repeat(64)}"}`,
    /costly|unknown/,
  ],
  [
    'argon2 with gigabytes of memory',
    '{"userName":"x@hostile.example","passwordHash":"$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$Bj+eR+LycLGV0+FiRfL3OgxHJE8XA/vAQ0igWFvefE8"}',
    /costly|unknown/,
  ],
  [
    'a thousand groups',
    `{"userName":"x@hostile.example","groups":${JSON.stringify(Array(1000).fill('g'))}}`,
    /too_big/,
  ],
];

describe('files that somebody made to hurt (SECURITY-LESSONS 36)', () => {
  let terminal: TestTerminal;
  beforeAll(async () => {
    terminal = await aTerminal();
    await terminal.run(['migrate']);
  }, 60_000);
  afterAll(() => terminal.end());

  const imported = async (name: string, text: string) => {
    await terminal.write(name, text);
    return terminal.run(['users', 'import', name]);
  };
  const people = () =>
    queryOn<{ userName: string }>(
      terminal.env.DOORWARD_DATABASE_URL ?? '',
      'SELECT user_name AS "userName" FROM users ORDER BY user_name',
    );

  it.each(ROWS)('%s refuses its row alone', async (_, json, code) => {
    const {
      code: exit,
      out,
      err,
    } = await imported('p.json', `{"userName":"${GOOD}"}\n${json}\n{"userName":"${GOOD}2"}\n`);

    expect([exit, out]).toEqual([1, expect.stringContaining('1 refused')]);
    expect(err).toMatch(/line 2, column 1/);
    expect(err).toMatch(code);
    expect((await people()).map(({ userName }) => userName)).toEqual([GOOD, `${GOOD}2`]);
  });

  it.each([
    ['p.csv', `userName\n"${'x'.repeat(2_000_000)}"\n`],
    ['p.csv', `userName\n"never closed${'\n'.repeat(2_000_000)}`],
    ['p.csv', `${Array.from({ length: 150_000 }, (_, n) => `c${n}`).join(',')}\n`],
    ['p.csv', `userName,emails[99999999].value\n`],
    ['p.json', `{"userName":"${'x'.repeat(2_000_000)}`],
    ['p.json', '['.repeat(2_000_000)],
    ['p.ldif', `dn: uid=x\nuid: ${'x'.repeat(2_000_000)}\n`],
    ['p.ldif', `dn: uid=x\nuid: a\n${' a\n'.repeat(1_200_000)}`],
    ['p.ldif', `dn: uid=x\nuid: a\n${' \n'.repeat(1_200_000)}`],
    ['p.ldif', '\n'.repeat(3_000_000)],
    ['p.ldif', 'dn: uid=x\nuid:< file:///etc/passwd\n'],
  ])('%s: what is no file of people ends the import by name, and is not held in memory', async (name, text) => {
    const { code, out, err } = await imported(name, text);

    expect(`${code} ${err}${out}`).toMatch(/^1 .*|^0 .*0 created/s);
    expect(err + out).not.toMatch(/at \w+ \(|TypeError|RangeError/);
    expect((err + out).length).toBeLessThan(2_000);
  });

  it('a spreadsheet runs nothing of an export: cells that begin a formula are quoted, and come back as they were', async () => {
    const titles = ['=cmd|calc!A1', '+SUM(1)', '-2+3', '@SUM(A1)', "'quoted", '\t=1', 'plain'];
    const rows = titles.map((title, n) => JSON.stringify({ userName: `f${n}@formula.example`, displayName: title }));
    await imported('p.jsonl', rows.join('\n'));

    const before = (await terminal.run(['users', 'export', '--format', 'json'])).out;
    const csv = (await terminal.run(['users', 'export'])).out;
    const again = await imported('back.csv', csv);

    const cells = csv.split('\n').flatMap((line) => line.split(',').map((cell) => cell.replace(/^"/, '')));
    expect(cells.filter((cell) => /^[=@\t\r]|^[+-](?![\d ().-]*"?$)/.test(cell))).toEqual([]);
    expect(again.out).toMatch(/ 0 updated.* 0 refused/);
    expect((await terminal.run(['users', 'export', '--format', 'json'])).out).toBe(before);
  });
});
