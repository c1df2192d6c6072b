import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { commands } from '../../../src/cli/commands.ts';
import { aTerminal, runHere, type TestTerminal } from './a-terminal.ts';

const FILE = `
resourceServers: [{ identifier: "https://api.example.com", permissions: [{ value: orders:read }] }]
roles: [{ name: clerk, permissions: [{ resource: "https://api.example.com", values: [orders:read] }] }]
groups: [{ displayName: Sales, roles: [clerk] }]
clients: [{ client_id: worker, grant_types: [client_credentials], client_secret: canary-client-secret-in-the-file }]
users: [{ userName: alice, password: canary password of alice, groups: [Sales] }]
`;

describe('the command line (DESIGN §8)', () => {
  let terminal: TestTerminal;
  const everything: string[] = [];
  const run = async (words: readonly string[], input?: string) => {
    const answer = await terminal.run(words, input);
    everything.push(answer.out, answer.err);
    return answer;
  };
  const query = async (sql: string): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: terminal.env.DOORWARD_DATABASE_URL });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  beforeAll(async () => {
    terminal = await aTerminal();
    await terminal.write('file.yaml', FILE);
  });
  afterAll(() => terminal.end());

  it('help names every command, and each has a page of its own', async () => {
    const { out, code } = await run(['help']);

    expect(code).toBe(0);
    for (const { name } of commands) {
      expect(out).toContain(`  ${name}`);
      const page = await run(['help', ...name.split(' ')]);
      expect(page.code).toBe(0);
      expect(page.out).toContain(`doorward ${name}`);
    }
  });

  it.each([
    [['aply'], 'There is no command aply; did you mean apply?'],
    [['users', 'lst'], 'There is no command users lst; did you mean users list?'],
    [['users'], 'doorward users needs one of: list, show, create'],
    [['apply', '--fil', 'x'], 'has no option --fil; did you mean --file?'],
    [['apply'], 'needs a file'],
    [['users', 'show'], 'Usage: doorward users show USERNAME'],
    [['users', 'show', 'a', 'b'], 'Usage: doorward users show USERNAME'],
    [['users', 'create', 'a', '--password', 'hunter2'], 'every user of this machine can read it'],
    [['users', 'create', 'a', '--password=hunter2'], 'use --password-stdin'],
    [['clients', 'create', 'a', '--client-secret', 'hunter2'], 'see doorward help clients create'],
    [['keys', 'rotate', '--alg', 'HS256'], '--alg takes RS256, ES256 or EdDSA'],
    [['roles', 'assign', 'clerk'], 'exactly one of --user, --group and --client'],
  ])('wrong usage is one sentence and exit code 2: %j', async (words, sentence) => {
    await run(['migrate']);
    if (words[0] === 'roles') await run(['apply', '-f', 'file.yaml']);

    const { code, out, err } = await run(words);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(sentence);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err).not.toContain('hunter2');
  });

  it('a setting that cannot be used is named, and help works all the same', async () => {
    const place = { env: { ...terminal.env, DOORWARD_PROT: '1' }, cwd: terminal.folder, input: '' };

    expect((await runHere(['users', 'list'], place)).err).toContain('DOORWARD_PROT is not a setting');
    expect((await runHere(['help'], place)).code).toBe(0);
  });

  it('apply tells its plan, then its changes, then that there are none; --json is for programs', async () => {
    const dry = await run(['apply', '-f', 'file.yaml', '--dry-run']);
    const first = await run(['apply', '-f', 'file.yaml']);
    const second = await run(['apply', '-f', 'file.yaml']);
    const quiet = await run(['apply', '-f', 'file.yaml', '--quiet']);
    const json = await run(['apply', '-f', 'file.yaml', '--dry-run', '--json']);

    expect([dry, first, second, quiet, json].map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    expect(second.out).toBe('file.yaml: nothing to change.\n');
    expect(quiet).toEqual({ code: 0, out: '', err: '' });
    expect(JSON.parse(json.out)).toMatchObject({ dryRun: true, steps: [] });
    expect(dry.out.length + first.out.length).toBeGreaterThan(0);
  });

  it('a file with faults is refused with exit code 1, a line for each', async () => {
    await terminal.write('bad.yaml', 'users:\n- userName: 1\n- { userName: b, rols: [x] }\n');

    const { code, out, err } = await run(['apply', '-f', 'bad.yaml']);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/bad\.yaml:2:3 \/users\/0\/userName/);
    expect(err).toMatch(/bad\.yaml:3:18 \/users\/1\/rols: unknown field rols/);
  });

  it('users: create with a link, show, disable, enable, reset, and a password from standard input', async () => {
    const created = await run([
      'users',
      'create',
      'bob',
      '--email',
      'bob@example.com',
      '--role',
      'clerk',
      '--group',
      'sales',
    ]);
    expect(created.out).toMatch(/^http:\/\/localhost:9\/account\/set-password\?token=[\w-]{43}\n$/);

    const shown = await run(['users', 'show', 'BOB']);
    expect(JSON.parse(shown.out)).toMatchObject({ userName: 'bob', groups: ['Sales'], roles: [{ role: 'clerk' }] });

    await run(['users', 'disable', 'bob', '--reason', 'left']);
    expect(JSON.parse((await run(['users', 'list', '--json'])).out)).toEqual(
      expect.arrayContaining([expect.objectContaining({ userName: 'bob', active: false })]),
    );
    await run(['users', 'enable', 'bob']);
    expect((await run(['users', 'reset-password', 'bob'])).out).toMatch(/token=/);
    expect((await run(['users', 'reset-password', 'bob', '--password-stdin'], 'canary typed password\n')).code).toBe(0);
    expect((await run(['users', 'reset-password', 'bob', '--password-stdin'], 'short\n')).err).toContain('at least 8');
    const requirements = { passwordMinimumLength: 24 };
    const policy = { name: 'Long ones', rules: [{ effect: 'require', requirements }] };
    await terminal.write('policy.json', JSON.stringify({ policies: [policy] }));
    await run(['apply', '-f', 'policy.json']);
    for (const words of ['reset-password bob', 'create eve'])
      expect((await run(['users', ...words.split(' '), '--password-stdin'], 'canary typed password\n')).err).toContain(
        'at least 24',
      );
    await terminal.write('policy.json', JSON.stringify({ policies: [{ ...policy, enabled: false }] }));
    await run(['apply', '-f', 'policy.json']);
    expect((await run(['users', 'create', 'bob'])).err).toContain('another user has this userName');
    expect((await run(['users', 'show', 'nobody'])).err).toBe('There is no user nobody.\n');
  });

  it('users: suspend, delete, list the deleted, restore and erase', async () => {
    await run(['users', 'create', 'carla']);
    await run(['users', 'suspend', 'carla', '--reason', 'lost laptop']);
    expect(JSON.parse((await run(['users', 'show', 'carla'])).out)).toMatchObject({
      status: 'suspended',
      active: false,
    });

    expect((await run(['users', 'delete', 'carla'])).out).toContain('doorward users restore carla');
    expect((await run(['users', 'show', 'carla'])).code).toBe(1);
    expect((await run(['users', 'create', 'Carla'])).err).toContain('a deleted user has this userName');
    expect(JSON.parse((await run(['users', 'deleted', '--json'])).out)).toMatchObject([{ userName: 'carla' }]);

    expect((await run(['users', 'restore', 'CARLA'])).out).toContain('doorward users enable carla');
    expect(JSON.parse((await run(['users', 'show', 'carla'])).out)).toMatchObject({
      status: 'inactive',
      active: false,
    });
    await run(['users', 'delete', 'carla']);
    expect((await run(['users', 'erase', 'carla'])).err).toContain('--yes');
    expect((await run(['users', 'erase', 'carla', '--yes'])).code).toBe(0);
    expect((await run(['users', 'erase', 'carla', '--yes'])).code).toBe(1);
    expect((await run(['users', 'create', 'Carla'])).code).toBe(0);
  });

  it('explain says why, and why not', async () => {
    expect((await run(['explain', 'alice', 'orders:read'])).out).toContain('alice → group Sales → role clerk');
    expect((await run(['explain', 'worker', 'orders:read', '--client'])).out).toContain('does not have orders:read');
    await run(['roles', 'assign', 'clerk', '--client', 'worker', '--ends-at', '2020-01-01T00:00:00Z']);
    expect((await run(['explain', '--client', 'worker', 'orders:read'])).out).toContain('ended');
    expect((await run(['roles', 'unassign', 'clerk', '--client', 'worker'])).code).toBe(0);
    expect((await run(['roles', 'unassign', 'clerk', '--client', 'worker'])).code).toBe(1);
  });

  it('clients: a secret is shown once, two are valid during the change-over', async () => {
    const created = await run([
      'clients',
      'create',
      'shop',
      '--redirect-uri',
      'https://shop.example/cb',
      '--name',
      'Shop',
    ]);
    const { client_secret: secret } = JSON.parse(created.out);
    const rotated = (await run(['clients', 'rotate-secret', 'shop', '--previous-hours', '2'])).out.trim();
    const shown = await run(['clients', 'show', 'shop']);

    expect(rotated).not.toBe(secret);
    expect(JSON.parse(shown.out).secrets).toHaveLength(2);
    expect(shown.out).not.toContain(secret);
    expect(shown.out).not.toContain(rotated);
    expect((await run(['clients', 'disable', 'shop'])).out).toContain('disabled');
    expect((await run(['clients', 'list', '--json'])).out).not.toMatch(/secret"/);
    expect((await run(['clients', 'hash-secret'], `${'a'.repeat(43)}\n`)).out).toMatch(/^sha256\$[\w-]{43}\n$/);
    expect((await run(['clients', 'hash-secret'], 'short\n')).code).toBe(1);
    expect((await run(['clients', 'create', 'x', '--redirect-uri', 'http://*.example'])).code).toBe(1);
  });

  it('the last administrator cannot be disabled', async () => {
    await run(['users', 'create', 'root', '--role', 'administrator']);

    const { code, err } = await run(['users', 'disable', 'root']);

    expect(code).toBe(1);
    expect(err).toContain('At least one active person must keep the role administrator');
  });

  it('keys: list shows no private part, rotate moves on, rewrap changes the key-encryption key', async () => {
    const before = JSON.parse((await run(['keys', 'list', '--json'])).out);
    await run(['keys', 'rotate', '--alg', 'ES256']);
    const after = JSON.parse((await run(['keys', 'list', '--json'])).out);
    expect(JSON.stringify(after)).not.toMatch(/"d":/);
    expect(after).toHaveLength(before.length + 1);

    expect((await run(['keys', 'rewrap', '--to', 'other-keys'])).code).toBe(0);
    expect((await run(['keys', 'rotate'])).err).toContain('is not the one this database was sealed under');
    const env = { ...terminal.env, DOORWARD_KEYS_DIR: `${terminal.folder}/other-keys` };
    expect((await runHere(['audit', 'verify'], { env, cwd: terminal.folder, input: '' })).code).toBe(0);
    await runHere(['keys', 'rewrap', '--to', 'keys'], { env, cwd: terminal.folder, input: '' });
  });

  it('audit: export is one JSON object a line, tail the latest events', async () => {
    const { out } = await run(['audit', 'export']);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['users.created', 'keys.rotated', 'declarations.applied']),
    );

    expect((await run(['audit', 'tail', '-n', '2'])).out.trimEnd().split('\n')).toHaveLength(2);
    expect((await run(['audit', 'tail', '-n', 'x'])).code).toBe(2);
  });

  it('every change was recorded for the operator, under the command that made it', async () => {
    const rows = await query(
      `SELECT DISTINCT actor_id AS id FROM audit_events WHERE actor_type = 'operator' ORDER BY 1`,
    );

    expect(rows.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        'apply',
        'clients create',
        'clients rotate-secret',
        'keys rotate',
        'users create',
        'users disable',
      ]),
    );
  });

  it('config print leaves secrets out and says where each value comes from', async () => {
    const env = {
      DOORWARD_DATABASE_URL: 'postgresql://doorward:canary-password@db.example/doorward',
      DOORWARD_KEY_ENCRYPTION_KEY: 'canary-key',
      DOORWARD_ADMIN_EMAIL: 'root@example.com',
      DOORWARD_ADMIN_PASSWORD: 'canary-password',
      DOORWARD_PORT_FILE: await terminal.write('port', '4444\n'),
    };

    const { out, code } = await runHere(['config', 'print'], { env, cwd: terminal.folder, input: '' });

    expect(code).toBe(0);
    expect(out).not.toContain('canary');
    expect(out).toMatch(/DOORWARD_PORT = 4444 {3}# file .*port/);
    expect(out).toContain('DOORWARD_LOG_LEVEL = info   # default');
  });

  it('doctor tells each check with what to do; what is only missing is no failure', async () => {
    const { code, out } = await run(['doctor']);

    expect(code).toBe(0);
    expect(out).toMatch(/^ok {4}database: PostgreSQL/m);
    expect(out).toMatch(/^ok {4}connection: direct/m);
    expect(out).toMatch(/^ok {4}key-encryption key: .*mode 600/m);
    expect(out).toMatch(/^warn {2}issuer: nobody answers at http:\/\/localhost:9/m);
    expect((await run(['doctor', 'request', 'unknown-id'])).code).toBe(1);
  });

  it('two processes that apply at once both succeed, and one of them makes it', async () => {
    await terminal.write('more.yaml', 'users: [{ userName: twice, password: nine herons watch }]');

    const answers = await Promise.all([1, 2].map(() => terminal.spawn(['apply', '-f', 'more.yaml'])));

    expect(answers.map(({ code, err }) => ({ code, err }))).toEqual([1, 2].map(() => ({ code: 0, err: '' })));
    expect(answers.filter(({ out }) => out.includes('+ user twice'))).toHaveLength(1);
  });

  it('no secret that went in came out again (SECURITY-LESSONS 39, 40)', () => {
    expect(everything.join('\n')).not.toMatch(/canary/);
  });
});
