import type { IncomingMessage, ServerResponse } from 'node:http';
import { newRequestId } from '../../kernel/ids.ts';
import type { RequestRecorder } from './request-log.ts';
import { securityHeaderValues } from './security-headers.ts';

export type PublishedAnswer = {
  readonly body: string;
  readonly type: string;
  /** Of the body in bytes. */
  readonly length: string;
  readonly encoding: 'latin1' | 'utf8';
};

export type PublishedParts = {
  readonly issuer: string;
  readonly record: RequestRecorder;
  /** By path; undefined where there is nothing, or nothing yet. */
  readonly find: (path: string) => PublishedAnswer | undefined;
};

const EXPECTED_ADDRESS = 96;

/**
 * Metadata and keys, which every client asks for and which are the same for everyone: answered from memory before Koa is
 * troubled, with the headers, the log line and the count of any other answer. True when it has answered.
 */
export function answerPublished(parts: PublishedParts): (req: IncomingMessage, res: ServerResponse) => boolean {
  const headers = Object.entries({
    ...securityHeaderValues({ isHttps: parts.issuer.startsWith('https:') }),
    'Access-Control-Allow-Origin': '*',
    'Cache-Control': 'public, max-age=60',
  }).flat();
  return (req, res) => {
    const path = req.url ?? '';
    const answer = req.method === 'GET' && path.length < EXPECTED_ADDRESS ? parts.find(path) : undefined;
    if (answer === undefined) return false;
    const startedAt = performance.now();
    const requestId = newRequestId();
    const { body, type, length, encoding } = answer;
    res.writeHead(200, [...headers, 'X-Request-Id', requestId, 'Content-Type', type, 'Content-Length', length]);
    res.end(body, encoding);
    parts.record({ requestId, method: 'GET', route: path, status: 200, startedAt });
    return true;
  };
}
