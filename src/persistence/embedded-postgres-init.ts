import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Owner, programOptions } from './embedded-postgres-owner.ts';
import type { Programs } from './embedded-postgres-package.ts';
import { refusedProgram } from './embedded-postgres-refusals.ts';
import { ORGANIZATION_ROLE } from './organization-scope.ts';

/** Role and database of the embedded server. The role owns the database and is no superuser. */
export const embeddedDatabase = 'doorward';

type Options = { readonly owner: Owner | undefined; readonly programs: Programs; readonly sync: boolean };

/** Fills an empty folder with a database, its password file and its socket folder. */
export async function initializeHome(home: string, { owner, programs, sync }: Options): Promise<void> {
  const cluster = join(home, 'cluster');
  const passwordFile = join(home, 'password');
  const password = randomBytes(32).toString('hex');
  await chmod(home, owner === undefined ? 0o700 : 0o711);
  await makeOwned(cluster, owner);
  await makeOwned(join(home, 'socket'), owner);
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  if (owner !== undefined) await chown(passwordFile, owner.uid, owner.gid);
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const rest = ['--no-instructions', '--no-sync'];
  const made = await run(programs.initdb, ['-D', cluster, ...locale, ...access, ...rest], owner);
  if (made.status !== 0) throw refusedProgram('Creating the embedded database', home, made.output);
  if (owner !== undefined) await chown(passwordFile, process.getuid?.() ?? 0, process.getgid?.() ?? 0);
  await makeRole({ home, cluster, password, owner, programs });
  if (sync) await writeOut(home, cluster, owner, programs);
}

// Once at the end instead of after each step: on a busy disk this is most of a first start.
async function writeOut(home: string, cluster: string, owner: Owner | undefined, programs: Programs): Promise<void> {
  const written = await run(programs.initdb, ['--sync-only', '-D', cluster], owner);
  if (written.status !== 0) throw refusedProgram('Creating the embedded database', home, written.output);
}

type Made = { home: string; cluster: string; password: string; owner: Owner | undefined; programs: Programs };

// Single-user mode: no server has to come up and go down, and the password passes through no argument list.
async function makeRole({ home, cluster, password, owner, programs }: Made): Promise<void> {
  const statements = [
    `CREATE ROLE ${embeddedDatabase} LOGIN CREATEDB PASSWORD '${password}';`,
    `CREATE ROLE ${ORGANIZATION_ROLE} NOLOGIN;`,
    `GRANT ${ORGANIZATION_ROLE} TO ${embeddedDatabase};`,
    `CREATE DATABASE ${embeddedDatabase} OWNER ${embeddedDatabase};`,
  ];
  const parameters = ['--single', '-D', cluster, '-c', 'exit_on_error=on', '-c', 'fsync=off', 'postgres'];
  const made = await run(programs.postgres, parameters, owner, `${statements.join('\n')}\n`);
  if (made.status !== 0 || /ERROR|FATAL|PANIC/.test(made.output)) {
    throw refusedProgram('Creating the embedded database', home, made.output.replaceAll(password, '…'));
  }
}

export async function makeOwned(directory: string, owner: Owner | undefined): Promise<void> {
  await mkdir(directory, { mode: 0o700 });
  if (owner !== undefined) await chown(directory, owner.uid, owner.gid);
}

type Ended = { readonly status: number | null; readonly output: string };

/** Runs a PostgreSQL program to its end; what it wrote is for error messages. */
export function run(
  program: string,
  parameters: readonly string[],
  owner: Owner | undefined,
  input = '',
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // Its own session: Ctrl-C in the terminal reaches Doorward, which then decides.
    const child = spawn(program, parameters, { ...programOptions(owner), detached: true });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-8_192);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.stdin.on('error', () => {});
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
    child.stdin.end(input);
  });
}
