import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { languageNames } from '../../../views/messages/languages.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { WebVisitor } from '../../support/web-visitor.ts';
import { aClient, authorizeUrl } from './a-sign-in.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

const WANTED_BYTES = 20 * 1024;

/** As many bytes as go over the wire for one file, without its headers. */
async function weightOf(path: string, encoding: string): Promise<number> {
  const { status, headers } = await fetch(`${server.issuer}${path}`, { headers: { 'Accept-Encoding': encoding } });
  expect([path, status]).toEqual([path, 200]);
  return Number(headers.get('content-length'));
}

describe('issue 5: the sign-in page and all it loads are at most 20 KB over the wire', () => {
  it.each(languageNames.flatMap((language) => ['br', 'gzip'].map((encoding) => [language, encoding] as const)))(
    'in %s, compressed with %s',
    async (language, encoding) => {
      const client = await aClient(server, { firstParty: true, name: 'Orders' });
      const page = await new WebVisitor(server).get(authorizeUrl(server, client, { ui_locales: language }));
      const files = [...page.html.matchAll(/(?:src|href)="(\/(?:assets|branding)\/[^"]+)"/g)].map(([, path = '']) =>
        path.replaceAll('&amp;', '&'),
      );

      const weights = await Promise.all(files.map((path) => weightOf(path, encoding)));

      expect(files.length).toBeGreaterThanOrEqual(2);
      expect(Buffer.byteLength(page.html) + weights.reduce((sum, weight) => sum + weight, 0)).toBeLessThanOrEqual(
        WANTED_BYTES,
      );
    },
  );

  it.each([
    ['br, gzip', 'br'],
    ['gzip', 'gzip'],
    ['gzip;q=0, identity', null],
    ['identity', null],
  ])('RFC 9110 §12.5.3: Accept-Encoding %s is answered with %s, under a tag of its own', async (accepted, encoding) => {
    const headers = { 'Accept-Encoding': accepted };
    const answer = await fetch(`${server.issuer}/assets/doorward.css`, { headers });
    const etag = answer.headers.get('etag') ?? '';
    const again = await fetch(`${server.issuer}/assets/doorward.css`, {
      headers: { ...headers, 'If-None-Match': etag, 'Cache-Control': 'max-age=0' },
    });
    const plain = await fetch(`${server.issuer}/assets/doorward.css`, { headers: { 'Accept-Encoding': 'identity' } });

    expect(answer.headers.get('content-encoding')).toBe(encoding);
    expect(answer.headers.get('vary')).toMatch(/accept-encoding/i);
    expect(await answer.text()).toBe(await plain.text());
    expect(again.status).toBe(304);
    expect(etag === plain.headers.get('etag')).toBe(encoding === null);
  });
});
