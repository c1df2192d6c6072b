import type { IncomingMessage } from 'node:http';

/** What is seen of a request before the library is asked: only the plainest form of it. */
export type PlainForm = ReadonlyMap<string, string>;

export type BasicCredentials = { readonly clientId: string; readonly clientSecret: string };

const LARGEST_FORM = 4096;
const FORM_TYPES: ReadonlySet<string | undefined> = new Set([
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=utf-8',
  'application/x-www-form-urlencoded;charset=utf-8',
  'application/x-www-form-urlencoded;charset=UTF-8',
  'application/x-www-form-urlencoded; charset=UTF-8',
]);

/** Each of these asks for something that only the library answers: CORS, proof of possession, attestation, coded bodies. */
const UNCOMMON = [
  'origin',
  'dpop',
  'oauth-client-attestation',
  'oauth-client-attestation-pop',
  'x-ssl-client-cert',
  'transfer-encoding',
  'content-encoding',
  'expect',
] as const;

const ACCEPTED: ReadonlySet<string | undefined> = new Set([
  undefined,
  '*/*',
  'application/json',
  'application/json, */*',
]);

export const isCommon = ({ headers }: IncomingMessage): boolean =>
  ACCEPTED.has(headers.accept) && UNCOMMON.every((name) => headers[name] === undefined);

/** The length of a form that may be read here; undefined for any other body. */
export function formLength({ headers }: IncomingMessage): number | undefined {
  const length = Number(headers['content-length']);
  const isForm = FORM_TYPES.has(headers['content-type']) && length > 0 && length <= LARGEST_FORM;
  return isForm ? length : undefined;
}

/**
 * The body, where it came together with its head, which is how HTTP clients send forms; undefined where it did not. To be
 * called one turn after the head has arrived. The stream is not read to its end, so that {@link putBack} can hand the request
 * over to the library as if nothing had been read.
 */
export function takeBody(req: IncomingMessage, length: number): Buffer | undefined {
  const chunk: unknown = req.read(length);
  return chunk instanceof Buffer && chunk.length === length ? chunk : undefined;
}

export function putBack(req: IncomingMessage, body: Buffer | undefined): void {
  if (body !== undefined) req.unshift(body);
}

const PLAIN = /^[\w.~%+&=:/*!'(),;@$?-]+$/;

/** `application/x-www-form-urlencoded` without anything to argue about: no repeated, empty or nameless parameter. */
export function parsePlainForm(body: Buffer): PlainForm | undefined {
  const text = body.toString('latin1');
  if (!PLAIN.test(text)) return undefined;
  const form = new Map<string, string>();
  for (const pair of text.split('&')) {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals);
    const value = decoded(pair.slice(equals + 1));
    if (equals < 1 || !/^\w+$/.test(name) || value === undefined || form.has(name)) return undefined;
    form.set(name, value);
  }
  return form;
}

function decoded(text: string): string | undefined {
  if (!text.includes('%') && !text.includes('+')) return text === '' ? undefined : text;
  try {
    const value = decodeURIComponent(text.replaceAll('+', ' '));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    return value === '' || /[\u0000-\u001f\u007f]/.test(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

const BASIC = /^Basic ([A-Za-z0-9+/]{4,1024}={0,2})$/;
const VISIBLE = /^[\x20-\x7e]+$/;

/** RFC 6749 §2.3.1: both halves are form-encoded before they are joined. */
export function basicCredentials({ headers }: IncomingMessage): BasicCredentials | undefined {
  const encoded = BASIC.exec(headers.authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('latin1');
  const colon = text.indexOf(':');
  if (colon < 1 || !VISIBLE.test(text)) return undefined;
  try {
    const clientId = formDecoded(text.slice(0, colon));
    const clientSecret = formDecoded(text.slice(colon + 1));
    return VISIBLE.test(clientId) && VISIBLE.test(clientSecret) ? { clientId, clientSecret } : undefined;
  } catch {
    return undefined;
  }
}

const formDecoded = (text: string): string =>
  text.includes('%') || text.includes('+') ? decodeURIComponent(text.replaceAll('+', '%20')) : text;

const BEARER = /^Bearer ([A-Za-z0-9_-]{20,128})$/;

/** RFC 6750 §2.1, for tokens that are no JWT. */
export const bearerToken = ({ headers }: IncomingMessage): string | undefined =>
  BEARER.exec(headers.authorization ?? '')?.[1];
