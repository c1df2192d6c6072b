import { STATUS_CODES } from 'node:http';
import { newRequestId } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';

type Refusal = { readonly status: number; readonly code: string; readonly detail: string };

const REFUSALS: Readonly<Record<string, Refusal>> = {
  // RFC 6585 §5
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'request.head_too_large',
    detail:
      'the address and the header fields of a request are at most 16 KB together; where they are cookies, deleting those of this site helps',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    code: 'request.too_large',
    detail: 'the extensions of the chunks are too large',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'request.too_slow',
    detail: 'the request did not arrive whole in time; send it again',
  },
};

const NO_REQUEST: Refusal = { status: 400, code: 'request.not_http', detail: 'what was sent is no HTTP/1.1 request' };

type BrokenRequestParts = { readonly issuer: string; readonly logger: Pick<Logger, 'info'> };

/** What Node's parser refuses never becomes a request: its answer, as it goes over the wire, is an RFC 9457 problem like any other. */
export function answerBrokenRequest(error: Error, { issuer, logger }: BrokenRequestParts): string {
  const reason = 'code' in error ? String(error.code) : error.name;
  const { status, code, detail } = REFUSALS[reason] ?? NO_REQUEST;
  const title = STATUS_CODES[status] ?? 'Bad Request';
  const requestId = newRequestId();
  logger.info({ requestId, status, reason }, 'broken request');
  const body = JSON.stringify({ type: `${issuer}/problems/invalid`, title, status, code, detail, requestId });
  return [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    `X-Request-Id: ${requestId}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
