import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { queryOn } from '../../support/tables.ts';
import { signIn, UserAgent } from '../../support/user-agent.ts';
import { type Answer, runBuilt } from '../cli/a-terminal.ts';

const callback = 'http://127.0.0.1:9/callback';
const APPLY = `
clients: [{ client_id: web, redirect_uris: ["${callback}"], token_endpoint_auth_method: none, first_party: true }]
`;

/** One of each kind, with its password; where they are from is said in the unit tests of the hashes. */
const HASHES: readonly (readonly [kind: string, password: string, hash: string])[] = [
  ['bcrypt', 'abc', '$2b$04$abcdefghijklmnopqrstuuCi15uRb1eH7NAlJ/TgeJertyknQpYn2'],
  ['argon2d', 'password', '$argon2d$v=19$m=64,t=1,p=1$c29tZXNhbHQ$Bj+eR+LycLGV0+FiRfL3OgxHJE8XA/vAQ0igWFvefE8'],
  [
    'scrypt',
    'correct horse',
    'scrypt:1024:8:1$seasalt$6fdbea39ed01e47661d9fd7443d44f37d38534fb666fe7b3a7960e96766c250d2f4392377aaf19b7b18532ea90e7cc42c5322f54bd5008bfcf4d7116afe44d1c',
  ],
  ['pbkdf2', 'correct horse', 'pbkdf2_sha256$1000$seasalt$mQnueSakb748zqBAC1tmWVZsZbi2zPGZarEzTGdfmso='],
  ['ssha', 'correct horse', '{SSHA}TUJSOZXEpsO0ugaXv1z4WCS+DMwAAQIDBAUGBw=='],
  ['md5-crypt', 'password', '$1$abcdefgh$G//4keteveJp0qb8z2DxG/'],
  ['sha256-crypt', 'Hello world!', '$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5'],
];

describe('doorward users import beside a running server (issue 4 item 3)', () => {
  let server: TestServer;
  let folder = '';
  let databaseUrl = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doorward-bulk-'));
    server = await startServer({ apply: APPLY });
    databaseUrl = await server.databaseUrl();
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const imported = async (text: string, ...options: string[]): Promise<Answer> => {
    await writeFile(join(folder, 'people.csv'), text);
    return runBuilt(['users', 'import', 'people.csv', ...options], { env: server.env, cwd: folder });
  };
  const hashOf = async (userName: string) => {
    const rows = await queryOn<{ hash: string }>(
      databaseUrl,
      'SELECT hash FROM password_credentials p JOIN users u ON u.id = p.user_id WHERE u.user_name = $1',
      [userName],
    );
    return rows[0]?.hash ?? '';
  };
  const signedIn = (userName: string, password: string) =>
    signIn(new UserAgent(), { issuer: server.issuer, clientId: 'web', redirectUri: callback, userName, password });

  it('hashes of every kind sign in with the password they had, are upgraded then, and no later import puts them back', async () => {
    const text = ['userName,passwordHash', ...HASHES.map(([kind, , hash]) => `${kind}@hash.example,"${hash}"`)].join(
      '\n',
    );
    expect(await imported(text)).toMatchObject({ code: 0, out: expect.stringContaining(`${HASHES.length} created`) });

    for (const [kind, password, hash] of HASHES) {
      const userName = `${kind}@hash.example`;
      expect(await hashOf(userName)).toBe(hash);

      expect((await signedIn(userName, password)).code).not.toBe('');

      expect(
        await eventually(
          () => hashOf(userName),
          (stored) => stored !== hash,
        ),
      ).toMatch(/^dw1:/);
    }
    expect((await imported(text)).out).toContain(`${HASHES.length} unchanged`);
    expect(await hashOf('ssha@hash.example')).toMatch(/^dw1:/);
  }, 60_000);

  it('kill -9 in the middle: --resume goes on after what is committed, and nobody is created twice or left out', async () => {
    const rows = Array.from({ length: 8000 }, (_, n) => `k${n}@kill.example,k${n}@kill.example`);
    const text = ['userName,emails[0].value', ...rows].join('\n');
    await writeFile(join(folder, 'people.csv'), text);
    const main = join(process.cwd(), 'dist', 'src', 'cli', 'doorward.js');
    const child = spawn(process.execPath, [main, 'users', 'import', 'people.csv'], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...server.env },
      stdio: 'ignore',
    });
    const begun = () =>
      queryOn<{ id: string; committed: number }>(
        databaseUrl,
        'SELECT id, committed_rows AS committed FROM bulk_imports WHERE committed_rows > 0 AND completed_at IS NULL',
      );
    await eventually(begun, (imports) => imports.length > 0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const [{ id, committed } = { id: '', committed: 0 }] = await begun();
    expect(committed).toBeLessThan(8000);

    const other = await imported(`${text}\nmore@kill.example,`, '--resume', id);
    const resumed = await imported(text, '--resume', id);
    const again = await imported(text, '--resume', id);

    expect(other).toMatchObject({ code: 1, err: expect.stringContaining('another file') });
    expect(resumed).toMatchObject({ code: 0, out: expect.stringContaining('8000 created') });
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('completed') });
    const [counts] = await queryOn<{ people: number; events: number }>(
      databaseUrl,
      `SELECT (SELECT count(*)::int FROM users WHERE user_name LIKE '%@kill.example') AS people,
         (SELECT count(*)::int FROM audit_events e JOIN users u ON u.id::text = e.target_id
          WHERE e.type = 'users.created' AND u.user_name LIKE '%@kill.example') AS events`,
    );
    expect(counts).toEqual({ people: 8000, events: 8000 });
  }, 120_000);
});
