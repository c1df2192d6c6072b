import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { aTerminal, runHere, type TestTerminal } from './a-terminal.ts';

const FILE = `
clients: [{ client_id: jwt, grant_types: [client_credentials], token_endpoint_auth_method: client_secret_jwt, client_secret: a-secret-that-is-kept-sealed-itself }]
users:
- { userName: "Jörg \\\\ \\"x\\" (y), z", displayName: "多 🦊", password: seven otters keep the ledger, roles: [administrator] }
- { userName: null-ish, emails: [{ value: a@example.com }], addresses: [{ formatted: "line 1\\nline 2" }] }
`;

/** Every row of every table as PostgreSQL writes it, but for what the restore adds. */
async function contentOf(url: string | undefined): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: names } = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
       AND NOT relispartition AND relname <> 'schema_migrations' ORDER BY 1`,
    );
    const parts: string[] = [];
    for (const { name } of names) {
      const where = name === 'audit_events' ? `WHERE type <> 'backups.restored'` : '';
      const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t ${where} ORDER BY 1`);
      parts.push(name, ...rows.map(({ row }) => row));
    }
    return parts.join('\n');
  } finally {
    await client.end();
  }
}

describe('doorward backup and restore (issue: operations)', () => {
  let [source, target]: TestTerminal[] = [];
  let backup = '';
  const from = () => source ?? fail();
  const to = () => target ?? fail();
  const fail = (): never => {
    throw new Error('not set up');
  };
  const urlOf = ({ env }: TestTerminal) => env.DOORWARD_DATABASE_URL;
  beforeAll(async () => {
    [source, target] = [await aTerminal(), await aTerminal()];
    await from().write('file.yaml', FILE);
    await from().run(['apply', '-f', 'file.yaml']);
    backup = join(from().folder, 'backup');
    const { code, err } = await from().run(['backup', 'backup']);
    expect({ code, warned: err.includes('whoever reads this file can open every secret') }).toEqual({
      code: 0,
      warned: true,
    });
  });
  afterAll(async () => {
    await from().end();
    await to().end();
  });

  it('is readable by its owner alone and never overwrites a file', async () => {
    expect((await stat(backup)).mode & 0o777).toBe(0o600);
    expect((await from().run(['backup', 'backup'])).err).toContain('exists already');
    expect((await from().run(['backup', 'nowhere/backup'])).err).toContain('cannot be written (ENOENT)');
  });

  it('a database that is not empty is refused without --force, and stays as it is', async () => {
    await to().run(['users', 'create', 'here-before']);
    const before = await contentOf(urlOf(to()));

    const { code, err } = await to().run(['restore', backup]);

    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('not empty') });
    expect(await contentOf(urlOf(to()))).toBe(before);
  });

  it('a damaged, cut-off or foreign backup is refused before anything changes', async () => {
    const whole = await readFile(backup);
    const text = gunzipSync(whole).toString('utf8');
    const damaged = {
      cut: whole.subarray(0, whole.length - 40),
      changed: gzipSync(text.replace('null-ish', 'somebody')),
      shortened: gzipSync(text.split('\n').slice(0, -3).join('\n')),
      foreign: Buffer.from('SELECT 1;'),
      older: gzipSync(resigned(text.replace('CreateFoundation1780000000000', 'SomethingElse1'))),
    };
    const before = await contentOf(urlOf(to()));

    for (const [name, content] of Object.entries(damaged)) {
      const path = join(to().folder, name);
      await writeFile(path, content);
      const { code, err } = await to().run(['restore', path, '--force']);
      expect({ name, code, lines: err.trimEnd().split('\n').length }).toEqual({ name, code: 1, lines: 1 });
    }
    expect(await contentOf(urlOf(to()))).toBe(before);
  });

  it('a restore that fails on its way leaves what was there, its key too', async () => {
    const text = gunzipSync(await readFile(backup)).toString('utf8');
    const path = join(to().folder, 'wrong-row');
    await writeFile(path, gzipSync(resigned(text.replace(/"\(01[0-9a-f-]{34}/, '"(not-an-id'))));
    await to().run(['keys', 'list']);
    const before = await contentOf(urlOf(to()));

    const { code } = await to().run(['restore', path, '--force']);

    expect(code).toBe(1);
    expect(await contentOf(urlOf(to()))).toBe(before);
    expect((await to().run(['audit', 'verify'])).code).toBe(0);
  });

  it('brings back every row and the key that opens them', async () => {
    const { code, err } = await to().run(['restore', backup, '--force']);

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(await contentOf(urlOf(to()))).toBe(await contentOf(urlOf(from())));
    expect((await to().run(['clients', 'rotate-secret', 'jwt'])).code).toBe(0);
  });

  it('fills an empty embedded database', async () => {
    const { DOORWARD_DATABASE_URL: _, ...env } = to().env;
    const place = { env: { ...env, DOORWARD_KEYS_DIR: join(to().folder, 'third') }, cwd: to().folder, input: '' };

    expect((await runHere(['restore', backup], place)).code).toBe(0);

    expect((await runHere(['users', 'list'], place)).out).toContain('多 🦊');
    expect((await runHere(['restore', backup], place)).err).toContain('not empty');
  }, 60_000);
});

/** A changed backup whose closing line fits it again. */
function resigned(text: string): string {
  const lines = text.trimEnd().split('\n').slice(0, -1);
  const sha256 = createHash('sha256')
    .update(lines.map((line) => `${line}\n`).join(''))
    .digest('hex');
  return `${[...lines, JSON.stringify({ lines: lines.length, sha256 })].join('\n')}\n`;
}
