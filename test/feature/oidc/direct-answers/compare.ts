import { expect } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { TestProvider } from '../../../support/provider.ts';

/** Makes a request uncommon, so that the library answers it. */
export const UNCOMMON = 'application/json;q=0.9';

export type Request = {
  readonly path: string;
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** What must be the same whoever answers; what is random is blotted out. `raw` is the body as it was. */
export async function send(idp: TestProvider, { path, body, headers }: Request, accept: string) {
  const method = body === undefined ? 'GET' : 'POST';
  const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
  const init = { method, headers: { ...type, ...headers, accept }, ...(body === undefined ? {} : { body }) };
  const response = await fetch(`${idp.address}${path}`, init);
  const text = await response.text();
  const requestId = response.headers.get('x-request-id');
  const { rows } = await idp.pool.query<Record<string, unknown>>(
    `SELECT type, outcome, reason, actor_type, actor_id, client_id, ip_address, details - 'description' AS details
     FROM audit_events WHERE request_id = $1`,
    [requestId],
  );
  const kept = [...response.headers].filter(([name]) => !['date', 'x-request-id', 'content-length'].includes(name));
  const raw: Record<string, unknown> = text.startsWith('{') ? JSON.parse(text) : {};
  const answer = { status: response.status, headers: Object.fromEntries(kept), body: comparable(text), audit: rows };
  return { answer, raw };
}

function comparable(text: string): unknown {
  if (!text.startsWith('{')) return text;
  const body: Record<string, unknown> = JSON.parse(text);
  const tokens = Object.entries(body).map(([name, value]) => [name, name.endsWith('_token') ? blotted(value) : value]);
  return { ...Object.fromEntries(tokens), iat: typeof body.iat, exp: typeof body.exp };
}

function blotted(token: unknown): unknown {
  if (typeof token !== 'string' || !token.includes('.')) return String(token).length;
  const { iat, exp = 0, jti, dw_ref: reference, sid, auth_time: authTime, ...claims } = decodeJwt(token);
  const random = { jti, reference, sid, authTime };
  const lengths = Object.entries(random).map(([name, value]) => [name, String(value).length]);
  return { header: decodeProtectedHeader(token), claims, life: exp - Number(iat), ...Object.fromEntries(lengths) };
}

/**
 * Sends what `make` makes twice, once to be answered directly where that is possible and once by the library, and compares.
 * Answers whether the library was spared, and what came back.
 */
export async function compare(idp: TestProvider, make: () => Request | Promise<Request>) {
  const request = await make();
  const before = idp.directAnswers();
  const plain = await send(idp, request, '*/*');
  const isDirect = idp.directAnswers() > before;
  const library = await send(idp, await make(), UNCOMMON);
  expect(plain.answer).toEqual(library.answer);
  return { isDirect, ...plain.answer, plain: plain.raw, library: library.raw };
}
