import { createHash, randomBytes } from 'node:crypto';
import type { TestProvider } from './provider.ts';

export type Pkce = { readonly verifier: string; readonly challenge: string };

export function pkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

export type Visit = {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
  readonly response: Response;
};
export type Person = { readonly accountId?: string; readonly decision?: 'approve' | 'deny' | 'switch' };

/** A browser that keeps cookies by path and answers the pages as it is told. */
export class TestBrowser {
  readonly #idp: TestProvider;
  readonly #cookies = new Map<string, { readonly value: string; readonly path: string }>();

  constructor(idp: TestProvider) {
    this.#idp = idp;
  }

  cookie(name: string): string | undefined {
    return [...this.#cookies].find(([key]) => key.startsWith(`${name} `))?.[1].value;
  }

  cookieNames(): string[] {
    return [...this.#cookies.keys()].map((key) => key.split(' ')[0] ?? '');
  }

  setCookie(name: string, value: string, path = '/'): void {
    this.#cookies.set(`${name} ${path}`, { value, path });
  }

  async visit(url: string, person: Person = {}, init: RequestInit = {}): Promise<Visit> {
    const target = new URL(url, this.#idp.issuer);
    const headers = new Headers(init.headers);
    const cookies = [...this.#cookies].filter(([, { path }]) => isWithin(target.pathname, path));
    if (cookies.length > 0)
      headers.set('cookie', cookies.map(([key, { value }]) => `${key.split(' ')[0]}=${value}`).join('; '));
    headers.set('accept', headers.get('accept') ?? 'text/html');
    if (person.accountId !== undefined) headers.set('x-test-account', person.accountId);
    if (person.decision !== undefined) headers.set('x-test-decision', person.decision);
    const response = await fetch(`${this.#idp.address}${target.pathname}${target.search}`, {
      redirect: 'manual',
      ...init,
      headers,
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const location = response.headers.get('location') ?? undefined;
    return { status: response.status, location, body: await response.text(), response };
  }

  /** Follows redirects within the issuer until an answer leaves it or is no redirect. */
  async follow(url: string, person: Person = {}): Promise<Visit> {
    let visit = await this.visit(url, person);
    for (let hop = 0; hop < 12 && visit.location !== undefined; hop += 1) {
      const next = new URL(visit.location, this.#idp.issuer);
      if (next.origin !== new URL(this.#idp.issuer).origin) return visit;
      visit = await this.visit(next.href, person);
    }
    return visit;
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const at = pair.indexOf('=');
    const path = attributes.find((one) => one.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
    const isGone = attributes.some((one) => /^expires=Thu, 01 Jan 1970/i.test(one));
    const key = `${pair.slice(0, at)} ${path}`;
    if (isGone) this.#cookies.delete(key);
    else this.#cookies.set(key, { value: pair.slice(at + 1), path });
  }
}

const isWithin = (path: string, cookiePath: string): boolean =>
  path === cookiePath || cookiePath === '/' || path.startsWith(`${cookiePath}/`);

export type AuthorizeRequest = { readonly clientId: string } & Readonly<Record<string, string | readonly string[]>>;

/** An authorization request with PKCE and defaults of the seeded clients. */
export function authorizeUrl(idp: TestProvider, { clientId, ...rest }: AuthorizeRequest, challenge?: string): string {
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: 'https://rp.example/callback',
    scope: 'openid',
    state: 'a-state',
    ...(challenge === undefined ? {} : { code_challenge: challenge, code_challenge_method: 'S256' }),
  });
  for (const [name, value] of Object.entries(rest)) {
    query.delete(name);
    for (const one of [value].flat()) query.append(name, String(one));
  }
  return `${idp.issuer}/authorize?${query}`;
}

export type TokenAnswer = {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly response: Response;
};

export const basic = (clientId: string, secret: string): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString('base64')}`;

export async function post(
  idp: TestProvider,
  path: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> {
  const response = await fetch(`${idp.address}${path}`, { method: 'POST', body: new URLSearchParams(form), headers });
  const text = await response.text();
  const body: Record<string, unknown> = text.startsWith('{') ? JSON.parse(text) : {};
  return { status: response.status, body, response };
}

export type SignedIn = {
  readonly code: string;
  readonly verifier: string;
  readonly browser: TestBrowser;
  readonly callback: URL;
};

/** A whole authorization with sign-in (and consent), ending with the code. */
export async function obtainCode(
  idp: TestProvider,
  request: AuthorizeRequest,
  person: Person,
  browser = new TestBrowser(idp),
): Promise<SignedIn> {
  const { verifier, challenge } = pkce();
  const end = await browser.follow(authorizeUrl(idp, request, challenge), { decision: 'approve', ...person });
  const callback = new URL(end.location ?? 'about:blank');
  const code = callback.searchParams.get('code');
  if (code === null) throw new Error(`no code: ${end.status} ${end.location} ${end.body.slice(0, 300)}`);
  return { code, verifier, browser, callback };
}

export const redeem = (
  idp: TestProvider,
  { code, verifier }: Pick<SignedIn, 'code' | 'verifier'>,
  authorization: string,
  more: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> =>
  post(
    idp,
    '/token',
    {
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: 'https://rp.example/callback',
      ...more,
    },
    authorization === '' ? {} : { authorization },
  );
