import type { IncomingMessage, ServerResponse } from 'node:http';
import { newRequestId } from '../../kernel/ids.ts';
import { type RequestLogParts, recordRequest, secondsSince } from './request-log.ts';
import { securityHeaderValues } from './security-headers.ts';

export type PublishedParts = RequestLogParts & {
  readonly issuer: string;
  /** By path; undefined where there is nothing, or nothing yet. */
  readonly find: (path: string) => { readonly body: string; readonly type: string } | undefined;
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
    const startedAt = process.hrtime.bigint();
    const requestId = newRequestId();
    const length = String(Buffer.byteLength(answer.body));
    const own = ['X-Request-Id', requestId, 'Content-Type', answer.type, 'Content-Length', length];
    res.writeHead(200, [...headers, ...own]);
    res.end(answer.body);
    recordRequest(parts, requestId, { method: 'GET', route: path, status: 200, seconds: secondsSince(startedAt) });
    return true;
  };
}
