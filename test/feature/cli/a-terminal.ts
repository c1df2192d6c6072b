import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../../../src/cli/run-command-line.ts';
import { freshDatabase } from '../../support/database.ts';

export type Answer = { readonly code: number; readonly out: string; readonly err: string };

/** A database and a folder of its own, and the command line on them. */
export type TestTerminal = {
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  run(words: readonly string[], input?: string): Promise<Answer>;
  /** The built command line in a process of its own. */
  spawn(words: readonly string[]): Promise<Answer>;
  write(name: string, text: string): Promise<string>;
  end(): Promise<void>;
};

export async function aTerminal(): Promise<TestTerminal> {
  const database = await freshDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'doorward-cli-'));
  const env = {
    DOORWARD_DATABASE_URL: database.url,
    DOORWARD_KEYS_DIR: join(folder, 'keys'),
    DOORWARD_DATA_DIR: join(folder, 'data'),
    DOORWARD_BCRYPT_COST: '4',
    // Nobody listens there: doctor finds no server of somebody else.
    DOORWARD_ISSUER: 'http://localhost:9',
  };
  return {
    env,
    folder,
    run: (words, input = '') => runHere(words, { env, cwd: folder, input }),
    spawn: (words) => runBuilt(words, { env, cwd: folder }),
    async write(name, text) {
      const path = join(folder, name);
      await writeFile(path, text);
      return path;
    },
    async end() {
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Place = { readonly env: Readonly<Record<string, string>>; readonly cwd: string };

export async function runHere(
  words: readonly string[],
  { env, cwd, input }: Place & { input: string },
): Promise<Answer> {
  let [out, err] = ['', ''];
  const code = await runCommandLine(words, {
    env,
    cwd,
    readInput: async () => input,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

export function runBuilt(words: readonly string[], { env, cwd }: Place): Promise<Answer> {
  const main = join(process.cwd(), 'dist', 'src', 'cli', 'doorward.js');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...words], {
      cwd,
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, out, err }));
  });
}
