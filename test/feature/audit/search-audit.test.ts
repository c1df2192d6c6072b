import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalEvent, hashEvent } from '../../../src/domain/audit/canonical-event.ts';
import { auditCatalogue, isAuditType } from '../../../src/domain/audit/catalogue.ts';
import { exportAudit } from '../../../src/domain/audit/export-audit.ts';
import { type AuditFilters, searchAudit } from '../../../src/domain/audit/search-audit.ts';
import type { Actor } from '../../../src/kernel/actor.ts';
import { aSealedLog, type SealedLog } from './a-sealed-log.ts';

let log: SealedLog;
let moments: readonly Date[];

const alice: Actor = { type: 'user', id: 'alice', requestId: 'request-1' };

beforeAll(async () => {
  log = await aSealedLog({ batches: 0 });
  const times: Date[] = [];
  for (const [actor, target] of [
    ['alice', 'one'],
    ['bob', 'one'],
    ['alice', 'two'],
  ] as const) {
    log.server.clock.advanceSeconds(10);
    times.push(log.server.clock.now());
    await log.server.transact({ ...alice, id: actor }, async (tx) =>
      tx.record({ type: 'keys.rotated', target: { type: 'key', id: target }, details: { to: target } }),
    );
    if (times.length === 2) await log.seal();
  }
  moments = times;
});
afterAll(() => log.end());

const found = async (filters: AuditFilters) => {
  const { items } = await searchAudit(log.server.read, { filters, cursor: undefined, limit: 50 });
  return items.map(({ actorId, targetId }) => `${actorId} ${targetId}`);
};

describe('search', () => {
  it('newest first, what is not sealed yet included', async () => {
    const { items } = await searchAudit(log.server.read, {
      filters: { requestId: 'request-1' },
      cursor: undefined,
      limit: 50,
    });

    expect(items.map(({ actorId, targetId }) => `${actorId} ${targetId}`)).toEqual([
      'alice two',
      'bob one',
      'alice one',
    ]);
    expect(items.map(({ sequence }) => sequence)).toEqual([null, 9, 8]);
    expect(items[1]).toMatchObject({ details: { to: 'one' }, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it.each<[string, () => AuditFilters, readonly string[]]>([
    ['actor', () => ({ actor: 'bob' }), ['bob one']],
    ['target', () => ({ target: 'two' }), ['alice two']],
    ['actor and target', () => ({ actor: 'alice', target: 'one' }), ['alice one']],
    ['type', () => ({ type: 'keys.retired' }), []],
    ['from, inclusive', () => ({ requestId: 'request-1', from: moments[1] }), ['alice two', 'bob one']],
    ['to, exclusive', () => ({ requestId: 'request-1', to: moments[1] }), ['alice one']],
    ['a period', () => ({ from: moments[1], to: moments[2] }), ['bob one']],
    ['a time before time', () => ({ to: new Date(-1) }), []],
  ])('by %s', async (_, filters, expected) => {
    expect(await found(filters())).toEqual(expected);
  });

  it('pages by key: every event once', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await searchAudit(log.server.read, { filters: {}, cursor, limit: 3 });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);

    expect(seen).toHaveLength(10);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
  });

  it('a cursor that was never given is refused', async () => {
    const search = searchAudit(log.server.read, { filters: {}, cursor: 'x', limit: 3 });

    await expect(search).rejects.toMatchObject({ kind: 'invalid', code: 'request.cursor_invalid' });
  });
});

describe('export', () => {
  const lines = async () => {
    const all: Record<string, unknown>[] = [];
    for await (const line of exportAudit(log.server.read)) {
      expect(line.endsWith('\n') && line.indexOf('\n') === line.length - 1).toBe(true);
      all.push(JSON.parse(line));
    }
    return all;
  };

  it('gives JSON lines, sealed ones in order, then the unsealed', async () => {
    const all = await lines();

    expect(all.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, null]);
  });

  it('what is sealed while it runs is given once', async () => {
    const ids: unknown[] = [];
    for await (const line of exportAudit(log.server.read)) {
      const { id, sequence } = JSON.parse(line);
      ids.push(id);
      if (sequence === null) {
        await log.record(1);
        await log.seal();
      }
    }

    expect(ids).toHaveLength(11);
    expect(new Set(ids).size).toBe(11);
  });

  it('a period limits it', async () => {
    const some: string[] = [];
    for await (const line of exportAudit(log.server.read, { from: moments[1], to: moments[2] })) some.push(line);

    expect(some.map((line) => JSON.parse(line).actor_id)).toEqual(['bob']);
  });
});

describe('the canonical form', () => {
  const event = {
    id: '01950000-0000-7000-8000-000000000000',
    occurredAt: '2026-03-01T12:00:00.123456Z',
    type: 'keys.rotated',
    outcome: 'success',
    reason: null,
    actorType: 'user',
    actorId: 'é"\\\u0001',
    targetType: null,
    targetId: null,
    clientId: null,
    requestId: null,
    ipAddress: null,
    userAgent: null,
    details: '{"a": 1.10}',
  };

  it('RFC 8785 §3.2.3: members are sorted by name, nothing is between them', () => {
    const text = canonicalEvent(event, 1);

    const names = Object.keys(JSON.parse(text));
    expect(names).toEqual([...names].sort());
    expect(text).toContain('"actor_id":"é\\"\\\\\\u0001","actor_type":"user"');
    expect(text).toContain('"details":"{\\"a\\": 1.10}"');
  });

  it('null and the empty string are two values', () => {
    const one = hashEvent(event, 1, Buffer.alloc(32));

    expect(hashEvent({ ...event, reason: '' }, 1, Buffer.alloc(32))).not.toEqual(one);
  });
});

it('the catalogue names every type as <noun plural>.<past participle>, in alphabetical order', () => {
  const types = Object.keys(auditCatalogue);

  expect(types).toEqual([...types].sort());
  expect(types.filter((type) => !/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/.test(type))).toEqual([]);
  expect(types.every(isAuditType)).toBe(true);
  expect(isAuditType('toString')).toBe(false);
});
