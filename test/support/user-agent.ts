// A browser without a screen: cookies, redirects and forms, for flows that need no script.
import { createHash, randomBytes } from 'node:crypto';
import { type Element, readMarkup } from '../unit/views/read-markup.ts';

type Cookie = { readonly name: string; readonly value: string; readonly path: string; readonly secure: boolean };

export type Answer = {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
};

export type SendOptions = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type Form = { readonly action: string; readonly method: string; readonly fields: Record<string, string> };

const mostRedirects = 12;

export class UserAgent {
  readonly cookies = new Map<string, Cookie>();
  /** Every `Set-Cookie` line seen. */
  readonly seenCookies: string[] = [];
  /** Where requests to an origin really go: several processes behind one issuer. */
  readonly #via: ReadonlyMap<string, string>;

  constructor({ via = {} }: { via?: Readonly<Record<string, string>> } = {}) {
    this.#via = new Map(Object.entries(via));
  }

  /** The same cookies, with other processes behind the same addresses. */
  through(via: Readonly<Record<string, string>>): UserAgent {
    const other = new UserAgent({ via });
    for (const [key, cookie] of this.cookies) other.cookies.set(key, cookie);
    return other;
  }

  /** One request, no redirects followed. */
  async send(url: string, { method, headers = {}, form, body }: SendOptions = {}): Promise<Answer> {
    const address = new URL(url);
    const cookie = this.#cookiesFor(address);
    const content = form ? new URLSearchParams(form) : body;
    const answer = await fetch(
      `${this.#via.get(address.origin) ?? address.origin}${address.pathname}${address.search}`,
      {
        method: method ?? (content === undefined ? 'GET' : 'POST'),
        redirect: 'manual',
        headers: { accept: 'text/html', ...(cookie ? { cookie } : {}), ...headers },
        ...(content === undefined ? {} : { body: content }),
      },
    );
    for (const line of answer.headers.getSetCookie()) this.#store(line);
    return { url, status: answer.status, headers: answer.headers, text: await answer.text() };
  }

  /** Follows redirects until a page comes, or until one leads to an address that starts with `until`. */
  async visit(url: string, options: SendOptions = {}, until?: string): Promise<Answer> {
    let answer = await this.send(url, options);
    for (let count = 0; count < mostRedirects; count += 1) {
      const location = answer.headers.get('location');
      if (location === null || answer.status < 300 || answer.status > 399) return answer;
      const next = new URL(location, answer.url).href;
      if (until !== undefined && next.startsWith(until)) return { ...answer, url: next };
      answer = await this.send(next);
    }
    throw new Error(`more than ${mostRedirects} redirects, the last to ${answer.url}`);
  }

  /** Submits the form of a page that has the named field or button. */
  submit(page: Answer, field: string, values: Readonly<Record<string, string>>, until?: string): Promise<Answer> {
    const form = formWith(page, field);
    const fields = { ...form.fields, ...values };
    return this.visit(form.action, { method: form.method, form: fields }, until);
  }

  #store(line: string): void {
    this.seenCookies.push(line);
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const name = pair.slice(0, pair.indexOf('='));
    const value = pair.slice(pair.indexOf('=') + 1);
    const of = (wanted: string) =>
      attributes.find((entry) => entry.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
    const path = of('path') ?? '/';
    const isGone = value === '' || of('max-age') === '0' || (Date.parse(of('expires') ?? '') || Infinity) < Date.now();
    const key = `${name} ${path}`;
    if (isGone) this.cookies.delete(key);
    else this.cookies.set(key, { name, value, path, secure: attributes.some((entry) => /^secure$/i.test(entry)) });
  }

  #cookiesFor({ pathname, protocol }: URL): string {
    return [...this.cookies.values()]
      .filter(({ path, secure }) => isBelow(pathname, path) && (!secure || protocol === 'https:'))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }
}

/** RFC 6265 §5.1.4 */
function isBelow(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}

/** The first form of a page that holds a field or button of that name. */
export function formWith(page: Answer, field: string): Form {
  const forms: { element: Element; fields: Record<string, string>; names: Set<string> }[] = [];
  for (const element of readMarkup(page.text).elements) {
    if (element.name === 'form') forms.push({ element, fields: {}, names: new Set() });
    const name = element.attributes.get('name');
    const form = forms.at(-1);
    if (form === undefined || name === undefined || !['input', 'button'].includes(element.name)) continue;
    form.names.add(name);
    if (element.name === 'input') form.fields[name] = element.attributes.get('value') ?? '';
  }
  const found = forms.find(({ names }) => names.has(field));
  if (found === undefined) throw new Error(`no form with ${field} at ${page.url} (${page.status}):\n${page.text}`);
  const action = new URL(found.element.attributes.get('action') ?? '', page.url).href;
  return { action, method: (found.element.attributes.get('method') ?? 'get').toUpperCase(), fields: found.fields };
}

export type Pkce = { readonly verifier: string; readonly challenge: string };

export function newPkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

export type SignInOptions = {
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly userName: string;
  readonly password: string;
  readonly scope?: string;
  readonly parameters?: Readonly<Record<string, string>>;
};

export const authorizationUrl = (
  { issuer, clientId, redirectUri, scope = 'openid', parameters = {} }: Omit<SignInOptions, 'userName' | 'password'>,
  pkce: Pkce,
): string =>
  `${issuer}/authorize?${new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope,
    code_challenge: pkce.challenge,
    code_challenge_method: 'S256',
    state: 'a-state',
    ...parameters,
  })}`;

/** From `/authorize` through the login page, and consent where it is asked, to the redirect with the code. */
export async function signIn(
  agent: UserAgent,
  options: SignInOptions,
): Promise<{ code: string; pkce: Pkce; location: string }> {
  const pkce = newPkce();
  let page = await agent.visit(authorizationUrl(options, pkce), {}, options.redirectUri);
  if (!page.url.startsWith(options.redirectUri)) {
    const credentials = { username: options.userName, password: options.password };
    page = await agent.submit(page, 'username', credentials, options.redirectUri);
  }
  if (!page.url.startsWith(options.redirectUri)) {
    page = await agent.submit(page, 'decision', { decision: 'approve' }, options.redirectUri);
  }
  const code = new URL(page.url).searchParams.get('code');
  if (code === null) throw new Error(`no code but ${page.url} (${page.status}):\n${page.text}`);
  return { code, pkce, location: page.url };
}

/** Redeems a code for a public client, or with the secret of a confidential one. */
export function redeem(
  url: string,
  {
    clientId,
    secret,
    redirectUri,
    code,
    pkce,
    organization,
  }: { clientId: string; secret?: string; redirectUri: string; code: string; pkce: Pkce; organization?: string },
): Promise<Response> {
  return fetch(`${url}/token`, {
    method: 'POST',
    headers: secret ? { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` } : {},
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: pkce.verifier,
      ...(secret ? {} : { client_id: clientId }),
      ...(organization === undefined ? {} : { organization }),
    }),
  });
}
