// A load generator that costs little: keep-alive HTTP/1.1 over plain sockets, just enough parsing to know status, headers and body.
import { connect } from 'node:net';

const HEADER_END = Buffer.from('\r\n\r\n');

export class Connection {
  #socket;
  #buffer = Buffer.alloc(0);
  #waiting;

  constructor({ host, port }) {
    this.#socket = connect({ host, port, noDelay: true });
    this.#socket.on('data', (chunk) => {
      this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
      this.#answer();
    });
    const fail = (error) => {
      this.#waiting?.reject(error ?? new Error('the server closed the connection'));
      this.#waiting = undefined;
    };
    this.#socket.on('error', fail);
    this.#socket.on('close', () => fail());
  }

  /** `request` is the whole request as text. Resolves with status, headers (lower case, `set-cookie` as a list) and body text. */
  send(request) {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close() {
    this.#socket.destroy();
  }

  #answer() {
    const end = this.#buffer.indexOf(HEADER_END);
    if (end < 0) return;
    const head = this.#buffer.toString('latin1', 0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    const start = end + HEADER_END.length;
    if (length !== undefined) {
      if (this.#buffer.length < start + Number(length)) return;
      this.#finish(head, this.#buffer.toString('utf8', start, start + Number(length)), start + Number(length));
    } else if (/\r\ntransfer-encoding: chunked/i.test(head)) {
      const body = readChunks(this.#buffer, start);
      if (body !== undefined) this.#finish(head, body.text, body.end);
    } else {
      this.#finish(head, '', start);
    }
  }

  #finish(head, body, end) {
    this.#buffer = this.#buffer.subarray(end);
    const lines = head.split('\r\n');
    const headers = { 'set-cookie': [] };
    for (let i = 1; i < lines.length; i += 1) {
      const colon = lines[i].indexOf(':');
      const name = lines[i].slice(0, colon).toLowerCase();
      const value = lines[i].slice(colon + 2);
      if (name === 'set-cookie') headers['set-cookie'].push(value);
      else headers[name] = value;
    }
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve({ status: Number(lines[0].slice(9, 12)), headers, body });
  }
}

function readChunks(buffer, start) {
  let text = '';
  for (let position = start; ; ) {
    const lineEnd = buffer.indexOf('\r\n', position);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(buffer.toString('latin1', position, lineEnd), 16);
    if (buffer.length < lineEnd + 2 + size + 2) return undefined;
    if (size === 0) return { text, end: lineEnd + 4 };
    text += buffer.toString('utf8', lineEnd + 2, lineEnd + 2 + size);
    position = lineEnd + 2 + size + 2;
  }
}

export function get(path, { host, headers = {} }) {
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${lines(headers)}\r\n`;
}

export function send(method, path, { host, headers = {}, body }) {
  const text = JSON.stringify(body);
  return `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/scim+json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n${lines(headers)}\r\n${text}`;
}

export function post(path, form, { host, headers = {} }) {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString();
  return `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${lines(headers)}\r\n${body}`;
}

const lines = (headers) =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');

/** A cookie jar for one origin. */
export class Jar {
  #cookies = new Map();

  take(answer) {
    for (const line of answer.headers['set-cookie']) {
      const [pair, ...attributes] = line.split('; ');
      const equals = pair.indexOf('=');
      const name = pair.slice(0, equals);
      const isGone = attributes.some(
        (attribute) => /^expires=Thu, 01 Jan 1970/i.test(attribute) || /^max-age=0$/i.test(attribute),
      );
      if (isGone || equals === pair.length - 1) this.#cookies.delete(name);
      else this.#cookies.set(name, pair.slice(equals + 1));
    }
    return answer;
  }

  get header() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}

/**
 * Runs `step(connection, index)` over and over on `connections` connections for `seconds`.
 * Answers how many were done and the latencies in milliseconds (sorted).
 */
export async function drive({ address, connections, seconds, step }) {
  const latencies = [];
  const until = Date.now() + seconds * 1000;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async (_, index) => {
      const connection = new Connection(address);
      try {
        while (Date.now() < until) {
          const at = performance.now();
          await step(connection, index);
          latencies.push(performance.now() - at);
        }
      } finally {
        connection.close();
      }
    }),
  );
  const elapsed = (performance.now() - began) / 1000;
  latencies.sort((a, b) => a - b);
  return { done: latencies.length, perSecond: latencies.length / elapsed, latencies };
}

export const percentile = (sorted, p) =>
  sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? Number.NaN;
