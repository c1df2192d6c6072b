import { describe, expect, it } from '@jest/globals';
import { createScimTarget } from '../../../src/connectors/scim-target.ts';

const target = (body: unknown) =>
  createScimTarget({
    fetch: async () => new Response(JSON.stringify(body), { status: 200 }),
    baseUrl: 'https://app.example/scim/v2',
    authorization: async () => 'Bearer t',
    signal: new AbortController().signal,
  });

describe('SECURITY-LESSONS 20: ids that a target gives become parts of addresses', () => {
  it.each(['.', '..', '', '\u0000', '\ud800', 'x'.repeat(1_025), 7, null, { $ne: 1 }])(
    'an account with the id %j is not taken',
    async (id) => {
      await expect(target({ totalResults: 1, Resources: [{ id }] }).list(1, 100)).rejects.toThrow();
    },
  );

  it.each(['../Groups/1', '1?x=y', '1#x', 'a/b', '%2e%2e', '日本'])('%s stays one segment of the path', async (id) => {
    const asked: string[] = [];
    const remote = createScimTarget({
      fetch: async (input) => {
        asked.push(new URL(String(input)).pathname + new URL(String(input)).search);
        return new Response(null, { status: 204 });
      },
      baseUrl: 'https://app.example/scim/v2',
      authorization: async () => 'Bearer t',
      signal: new AbortController().signal,
    });

    await remote.delete(id);

    expect(asked).toEqual([`/scim/v2/Users/${encodeURIComponent(id)}`]);
  });
});
