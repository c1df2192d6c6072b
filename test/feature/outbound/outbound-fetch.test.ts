import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createOutboundFetch } from '../../../src/connectors/outbound-fetch.ts';

let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer((req, res) => {
    if (req.url === '/redirect') res.writeHead(302, { Location: 'http://169.254.169.254/latest' }).end();
    else if (req.url === '/large') res.end('x'.repeat(2_000_000));
    else res.end('{"ok":true}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const privateSpellings = [
  '127.0.0.1',
  'localhost',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::]',
  '0.0.0.0',
  '2130706433',
  '0x7f.1',
  '017700000001',
  '127.1',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.0.1',
  '169.254.169.254',
  '100.64.0.1',
  '[fd00::1]',
  '[fe80::1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '[::127.0.0.1]',
  '[::10.0.0.1]',
  '[fec0::1]',
  '[64:ff9b:1::7f00:1]',
  '[100::1]',
];

describe('SECURITY-LESSONS 20: the outbound client reaches public addresses alone', () => {
  it.each(privateSpellings)('refuses http://%s', async (host) => {
    const outbound = createOutboundFetch([]);

    const attempt = outbound.fetch(`http://${host}:${port}/`);

    await expect(attempt).rejects.toMatchObject({});
    await expect(attempt.catch((error) => String(error.cause ?? error))).resolves.toContain('OutboundRefused');
    await outbound.close();
  });

  it.each([['localhost'], ['127.0.0.1'], ['127.0.0.0/8']])('an operator may allow %s', async (entry) => {
    const outbound = createOutboundFetch([entry]);

    const answer = await outbound.fetch(`http://${entry === 'localhost' ? 'localhost' : '127.0.0.1'}:${port}/`);

    expect(answer.status).toBe(200);
    await answer.text();
    await outbound.close();
  });

  it('does not follow redirects', async () => {
    const outbound = createOutboundFetch(['127.0.0.1']);

    const answer = await outbound.fetch(`http://127.0.0.1:${port}/redirect`);

    expect(answer.status).toBe(302);
    await outbound.close();
  });

  it('stops reading an answer that is too large', async () => {
    const outbound = createOutboundFetch(['127.0.0.1']);

    const answer = outbound.fetch(`http://127.0.0.1:${port}/large`).then((found) => found.text());

    await expect(answer).rejects.toMatchObject({});
    await outbound.close();
  });
});
