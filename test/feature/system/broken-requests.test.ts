import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { startServer, type TestServer } from '../../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
}, 60_000);

afterAll(async () => {
  await server?.stop();
});

/** What comes back, up to the end of the connection. */
async function send(bytes: string): Promise<string> {
  const socket = connect({ port: Number(new URL(server.url).port), host: '127.0.0.1' });
  await once(socket, 'connect');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  socket.on('error', () => {});
  socket.write(bytes);
  await once(socket, 'close');
  return answer;
}

function problemIn(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return { head, problem: JSON.parse(body) as Readonly<Record<string, unknown>> };
}

const head = 'GET / HTTP/1.1\r\nHost: localhost\r\n';

describe('what is no request is told so, with an id that the log has', () => {
  it.each([
    ['RFC 6585 §5: header fields over 16 KB', `${head}Cookie: a=${'x'.repeat(20_000)}\r\n\r\n`, 431, 'head_too_large'],
    ['an address over 16 KB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431, 'head_too_large'],
    ['no HTTP at all', 'who is there?\r\n\r\n', 400, 'not_http'],
    ['TLS at a plain port', '\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n', 400, 'not_http'],
    ['a header field without a name', `${head}: nameless\r\n\r\n`, 400, 'not_http'],
    [
      'RFC 9112 §6.1: two ways to say how long the body is',
      `POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'not_http',
    ],
  ])('%s', async (_name, bytes, status, code) => {
    const { head, problem } = problemIn(await send(bytes));

    expect(head).toContain(`HTTP/1.1 ${status} `);
    expect(head).toContain('Content-Type: application/problem+json');
    expect(head).toContain('Connection: close');
    expect(head).toContain(`X-Request-Id: ${problem.requestId}`);
    expect(problem).toMatchObject({ status, code: `request.${code}`, detail: expect.any(String) });
    const id = String(problem.requestId);
    expect(await eventually(server.logs, (text) => text.includes(id))).toContain(id);
  });

  it('a whole answer is not followed by half another one', async () => {
    const answer = await send(`GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\nnonsense\r\n\r\n`);

    expect(answer.match(/^HTTP\/1\.1 /gm)?.length).toBeLessThanOrEqual(2);
    expect(answer).toMatch(/^HTTP\/1\.1 (200|400) /);
  });

  it('others are answered meanwhile and afterwards', async () => {
    await send('\r\n\r\nnonsense\r\n\r\n');

    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  });
});
