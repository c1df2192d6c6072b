import { describe, expect, it } from '@jest/globals';
import { createHashingQueue, hashesAtOnce } from '../../../src/domain/credentials/hashing-queue.ts';
import { usableCores } from '../../../src/domain/credentials/usable-cores.ts';
import { DomainError } from '../../../src/kernel/errors.ts';

/** Work that ends when the test says so. */
function controlled<Result>() {
  const { promise, resolve, reject } = withResolvers<Result>();
  return { work: () => promise, resolve, reject };
}

function withResolvers<Result>() {
  let resolve: (value: Result) => void = () => undefined;
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<Result>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

describe('the hashing queue', () => {
  it('runs at most `concurrency` at once, in the order of arrival', async () => {
    const queue = createHashingQueue({ concurrency: 2, capacity: 10 });
    const works = Array.from({ length: 5 }, () => controlled<void>());
    const started: number[] = [];

    const done = works.map(({ work }, index) =>
      queue.run(() => {
        started.push(index);
        return work();
      }),
    );

    await Promise.resolve();
    expect({ started: [...started], running: queue.running, waiting: queue.waiting }).toEqual({
      started: [0, 1],
      running: 2,
      waiting: 3,
    });
    works[1]?.resolve();
    await done[1];
    expect([...started]).toEqual([0, 1, 2]);
    for (const { resolve } of works) resolve();
    await Promise.all(done);
    expect(started).toEqual([0, 1, 2, 3, 4]);
    expect({ running: queue.running, waiting: queue.waiting, refused: queue.refused }).toEqual({
      running: 0,
      waiting: 0,
      refused: 0,
    });
  });

  it('a full queue refuses at once, says when to come back, and takes work again when there is room', async () => {
    const queue = createHashingQueue({ concurrency: 1, capacity: 1 });
    const [first, second] = [controlled<string>(), controlled<string>()];
    const running = queue.run(first.work);
    const waiting = queue.run(second.work);

    const refused: unknown = await queue.run(first.work).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(DomainError);
    expect(refused).toMatchObject({ kind: 'limited', code: 'credentials.hashing_queue_full' });
    expect(refused instanceof DomainError && refused.retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect(queue.refused).toBe(1);
    first.resolve('first');
    second.resolve('second');
    expect(await Promise.all([running, waiting])).toEqual(['first', 'second']);
    expect(await queue.run(() => Promise.resolve('third'))).toBe('third');
  });

  it('work that fails frees its place, whether it throws or rejects', async () => {
    const queue = createHashingQueue({ concurrency: 1, capacity: 5 });
    const failures = [
      queue.run(() => Promise.reject(new Error('rejected'))),
      queue.run(() => {
        throw new Error('thrown');
      }),
    ];

    expect((await Promise.allSettled(failures)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await queue.run(() => Promise.resolve(1))).toBe(1);
    expect(queue.running).toBe(0);
  });

  it('a capacity of 0 lets nothing wait', async () => {
    const queue = createHashingQueue({ concurrency: 1, capacity: 0 });
    const first = controlled<void>();
    const running = queue.run(first.work);

    await expect(queue.run(first.work)).rejects.toThrow(DomainError);

    first.resolve();
    await running;
  });

  it.each([
    [1, 4, 1],
    [2, 4, 1],
    [8, 4, 2],
    [8, 10, 7],
    [64, 4, 2],
    [2, 1, 1],
  ])(
    'DESIGN §4: with %i cores and %i threads of libuv, %i hash at once and the rest is left for signing',
    (cores, threads, expected) => {
      expect(hashesAtOnce(cores, threads)).toBe(expected);
    },
  );

  it('by default concurrency never takes the last usable core of several', () => {
    expect(createHashingQueue().concurrency).toBeLessThanOrEqual(Math.max(1, usableCores() - 1));
  });
});

describe('the hashing queue under load from others (ADR 0022)', () => {
  type Place = readonly string[];
  const stranger = (wide: string, narrow: string): Place => ['strangers', wide, narrow];
  const flood = {
    'one address': () => stranger('attacker', 'one'),
    'many addresses of one network': (n: number) => stranger('attacker', `address ${n}`),
    'many browsers known to one attacker': () => ['known', 'attacker'],
  } as const;
  const victims: readonly (readonly [string, Place])[] = [
    ['a stranger elsewhere', stranger('elsewhere', 'home')],
    ['a person on a known browser', ['known', 'alice']],
    ["the server's own work", ['own work']],
  ];
  const cases = Object.entries(flood).flatMap(([name, place]) =>
    victims.map(([victim, at]) => [victim, name, at, place] as const),
  );

  it.each(cases)('%s gets in and is served soon while %s fills it', async (_, __, at, placeOf) => {
    const { served, send, finish } = aQueue(20);

    for (let n = 0; n < 200; n += 1) send(`attacker ${n}`, placeOf(n));
    send('victim', at);
    await finish();

    expect(served.indexOf('victim')).toBeGreaterThanOrEqual(0);
    expect(served.indexOf('victim')).toBeLessThanOrEqual(3);
    expect(served).toHaveLength(1 + 20);
  });

  it('many networks at once leave a known person half of the turns, and share the others evenly', async () => {
    const { served, send, finish } = aQueue(40);

    for (let n = 0; n < 400; n += 1) send(`network ${n % 10}`, stranger(`wide ${n % 10}`, `narrow ${n}`));
    for (let n = 0; n < 5; n += 1) send('known', ['known', 'alice']);
    await finish();

    expect(served.slice(1, 12).filter((who) => who === 'known')).toHaveLength(5);
    const counts = Array.from({ length: 10 }, (_, n) => served.slice(1).filter((who) => who === `network ${n}`).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it('who fills it is the one who is refused, and is told when to come back', async () => {
    const { send, finish, refused } = aQueue(4);

    for (let n = 0; n < 10; n += 1) send('attacker', stranger('attacker', `${n}`));
    for (const who of ['a', 'b']) send(who, stranger(who, who));
    await finish();

    expect(refused).toEqual(Array.from({ length: 7 }, () => 'attacker'));
  });

  /** One hash at a time; the first one sent holds the place until all are in line. */
  function aQueue(capacity: number) {
    const queue = createHashingQueue({ concurrency: 1, capacity });
    const first = controlled<void>();
    const served: string[] = [];
    const refused: string[] = [];
    const all: Promise<void>[] = [];
    const send = (who: string, place: Place): void => {
      const work = async () => {
        served.push(who);
        if (served.length === 1) await first.work();
      };
      const refuse = (error: unknown) => {
        expect(error).toMatchObject({ kind: 'limited', retryAfterSeconds: expect.any(Number) });
        refused.push(who);
      };
      all.push(queue.run(work, place).catch(refuse));
    };
    return {
      ...{ served, refused, send },
      async finish() {
        first.resolve();
        await Promise.all(all);
        expect({ running: queue.running, waiting: queue.waiting, refused: queue.refused }).toEqual({
          ...{ running: 0, waiting: 0 },
          refused: refused.length,
        });
      },
    };
  }
});

describe('usable cores', () => {
  const files = (tree: Record<string, string>) => (path: string) => {
    const text = tree[path];
    if (text === undefined) throw new Error(`ENOENT: ${path}`);
    return text;
  };

  it.each<[string, Record<string, string>, number]>([
    ['no control groups', {}, 8],
    ['v2 without a quota', { '/sys/fs/cgroup/cpu.max': 'max 100000\n' }, 8],
    [
      'v2 quota, seen from inside a container',
      { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '250000 100000\n' },
      2,
    ],
    ['v2 quota of less than a core', { '/sys/fs/cgroup/cpu.max': '50000 100000\n' }, 1],
    ['v2 quota above the machine', { '/sys/fs/cgroup/cpu.max': '6400000 100000\n' }, 8],
    [
      'v2 quota on a parent group',
      {
        '/proc/self/cgroup': '0::/system.slice/doorward.service\n',
        '/sys/fs/cgroup/system.slice/doorward.service/cpu.max': 'max 100000\n',
        '/sys/fs/cgroup/system.slice/cpu.max': '300000 100000\n',
      },
      3,
    ],
    [
      'v1 without a quota',
      { '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n', '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n' },
      8,
    ],
    [
      'v1 quota of our own group',
      {
        '/proc/self/cgroup': '4:memory:/other\n3:cpu,cpuacct:/docker/abc\n',
        '/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us': '400000\n',
        '/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us': '100000\n',
      },
      4,
    ],
    ['nonsense', { '/proc/self/cgroup': 'what\n', '/sys/fs/cgroup/cpu.max': 'ever\n' }, 8],
  ])('%s', (_, tree, expected) => {
    expect(usableCores({ parallelism: 8, read: files(tree) })).toBe(expected);
  });
});
