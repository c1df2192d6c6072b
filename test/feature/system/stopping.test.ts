import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { startServer, type TestServer } from '../../support/server.ts';

let server: TestServer;

afterEach(async () => {
  await server?.kill();
});

/** A request whose body has not come yet, so that it is under way for as long as the test wants. */
function slowRequest(port: number, path: string, body: string) {
  const socket = connect({ port, host: '127.0.0.1' });
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 4)}`,
  );
  return {
    finish: async () => {
      socket.write(body.slice(4));
      await eventually(
        () => answer,
        (text) => text.includes('\r\n\r\n'),
      );
      return answer;
    },
    closed,
  };
}

describe('SIGTERM (issue item 10)', () => {
  it('finishes what is under way, refuses what is new, and ends with exit code 0', async () => {
    server = await startServer();
    const port = Number(new URL(server.url).port);
    const slow = slowRequest(port, '/token', 'grant_type=refresh_token&client_id=nobody');
    // A second connection sees the server before; then the slow one is known to be accepted.
    await fetch(`${server.url}/health/ready`);

    server.process.kill('SIGTERM');
    const refused = await eventually(
      () =>
        fetch(`${server.url}/health/live`).then(
          () => false,
          () => true,
        ),
      Boolean,
    );
    const answer = await slow.finish();
    const code = await server.stop();

    expect(refused).toBe(true);
    expect(answer).toMatch(/^HTTP\/1\.1 40[01] /);
    expect(answer).toContain('invalid_client');
    expect(code).toBe(0);
  });

  it('asked twice it stops once, and idle keep-alive connections do not hold it', async () => {
    server = await startServer();
    await fetch(`${server.url}/`);
    const idle = connect({ port: Number(new URL(server.url).port), host: '127.0.0.1' });
    const gone = new Promise<void>((resolve) => idle.once('close', () => resolve()));
    await new Promise((resolve) => idle.once('connect', resolve));

    server.process.kill('SIGTERM');
    server.process.kill('SIGINT');
    const code = await server.stop();
    await gone;

    expect(code).toBe(0);
    expect(server.logs().match(/"stopping:/g)).toHaveLength(1);
    expect(server.logs()).not.toMatch(/"level":"error"/);
  });
});
