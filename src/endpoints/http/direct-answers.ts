import type { IncomingMessage, ServerResponse } from 'node:http';
import { type RequestLogParts, recordRequest, secondsSince } from './request-log.ts';
import { securityHeaderValues } from './security-headers.ts';

/** An answer that is ready to be sent. */
export type DirectAnswer = {
  readonly requestId: string;
  readonly method: string;
  readonly route: string;
  readonly exposedHeaders: string;
  readonly body: object;
};

export type DirectAnswerParts = RequestLogParts & {
  readonly issuer: string;
  /** Undefined, and the request untouched, where the rest of the server is to answer. */
  readonly find: (req: IncomingMessage) => Promise<DirectAnswer | undefined> | undefined;
};

/** Sends what a door answered before Koa was troubled, with the headers, the log line and the count of any other answer. */
export function sendDirectAnswers(parts: DirectAnswerParts) {
  const common = Object.entries({
    ...securityHeaderValues({ isHttps: parts.issuer.startsWith('https:') }),
    Vary: 'Origin',
    'Access-Control-Allow-Origin': '*',
    'Content-Type': 'application/json; charset=utf-8',
  }).flat();

  const send = (res: ServerResponse, answer: DirectAnswer, startedAt: bigint): void => {
    const { requestId, method, route, exposedHeaders, body } = answer;
    const text = JSON.stringify(body);
    const own = ['X-Request-Id', requestId, 'Access-Control-Expose-Headers', exposedHeaders];
    res.writeHead(200, [...common, ...own, 'Content-Length', String(Buffer.byteLength(text))]);
    res.end(text);
    recordRequest(parts, requestId, { method, route, status: 200, seconds: secondsSince(startedAt) });
  };

  /** `otherwise` answers what is not answered here. */
  return (req: IncomingMessage, res: ServerResponse, otherwise: () => void): void => {
    const startedAt = process.hrtime.bigint();
    const found = parts.find(req);
    if (found === undefined) otherwise();
    else void found.then((answer) => (answer === undefined ? otherwise() : send(res, answer, startedAt)));
  };
}
