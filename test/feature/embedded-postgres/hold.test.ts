import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Installation, install, postmasterOf, users } from './installation.ts';

// Each test starts several processes and servers.
jest.setTimeout(180_000);

let installation: Installation;

beforeAll(async () => {
  installation = await install();
});

afterAll(async () => {
  await installation.remove();
});

const issuer = 'http://localhost:3000';

describe.each(users)('hold of a data directory as $name', (user) => {
  it('DESIGN §8 Start: the second of two servers is refused with one sentence that names the first', async () => {
    const dataDir = join(await installation.folderOf(user), 'data');
    const first = installation.start({ user, dataDir, purpose: issuer });
    await first.ready();

    const second = installation.start({ user, dataDir, purpose: 'http://localhost:4000' });
    const said = await second.errors();

    expect(said.trim().split('\n')).toHaveLength(1);
    expect(said).toContain(`Doorward is already running on ${dataDir} (pid ${first.process.pid}, ${issuer})`);
    expect(await second.exitCode()).toBe(1);
    expect(await first.query('SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
    await first.stop();
  });

  it('DESIGN §8 Start: of servers started at the same instant on a new directory exactly one runs', async () => {
    const dataDir = join(await installation.folderOf(user), 'data');
    const all = [1, 2, 3].map(() => installation.start({ user, dataDir, purpose: issuer }));

    const outcomes = await Promise.all(
      all.map((one) =>
        one.ready().then(
          () => 'ready',
          (error: Error) => error.message,
        ),
      ),
    );

    const refused = outcomes.filter((outcome) => outcome !== 'ready');
    expect(refused).toEqual([expect.stringMatching(/already running/), expect.stringMatching(/already running/)]);
    const winner = all[outcomes.indexOf('ready')];
    expect(await winner?.query('SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
    expect(await winner?.stop()).toBe(0);
  });

  it('DESIGN §8 Start: a server that starts while another stops either runs or is refused, and never loses its database', async () => {
    const dataDir = join(await installation.folderOf(user), 'data');
    let current = installation.start({ user, dataDir, purpose: issuer });
    await current.ready();

    for (let round = 0; round < 6; round += 1) {
      const leaving = current.stop();
      const next = installation.start({ user, dataDir, purpose: issuer });
      const outcome = await next.ready().then(
        () => 'ready',
        (error: Error) => error.message,
      );
      expect(await leaving).toBe(0);
      expect(outcome).toMatch(/^ready$|already running/);
      current = outcome === 'ready' ? next : installation.start({ user, dataDir, purpose: issuer });
      if (outcome !== 'ready') await current.ready();
      expect(await current.query('SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
    }
    await current.stop();
  });

  it('DESIGN §8 Start: kill -9 of the holder frees the directory at once', async () => {
    const dataDir = join(await installation.folderOf(user), 'data');
    const first = installation.start({ user, dataDir, purpose: issuer });
    await first.ready();
    await first.kill();

    const second = installation.start({ user, dataDir, purpose: issuer });

    expect((await second.ready()).adopted).toBe(true);
    await second.stop();
  });

  it('a command beside a running server uses its database and leaves it running; alone it stops what it started', async () => {
    const dataDir = join(await installation.folderOf(user), 'data');
    const server = installation.start({ user, dataDir, purpose: issuer });
    const { location } = await server.ready();

    const beside = installation.start({ user, dataDir, purpose: 'users create', mode: 'share' });
    await beside.ready();
    await beside.stop();
    const afterBeside = await server.query('SELECT 1 AS alive');
    await server.stop();
    const alone = installation.start({ user, dataDir, purpose: 'users create', mode: 'share' });
    await alone.ready();
    await alone.stop();

    expect(afterBeside).toEqual([{ alive: 1 }]);
    expect(await postmasterOf(location)).toBeUndefined();
  });
});
