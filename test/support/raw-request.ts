// HTTP requests that fetch would not send: any Host, any header bytes, any certificate, bodies in pieces.
import { type IncomingHttpHeaders, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';

export type RawAnswer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
};

export type RawOptions = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  /** PEM of the certificate to believe. */
  readonly ca?: string;
};

export function rawRequest(url: string, { method, headers = {}, body, ca }: RawOptions = {}): Promise<RawAnswer> {
  const send = url.startsWith('https:') ? tlsRequest : plainRequest;
  const lists = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
  return new Promise((resolve, reject) => {
    const request = send(url, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: lists,
      agent: false,
      ...(ca ? { ca } : {}),
    });
    request.on('error', reject);
    request.on('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() }),
      );
    });
    request.end(body);
  });
}
