import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { variables } from '../../../src/config/schema.ts';
import { eventually } from '../../support/eventually.ts';
import { cleanEnvironment, freePort, root, run, temporaryFolder } from '../../support/server.ts';
import { postgresProcesses } from '../system/process-tree.ts';
import { buildImage, type Identity, type Image, inImage, readDockerfile } from './dockerfile.ts';

// There is no container engine in the tests. This shows that the steps work, for an unprivileged user and with a code folder
// that cannot be written; it does not show the base image, the layers, the volumes and the kernel's own restrictions.

const stages = readDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8'));
const last = stages.at(-1);
const instructions = last?.instructions ?? [];

describe('Dockerfile (issue item 10)', () => {
  it('has several stages on a slim Node 24, and ends as a user who is not root, with a health check', () => {
    expect(stages.length).toBeGreaterThan(1);
    for (const { image } of stages) expect(image).toBe('node:24-slim');
    expect(instructions.find(({ name }) => name === 'USER')?.rest).toBe('node');
    expect(instructions.map(({ name }) => name)).toEqual(expect.arrayContaining(['HEALTHCHECK', 'VOLUME']));
  });

  it('copies only what .dockerignore lets through, and .dockerignore lets nothing else through', () => {
    const ignore = readFileSync(join(root, '.dockerignore'), 'utf8');
    const allowed = [...ignore.matchAll(/^!(.+)$/gm)].map(([, path]) => path);
    const copied = stages
      .flatMap((stage) => stage.instructions)
      .filter(({ name, rest }) => name === 'COPY' && !rest.includes('--from='))
      .flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1));

    expect(ignore).toMatch(/^\*$/m);
    expect([...new Set(copied)].sort()).toEqual(allowed.sort());
  });
});

describe('compose.yaml (issue item 10)', () => {
  const compose = parse(readFileSync(join(root, 'compose.yaml'), 'utf8'));

  it('is a server, a PostgreSQL and a mail catcher, reachable from this machine only', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['doorward', 'mail', 'postgres']);
    for (const { ports = [] } of Object.values<{ ports?: string[] }>(compose.services)) {
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
    expect(compose.services.doorward).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  it('uses settings that exist', () => {
    const names = Object.keys(compose.services.doorward.environment);

    expect(names.filter((name) => !Object.hasOwn(variables, name))).toEqual([]);
  });
});

const isRoot = process.getuid?.() === 0;
const identity: Identity = isRoot ? { uid: 65534, gid: 65534 } : {};
const canRun = spawnSync(process.execPath, ['--version'], { cwd: '/', ...identity }).status === 0;

(canRun ? describe : describe.skip)('the steps of the Dockerfile, as an unprivileged user', () => {
  let folder: string;
  let image: Image;
  let environment: Record<string, string>;

  beforeAll(async () => {
    folder = await temporaryFolder();
    environment = await buildEnvironment(folder);
    image = await buildImage(stages, { context: root, folder, identity, env: environment });
  }, 300_000);

  afterAll(async () => {
    spawnSync('chmod', ['-R', 'u+w', folder]);
    await rm(folder, { recursive: true, force: true });
  });

  const inside = (path: string) => join(image.root, path);
  const settings = async () => ({
    ...environment,
    ...Object.fromEntries(Object.entries(image.env).map(([name, value]) => [name, inImage(value, image.root)])),
    DOORWARD_PORT: String(await freePort()),
    // The tests keep to loopback; the image listens everywhere.
    DOORWARD_HOST: '127.0.0.1',
  });
  const words = (list: readonly string[]) => list.map((word) => inImage(word, image.root));

  it('leave no compiler, no test tool and no source in the image', async () => {
    const packages = await readdir(inside('/app/node_modules'));

    expect(packages).toEqual(expect.arrayContaining(['oidc-provider', 'pg', 'koa']));
    const tools = ['typescript', 'jest', 'playwright-core', '@sparticuz/chromium', 'esbuild'];
    expect(tools.filter((name) => existsSync(inside(`/app/node_modules/${name}`)))).toEqual([]);
    expect(existsSync(inside('/app/src'))).toBe(false);
    expect(existsSync(inside('/app/test'))).toBe(false);
  });

  it('make an image that serves with a code folder nobody can write, stops on SIGTERM, and takes commands', async () => {
    for (const volume of image.volumes) {
      if (identity.uid !== undefined) spawnSync('chown', [`${identity.uid}`, inside(volume)]);
      await chmod(inside(volume), 0o700);
    }
    spawnSync('chown', ['-R', isRoot ? '0:0' : String(process.getuid?.()), inside('/app')]);
    spawnSync('chmod', ['-R', 'a-w', inside('/app')]);
    const env = await settings();
    const options = { cwd: inside(image.workdir), ...identity };
    const [node, ...program] = words(image.entrypoint);
    const check = words(image.healthcheck).slice(1);

    const server = run([...program, ...words(image.command)], env, options);
    const isWell = () => run(check, env, options).exited;
    const health = await eventually(isWell, (code) => code === 0 || server.process.exitCode !== null, 60_000);
    const command = run([...program, 'users', 'list', '--json'], env, options);
    const listed = await command.exited;
    server.process.kill('SIGTERM');
    const code = await server.exited;

    expect(node).toBe('node');
    expect({ health, output: server.output() }).toMatchObject({ health: 0 });
    expect({ listed, output: command.output() }).toEqual({ listed: 0, output: expect.stringContaining('userName') });
    expect(code).toBe(0);
    expect(await postgresProcesses(inside('/data'))).toEqual([]);
    expect(await readdir(inside('/keys'))).toContain('key-encryption-key');
  }, 120_000);
});

/** Npm as this checkout uses it: its registry, and what it has downloaded already. */
async function buildEnvironment(folder: string): Promise<Record<string, string>> {
  const ask = (name: string) =>
    spawnSync('npm', ['config', 'get', name], { cwd: root, encoding: 'utf8' }).stdout.trim();
  const cache = join(folder, 'npm-cache');
  const home = join(folder, 'home');
  spawnSync('mkdir', ['-p', cache, home]);
  spawnSync('cp', ['-r', join(ask('cache'), '_cacache'), cache]);
  if (identity.uid !== undefined) spawnSync('chown', ['-R', `${identity.uid}:${identity.gid}`, cache, home]);
  const inherited = Object.entries(cleanEnvironment()).filter(([name]) => !/^npm_/i.test(name));
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    npm_config_cache: cache,
    npm_config_registry: ask('registry'),
    npm_config_prefer_offline: 'true',
    npm_config_update_notifier: 'false',
  };
}
