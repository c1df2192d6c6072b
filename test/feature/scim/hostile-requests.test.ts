import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aScimApi, type ScimApi } from './scim-api.ts';

let api: ScimApi;

beforeAll(async () => {
  api = await aScimApi();
});

afterAll(() => api.close());

describe('SECURITY-LESSONS 37: what a caller sends is never our fault', () => {
  it.each([
    ['NUL', '%00'],
    ['a character on the edge of what is recorded of a parameter', `${'a'.repeat(255)}%F0%9F%98%80`],
    ['a character on the edge of what is recorded of a filter', `${'a'.repeat(511)}%F0%9F%98%80`],
  ])('%s, in every parameter at every kind of address', async (_, text) => {
    const { id } = await api.aUser();
    const names = [
      'attributes',
      'excludedAttributes',
      'filter',
      'sortBy',
      'sortOrder',
      'count',
      'startIndex',
      'cursor',
      'dryRun',
    ];
    const paths = ['/Users', `/Users/${id}`, '/Groups', '/Me', '/ServiceProviderConfig'];
    const addresses = paths.flatMap((path) => names.map((name) => `${path}?${name}=${text}`));

    const replies = await Promise.all(addresses.map((address) => api.call('GET', address)));

    expect(addresses.filter((_address, index) => (replies[index]?.status ?? 500) >= 500)).toEqual([]);
  });

  it('a PATCH that adds up tens of thousands of values is refused at once, not compared each with each', async () => {
    const { id } = await api.aUser();
    const operation = (n: number) => ({
      op: 'add',
      path: 'emails',
      value: Array.from({ length: 100 }, (_, m) => ({ value: `a${n}-${m}@example.com` })),
    });
    const same = Array.from({ length: 200 }, () => operation(1));
    const startedAt = process.cpuUsage();

    const growing = await api.patch(`/Users/${id}`, ...Array.from({ length: 200 }, (_, n) => operation(n)));
    const repeated = await api.patch(`/Users/${id}`, ...same);

    expect([growing.status, growing.body.scimType]).toEqual([400, 'tooMany']);
    expect(repeated.status).toBeLessThan(500);
    expect(process.cpuUsage(startedAt).user / 1e6).toBeLessThan(3);
  });
});

it('ADR 0020: what everybody may read without a token leaves no row in the audit log', async () => {
  const reply = await api.call('GET', '/ServiceProviderConfig?attributes=patch', { token: null });

  expect(reply.status).toBe(200);
  expect(await api.auditOf(reply)).toEqual([]);
});
