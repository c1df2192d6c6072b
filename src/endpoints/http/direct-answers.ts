import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestRecorder } from './request-log.ts';
import { securityHeaderValues } from './security-headers.ts';

/** An answer that is ready to be sent. */
export type DirectAnswer = {
  readonly requestId: string;
  readonly method: string;
  readonly route: string;
  readonly exposedHeaders: string;
  readonly body: object;
};

export type DirectAnswerParts = {
  readonly issuer: string;
  readonly record: RequestRecorder;
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

  const send = (res: ServerResponse, answer: DirectAnswer, startedAt: number): void => {
    const { requestId, method, route, exposedHeaders, body } = answer;
    const text = JSON.stringify(body);
    const own = ['X-Request-Id', requestId, 'Access-Control-Expose-Headers', exposedHeaders];
    const bytes = Buffer.byteLength(text);
    res.writeHead(200, [...common, ...own, 'Content-Length', String(bytes)]);
    res.end(text, bytes === text.length ? 'latin1' : 'utf8');
    parts.record({ requestId, method, route, status: 200, startedAt });
  };

  /** `otherwise` answers what is not answered here. */
  return (req: IncomingMessage, res: ServerResponse, otherwise: () => void): void => {
    const startedAt = performance.now();
    const found = parts.find(req);
    if (found === undefined) otherwise();
    else void found.then((answer) => (answer === undefined ? otherwise() : send(res, answer, startedAt)));
  };
}
