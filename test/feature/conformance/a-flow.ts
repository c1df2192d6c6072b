// One run of the code flow as the suite drives and checks it.
import { createHash, randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import { jwtVerify } from 'jose';
import { type Answer, formWith, UserAgent } from '../../support/user-agent.ts';
import { callback, type ProviderUnderTest, person, type StaticClient, suite } from './an-op.ts';

export type Parameters = Readonly<Record<string, string | undefined>>;
export type Members = Readonly<Record<string, unknown>>;

export type Arrival = {
  /** What came to the redirect URI; undefined when a page of the server was the end of it. */
  readonly sent: URLSearchParams | undefined;
  readonly redirectUri: string;
  readonly method: 'GET' | 'POST' | undefined;
  readonly page: Answer;
  /** The pages on which something had to be done. */
  readonly pages: readonly ('login' | 'consent')[];
};

export const random = (length = 10): string => randomBytes(length).toString('base64url').slice(0, length);

/** Drives the pages like the suite's browser: both fields and the button, then the button that approves. */
export class Browser {
  readonly agent = new UserAgent();
  readonly #op: ProviderUnderTest;

  constructor(op: ProviderUnderTest) {
    this.#op = op;
  }

  async authorize(parameters: Parameters, method: 'GET' | 'POST' = 'GET'): Promise<Arrival> {
    const query = new URLSearchParams(defined(parameters)).toString();
    const endpoint = this.#op.endpoint('authorization_endpoint');
    const start =
      method === 'GET'
        ? this.agent.visit(`${endpoint}?${query}`, {}, suite)
        : this.agent.visit(endpoint, { method, form: defined(parameters) }, suite);
    return this.#goOn(await start);
  }

  async #goOn(first: Answer): Promise<Arrival> {
    const pages: ('login' | 'consent')[] = [];
    let page = first;
    for (let step = 0; step < 3 && !page.url.startsWith(suite); step += 1) {
      if (page.text.includes(' name="username"')) {
        pages.push('login');
        const credentials = { username: person.userName, password: person.password };
        page = await this.agent.submit(page, 'username', credentials, suite);
      } else if (page.text.includes(' name="decision"')) {
        pages.push('consent');
        page = await this.agent.submit(page, 'decision', { decision: 'approve' }, suite);
      }
    }
    return { ...arrivalOf(page), page, pages };
  }
}

/** The last redirect, or the form of a page that posts itself (OAuth 2.0 Form Post Response Mode §2). */
function arrivalOf(page: Answer): Pick<Arrival, 'sent' | 'redirectUri' | 'method'> {
  if (page.url.startsWith(suite)) {
    const address = new URL(page.url);
    return { sent: address.searchParams, redirectUri: `${address.origin}${address.pathname}`, method: 'GET' };
  }
  if (!page.text.includes(`action="${suite}`)) return { sent: undefined, redirectUri: '', method: undefined };
  const form = formWith(page, page.text.includes(' name="state"') ? 'state' : 'iss');
  expect(form.method).toBe('POST');
  expect(page.headers.get('cache-control')).toContain('no-store');
  return { sent: new URLSearchParams(form.fields), redirectUri: form.action, method: 'POST' };
}

export const defined = (parameters: Parameters): Record<string, string> =>
  Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );

export type Mode = 'default' | 'form_post';

export type Request = Record<string, string | undefined> & { readonly state: string; readonly nonce: string };

export function aRequest(client: StaticClient, mode: Mode, more: Parameters = {}): Request {
  return {
    client_id: client.id,
    redirect_uri: callback,
    response_type: 'code',
    scope: 'openid',
    ...(mode === 'form_post' ? { response_mode: 'form_post' } : {}),
    ...more,
    state: random(),
    nonce: random(),
  };
}

/** What is checked of every answer to a request that succeeds; gives the code. */
export function codeOf(op: ProviderUnderTest, arrival: Arrival, request: Request): string {
  const { sent } = arrival;
  if (!sent) throw new Error(`no answer to the client but ${arrival.page.url}:\n${arrival.page.text}`);
  expect(Object.fromEntries(sent)).toEqual({ code: expect.any(String), state: request.state, iss: op.issuer });
  expect(arrival.method).toBe(request.response_mode === 'form_post' ? 'POST' : 'GET');
  return sent.get('code') ?? '';
}

/** What is checked of every answer that refuses a request. */
export function errorOf(op: ProviderUnderTest, arrival: Arrival, state: string): string {
  const sent = Object.fromEntries(arrival.sent ?? []);
  expect(sent).toMatchObject({ state, iss: op.issuer, error: expect.any(String) });
  for (const name of Object.keys(sent))
    expect(['state', 'iss', 'error', 'error_description', 'error_uri']).toContain(name);
  // RFC 6749 §4.1.2.1
  expect(sent.error_description ?? '').toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]*$/);
  return sent.error ?? '';
}

export async function callToken(
  op: ProviderUnderTest,
  client: StaticClient,
  form: Parameters,
): Promise<{ readonly status: number; readonly headers: Headers; readonly body: Members }> {
  const isBasic = client.method === 'client_secret_basic';
  const pair = `${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`;
  const answer = await fetch(op.endpoint('token_endpoint'), {
    method: 'POST',
    headers: isBasic ? { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } : {},
    body: new URLSearchParams({
      ...defined(form),
      ...(isBasic ? {} : { client_id: client.id, client_secret: client.secret }),
    }),
  });
  expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
  expect(answer.headers.get('cache-control')).toContain('no-store');
  return { status: answer.status, headers: answer.headers, body: Object(await answer.json()) };
}

export type Tokens = Members & { readonly access_token: string; readonly id_token: string };
export type IdToken = Members & { readonly sub: string; readonly iat: number; readonly auth_time?: number };

/** RFC 6749 §5.1 */
export function tokensOf({ status, body }: { readonly status: number; readonly body: Members }): Tokens {
  expect({ status, body }).toMatchObject({ status: 200 });
  expect(body).toMatchObject({ access_token: expect.any(String), id_token: expect.any(String) });
  expect(String(body.token_type).toLowerCase()).toBe('bearer');
  expect(body.expires_in).toEqual(expect.any(Number));
  expect(Number.isInteger(body.expires_in)).toBe(true);
  expect(String(body.access_token)).toMatch(/^[\x20-\x7E]{22,}$/);
  return { ...body, access_token: String(body.access_token), id_token: String(body.id_token) };
}

/** OpenID Connect Core §2, §3.1.3.7 and §10.1. */
export async function checkIdToken(
  op: ProviderUnderTest,
  tokens: Tokens,
  { client_id, nonce }: Parameters,
): Promise<IdToken> {
  const { payload, protectedHeader } = await jwtVerify(tokens.id_token, op.keys, {
    issuer: op.issuer,
    ...(client_id === undefined ? {} : { audience: client_id }),
    algorithms: ['RS256'],
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
  });
  expect(protectedHeader.kid).toEqual(expect.any(String));
  expect(payload.aud).toBe(client_id);
  expect(payload.azp ?? client_id).toBe(client_id);
  expect(payload.nonce).toBe(nonce);
  expect(payload.sub).toMatch(/^[\x20-\x7E]{1,255}$/);
  const half = createHash('sha256').update(tokens.access_token).digest().subarray(0, 16).toString('base64url');
  expect(payload.at_hash ?? half).toBe(half);
  if (payload.auth_time !== undefined) expect(Number.isInteger(payload.auth_time)).toBe(true);
  return { ...payload, sub: String(payload.sub), iat: Number(payload.iat) };
}

export type Run = {
  readonly arrival: Arrival;
  readonly code: string;
  readonly tokens: Tokens;
  readonly idToken: IdToken;
  readonly userInfo: Members;
};

/** From the authorization request to userinfo, with everything checked that every module checks. */
export async function run(
  op: ProviderUnderTest,
  browser: Browser,
  client: StaticClient,
  request: Request,
  { method = 'GET', verifier }: { readonly method?: 'GET' | 'POST'; readonly verifier?: string } = {},
): Promise<Run> {
  const arrival = await browser.authorize(request, method);
  const code = codeOf(op, arrival, request);
  const form = { grant_type: 'authorization_code', code, redirect_uri: request.redirect_uri };
  const tokens = tokensOf(await callToken(op, client, { ...form, code_verifier: verifier }));
  const idToken = await checkIdToken(op, tokens, request);
  const answer = await callUserInfo(op, tokens.access_token);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
  const userInfo: Members = Object(await answer.json());
  expect(userInfo.sub).toBe(idToken.sub);
  return { arrival, code, tokens, idToken, userInfo };
}

export const callUserInfo = (op: ProviderUnderTest, token: string): Promise<Response> =>
  fetch(op.endpoint('userinfo_endpoint'), { headers: { authorization: `Bearer ${token}` } });
